"""Each actuator moves its own setting of the bench and nothing else."""

import math

import pytest

from mtjlab.core.errors import InputError
from mtjlab.instruments import open_bench
from mtjlab.instruments.instrument_error import InstrumentError
from mtjlab.instruments.safety.limits import LimitError
from mtjlab.procedures.steering.actuators import ACTUATORS, OperatingPoint, actuator_of

POINT = OperatingPoint(1.22, 5.65e-9, 1e-3)


def pulse(bench):
    settings = bench.pulse_generator.settings()
    return float(settings["voltage_high"]), float(settings["pulse_width"])


def test_amplitude_and_width_are_set_one_beside_the_other(bench):
    bench.pulse_generator.set_pulse(POINT.amplitude, POINT.width)
    for name, value, expected in (("amplitude", 1.23, (1.23, 5.65e-9)), ("width", 5.7e-9, (1.22, 5.7e-9))):
        actuator = actuator_of(bench, name, POINT)
        actuator.set(value)
        assert pulse(bench) == pytest.approx(expected)
        assert actuator.point[:2] == expected
        assert math.isnan(actuator.point.field)  # no coil is set by it, whatever the parameter says


def test_the_range_of_a_pulse_is_a_tenth_of_it_and_that_of_a_field_five_millitesla(bench):
    assert actuator_of(bench, "amplitude", POINT).span == pytest.approx(0.122)
    assert actuator_of(bench, "width", POINT).span == pytest.approx(0.565e-9)
    with open_bench("simulated-loops", seed=1) as other:
        assert actuator_of(other, "field", POINT).span == 5e-3


def test_each_field_is_that_of_its_coil():
    with open_bench("simulated-loops", seed=1) as bench:
        coils = {"field": bench.coil, "perpendicular-field": bench.perpendicular_coil}
        for field, (name, coil) in zip((2e-3, 3e-3), coils.items(), strict=True):
            actuator = actuator_of(bench, name, POINT)
            actuator.switch_on(field)
            assert coil.field() == pytest.approx(field, abs=1e-6)
            assert actuator.point == POINT._replace(field=field)
        assert bench.coil.field() == pytest.approx(2e-3, abs=1e-6)


def test_a_setting_that_the_bench_refuses_is_not_taken_for_made(bench):
    actuator = actuator_of(bench, "amplitude", POINT)
    actuator.set(1.22)
    with pytest.raises(LimitError):
        actuator.set(2.5)
    assert pulse(bench)[0] == pytest.approx(1.22)
    assert actuator.point.amplitude == 1.22


@pytest.mark.parametrize("name", ["field", "perpendicular-field"])
def test_a_bench_without_the_coil_says_so(bench, name):
    with pytest.raises(InstrumentError, match=r"no (perpendicular )?coil on this bench"):
        actuator_of(bench, name, POINT)


def test_a_name_that_is_none_is_refused_with_those_there_are(bench):
    with pytest.raises(InputError, match=r"actuator = 'voltage': give one of amplitude, width, field, perpend"):
        actuator_of(bench, "voltage", POINT)


def test_an_actuator_reads_its_own_setting_from_an_operating_point(bench):
    assert [actuator_of(bench, name, POINT).value_in(POINT) for name in ACTUATORS[:2]] == [1.22, 5.65e-9]
