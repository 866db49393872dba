"""DDPM: ancestral sampling."""

from mtjlab.analysis.diffusion.ddim import Ddim
from mtjlab.analysis.diffusion.schedule import CosineSchedule
from mtjlab.core import InputError

__all__ = ["Ddpm"]


class Ddpm(Ddim):
    """DDPM, which draws x_s from its distribution given x_t and the image predicted there.

    With the weights alpha and sigma of the schedule, one step from t to s < t is

        a    = alpha_t^2 / alpha_s^2
        x_0  = alpha_t x_t - sigma_t v(x_t, t),  clipped to [-1, 1]
        mean = (alpha_s (1 - a) x_0 + sqrt(a) sigma_s^2 x_t) / sigma_t^2
        x_s  = mean + (sigma_s / sigma_t) sqrt(1 - a) z,   z ~ N(0, 1)

    Ho, Jain and Abbeel, arXiv:2006.11239, eq. 6 and 7, whose alpha-bar is our alpha^2.  It is DDIM with eta = 1 (Song,
    Meng and Ermon, arXiv:2010.02502, section 4.1), and taken as that here.

    Parameters
    ----------
    steps
        Number of denoising steps K, at least 1.
    eta
        None or 1: DDPM renews all of the noise.
    schedule
        Weights of image and noise, and the spacing of the steps; None is the cosine schedule with equal steps of time.
    clip
        Whether the predicted image is kept within [-1, 1].

    Raises
    ------
    InputError
        If `steps` is below 1 or `eta` is another.
    """

    def __init__(
        self, steps: int = 50, eta: float | None = None, schedule: CosineSchedule | None = None, *, clip: bool = True
    ) -> None:
        if eta not in (None, 1.0):
            raise InputError(f"eta = {eta}: DDPM renews all of the noise (eta = 1); DDIM takes another eta")
        super().__init__(steps, 1.0, schedule, clip=clip)
