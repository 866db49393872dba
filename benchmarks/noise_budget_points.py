"""What the points of `noise_budget.py` are: a way to make images, a flaw of the bits, and the harm measured."""

from dataclasses import asdict, dataclass, fields
from functools import cache
from typing import Any

import numpy as np

from mtjlab.analysis.diffusion import SAMPLERS
from mtjlab.analysis.noise import BIT_SUM_1, INVERSE_CDF16, BitConverter, BitSum
from mtjlab.analysis.noise_budget import Flaws, SamplerSetting

CONVERTERS: dict[str, BitConverter] = {
    "table": INVERSE_CDF16,
    "sum1": BIT_SUM_1,
    **{f"sum{k}": BitSum(k) for k in (2, 4, 8, 16, 32)},
}
LAGS = 64
SCATTER = 350.0
"""Standard deviation of the FD of two sets of fair images, times their number: 0.57 at 512, 0.33 at 1,024 images."""


@dataclass(frozen=True)
class Setting:
    """A point before it is measured."""

    denoiser: str
    side: int
    eta: float
    steps: int
    start: str
    renewal: str
    excess: float = 0.0
    correlation: float = 0.0
    drift: float = 0.0
    held_out: bool = False
    sampler: str = "ddim"

    def sampler_setting(self) -> SamplerSetting:
        """Return what `mtjlab budget` would be asked about."""
        sampler = SAMPLERS.load(self.sampler)(self.steps, self.eta if self.sampler == "ddim" else None)
        return SamplerSetting(sampler, CONVERTERS[self.start], CONVERTERS[self.renewal], self.side**2)

    def flaws(self) -> Flaws:
        """Return what theory makes of the bits' flaws: nothing in it is fitted."""
        return _flaws(self)

    def _flaws(self) -> Flaws:
        recipe = self.sampler_setting()
        rho = self.correlation ** np.arange(1, LAGS + 1)
        inside, between = recipe.correlation_weights(LAGS)
        return Flaws(
            recipe.brightness(self.excess), float(inside @ rho), float(between @ rho), recipe.brightness(self.drift)
        )

    def z(self) -> float:
        """Return the shift of an image's noise along itself."""
        return self.sampler_setting().z(self.excess)


@cache
def _flaws(setting: Setting) -> Flaws:
    return setting._flaws()


@dataclass(frozen=True)
class Point(Setting):
    """A point."""

    mean_pixel: float = 0.0
    """Shift of the mean grey level against fair bits."""
    mean_pixel_error: float = 0.0
    """Its standard error."""
    spread: float = 0.0
    """Standard deviation of the images' mean grey levels, over that of fair bits."""
    distance: float = 0.0
    """FD, its part that falls with 1/n taken out."""
    relabelled: float = 0.0
    """Share of images that show another garment."""
    images: int = 0
    """Images of each kind."""
    seconds: float = 0.0
    """CPU seconds."""

    def distance_error(self) -> float:
        """Return the standard error of the FD: none where every image stays what it was."""
        return SCATTER * self.relabelled / self.images

    @classmethod
    def read(cls, stored: dict[str, Any]) -> "Point":
        """Make a point of what is stored of it."""
        names = {each.name for each in fields(cls)}
        return cls(**{name: value for name, value in stored.items() if name in names})

    def setting(self) -> Setting:
        """Return the point without what was measured."""
        return Setting(**{each.name: getattr(self, each.name) for each in fields(Setting)})


def stored(points: list[Point]) -> list[dict[str, Any]]:
    """Return what is stored of points, numbers to six digits."""
    return [
        {name: float(f"{value:.6g}") if isinstance(value, float) else value for name, value in asdict(each).items()}
        for each in points
    ]
