"""Values typed as people say them mean what pint says, and what is shown is read again as the same float."""

import math
import subprocess
import sys

import hypothesis
import pytest
from hypothesis import strategies

from mtjlab.core import InputError, UnitMismatchError, example_value, read_value, show_value

UNITS = ["s", "V", "A", "T", "m", "Ω", "Hz", "K", "rad", "J/(V*m)", "A/m", "K/V^2", ""]


@pytest.mark.parametrize(
    ("word", "unit", "value"),
    [
        ("10 ns", "s", 1e-8),
        ("10ns", "s", 1e-8),
        ("3 µs", "s", 3e-6),
        ("3 us", "s", 3e-6),
        ("1.5 h", "s", 5400.0),
        ("1250 mV", "V", 1.25),
        ("5 M", "", 5e6),
        ("2e6", "", 2e6),
        ("5 Mbit", "", 5e6),
        ("5,000,000", "", 5e6),
        ("20 %", "", 0.2),
        ("0.1 T", "T", 0.1),
        ("80 Oe", "T", 8e-3),
        ("1 kOe", "T", 0.1),
        ("100 G", "T", 0.01),
        ("50 kΩ", "Ω", 5e4),
        ("50 k\u2126", "Ω", 5e4),  # the sign of the ohm, which is not the Greek letter
        ("50 kohm", "Ω", 5e4),
        ("25 degC", "K", 298.15),
        ("25 °C", "K", 298.15),
        ("45 deg", "rad", math.pi / 4),
        ("\u221290 fJ/(V*m)", "J/(V*m)", -9e-14),
        ("5 mK/V^2", "K/V^2", 5e-3),
        ("1 V", "mV", 1000.0),
    ],
)
def test_a_value_is_read_as_people_say_it(word, unit, value):
    assert float(read_value(word, unit)) == value


def test_a_field_strength_is_the_flux_density_in_vacuum():
    # 1 Oe is 1000/(4 pi) A/m by definition.
    assert float(read_value("1 Oe", "A/m")) == pytest.approx(1000 / (4 * math.pi), rel=1e-15)
    assert float(read_value("1 kA/m", "T")) == pytest.approx(4e-4 * math.pi, rel=1e-15)


@pytest.mark.parametrize(
    ("word", "unit"),
    [("10 V", "s"), ("10 m", "s"), ("60 rpm", "Hz"), ("45 deg", ""), ("5 nonsense", "V"), ("3 pulses", ""),
     ("25 C", "K"), ("1 V", "arb. u."), ("2 ns ns", "s"), ("2 s**9**9", "s"), ("0x10", ""), ("1e999999 ns ns", "s")],
)  # fmt: skip
def test_a_unit_that_does_not_fit_is_refused_in_one_line_with_value_unit_and_example(word, unit):
    with pytest.raises(UnitMismatchError) as refused:
        read_value(word, unit)
    said = str(refused.value)
    assert word in said
    assert unit in said
    assert example_value(unit) in said
    assert "\n" not in said


@pytest.mark.parametrize("word", ["", "V", "soon", "nan", "inf", "1,5 V", "1,250 mV", "--5", "1" * 100, "1 V\n2 V"])
def test_what_is_no_number_is_refused(word):
    # A comma is a decimal sign to one reader and stands between groups to another: a thousand times the voltage.
    with pytest.raises(InputError):
        read_value(word, "V")


def test_an_example_is_one():
    for unit in UNITS:
        for word in example_value(unit).split(" or "):
            assert math.isfinite(read_value(word, unit))


@pytest.mark.parametrize(
    ("value", "unit", "shown"),
    [
        (1e-8, "s", "10 ns"),
        (1.25, "V", "1.25 V"),
        (0.0, "V", "0 V"),
        (-0.05, "V", "-50 mV"),
        (5.5e-5, "Ω", "55 µΩ"),
        (86400.0, "s", "86400 s"),
        (300.0, "K", "300 K"),
        (1e-14, "K", "1e-14 K"),
        (5_000_000, "", "5 M"),
        (2_500_000, "", "2.5 M"),
        (1_234_567, "", "1,234,567"),
        (250, "", "250"),
        (10**13, "", "10 T"),
        (0.25, "1", "0.25"),
    ],
)
def test_a_value_is_shown_as_people_say_it(value, unit, shown):
    assert show_value(value, unit) == shown


@hypothesis.given(strategies.floats(allow_nan=False, allow_infinity=False), strategies.sampled_from(UNITS))
@hypothesis.settings(max_examples=60, deadline=None)
def test_what_is_shown_is_read_as_the_same_float(value, unit):
    assert float(read_value(show_value(value, unit), unit)) == value


@hypothesis.given(strategies.integers(-(10**15), 10**15) | strategies.integers(0, 10**4).map(lambda n: n * 10**9))
@hypothesis.settings(max_examples=60, deadline=None)
def test_a_count_that_is_shown_is_read_as_the_same_count(count):
    assert read_value(show_value(count)) == count


def test_pint_is_not_imported_before_somebody_says_a_unit():
    program = (
        "import sys\nfrom mtjlab.core import read_value\nread_value('2e6', 'V')\nassert 'pint' not in sys.modules\n"
        "import mtjlab.cli.main\nassert 'pint' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", program], check=True)
