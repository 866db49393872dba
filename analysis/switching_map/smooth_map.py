"""A map of P(switch) over amplitude and width, smoothed from shots at scattered settings."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from mtjlab.analysis.switching_map.gaussian_process import GaussianProcess

__all__ = ["SmoothMap"]


class SmoothMap(GaussianProcess):
    """Gaussian process over amplitude [V] and width [s] that knows where the next shots tell the most."""

    def straddling(self, candidates: NDArray[np.float64], count: int, shots: int) -> NDArray[np.int_]:
        """Choose where shots tell the most about where P is one half.

        Parameters
        ----------
        candidates
            Settings that can be made, shape (M, 2).
        count
            How many to choose.
        shots
            Pulses that each will get.

        Returns
        -------
        ndarray of int
            Their indices, shape (count,); one may come more than once.

        Notes
        -----
        The straddle rule 1.96 σ - |y| of B. Bryan et al., Adv. Neural Inf. Process. Syst. 18, 163 (2005): uncertain and
        near the contour. After each choice σ is what it will be when that point has been measured.
        """
        mean, root = self._project(candidates)
        variance = np.maximum(self.scales.spread**2 - (root**2).sum(axis=0), 1e-12)
        chosen = []
        for _ in range(count):
            best = int(np.argmax(1.96 * np.sqrt(variance) - np.abs(mean)))
            chosen.append(best)
            prior = self._kernel(candidates[best : best + 1], candidates)[0]
            row = (prior - root[:, best] @ root) / np.sqrt(variance[best] + 1 / (4 * shots + 2))
            root = np.vstack([root, row])
            variance = np.maximum(variance - row**2, 1e-12)
        return np.array(chosen)
