"""What a junction goes through: stress until it breaks, slow drift with its true P, faults, spread, heat."""

import math

import numpy as np
import pytest
from scipy.stats import kstest

from mtjlab.instruments.simulated.device.device import Device, load_device
from mtjlab.instruments.simulated.device.draw_devices import draw_devices
from mtjlab.instruments.simulated.device.effects import Effects
from mtjlab.instruments.simulated.device.pulse import HoldInterval, Pulse
from mtjlab.instruments.simulated.device.state import State
from mtjlab.instruments.simulated.electrics.joule_heat import average_rise, pulse_energy
from mtjlab.instruments.simulated.electrics.wear_and_drift import Barrier, SlowDrift
from mtjlab.instruments.simulated.junction.conditions import PulseConditions
from mtjlab.instruments.simulated.junction.fidelities import MacrospinJunction, RatesJunction

DEVICE = Device()
LONG = Pulse(1.0, 1e-6, 1e-9, 1e-9)
QUICK = Pulse(1.25, 10e-9, 1e-9, 1e-9)


def with_section(device: Device, **sections: dict) -> Device:
    changed = {name: getattr(device, name).model_copy(update=values) for name, values in sections.items()}
    return device.model_copy(update=changed)


@pytest.mark.parametrize(("voltage", "area"), [(1.8, 1.0), (2.0, 1.0), (1.9, 9.0)])
def test_times_to_breakdown_follow_weibulls_law_in_time_voltage_and_area(voltage: float, area: float) -> None:
    device = DEVICE.model_copy(update={"diameter": DEVICE.diameter * math.sqrt(area)})
    wear = device.wear
    lives = []
    for seed in range(4000):
        barrier = Barrier(device, np.random.default_rng(seed))
        unit = barrier.exposure_of(voltage, 1.0)
        # How many seconds at that voltage end with the barrier whole: counted by the barrier itself.
        fine = barrier.endure(unit * 1e-3 * wear.lifetime * (1.8 / voltage) ** 40, 10**9)
        lives.append((fine + 0.5) * 1e-3)
    # In units of t0(V): 1 - exp(-(A/A0)·x^β), quantised to a thousandth.
    distance = kstest(lives, lambda x: -np.expm1(-area * np.maximum(x, 0) ** wear.shape)).statistic
    assert distance < 1.95 / math.sqrt(4000) + 1e-3


def test_for_a_given_time_the_breakdown_voltage_is_weibull_distributed_with_shape_beta_times_exponent() -> None:
    # Ramps in steps of 10 mV, 1 s each; cumulative exposure at V is ∝ V^41, so the shape is β·41.
    broken_at = []
    for seed in range(1500):
        barrier, voltage = Barrier(DEVICE, np.random.default_rng(seed)), 1.2
        while not barrier.broken:
            voltage += 0.01
            barrier.endure(barrier.exposure_of(voltage, 1.0), 1)
        broken_at.append(voltage)
    ln = np.log(broken_at)
    # The standard deviation of ln V is π/(√6·shape).
    shape = math.pi / (math.sqrt(6) * ln.std(ddof=1))
    assert shape == pytest.approx(1.5 * 41, rel=4 * 1.05 / math.sqrt(1500) + 0.01)


def test_after_1e11_pulses_of_0_7_ns_at_1_8_v_one_device_in_1700_is_broken() -> None:
    pulse = Pulse(1.8, 0.7e-9, 0.0, 0.0)
    exposure = Barrier(DEVICE, np.random.default_rng(0)).exposure_of_pulse(pulse) * 1e11
    assert 1 / -math.expm1(-(exposure**DEVICE.wear.shape)) == pytest.approx(1700, rel=0.01)


def test_edges_wear_by_the_power_law() -> None:
    barrier = Barrier(DEVICE, np.random.default_rng(0))
    pulse = Pulse(1.8, 3e-9, 2e-9, 1e-9)
    time = np.linspace(0, pulse.duration, 2_000_001)
    wear = DEVICE.wear
    expected = np.trapezoid((pulse.voltage(time) / wear.reference_voltage) ** wear.exponent, time) / wear.lifetime
    assert barrier.exposure_of_pulse(pulse) == pytest.approx(expected, rel=1e-4)


