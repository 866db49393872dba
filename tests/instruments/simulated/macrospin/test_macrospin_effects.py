"""Each effect does what it says, and nothing where it is off."""

import math
from dataclasses import replace

import numpy as np
import pytest

from mtjlab.instruments.simulated.device.device import Device
from mtjlab.instruments.simulated.device.device_parameters import Drive, PulseLine
from mtjlab.instruments.simulated.device.effects import Effects
from mtjlab.instruments.simulated.device.free_layer import GYROMAGNETIC_RATIO, FreeLayer
from mtjlab.instruments.simulated.device.pulse import DeliveredPulse, Pulse
from mtjlab.instruments.simulated.macrospin.integration import DriveWaveform, integrate
from mtjlab.instruments.simulated.macrospin.macrospin import Macrospin
from mtjlab.instruments.simulated.macrospin.shots import ShotRandomness, jitter

STEP = Pulse(1.0, 5e-9, 0.0, 0.0)
HALF_TURN = Pulse(1.5, 0.7e-9, 50e-12, 50e-12)
STEEP = Pulse(1.5, 0.45e-9, 50e-12, 50e-12)


def delivered(pulse: Pulse, effects: str, **line: float) -> DeliveredPulse:
    return DeliveredPulse(pulse, Device(line=PulseLine(**line)), Effects.parse(effects))


def test_magnetisation_anisotropy_and_vcma_follow_the_temperature_with_their_exponents() -> None:
    device = Device()
    layer = FreeLayer(device, Effects(["temperature"]))
    bloch = (1 - (400 / 1120) ** 1.5) / (1 - (300 / 1120) ** 1.5)
    assert float(layer.magnetisation(400.0)) == pytest.approx(1e6 * bloch, rel=1e-12)
    vcma = [float(layer.anisotropy_energy(0.0, t) - layer.anisotropy_energy(1.0, t)) for t in (300.0, 400.0)]
    assert vcma[1] / vcma[0] == pytest.approx(bloch**2.83, rel=1e-9)
    interface = float(layer.anisotropy_energy(0.0, 400.0)) + device.demagnetising_energy * bloch**2
    assert interface * device.thickness / device.interface_anisotropy == pytest.approx(bloch**2.18, rel=1e-9)
    assert float(layer.anisotropy_energy(0.0, 300.0)) == pytest.approx(device.anisotropy_energy, rel=1e-12)
    off = FreeLayer(device, Effects.ideal())
    assert float(off.anisotropy_field(1.0, 400.0)) == pytest.approx(device.anisotropy_field(1.0), rel=1e-12)
    with pytest.raises(ValueError, match=r"at 1200 K has no magnetisation left: .* thermal\.bloch_temperature"):
        Macrospin(device.in_surroundings(temperature=1200.0), effects=Effects.full())


def test_a_hot_device_is_less_stable_by_its_parameters_and_by_its_noise() -> None:
    hot = Device().in_surroundings(temperature=400.0)
    ideal, full = (
        FreeLayer(hot, effects).thermal_stability(0.0, 400.0) for effects in (Effects.ideal(), Effects.full())
    )
    assert ideal == pytest.approx(45 * 300 / 400, abs=0.05)
    assert full < 0.8 * ideal
    tilt = [
        1 - Macrospin(hot, effects=e).draw(np.zeros(6_400, int), seed=1)[:, 2]
        for e in (Effects.ideal(), Effects.full())
    ]
    assert tilt[1].mean() > tilt[0].mean() + 4 * tilt[1].std() / 80


def test_the_pads_capacitance_makes_an_exponential_of_a_step() -> None:
    tau = 50 * 0.5e-12
    time = np.array([-1e-12, tau, 3 * tau, 5e-9 + tau])
    expected = [0.0, 1 - math.exp(-1), 1 - math.exp(-3), math.exp(-1)]
    np.testing.assert_allclose(delivered(STEP, "rc").voltage(time), expected, atol=1e-12)


def test_ringing_overshoots_by_its_fraction_at_its_frequency() -> None:
    time = np.arange(0, 1e-9, 0.1e-12)
    voltage = delivered(STEP, "ringing", overshoot=0.2, ringing_frequency=4e9).voltage(time)
    peak = int(voltage.argmax())
    assert voltage[peak] == pytest.approx(1.2, abs=1e-3)
    assert time[peak] == pytest.approx(1 / (2 * 4e9), abs=0.2e-12)  # half a period after the step
    assert voltage[peak:].min() == pytest.approx(1 - 0.2**2, abs=1e-3)


