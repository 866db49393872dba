"""Fits and plots of the points of `noise_budget.py`."""
from dataclasses import dataclass
from pathlib import Path
@dataclass(frozen=True)
class Point:
    denoiser: str; side: int; eta: float; steps: int; start: str; renewal: str; excess: float; correlation: float; drift: float; held_out: bool
    z: float; brightness: float; growth: float; wander: float; mean_pixel: float; mean_pixel_error: float; spread: float; fair_spread: float; distance: float; relabelled: float; seconds: float
def report(points): pass
def plot(points, folder): pass
