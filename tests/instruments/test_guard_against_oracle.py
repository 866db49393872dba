"""Whatever is called, in whatever order, and whatever the lines lose: the simulated instruments never exceed a limit.

The oracle looks at what the instruments are set to after every line that they carry out, and knows nothing of guards,
interlock or drivers.
"""

import math
from random import Random

import pytest

from mtjlab.core.errors import MtjlabError
from mtjlab.instruments import open_bench
from mtjlab.instruments.bench.file import BenchFile

AMPLITUDE, WIDTH, ENERGY, BIAS, COMPLIANCE, DUTY = 1.1, 5e-8, 5e-13, 0.2, 1e-5, 0.1
RESISTANCE = 50.9e3
ROUNDING = 1e-9


def tight_bench():
    file = BenchFile.load("simulated")
    limits = file.limits.model_copy(
        update={
            "pulse_amplitude": AMPLITUDE,
            "pulse_width": WIDTH,
            "pulse_energy": ENERGY,
            "read_bias": BIAS,
            "compliance": COMPLIANCE,
            "duty_cycle": DUTY,
        }
    )
    simulation = file.simulation.model_copy(update={"model": "macrospin"})
    roles = {role: settings.model_copy(update={"timeout": 0.3}) for role, settings in file.roles}
    roles = file.roles.model_copy(update=roles)
    return file.model_copy(update={"limits": limits, "simulation": simulation, "roles": roles})


class Oracle:
    """Asks both instruments after every line that one of them carries out, and holds the answers against the limits."""

    def __init__(self, bench):
        self.breaches, self.lines, self.on, self.pulses, self.charged = [], 0, 0, 0, bench.stress.log
        self.ask = {}
        for role in ("pulse_generator", "source_meter"):
            instrument = bench.stand_in.instruments[role]
            self.ask[role] = instrument.handle
            instrument.handle = self.watching(instrument.handle)
        bench.stand_in.wiring.watch = self.count

    def watching(self, handle):
        def handle_and_look(line):
            answer = handle(line)
            self.lines += 1
            self.breaches += [f"{what} after {line}" for what in self.look()]
            return answer

        return handle_and_look

    def count(self, before, states):
        self.pulses += len(states)
        if self.pulses > self.charged.pulses:
            self.breaches.append(f"{self.pulses} pulses were sent and {self.charged.pulses} counted")

    def meter(self, question):
        return self.ask["source_meter"](question).decode()

    def generator(self, question):
        return self.ask["pulse_generator"](question).decode()

    @property
    def outputs(self):
        return self.generator(":OUTP1?"), self.meter(":OUTP?")

    def look(self):
        """Say what is beyond a limit now."""
        generator, meter = self.generator, self.meter
        generator_on, meter_on = (answer == "1" for answer in self.outputs)
        bias = float(meter(":SOUR:VOLT?")) if meter_on else 0.0
        if meter_on:
            self.on += 1
            if meter(":SOUR:FUNC?") != "VOLT":
                yield "the meter drives a current"
            if not abs(bias) <= BIAS * (1 + ROUNDING):
                yield f"a bias of {bias} V"
            if not float(meter(":SENS:CURR:PROT?")) <= COMPLIANCE * (1 + ROUNDING):
                yield "a compliance beyond the limit"
        if not generator_on:
            return
        self.on += 1
        if generator(":ARM:SOUR1?") not in ("EXT", "MAN"):
            yield "it runs freely"
        if generator(":FUNC1?") != "PULS" or float(generator(":TRIG1:COUN?")) != 1:
            yield "no single pulses"
        load = float(generator(":OUTP1:LOAD?"))
        at_device = (load + 50) / load * RESISTANCE / (RESISTANCE + 50)
        levels = [float(generator(f":VOLT1:{end}?")) * at_device for end in ("LOW", "HIGH")]
        rest, top = reversed(levels) if generator(":OUTP1:POL?") == "INV" else levels
        if abs(rest) > 1e-6:
            yield f"a steady {rest} V"
        if not max(abs(rest + bias), abs(top + bias)) <= AMPLITUDE * (1 + ROUNDING):
            yield f"{top} V on {bias} V"
        width = float(generator(":PULS:WIDT1?"))
        if not width <= WIDTH * (1 + ROUNDING):
            yield f"a pulse of {width} s"
        if not (top + bias) ** 2 * width / RESISTANCE <= ENERGY * (1 + 1e-6):
            yield f"{top} V on {bias} V for {width} s"