def test_a_train_that_breaks_the_barrier_ends_in_a_short_and_a_frozen_state() -> None:
    # 3.0 V for 1 µs: lifetime 1e4·(1.8/3)^40 = 1.3e-5 s, a dozen pulses.
    device = DEVICE.model_copy(update={"vcma_coefficient": 0.0, "stray_field": -0.3})
    junction = RatesJunction(device, seed=3)
    states = junction.pulse_train(Pulse(3.0, 1e-6, 0.0, 0.0), 100, HoldInterval(1e-6, 0.0))
    currents = junction.read(states, 0.1, 1e3)
    short = 0.1 / (500 + 100)
    broken = currents > short / 2
    first = int(np.argmax(broken))
    assert junction.broken
    assert 1 < first < 100
    assert broken[first:].all()
    np.testing.assert_allclose(currents[broken], short, rtol=1e-3)
    # Every later read and pulse finds the short, too; nothing switches any more.
    assert junction.read([0, 1], 0.1, 1e3) == pytest.approx([short, short], rel=1e-3)
    junction.set_state(State.P)
    assert not junction.pulse_train(LONG, 50).any()
    assert junction.hold(1.0, 0.0) is State.P
    assert (junction.log.at([first, 120]) == 0).all()


def test_without_the_effect_nothing_breaks() -> None:
    junction = RatesJunction(DEVICE, seed=3, effects=Effects.full().without("breakdown"))
    junction.pulse_train(Pulse(3.0, 1e-6, 0.0, 0.0), 1000)
    assert not junction.broken


def test_a_short_an_open_and_a_stuck_device_read_as_what_they_are() -> None:
    for kind, state in (("stuck-P", State.P), ("stuck-AP", State.AP)):
        junction = RatesJunction(with_section(DEVICE, fault={"kind": kind}), seed=1)
        junction.set_state(1 - state)
        junction.set_surroundings(perpendicular_field=-0.4 if state is State.P else 0.4)
        assert junction.hold(1.0, 0.0) is state
        assert set(junction.pulse_train(LONG, 20).tolist()) == {state}
    opened = RatesJunction(with_section(DEVICE, fault={"kind": "open"}), seed=1)
    assert np.abs(opened.read([0, 1], 0.1, 1e3)).max() < 1e-12
    assert not opened.pulse_train(LONG, 20, HoldInterval(1e-3, 0.0)).any()
    shorted = RatesJunction(with_section(DEVICE, fault={"kind": "short"}), seed=1)
    assert shorted.read([0, 1], 0.1, 1e3) == pytest.approx([0.1 / 600] * 2, rel=1e-3)


def test_the_drift_wanders_with_its_variance_and_memory() -> None:
    drift = DEVICE.drift.model_copy(update={"correlation": 1e6, "interval": 10_000})
    slow = SlowDrift(drift, np.random.default_rng(2))
    x = []
    for _ in range(20_000):
        slow.advance(slow.constant_for)
        x.append(slow.resistance)
    values, count = np.array(x[500:]), 19_500 / 100 / 2  # a memory of 100 steps: so many independent looks
    assert values.std() == pytest.approx(2e-3, rel=4 * math.sqrt(0.5 / count))
    lag = np.corrcoef(values[:-100], values[100:])[0, 1]
    assert lag == pytest.approx(math.exp(-1), abs=4 * math.sqrt((1 - math.exp(-2)) / count))


def test_the_drift_does_not_depend_on_how_trains_are_cut() -> None:
    drift = DEVICE.drift.model_copy(update={"interval": 64, "temperature_step": 0.5, "temperature_interval": 100.0})
    one, other = (SlowDrift(drift, np.random.default_rng(3)) for _ in range(2))
    for _ in range(100):
        one.advance(one.constant_for)
    left = 6400
    for count in np.random.default_rng(4).integers(1, 64, 10_000):
        step = min(int(count), left, other.constant_for)
        other.advance(step)
        left -= step
        if not left:
            break
    assert (one.pulses, one.resistance, one.temperature) == (other.pulses, other.resistance, other.temperature)
    assert one.temperature != 0


