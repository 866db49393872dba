"""The prediction holds on settings that the fit has not seen: other sizes, steps, eta, converters, flaws together.

`held_out.json` is written by ``python benchmarks/noise_budget.py --output points.json --held-out held_out.json``.
"""

import json
import math
from pathlib import Path

import numpy as np
import pytest

from mtjlab.analysis.diffusion import SAMPLERS
from mtjlab.analysis.noise import BIT_SUM_1, INVERSE_CDF16, BitSum
from mtjlab.analysis.noise_budget.damage import DAMAGE, Flaws
from mtjlab.analysis.noise_budget.sampler_setting import SamplerSetting

POINTS = json.loads((Path(__file__).parent / "held_out.json").read_text(encoding="utf-8"))["points"]
LAGS = 64


def converter(name):
    return {"table": INVERSE_CDF16, "sum1": BIT_SUM_1}.get(name) or BitSum(int(name.removeprefix("sum")))


def flaws_of(point):
    eta = point["eta"] if point["sampler"] == "ddim" else None
    sampler = SAMPLERS.load(point["sampler"])(point["steps"], eta)
    setting = SamplerSetting(sampler, converter(point["start"]), converter(point["renewal"]), point["side"] ** 2)
    inside, between = setting.correlation_weights(LAGS)
    lags = point["correlation"] ** np.arange(1, LAGS + 1)
    brightness, wander = setting.brightness(point["excess"]), setting.brightness(point["drift"])
    return Flaws(brightness, float(inside @ lags), float(between @ lags), wander)


def named(point):
    return (
        f"{point['denoiser']}-{point['sampler']}-{point['side']}px-{point['steps']}-{point['start']}-{point['renewal']}"
    )


def test_there_are_enough_of_them():
    assert len(POINTS) >= 15
    assert len({point["side"] for point in POINTS}) >= 3


@pytest.mark.parametrize("point", [each for each in POINTS if each["excess"]], ids=named)
def test_the_mean_pixel_shifts_as_predicted(point):
    predicted = DAMAGE.mean_pixel(flaws_of(point).brightness)
    # Twice the stated error of the fit, a standard deviation of the logarithm, and of the measured mean.
    low, high = (predicted * math.exp(sign * 2 * DAMAGE.pixel_error) for sign in (-1, 1))
    assert low - 2 * point["mean_pixel_error"] <= point["mean_pixel"] <= high + 2 * point["mean_pixel_error"]


@pytest.mark.parametrize(
    # FD is fitted to the network: the exact denoiser knows no classes, and shifted noise shifts theirs.
    "point",
    [each for each in POINTS if each["denoiser"] == "network"],
    ids=named,
)
def test_the_distance_is_as_predicted(point):
    predicted = DAMAGE.distance(flaws_of(point))
    low, high = (predicted * math.exp(sign * 2 * DAMAGE.distance_error) for sign in (-1, 1))
    # The FD of two independent sets of n fair images scatters by 350 / n (benchmarks/noise_budget_points.py).
    error = 350.0 * point["relabelled"] / point["images"]
    assert low - 2 * error <= point["distance"] <= high + 2 * error