def calls(random, bench):
    """Draw one call of a role, with arguments inside and beyond the limits."""
    generator, meter = bench.pulse_generator, bench.source_meter
    amplitude = random.choice((-1, 1)) * random.uniform(0.05, 1.4)
    if random.random() < 0.2:  # at a limit, in more digits than a command has
        amplitude = math.copysign(AMPLITUDE / (1 + 50 / 1e6) * (RESISTANCE + 50) / RESISTANCE, amplitude)
    width = 10 ** random.uniform(-8.6, -7.2)
    bias = random.choice((0.0, random.uniform(-0.25, 0.25)))
    return random.choice(
        (
            lambda: generator.set_pulse(amplitude, width),
            lambda: generator.set_pulse(amplitude, width),
            lambda: meter.set_bias(bias, random.choice((COMPLIANCE, COMPLIANCE / 3, 2 * COMPLIANCE))),
            lambda: meter.set_bias(bias, COMPLIANCE),
            generator.arm_external,
            generator.arm_manual,
            generator.switch_on,
            generator.switch_on,
            meter.switch_on,
            meter.switch_on,
            generator.switch_off,
            meter.switch_off,
            generator.trigger,
            *[lambda: ordinary_pulse(generator, meter)] * 4,
            lambda: meter.prepare_block(5, 1e-6),
            lambda: (meter.start_block(), meter.fetch_block()),
            lambda: meter.set_integration(random.choice((0.01, 1.0))),
            meter.read,
            generator.settings,
            meter.settings,
            random.choice((generator.recover, meter.recover, bench.recover, bench.make_safe)),
            bench.begin_run,
        )
    )


def ordinary_pulse(generator, meter):
    """Do what a procedure does."""
    meter.set_bias(0.05, COMPLIANCE)
    generator.set_pulse(0.6, 1e-8)
    meter.switch_on()
    generator.arm_manual()
    generator.switch_on()
    generator.trigger()
    meter.read()


def fault(random):
    kind = random.choice(("drop", "drop", "drop", "reboot", "error", "garbage"))
    details = {"role": random.choice(("pulse_generator", "source_meter")), "at_command": random.randint(1, 12)}
    if kind == "drop":
        details["after"] = random.random() < 0.5
    if kind == "reboot":
        details["duration"] = 0.0
    return kind, details


def campaign(seed, count, share):
    """Make random calls, a share of them with a fault on its way; give the oracle and how many calls were taken."""
    random, taken = Random(seed), 0
    with open_bench(tight_bench(), seed=seed) as bench:
        oracle = Oracle(bench)
        for _ in range(count):
            if random.random() < share:
                kind, details = fault(random)
                bench.stand_in.faults.inject(kind, **details)
            try:
                calls(random, bench)()
                taken += 1
            except MtjlabError:
                pass
    assert oracle.outputs == ("0", "0")
    return oracle, taken


@pytest.mark.parametrize("share", [0.0, 0.2])
def test_no_sequence_of_calls_takes_the_device_beyond_a_limit(share):
    oracle, taken = campaign(seed=5, count=300, share=share)
    assert oracle.breaches == []
    # The draw means something: much was carried out, with outputs on and pulses sent.
    assert taken > 100
    assert oracle.on > 100
    assert oracle.pulses > 3


@pytest.mark.slow
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("share", [0.0, 0.1, 0.5])
def test_no_sequence_of_thousands_of_calls_takes_the_device_beyond_a_limit(share):
    oracle, _ = campaign(seed=6, count=5000, share=share)
    assert oracle.breaches == []
