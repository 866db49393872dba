"""In 100,000 random configurations nothing beyond a limit reaches the wire, and nothing inside is refused.

What reaches the device is worked out here a second time and in another way than the interlock does: by following the
charge on the bias tee's capacitor from pulse to pulse and by integrating the heat numerically.
"""

import math
from random import Random

import numpy as np
import pytest

from mtjlab.instruments import open_bench
from mtjlab.instruments.bench.file import BenchFile, DeviceUnderTest, Limits, WiringSettings
from mtjlab.instruments.roles.pulse_generator import GuardedPulseGenerator
from mtjlab.instruments.roles.source_meter import GuardedSourceMeter
from mtjlab.instruments.safety.device_lifetime import DeviceLog, PulseAccount
from mtjlab.instruments.safety.interlock import Interlock
from mtjlab.instruments.safety.limits import LimitError

CONFIGURATIONS = 100_000
ROUNDING = 1e-9
"""Requests so close to a limit that the order of a sum decides are left out of the judgement."""


START = (0.0, 0.0, 0.0, 0.0, math.inf, 0.01)
"""Amplitude, width, bias, compliance, settle time and integration that instruments begin with."""
PLACES = {"amplitude": 0, "width": 1, "bias": 2, "compliance": 3, "settle": 4, "cycles": 5}


class Wire:
    """Both instruments, as far as the limits go: what they were told last, in the order of `START`."""

    def __init__(self):
        self.told = list(START)

    def __getattr__(self, name):
        return lambda *_: None

    def set_pulse(self, amplitude, width):
        self.told[0:2] = amplitude, width

    def set_bias(self, voltage, compliance):
        self.told[2:4] = voltage, compliance

    def prepare_block(self, count, settle):
        self.told[4] = settle

    def integration_time(self, cycles):
        return cycles / 60

    def set_integration(self, cycles):
        self.told[5] = cycles


def configuration(random):
    """Draw limits, wiring and device; every limit decides in some of them."""
    limits = Limits(
        pulse_amplitude=random.uniform(0.5, 3.0),
        pulse_width=10 ** random.uniform(-9, -5),
        pulse_energy=10 ** random.uniform(-14, -9),
        duty_cycle=10 ** random.uniform(-4, 0),
        read_bias=random.uniform(0.01, 0.5),
        compliance=10 ** random.uniform(-6, -2),
    )
    lowest = 10 ** random.uniform(2, 5)
    device = DeviceUnderTest(
        name="d", resistance=lowest, highest_resistance=lowest * random.uniform(1, 4) if random.random() < 0.7 else None
    )
    wiring = WiringSettings(
        load=random.choice((50.0, 1e3, 1e6)),
        bias_tee_loss=random.choice((0.0, random.uniform(0, 20))),
        bias_tee_pole=random.choice((0.0, 10 ** random.uniform(3, 7))),
        lead_resistance=random.choice((0.0, random.uniform(0, 500))),
    )
    return limits, device, wiring


def parameters(limits, device, wiring):
    return (
        *(getattr(limits, name) for name in NAMES),
        device.resistance,
        device.highest_resistance or math.inf,
        wiring.load,
        wiring.bias_tee_loss,
        wiring.bias_tee_pole,
        wiring.lead_resistance,
    )


NAMES = ("pulse_amplitude", "pulse_width", "pulse_energy", "duty_cycle", "read_bias", "compliance")


def excess(settings, configurations):
    """By how much settings surpass the limit that they surpass most: at most 1 is inside; shape (n,)."""
    amplitude, width, bias, compliance, settle, cycles = settings.T
    limit = dict(zip(NAMES, configurations.T[:6], strict=True))
    low, high, load, loss, pole, leads = configurations.T[6:]
    pulsed = amplitude != 0
    with np.errstate(divide="ignore", invalid="ignore", over="ignore", under="ignore"):
        decay = np.where(pole > 0, 1 / (2 * np.pi * pole), np.inf)
        # Charge of the capacitor, as a voltage for a pulse of one volt, at the end of the last of 2^60 pulses.
        charge = 1 - np.exp(-width / decay)
        forgotten = width / limit["duty_cycle"] / decay
        for _ in range(60):
            charge = charge * (1 + np.exp(-forgotten))
            forgotten = 2 * forgotten
        points, weights = np.polynomial.legendre.leggauss(60)
        worst = np.zeros(len(amplitude))
        for resistance in (low, high):
            share = np.where(np.isinf(resistance), 1.0, 1 / (1 + (50 + leads) / resistance))
            pulse = amplitude * (1 + 50 / load) * 10 ** (-loss / 20) * share
            rest = bias * np.where(np.isinf(resistance), 1.0, 1 / (1 + leads / resistance))
            peaks = np.abs([rest, rest + pulse, rest - charge * pulse]).max(axis=0)
            times = width[:, None] * (points + 1) / 2
            voltage = pulse[:, None] * np.exp(-times / decay[:, None]) + rest[:, None]
            heat = (voltage**2 * weights).sum(axis=1) * width / 2 / resistance
            worst = np.maximum(worst, np.where(pulsed, peaks / limit["pulse_amplitude"], 0))
            worst = np.maximum(worst, np.where(pulsed, heat / limit["pulse_energy"], 0))
        duty = np.where(np.isinf(settle), 0, width / (settle + cycles / 60))
    for value, name in ((width, "pulse_width"), (duty, "duty_cycle"), (np.abs(bias), "read_bias")):
        worst = np.maximum(worst, value / limit[name])
    return np.maximum(worst, compliance / limit["compliance"])


