"""Settings of any type are judged as plain numbers, and rounding never takes one beyond a limit."""

import decimal
import fractions
import math
from random import Random

import numpy as np
import pytest

from mtjlab.core.errors import InputError
from mtjlab.instruments.bench.file import BenchFile
from mtjlab.instruments.safety.interlock import Interlock
from mtjlab.instruments.safety.limits import LimitError
from mtjlab.instruments.safety.setting_value import away_from_zero, in_six_digits, toward_zero


@pytest.fixture
def bench(tmp_path, whole_text, make_bench):
    path = tmp_path / "whole.toml"
    path.write_text(whole_text(current=1e-2), encoding="utf-8")
    with make_bench(BenchFile.load(path)) as opened:
        yield opened


CALLS = [
    ("pulse_generator", "set_pulse", 2, "pulse (amplitude|width)"),
    ("source_meter", "set_bias", 2, "read bias|compliance"),
    ("source_meter", "set_integration", 1, "integration"),
    ("source_meter", "prepare_block", 2, "block|settle time"),
    ("current_source", "set_current", 2, "current|compliance voltage"),
    ("current_source", "send_pulse", 3, "current|current pulse width|compliance voltage"),
    ("coil", "set_field", 1, "field"),
    ("temperature_controller", "set_temperature", 1, "temperature"),
    ("nanovoltmeter", "set_integration", 1, "integration"),
    ("nanovoltmeter", "set_range", 1, "range"),
    ("oscilloscope", "set_vertical", 1, "range"),
    ("oscilloscope", "set_window", 1, "window"),
]
INSIDE = {
    "set_pulse": (0.5, 1e-8),
    "set_bias": (0.05, 1e-5),
    "set_integration": (1.0,),
    "prepare_block": (10, 1e-3),
    "set_current": (1e-3, 1.0),
    "send_pulse": (1e-3, 1e-4, 1.0),
    "set_field": (0.01,),
    "set_temperature": (300.0,),
    "set_range": (0.1,),
    "set_vertical": (0.5,),
    "set_window": (1e-6,),
}
BEYOND = [math.nan, math.inf, -math.inf, np.float16("nan"), 10**400, -(10**400), decimal.Decimal("sNaN")]
NO_NUMBERS = [np.array([0.01, 0.01]), np.array(0.01), [0.01], "0.01", None, True, np.bool_(True), 0.01 + 0j, b"1"]


@pytest.mark.parametrize(("role", "method", "count", "quantity"), CALLS)
@pytest.mark.parametrize("value", [*BEYOND, *NO_NUMBERS], ids=repr)
def test_what_is_no_finite_number_is_refused_by_its_name_and_never_sent(bench, role, method, count, quantity, value):
    bench.calls.clear()
    if value is None and method == "set_range":
        return  # lets the instrument choose
    for place in range(count):
        arguments = list(INSIDE[method])
        arguments[place] = value
        with pytest.raises((InputError, LimitError), match=rf"^({quantity}).* is refused"):
            getattr(getattr(bench, role), method)(*arguments)
    assert bench.calls == []


@pytest.mark.parametrize(
    "made",
    [float, np.float64, np.float32, np.float16, np.longdouble, decimal.Decimal, fractions.Fraction],
)
def test_a_number_of_any_type_is_judged_and_sent_as_a_float(bench, made):
    # 1.5 V for 45.3 ns are 2 pJ; of half precision, 60 ns would be nothing, and so would the energy.
    with pytest.raises(LimitError, match="pulse energy"):
        bench.pulse_generator.set_pulse(made(1.5), made(6e-8) if made is not np.float16 else np.float16(6e-8))
    bench.calls.clear()
    bench.pulse_generator.set_pulse(made(1.25), 1e-8)
    assert bench.calls == [("pulse_generator", "set_pulse", 1.25, 1e-8)]
    assert all(type(value) is float for value in bench.calls[0][2:])


def test_half_precision_does_not_pass_the_energy_limit():
    interlock = Interlock(BenchFile.load("simulated"))
    width = np.float16(1e-7)  # 1.19e-07 in this type
    with pytest.raises(LimitError, match="pulse energy"):
        interlock.check_pulse(np.float16(1.7), width)


def test_a_count_is_a_whole_number(bench):
    bench.source_meter.prepare_block(np.int64(10), 1e-3)
    assert bench.calls[-1] == ("source_meter", "prepare_block", 10, 1e-3)
    for count in (0, -5, 2.5, 10**400):
        with pytest.raises(InputError, match=r"block = .* is refused: give a whole number from 1"):
            bench.source_meter.prepare_block(count, 1e-3)


def test_rounding_is_what_a_command_does_and_inwards_where_asked():
    random = Random(11)
    for _ in range(2000):
        value = random.choice((-1, 1)) * 10 ** random.uniform(-12, 4)
        inner, outer, nearest = toward_zero(value), away_from_zero(value), in_six_digits(value)
        assert abs(inner) <= abs(value) <= abs(outer)
        assert nearest in (inner, outer) or nearest == value
        assert outer == pytest.approx(inner, rel=1.1e-5)
        for rounded in (inner, outer, nearest):
            assert float(f"{rounded:g}") == rounded


def test_a_request_at_a_limit_of_many_digits_is_sent_rounded_inwards(bench):
    random = Random(12)
    for _ in range(300):
        amplitude, bias = random.uniform(0.5, 1.8), random.uniform(0.01, 0.2)
        field, current = random.uniform(0.01, 0.05), random.uniform(1e-3, 1e-2)
        bench.interlock.limits = bench.interlock.limits.model_copy(
            update={"pulse_amplitude": amplitude, "read_bias": bias, "field": field, "current": current}
        )
        most = bench.interlock.backstop * (1 - 1e-12)  # in the higher-ohmic state, which is an open end here
        bench.calls.clear()
        bench.source_meter.set_bias(0.0, 1e-5)
        bench.pulse_generator.set_pulse(most, 1e-9)
        bench.pulse_generator.set_pulse(-most, 1e-9)
        bench.pulse_generator.set_pulse(0.1, 1e-9)
        bench.source_meter.set_bias(bias, 1e-5)
        bench.coil.set_field(-field)
        bench.current_source.set_current(current, 1.0)
        sent = {call[1]: call[2] for call in bench.calls}
        pulses = [call[2] for call in bench.calls if call[1] == "set_pulse"][:2]
        for value, limit in ((pulses[0], most), (pulses[1], most), (sent["set_bias"], bias)):
            assert limit * (1 - 2e-5) <= abs(value) <= limit
        assert field * (1 - 1e-5) <= abs(sent["set_field"]) <= field
        assert current * (1 - 1e-5) <= sent["set_current"] <= current
        # A generator's driver writes microvolts.
        assert all(float(f"{pulse:f}") == pulse for pulse in pulses)
