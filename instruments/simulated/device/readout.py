"""What a source-meter sees of the junction: resistance, the tilt that heat gives the free layer, white noise."""

from __future__ import annotations

import math
from functools import lru_cache

import numpy as np
from numpy.typing import ArrayLike, NDArray

from mtjlab.core import BOLTZMANN, ELEMENTARY_CHARGE, InputError
from mtjlab.instruments.simulated.device.device import Device
from mtjlab.instruments.simulated.device.effects import Effects
from mtjlab.instruments.simulated.device.free_layer import EnergyLandscape
from mtjlab.instruments.simulated.device.state import as_states

__all__ = ["AngleSpread", "Readout"]

_POINTS = 4097
_MANY = 1e3  # independent looks in a read, beyond which their mean is Gaussian


class AngleSpread:
    """Distribution of cosθ around both states in thermal equilibrium.

    Parameters
    ----------
    landscape
        Energies of the free layer at the read voltage.

    Examples
    --------
    At a thermal stability factor of 45 without field, 1 - |⟨mz⟩| is .0114:

    >>> spread = AngleSpread(EnergyLandscape(45.0, 0.0, 0.0, 0.02, 1e6))
    >>> [round(float(mean), 4) for mean in spread.mean]
    [0.9886, -0.9886]
    """

    def __init__(self, landscape: EnergyLandscape) -> None:
        self._theta = np.linspace(0.0, math.pi / 2, _POINTS)
        self._cumulative = []
        means, variances = [], []
        for theta in (self._theta, math.pi - self._theta):
            free = landscape.along(theta)
            density = np.sin(theta) * np.exp(free.min() - free)
            density /= density.sum()
            tilt = 1 - np.abs(np.cos(theta))
            means.append(float(density @ tilt))
            variances.append(float(density @ tilt**2) - means[-1] ** 2)
            self._cumulative.append(np.cumsum(density))
        self._tilt = np.array(means)
        self.mean = np.array([1 - means[0], means[1] - 1])
        """Mean of cosθ in P and in AP."""
        self.variance = np.array(variances)
        """Variance of cosθ in P and in AP."""
        stiffness = max(abs(2 * landscape.stability), 1.0)
        self.memory = 1 / (2 * stiffness * landscape.diffusion)
        """Time after which cosθ has forgotten itself [s]: 1/(2αγBk), half the relaxation time of an angle."""

    def draw(self, states: NDArray[np.uint8], window: float, rng: np.random.Generator) -> NDArray[np.float64]:
        """Draw averages of cosθ over a window.

        Parameters
        ----------
        states
            0 (P) or 1 (AP), any shape.
        window
            How long is averaged [s]; 0 for the angle at an instant.
        rng
            Where they come from.

        Returns
        -------
        ndarray of float64
            Averages, same shape.

        Notes
        -----
        At an instant from the exact distribution. A window of many memories holds window/(2·memory) independent
        looks; the mean of n tilts 1 - |cosθ|, which are nearly exponential, is a gamma variate of the right mean
        and variance.
        """
        looks = window / (2 * self.memory)
        if looks > _MANY:
            spread = np.sqrt(self.variance / looks)
            return np.asarray(self.mean[states] + spread[states] * rng.standard_normal(states.shape))
        if looks > 1:
            shape = looks * self._tilt**2 / self.variance
            tilt = rng.standard_gamma(shape[states]) * (self._tilt / shape)[states]
        else:
            uniform = rng.random(states.shape)
            theta = [np.interp(uniform, cumulative, self._theta) for cumulative in self._cumulative]
            tilt = 1 - np.cos(np.where(states == 0, theta[0], theta[1]))
        return np.asarray(np.where(states == 0, 1 - tilt, tilt - 1))


_REMEMBERED = 8


