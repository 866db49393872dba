"""The small version of `benchmarks/procedure_coverage.py`: intervals hold the true values of drawn devices."""

import importlib
from pathlib import Path

import pytest

from mtjlab.instruments.simulated.device.device import load_device
from mtjlab.instruments.simulated.device.draw_devices import draw_devices

BENCHMARKS = Path(__file__).parents[2] / "benchmarks"
DEVICES = 8


@pytest.fixture
def studies(monkeypatch):
    monkeypatch.syspath_prepend(str(BENCHMARKS))
    return importlib.import_module("procedure_coverage").STUDIES


def test_intervals_of_the_thermal_stability_hold_it(studies):
    devices = draw_devices(load_device("reference"), DEVICES, seed=2)
    pulls = []
    for number, device in enumerate(devices):
        estimate, true = studies["retention"](device, number)["thermal stability"]
        pulls.append((estimate.value - true) / estimate.uncertainty)
        assert estimate.uncertainty < 0.1 * true
    # Of eight at 95 % each, four or fewer come once in 2,700; a pull of 4 once in sixteen thousand.
    assert sum(abs(pull) < 1.96 for pull in pulls) >= 5, pulls
    assert max(map(abs, pulls)) < 4, pulls
