"""The small version of `benchmarks/procedure_coverage.py`: intervals hold the true values of drawn devices."""

import pytest

from mtjlab.instruments.simulated.device.device import load_device
from mtjlab.instruments.simulated.device.draw_devices import draw_devices
from mtjlab.testing import STUDIES

DEVICES = 5


@pytest.mark.parametrize(
    ("study", "precise"),
    [
        ("retention", {"thermal stability": 0.1}),
        ("coercivity", {"coercive field": 0.1}),
        ("in-plane-field", {"in-plane field": 0.05}),
        ("resistance-against-voltage", {"TMR": 0.01, "Vh": 0.05}),
        pytest.param("untold-tilt", {"TMR": 0.03, "Rp": 0.01}, marks=pytest.mark.slow),
        ("loop-resistances", {"TMR": 0.04, "RA": 0.02}),
    ],
)
def test_the_intervals_hold_the_devices_own_values(study, precise):
    pulls = {name: [] for name in precise}
    for number, device in enumerate(draw_devices(load_device("reference"), DEVICES, seed=2)):
        judged = STUDIES[study](device, number)
        for name, relative in precise.items():
            estimate, true = judged[name]
            pulls[name].append((estimate.value - true) / estimate.uncertainty)
            assert estimate.uncertainty < relative * true
    for away in pulls.values():
        # Of five at 95 % each, two or fewer come once in 860; a pull of 4 once in sixteen thousand.
        assert sum(abs(pull) < 1.96 for pull in away) >= 3, pulls
        assert max(map(abs, away)) < 4, pulls


def test_the_torque_of_the_read_bias_is_not_in_the_offset_field():
    device = load_device("reference")
    found = [STUDIES["retention"](device, seed)["offset field"][0] for seed in range(8)]
    mean = sum(each.value for each in found) / len(found)
    # Both polarities read: one alone is worth .46 mT of torque. The mean of eight is known to .08 mT.
    assert abs(mean) < 4 * found[0].uncertainty / len(found) ** 0.5 < 0.4e-3