class Readout:
    """Resistance and read current of a device.

    Parameters
    ----------
    device
        Whose resistance-area product, tunnel magnetoresistance and temperature.
    effects
        `angle`, `johnson`, `shot` and `leads` count here; all of them unless given.

    Examples
    --------
    >>> readout = Readout(Device())
    >>> [round(float(readout.resistance(angle, 0.1))) for angle in (0.0, math.pi)]
    [50930, 99900]
    """

    def __init__(self, device: Device, effects: Effects | None = None) -> None:
        self.device = device
        self.effects = Effects.full() if effects is None else effects
        # The same read voltages come again and again.
        self._spread = lru_cache(_REMEMBERED)(self._angle_spread)
        self._divided = lru_cache(_REMEMBERED)(self._divide)

    def resistance(self, angle: ArrayLike, voltage: ArrayLike) -> NDArray[np.float64]:
        """Give the resistance at an angle between the two layers.

        Parameters
        ----------
        angle
            Angle between free and reference layer [rad]: 0 is parallel, π antiparallel.
        voltage
            Voltage across the junction [V], of either sign; broadcast against the angle.

        Returns
        -------
        ndarray of float64
            Resistance [Ω].

        Notes
        -----
        `R = Rp (1 + (V/Vh)² + TMR) / (1 + (V/Vh)² + TMR (1 + cosθ)/2)`: the conductance is linear in cosθ, and
        the tunnel magnetoresistance falls with bias as TMR/(1 + (V/Vh)²), all of it by a rise of the
        antiparallel conductance.
        """
        return self._at_cosine(np.cos(angle), voltage)

    def _at_cosine(self, cosine: ArrayLike, voltage: ArrayLike) -> NDArray[np.float64]:
        bias = 1 + (np.asarray(voltage, float) / self.device.tmr_bias) ** 2
        tmr = self.device.tmr
        return np.asarray(self.device.resistance_parallel * (bias + tmr) / (bias + tmr * (1 + np.asarray(cosine)) / 2))

    def levels(self, voltage: float) -> NDArray[np.float64]:
        """Give the resistances that a slow read sees.

        Parameters
        ----------
        voltage
            Voltage across the junction [V].

        Returns
        -------
        ndarray of float64, shape (2,)
            Resistance in P and in AP [Ω]: the inverse of the mean conductance, which the heat's tilt pulls together.
        """
        return self._at_cosine(self._mean_cosine(voltage), voltage)

    def resistances(
        self, states: ArrayLike, voltage: float, bandwidth: float, rng: np.random.Generator
    ) -> NDArray[np.float64]:
        """Draw the resistance for every state, with the heat's tilt of the free layer.

        Parameters
        ----------
        states
            0 (P) or 1 (AP), any shape.
        voltage
            Voltage across the junction [V].
        bandwidth
            Bandwidth B of the read [Hz]: the conductance is averaged over 1/(2B); infinite for an instant.
        rng
            Where the tilts come from.

        Returns
        -------
        ndarray of float64
            Resistances [Ω], same shape.
        """
        return self._at_cosine(self._cosines(as_states(states), voltage, bandwidth, rng), voltage)

    def _cosines(
        self, states: NDArray[np.uint8], voltage: float, bandwidth: float, rng: np.random.Generator
    ) -> NDArray[np.float64]:
        if not self._tilts or not bandwidth:
            return self._mean_cosine(voltage)[states]
        return self._spread(voltage).draw(states, 1 / (2 * bandwidth), rng)

    def _mean_cosine(self, voltage: float) -> NDArray[np.float64]:
        return self._spread(voltage).mean if self._tilts else np.array([1.0, -1.0])

    @property
    def _tilts(self) -> bool:
        return "angle" in self.effects and "thermal" in self.effects

    def _angle_spread(self, voltage: float) -> AngleSpread:
        return AngleSpread(EnergyLandscape.of(self.device, voltage, self.effects))

    def current(
        self,
        states: ArrayLike,
        voltage: float,
        bandwidth: float,
        rng: np.random.Generator,
        fluctuation: ArrayLike = 0.0,
    ) -> NDArray[np.float64]:
        """Read the current once for every state.

        Parameters
        ----------
        states
            0 (P) or 1 (AP), any shape.
        voltage
            Read voltage [V], of either sign.
        bandwidth
            Noise bandwidth of the read [Hz]; 1/(2·T) for one that averages over T.
        rng
            Where the noise comes from.
        fluctuation
            Relative change of the resistance in each read, by whatever fluctuates slowly.

        Returns
        -------
        ndarray of float64
            Currents [A], same shape.

        Raises
        ------
        ValueError
            If a state is neither 0 nor 1, the voltage not finite, or the bandwidth negative.

        Notes
        -----
        Johnson noise has the variance 4kT·B/R (Johnson, Phys. Rev. 32, 97 (1928); Nyquist, ibid. 110). The current
        of a tunnel junction has 2eI·coth(eV/2kT)·B in all (Rogovin & Scalapino, Ann. Phys. 86, 1 (1974)), which is
        Johnson's at zero bias and 2eI·B, shot noise, above 2kT/e; what exceeds Johnson's counts as shot noise.
        """
        if not math.isfinite(voltage):
            raise InputError(f"read voltage {voltage} is not a finite number")
        if not 0 <= bandwidth < math.inf:
            raise InputError(f"read bandwidth {bandwidth} Hz is not allowed: give 0 or more")
        given = as_states(states)
        levels, across = self._divided(voltage)
        noise = np.sqrt(self._noise_power(across) * bandwidth / levels).take(given)
        resistance = self._at_cosine(self._cosines(given, voltage, bandwidth, rng), across.take(given))
        resistance *= 1 + np.asarray(fluctuation, float)
        # A look without noise draws nothing: what is read later does not depend on who looked before.
        currents = rng.standard_normal(given.shape) if bandwidth else np.zeros(given.shape)
        currents *= noise
        currents += voltage / (resistance + self._series)
        return currents

    def ohmic(
        self, resistance: float, shape: tuple[int, ...], voltage: float, bandwidth: float, rng: np.random.Generator
    ) -> NDArray[np.float64]:
        """Read the current of what is left of a junction: a short, or an open contact.

        Parameters
        ----------
        resistance
            Its resistance [Ω].
        shape
            How many reads, in which shape.
        voltage
            Read voltage [V].
        bandwidth
            Noise bandwidth of the read [Hz].
        rng
            Where the Johnson noise comes from.

        Returns
        -------
        ndarray of float64
            Currents [A], of that shape.
        """
        total = resistance + self._series
        power = 4 * BOLTZMANN * self.device.temperature * bandwidth / total if "johnson" in self.effects else 0.0
        noise = rng.standard_normal(shape) if bandwidth else np.zeros(shape)
        return voltage / total + math.sqrt(power) * noise

    @property
    def _series(self) -> float:
        """Resistance in series with the junction in a read [Ω]."""
        two_wires = "leads" in self.effects and self.device.contacts.wires == 2
        return self.device.line.lead_resistance if two_wires else 0.0

    def _divide(self, voltage: float) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Give resistance and voltage of the junction in P and in AP behind the leads."""
        across, cosine = np.full(2, voltage), self._mean_cosine(voltage)
        levels = self._at_cosine(cosine, across)
        if self._series:
            # The bias lowers the antiparallel resistance, which lowers its share of the bias: it settles quickly.
            for _ in range(20):
                across = voltage * levels / (levels + self._series)
                levels = self._at_cosine(cosine, across)
        return levels, across

    def _noise_power(self, voltage: NDArray[np.float64]) -> NDArray[np.float64]:
        """Give the spectral density of the noise current times the resistance [V·A/Hz]."""
        johnson = 4 * BOLTZMANN * self.device.temperature
        ratio = np.maximum(np.abs(ELEMENTARY_CHARGE * voltage / (2 * BOLTZMANN * self.device.temperature)), 1e-9)
        shot = johnson * (ratio / np.tanh(ratio) - 1)
        return np.asarray(johnson * ("johnson" in self.effects) + shot * ("shot" in self.effects))