def test_the_amplitude_that_acts_follows_the_resistance() -> None:
    drift = DEVICE.drift.model_copy(update={"resistance_wander": 0.0, "resistance_rate": 1e-8, "coupling": -2.0})
    slow = SlowDrift(drift, np.random.default_rng(5))
    for _ in range(100):
        slow.advance(slow.constant_for)
    assert slow.resistance == pytest.approx(1e-8 * 100 * 65536)
    assert slow.amplitude == pytest.approx(1 - 2 * slow.resistance)
    device = with_section(DEVICE, drift={"resistance_wander": 0.0, "resistance_rate": 1e-6, "interval": 1000})
    junction = RatesJunction(device, seed=6, effects=Effects.parse("thermal,disturb,drift"))
    before = junction.read([0], 0.1, 0.0)[0]
    junction.pulse_train(LONG, 10_000)
    # Ten thousand pulses of 1e-6 each have raised the resistance by 1 %.
    assert before / junction.read([0], 0.1, 0.0)[0] == pytest.approx(1.01, rel=1e-9)


def test_a_drifted_pulse_on_the_device_is_the_pulse_on_the_drifted_device() -> None:
    conditions = PulseConditions(QUICK, DEVICE, amplitude=0.99)
    acting, drifted = conditions.acting_pulse.amplitude, conditions.drifted_device
    assert DEVICE.anisotropy_field(acting) == pytest.approx(drifted.anisotropy_field(QUICK.amplitude), rel=1e-12)


def test_the_log_tells_the_true_p_that_the_states_show() -> None:
    # P climbs by 2e-6 a pulse; ten stretches of 20,000 pulses each switch as often as the log says.
    sections = {"probability_rate": 2e-6, "interval": 20_000, "resistance_wander": 0.0}
    device = with_section(DEVICE.model_copy(update={"anisotropy_energy": 2e4}), drift=sections)
    junction = RatesJunction(device, seed=7, effects=Effects.parse("thermal,disturb,drift"))
    pulse = Pulse(-0.05, 200e-9, 0.0, 0.0)
    states = np.concatenate([[0], *(junction.pulse_train(pulse, count) for count in (70_001, 129_999))])
    assert junction.log.pulses == 200_000
    truth = junction.log.at(np.arange(200_000))
    assert len(np.unique(truth[:, 0])) == 10
    switched = states[1:] != states[:-1]
    expected = np.where(states[:-1] == 0, truth[:, 0], truth[:, 1])
    for stretch in range(10):
        part = slice(20_000 * stretch, 20_000 * (stretch + 1))
        error = math.sqrt((expected[part] * (1 - expected[part])).mean() / 20_000)
        assert switched[part].mean() == pytest.approx(expected[part].mean(), abs=4 * error)
    assert truth[-1, 0] - truth[0, 0] > 0.02


def test_the_shift_moves_one_half_exactly_and_stays_within_0_and_1() -> None:
    for shift in (0.03, -0.03):
        conditions = PulseConditions(QUICK, DEVICE, shift=shift)
        assert conditions.shifted(0.5) == pytest.approx(0.5 + shift, rel=1e-12)
        assert 0 <= conditions.shifted(0.0) <= conditions.shifted(1.0) <= 1
    # The macrospin mixes in the same share of certain switching: at -0.2 V nothing switches by itself.
    drift = {"probability_rate": 1e-4, "interval": 500, "resistance_wander": 0.0}
    junction = MacrospinJunction(with_section(DEVICE, drift=drift), seed=8)
    quiet = Pulse(-0.2, 0.2e-9, 50e-12, 50e-12)
    states = junction.pulse_train(quiet, 1500)
    switched = np.diff(np.concatenate(([0], states)).astype(int)) != 0
    assert not switched[:500].any()
    for part, share in ((slice(500, 1000), 0.1), (slice(1000, 1500), 0.2)):
        assert switched[part].mean() == pytest.approx(share, abs=4 * math.sqrt(share * (1 - share) / 500))