@pytest.mark.parametrize("effects", ["", "rc", "ringing", "rc,ringing"])
@pytest.mark.parametrize("edge", [0.0, 50e-12, 1e-9])
def test_filters_keep_the_area_of_the_pulse_and_its_derivative_by_the_width_has_the_amplitudes(effects, edge) -> None:
    pulse = delivered(Pulse(1.25, 2e-9, edge, edge), effects)
    time = np.arange(-0.3e-12, 8e-9, 1e-12)
    assert pulse.voltage(time).sum() * 1e-12 == pytest.approx(1.25 * 2e-9, rel=1e-3)
    assert pulse.voltage_per_width(time, 1e-12).sum() * 1e-12 == pytest.approx(1.25, rel=1e-3)
    longer = delivered(Pulse(1.25, 2e-9 + 1e-13, edge, edge), effects)
    found = (longer.voltage(time) - pulse.voltage(time)) / 1e-13
    if edge:
        np.testing.assert_allclose(pulse.voltage_per_width(time, 1e-13), found, atol=2e-3 * 1.25 / 50e-12)


def test_leads_and_generator_take_their_share_of_the_voltage() -> None:
    # half way between the states at 1 V: Rp·(5 + 1)/(5 + 1/2) = 55.6 kΩ beside 100 Ω and 50 Ω
    junction = Device().resistance_parallel * 6 / 5.5
    top = float(delivered(STEP, "leads").voltage(1e-9))
    assert top == pytest.approx(junction / (junction + 150), rel=1e-9)
    assert float(delivered(STEP, "leads", lead_resistance=0.0, source_resistance=0.0).voltage(1e-9)) == 1.0


def test_a_generator_rounds_to_its_steps() -> None:
    device, effects = Device(), Effects(["resolution"])
    rounded = DeliveredPulse(Pulse(1.24962, 1.6931e-9, 0.0, 0.0), device, effects).pulse
    assert (rounded.amplitude, rounded.width) == pytest.approx((1.250, 1.69e-9), rel=1e-12)
    with pytest.raises(ValueError, match=r"pulse width 4e-12 s is rounded to 0 .*drive.width_step"):
        DeliveredPulse(Pulse(1.0, 4e-12, 0.0, 0.0), device, effects)


def test_pulses_heat_with_the_time_constant_and_the_heat_reaches_all_parameters() -> None:
    device = Device()
    pulse = DeliveredPulse(Pulse(1.5, 4e-9, 0.0, 0.0), device, Effects())
    heated = FreeLayer(device, Effects.parse("heating,temperature,thermal"))
    # half way between the states at 1.5 V: Rp·(10 + 1)/(10 + 1/2)
    final = 2.5e5 * 1.5**2 / (device.resistance_parallel * 11 / 10.5)
    assert 5 < final < 15
    for after in (1e-9, 3e-9):
        waveform = DriveWaveform.of_pulse(heated, pulse, (0.0, after), 1e-12)
        assert waveform.warmth == pytest.approx(final * (1 - math.exp(-after / 1e-9)), rel=2e-3)
    hot = device.temperature + waveform.warmth
    last = waveform.rows[-1].astype(float)
    turn = GYROMAGNETIC_RATIO * 1e-12 / (1 + device.damping**2)  # fields are stated as angles turned in a step
    assert last[2] / turn == pytest.approx(float(heated.anisotropy_field(0.0, hot)), rel=1e-5)
    assert last[5] / waveform.rows[0, 5] == pytest.approx(
        float(heated.thermal_field(hot, 1e-12) / heated.thermal_field(300.0, 1e-12)), rel=1e-5
    )
    assert DriveWaveform.of_pulse(FreeLayer(device, Effects.ideal()), pulse, (0.0, 3e-9), 1e-12).warmth == 0.0


def test_a_branch_goes_on_as_warm_as_its_trunk_was() -> None:
    effects, widths = Effects.parse("ideal,heating,temperature,rc,ringing"), np.array([1e-9, 2e-9])
    hot = Device(heating=Device().heating.model_copy(update={"thermal_resistance": 5e6}))
    before = np.arange(8_192, dtype=np.uint8) % 2
    macrospin = Macrospin(hot, effects=effects)
    branched = (macrospin.switch_by_width(Pulse(1.3, 1e-9, 50e-12, 50e-12), widths, before, seed=1) != before).mean(1)
    for width, found in zip(widths, branched, strict=True):
        single = (macrospin.switch(Pulse(1.3, width, 50e-12, 50e-12), before, seed=2) != before).mean()
        assert found == pytest.approx(single, abs=4 * np.sqrt(0.5 / before.size))
    cool = (Macrospin(Device()).switch(Pulse(1.3, 2e-9, 50e-12, 50e-12), before, seed=2) != before).mean()
    assert abs(cool - branched[1]) > 4 * np.sqrt(0.5 / before.size)


