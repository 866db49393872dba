"""Unidirectional magnetoresistance beside heat and the anomalous Nernst effect."""

import numpy as np
import pytest

from mtjlab.analysis.spin_orbit_torque.power_law import PowerLaw
from mtjlab.analysis.spin_orbit_torque.unidirectional import UnidirectionalMagnetoresistance
from mtjlab.core import Quantity

SIZES = np.array([1e-3, 2e-3, 3.5e-3, 5e-3])


def readings(bar, sizes=SIZES, repeats=10):
    """Saturate the bar along +y and -y and read with both signs of each current."""
    rows = [
        (sign * size, side) for size in sizes for _ in range(repeats) for side in (1.0, -1.0) for sign in (1.0, -1.0)
    ]
    currents, sides = np.array(rows).T
    ohms = [bar.resistance(0.0, 0.5 * s, i, np.pi / 2 * s) for i, s in zip(currents, sides, strict=True)]
    return currents, sides, np.array(ohms)


def transverse(bar, length_over_width):
    """Read the voltage across with the magnetisation along the bar."""
    rows = [(i, s) for i in (*SIZES, *-SIZES) for _ in range(10) for s in (1.0, -1.0)]
    currents, sides = np.array(rows).T
    volts = -bar.nernst / length_over_width * currents**2 * sides + 1e-3 * currents
    return currents, sides, volts + bar.rng.normal(0, bar.noise, currents.size) * np.abs(currents) / length_over_width


def test_strong_heat_is_not_taken_for_umr(make_bar):
    # At the largest current heat makes 50 Ω, UMR 0.2 Ω.
    found = UnidirectionalMagnetoresistance.analyse(*readings(make_bar(1, heating=2e6)))
    umr = found.amplitudes[-1]
    assert umr.value == pytest.approx(0.2, abs=3 * umr.uncertainty)
    assert umr.uncertainty < 0.01
    heating = found.heating
    assert heating.value == pytest.approx(2e6, abs=4 * heating.uncertainty)
    none = UnidirectionalMagnetoresistance.analyse(*readings(make_bar(2, heating=2e6, umr=0.0)))
    assert not none.is_there


@pytest.mark.parametrize("power", [0.0, 1.0, 3.0])
def test_the_power_of_the_current_is_found(make_bar, power):
    law = UnidirectionalMagnetoresistance.analyse(*readings(make_bar(3, power=power))).power_law()
    assert law.exponent.low < power < law.exponent.high
    assert law.exponent.high - law.exponent.low < 0.8
    assert law.curve(5e-3) == pytest.approx(2 * 0.2 / 500, rel=0.1)


def test_the_nernst_effect_is_taken_off_by_the_transverse_voltage(make_bar):
    bar = make_bar(4, nernst=20.0)  # 0.1 Ω at 5 mA, half of the UMR
    read = readings(bar)
    whole = UnidirectionalMagnetoresistance.analyse(*read)
    assert whole.amplitudes[-1].value == pytest.approx(0.3, abs=0.02)
    assert np.isnan(whole.nernst_bound.value)
    found = UnidirectionalMagnetoresistance.analyse(
        *read, transverse(bar, 4.0), 4.0, torque_hall=Quantity(0.0, 0.0, "Ω/A")
    )
    assert found.amplitudes[-1].value == pytest.approx(0.2, abs=0.02)
    assert found.nernst[-1].value == pytest.approx(0.1, abs=4 * found.nernst[-1].uncertainty)
    # What the torques add by the Hall effects looks the same: unless it is told, a bound it is.
    bound = UnidirectionalMagnetoresistance.analyse(*read, transverse(bar, 4.0), 4.0)
    assert bound.amplitudes == whole.amplitudes
    assert bound.nernst_bound.high > 2 * 0.1 / 550


def test_a_nernst_effect_that_is_not_seen_has_an_upper_bound(make_bar):
    bar = make_bar(5)
    bound = UnidirectionalMagnetoresistance.analyse(*readings(bar), transverse(bar, 4.0), 4.0).nernst_bound
    assert bound.value == 0
    assert 0 < bound.high < 1e-4


def test_what_does_not_turn_its_sign_is_refused(make_bar):
    currents, sides, ohms = readings(make_bar(6))
    with pytest.raises(ValueError, match="current = 0"):
        UnidirectionalMagnetoresistance.analyse(0 * currents, sides, ohms)
    one_way = currents > 0
    with pytest.raises(ValueError, match="both signs of the current"):
        UnidirectionalMagnetoresistance.analyse(currents[one_way], sides[one_way], ohms[one_way])


def test_a_ratio_of_zero_has_no_power():
    rng = np.random.default_rng(8)
    with pytest.raises(ValueError, match="0 within its error"):
        PowerLaw.fit(SIZES, rng.normal(0, 1e-5, 4), np.full(4, 1e-5))