def requests(random, limits):
    """Draw requests about as often beyond the limits as inside, in any order: what the wire would then be told."""
    scale = random.choice((1.0, 2.0))
    pulse = {
        "amplitude": random.choice((-1, 1)) * limits.pulse_amplitude * random.uniform(0, 1.5) * scale,
        "width": limits.pulse_width * 10 ** random.uniform(-2, 0.3),  # from 10 ns where the limit is 1 µs
    }
    bias = {
        "bias": limits.read_bias * random.uniform(-1.2, 1.2),
        "compliance": limits.compliance * random.uniform(0, 1.2),
    }
    train = {"settle": 10 ** random.uniform(-8, -2)}
    reading = {"cycles": 10 ** random.uniform(-2, 1)}
    return random.sample([pulse, bias, train, reading], 4)


def ask(request, generator, meter):
    """Make a request through the guarded roles; tell whether it was allowed."""
    try:
        if "amplitude" in request:
            generator.set_pulse(request["amplitude"], request["width"])
        elif "bias" in request:
            meter.set_bias(request["bias"], request["compliance"])
        elif "settle" in request:
            meter.prepare_block(1000, request["settle"])
        else:
            meter.set_integration(request["cycles"])
    except LimitError:
        return False
    return True


@pytest.mark.no_cover  # what it runs is counted in other tests, and the trace costs a third
def test_nothing_beyond_reaches_the_wire_and_nothing_inside_is_refused():
    random = Random(2016)
    file = BenchFile.load("simulated")
    wire, interlock = Wire(), Interlock(file)
    stress = PulseAccount(interlock, lambda junction: DeviceLog("d", None))
    generator = GuardedPulseGenerator("pulse_generator", wire, interlock, stress, lambda: None)
    meter = GuardedSourceMeter("source_meter", wire, interlock, stress, lambda: None)
    wanted, allowed, drawn, told = [], [], [], []
    for _ in range(CONFIGURATIONS // 4):  # four requests each, one after the other, are four configurations
        limits, device, wiring = configuration(random)
        wire.told = list(START)
        # A new interlock in the place of the last one: guards around each would take most of the time.
        Interlock.__init__(interlock, file.model_copy(update={"limits": limits, "device": device, "wiring": wiring}))
        numbers = parameters(limits, device, wiring)
        for request in requests(random, limits):
            wish = wire.told.copy()
            for name, value in request.items():
                wish[PLACES[name]] = value
            wanted.append(wish)
            allowed.append(ask(request, generator, meter))
            told.append(wire.told.copy())
            drawn.append(numbers)
    wanted, told, drawn = np.array(wanted), np.array(told), np.array(drawn)
    allowed = np.array(allowed)
    assert (excess(told, drawn) <= 1 + ROUNDING).all()
    asked = excess(wanted, drawn)
    decided = np.abs(asked - 1) > ROUNDING
    np.testing.assert_array_equal(allowed[decided], asked[decided] <= 1)
    # The draw means something: neither answer is rare, and hardly a request is too close to call.
    assert 0.2 < allowed.mean() < 0.8
    assert decided.mean() > 0.9999


@pytest.mark.parametrize("load", [50.0, 1e6])
def test_the_same_through_sockets(load):
    """What the instruments are set to is asked of them, not of the adapters."""
    random = Random(7)
    file = BenchFile.load("simulated")
    limits = file.limits.model_copy(update={"pulse_amplitude": 1.5, "pulse_energy": 5e-13})
    wiring = WiringSettings(load=load, bias_tee_loss=3.0, bias_tee_pole=1e5, lead_resistance=100.0)
    file = file.model_copy(update={"limits": limits, "wiring": wiring})
    counts = {True: 0, False: 0}
    with open_bench(file, seed=1) as bench:
        after = on_the_instruments(bench)
        for _ in range(60):
            for request in requests(random, limits)[:2]:
                if "amplitude" in request and not (
                    0.05 <= abs(request["amplitude"]) <= 5 and request["width"] > 1.5e-9
                ):
                    continue  # nothing that this generator could do
                before = after
                verdict = ask(request, bench.pulse_generator, bench.source_meter)
                counts[verdict] += 1
                after = on_the_instruments(bench)
                if not verdict:
                    assert after == before
                state = np.array([after])
                numbers = np.array([parameters(limits, file.device, wiring)])
                assert excess(state, numbers)[0] <= 1 + 1e-4  # the instruments round to six digits
    assert min(counts.values()) > 20


def on_the_instruments(bench):
    generator, meter = bench.pulse_generator.settings(), bench.source_meter.settings()
    inverted = generator["output_polarity"] == "INV"
    amplitude = generator["voltage_low"] if inverted else generator["voltage_high"]
    known = bench.interlock.width > 0  # after its reset the generator stands at 100 µs, and may not be switched on
    settle = meter["source_delay"] if meter["trigger_count"] > 1 else math.inf
    return (
        amplitude if known else 0.0,
        generator["pulse_width"] if known else 0.0,
        meter["source_voltage"],
        meter["compliance_current"],
        settle,
        meter["current_nplc"],
    )