def test_amplitudes_and_widths_differ_from_shot_to_shot_as_stated() -> None:
    count = 100_000
    gain, delay = jitter(Drive(), ShotRandomness(1).take(count).words("jitter"))
    for values, mean, sigma in ((gain, 1.0, 1e-3), (delay, 0.0, 10e-12)):
        assert values.mean(dtype=float) == pytest.approx(mean, abs=4 * sigma / math.sqrt(count))
        assert values.std(dtype=float) == pytest.approx(sigma, rel=4 / math.sqrt(2 * count))
    assert abs(np.corrcoef(gain, delay)[0, 1]) < 4 / math.sqrt(count)


def test_width_jitter_averages_p_over_the_widths() -> None:
    # Before a whole turn P bends upwards, so jitter raises it: against pulses whose widths are so drawn.
    shots, pulse = 40_960, Pulse(1.5, 1.2e-9, 200e-12, 200e-12)
    before = np.arange(shots, dtype=np.uint8) % 2
    jittery = Device(drive=Drive(width_jitter=30e-12, amplitude_jitter=0.0))
    found = (Macrospin(jittery, effects=Effects.parse("ideal,jitter")).switch(pulse, before, seed=3) != before).mean()
    nodes, weights = np.polynomial.hermite_e.hermegauss(9)
    widths = pulse.width + 30e-12 * nodes
    by_width = (Macrospin(Device()).switch_by_width(pulse, widths, before, seed=4) != before).mean(axis=1)
    expected = float(by_width @ weights / weights.sum())
    tolerance = 4 * np.sqrt(2 * expected / shots)
    assert found == pytest.approx(expected, abs=tolerance)
    assert abs(expected - by_width[4]) > 1.5 * tolerance


def test_amplitude_jitter_averages_p_over_the_amplitudes() -> None:
    shots, sigma, turn = 20_480, 0.06, Pulse(1.5, 1.35e-9, 50e-12, 50e-12)
    before = np.arange(shots, dtype=np.uint8) % 2
    wild = Device(drive=Drive(width_jitter=0.0, amplitude_jitter=sigma))
    found = (Macrospin(wild, effects=Effects.parse("ideal,jitter")).switch(turn, before, seed=5) != before).mean()
    nodes, weights = np.polynomial.hermite_e.hermegauss(9)
    ideal, levels = Macrospin(Device()), []
    for node in nodes:
        pulse = replace(turn, amplitude=turn.amplitude * (1 + sigma * node))
        levels.append((ideal.switch(pulse, before, seed=6) != before).mean())
    expected = float(np.array(levels) @ weights / weights.sum())
    tolerance = 4 * np.sqrt(2 * expected / shots)
    assert found == pytest.approx(expected, abs=tolerance)
    assert abs(expected - levels[4]) > 1.5 * tolerance


def test_without_a_thermal_field_all_shots_are_the_same() -> None:
    cold = Macrospin(Device(), effects=Effects())
    assert cold.switch(HALF_TURN, [0, 1] * 10, seed=1).tolist() == [1, 0] * 10
    m = cold.draw([0, 0, 1])
    np.testing.assert_array_equal(m[0], m[1])
    assert m[0, 2] == -m[2, 2]


def test_the_shorter_loop_for_pulses_in_common_goes_the_same_way_to_the_bit() -> None:
    layer = FreeLayer(Device(), Effects.ideal())
    waveform = DriveWaveform.of_pulse(layer, DeliveredPulse(STEEP, Device(), Effects()), (0.0, 1e-9), 2e-12)
    shots = ShotRandomness(3).take(300)
    start = Macrospin(Device()).draw(np.arange(300) % 2, seed=3)
    words, damping = shots.words("noise"), 0.02
    shared = integrate(start, words, waveform.rows, damping=damping)
    ones, zeros = np.ones(300, np.float32), np.zeros(300, np.float32)
    each = integrate(start, words, waveform.rows, damping=damping, gain=ones, delay=zeros)
    np.testing.assert_array_equal(shared, each)
    assert (integrate(start, words, waveform.rows, damping=damping, gain=1.001 * ones) != shared).any()