def test_a_pulse_of_1_5_v_and_1_ns_costs_44_femtojoules_in_state_p() -> None:
    pulse = Pulse(1.5, 1e-9, 0.0, 0.0)
    # In AP the resistance is higher by TMR/(1 + 9) = 10 % at 1.5 V: the mean of both is 42.2 fJ.
    assert pulse_energy(DEVICE, pulse) == pytest.approx(44.18e-15 * (1 + 1 / 1.1) / 2, rel=1e-3)
    edges = Pulse(1.5, 1e-9, 0.5e-9, 0.5e-9)
    time = np.linspace(0, edges.duration, 300_001)
    square = np.trapezoid(edges.voltage(time) ** 2, time) / 1.5**2
    assert pulse_energy(DEVICE, edges) == pytest.approx(pulse_energy(DEVICE, pulse) * square / 1e-9, rel=1e-6)


def test_a_train_warms_the_junction_by_thermal_resistance_times_mean_power() -> None:
    hold = HoldInterval(90e-9, 0.0)
    power = pulse_energy(DEVICE, QUICK) / (QUICK.duration + 90e-9)
    assert average_rise(DEVICE, QUICK, hold) == pytest.approx(DEVICE.heating.thermal_resistance * power, rel=1e-9)
    # At a tenth of the time under 1.25 V that is most of a kelvin; a read of 200 µs in between leaves microkelvins.
    assert 0.5 < average_rise(DEVICE, QUICK, hold) < 1.0
    assert average_rise(DEVICE, QUICK, HoldInterval(200e-6, 0.0)) < 1e-3


def test_devices_of_a_wafer_have_the_spread_of_their_file() -> None:
    devices = draw_devices(DEVICE, 4000, seed=9)
    assert [device.name for device in devices[:2]] == ["reference-0000", "reference-0001"]
    error = 4 / math.sqrt(2 * 4000)

    def column(get) -> np.ndarray:
        return np.array([get(device) for device in devices])

    ln_ra = np.log(column(lambda device: device.resistance_area) / 100e-12)
    for values, spread in (
        (ln_ra, 0.05),
        (column(lambda device: device.diameter), 1.5e-9),
        (column(lambda device: device.vcma_coefficient) / 90e-15, 0.05),
        (column(lambda device: device.anisotropy_energy) / 8.63e4, 0.05),
        (column(lambda device: device.in_plane_field), 0.5e-3),
    ):
        assert values.std() == pytest.approx(spread, rel=error)
    assert kstest(ln_ra / 0.05, "norm").pvalue > 1e-4
    # Δ has the spread of the area (twice 3 %) and its own 5 %.
    stability = column(lambda device: device.thermal_stability) / 45
    assert stability.std() == pytest.approx(math.hypot(0.06, 0.05), rel=error + 0.01)
    assert draw_devices(DEVICE, 10, seed=9) == draw_devices(DEVICE, 5, seed=9) + draw_devices(DEVICE, 10, seed=9)[5:]
    with pytest.raises(ValueError, match="-1 devices cannot be drawn"):
        draw_devices(DEVICE, -1)


def test_a_device_file_takes_the_electrical_sections_and_refuses_nonsense(tmp_path) -> None:
    path = tmp_path / "device.toml"
    text = 'resistance_area = 1e-10\n[torque]\ntowards = "P"\n'
    path.write_text(text + '[fault]\nkind = "open"\n[noise]\nhooge_parameter = 0\n[contacts]\nwires = 4\n')
    device = load_device(path)
    assert (device.fault.kind, device.noise.hooge_parameter, device.contacts.wires) == ("open", 0.0, 4)
    for section, key in (('[fault]\nkind = "bent"\n', "fault.kind"), ("[contacts]\nwires = 3\n", "contacts.wires")):
        path.write_text(text + section)
        with pytest.raises(ValueError, match=key):
            load_device(path)