@pytest.mark.parametrize("effects", ["ideal", "full"])
def test_the_same_seed_gives_the_same_bits_on_one_thread_and_on_many_whatever_the_batch(effects: str) -> None:
    chosen = Effects.parse(effects)
    before = np.random.default_rng(0).integers(0, 2, 700, dtype=np.uint8)
    whole = Macrospin(Device(), effects=chosen).switch(STEEP, before, seed=5)
    many = Macrospin(Device(), effects=chosen, threads=3)
    np.testing.assert_array_equal(many.switch(STEEP, before, seed=5), whole)
    for count in (1, 127, 128, 300):
        np.testing.assert_array_equal(many.switch(STEEP, before[:count], seed=5), whole[:count])
    randomness = ShotRandomness(5)
    parts = [many.switch(STEEP, part, seed=randomness) for part in np.split(before, [11, 400])]
    np.testing.assert_array_equal(np.concatenate(parts), whole)
    widths = [0.35e-9, 0.45e-9]
    one, three = (
        Macrospin(Device(), effects=chosen, threads=n).switch_by_width(STEEP, widths, before, seed=6) for n in (1, 3)
    )
    np.testing.assert_array_equal(one, three)


def test_bits_are_those_of_every_processor() -> None:
    """Made on x86-64; the arithmetic has no operation that another processor may round differently."""
    before = np.zeros(64, np.uint8)
    bits = Macrospin(Device(), effects=Effects.full()).switch(STEEP, before, seed=2026)
    assert np.packbits(bits).tobytes().hex() == "f6f1aeecbf7769b7"
    m = Macrospin(Device()).draw([0, 1], seed=1)
    assert m.astype(">f4").tobytes().hex() == "3e76b6d3bd3f66d83f782bad3df01c233ca8879ebf7e2e10"


def test_seed_device_and_pulse_each_change_the_shots() -> None:
    before = np.zeros(512, np.uint8)
    base = Macrospin(Device()).switch(STEEP, before, seed=1)
    assert (Macrospin(Device()).switch(STEEP, before, seed=2) != base).any()
    sister = Device(damping=0.0200001)
    agreement = (Macrospin(sister).switch(STEEP, before, seed=1) == base).mean()
    # Independent shots with P = .71 agree in .59 of the cases; the same noise would make nearly all agree.
    assert agreement == pytest.approx(0.71**2 + 0.29**2, abs=4 * np.sqrt(0.25 / 512) + 0.02)
    warmer = Macrospin(Device(temperature=300.0001)).switch(STEEP, before, seed=1)
    assert (warmer == base).mean() > 0.99  # surroundings are no part of the hash


def test_a_shots_words_do_not_depend_on_how_many_there_are() -> None:
    shots = ShotRandomness(7).take(1000)
    np.testing.assert_array_equal(shots.part(300, 310).words("a", 1.0), shots.words("a", 1.0)[300:310])
    assert not (shots.words("a") == shots.words("b")).any()
    assert len(np.unique(shots.words("a"))) == 1000


def test_threads_below_one_are_refused() -> None:
    with pytest.raises(ValueError, match="0 threads do no work"):
        Macrospin(Device(), threads=0)


def test_a_turn_gets_shorter_with_the_voltage_beyond_cancellation() -> None:
    # docs/explanations/three-fidelities.md: 1.4 ns at exact cancellation, 2π/(γBx), and .95 ns at 1.8 V.
    before = np.arange(400, dtype=np.uint8) % 2
    macrospin = Macrospin(Device(), effects=Effects.full().without("resolution"))
    for voltage, turn, first in ((1.4767, 1.4e-9, 1.0e-9), (1.8, 0.95e-9, 1.55e-9)):
        widths = np.arange(first, first + 1.5 * turn, 25e-12)
        switched = (macrospin.switch_by_width(Pulse(voltage, 2e-9, 1e-9, 1e-9), widths, before, seed=3) != before).mean(
            1
        )
        # The middles of two neighbouring fringes, at half height.
        high = np.flatnonzero(switched > 0.7)
        groups = np.split(widths[high], np.flatnonzero(np.diff(high) > 4) + 1)
        assert len(groups) == 2
        assert groups[1].mean() - groups[0].mean() == pytest.approx(turn, rel=0.07)


def test_a_pulse_a_little_long_fails_as_often_as_the_page_says() -> None:
    # docs/explanations/three-fidelities.md: 15,392 of 2,000,000 pulses of .80 ns, 1.5 V on a read bias of .05 V. Those
    # were of a device that the train had warmed, for which a tenth is allowed.
    states = np.arange(16_000, dtype=np.uint8) % 2
    pulse = Pulse(1.55, 0.8e-9, 65e-12, 65e-12, base=0.05)
    errors = int((Macrospin(Device(), effects=Effects.full()).switch(pulse, states, seed=12) == states).sum())
    expected = 15_392 / 2_000_000 * states.size
    assert errors == pytest.approx(expected, abs=4 * math.sqrt(expected) + 0.1 * expected)
