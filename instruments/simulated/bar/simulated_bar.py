"""A bar that is put into fields, sent currents through, and read."""

from __future__ import annotations

import math
from collections.abc import Iterator
from itertools import groupby
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from mtjlab.core import InputError
from mtjlab.instruments.simulated.bar.bar_noise import BarNoiseSource
from mtjlab.instruments.simulated.bar.bar_state import BarState
from mtjlab.instruments.simulated.bar.bar_voltages import (
    BarVoltages,
    noiseless_voltages,
    resistance_at,
    temperature_rise,
)
from mtjlab.instruments.simulated.bar.landscape import Field
from mtjlab.instruments.simulated.device.bar_parameters import BarParameters

__all__ = ["Harmonics", "SimulatedBar"]

_PHASES = 64  # of a period, for harmonics


class Harmonics(NamedTuple):
    """What a lock-in sees of a bar, rms [V]."""

    first: BarVoltages
    """In phase with the current, at its frequency."""
    second: BarVoltages
    """At twice the frequency, the part that goes as -cos(2ωt) beside a current sin(ωt): R·I² is I²(1 - cos 2ωt)/2."""


class SimulatedBar:
    """One bar with its magnetisation, its temperature and its noise; its time passes as its methods say.

    Parameters
    ----------
    parameters
        The bar.
    seed
        Of all that is random: heat over the barrier, thermal field, noise of the readings.

    Examples
    --------
    A current above the onset writes the state whose sign it has; a reading at both signs of a current tells it:

    >>> bar = SimulatedBar(BarParameters(), seed=1)
    >>> for current in (3e-3, -3e-3):
    ...     bar.pulse(current, 1e-6)
    ...     ohms = [bar.voltages(probe, 0.1).longitudinal / probe for probe in (0.3e-3, -0.3e-3)]
    ...     print(f"my = {bar.m[1]:+.1f}, R(+I) - R(-I) = {ohms[0] - ohms[1]:+.2f} Ω")
    my = +1.0, R(+I) - R(-I) = +0.16 Ω
    my = -1.0, R(+I) - R(-I) = -0.16 Ω
    """

    def __init__(self, parameters: BarParameters, seed: int | None = None) -> None:
        self.parameters = parameters
        heat, noise = np.random.default_rng(seed).spawn(2)
        self._state, self._noise = BarState(parameters, heat), BarNoiseSource(parameters, noise)
        self._field: Field = (0.0, 0.0, 0.0)

    # the state

    @property
    def m(self) -> NDArray[np.float64]:
        """Unit vector of the magnetisation without current, shape (3,)."""
        return self._state.m

    @property
    def temperature(self) -> float:
        """Temperature of the bar now [K], heat of earlier currents included."""
        return self._state.temperature

    @property
    def field(self) -> Field:
        """Field of the coils [T], in the coils' axes."""
        return self._field

    def set_field(self, field: tuple[float, float, float]) -> None:
        """Put the bar into a field; the magnetisation follows to the nearest minimum of its energy.

        Parameters
        ----------
        field
            Along the coils' x, y and z [T]. `contacts.field_tilt` is the angle from the bar's axes to theirs.

        Raises
        ------
        ValueError
            If a component is not finite.
        """
        if len(field) != 3 or not all(math.isfinite(each) for each in field):
            raise InputError(f"field {field} T is not possible: give three finite numbers")
        self._field = (float(field[0]), float(field[1]), float(field[2]))
        self._state.put_into(self._at_bar())

    def set_temperature(self, temperature: float) -> None:
        """Bring what the bar stands on to a temperature.

        Parameters
        ----------
        temperature
            Temperature [K].

        Raises
        ------
        ValueError
            If it is not positive.
        """
        if not 0 < temperature < math.inf:
            raise InputError(f"temperature {temperature} K is not possible: give a positive one")
        self._state.stage = float(temperature)

    # time and current

    def advance(self, seconds: float) -> None:
        """Let time pass without current: heat leaves, and may take the magnetisation over the barrier.

        Parameters
        ----------
        seconds
            How long [s].

        Raises
        ------
        ValueError
            If the time is negative or not finite.
        """
        self._state.flow(0.0, seconds)
        self._noise.pass_time(seconds)

    def settle(self, current: float, seconds: float) -> None:
        """Let a current flow: it heats the bar and pushes its magnetisation.

        Parameters
        ----------
        current
            Current [A].
        seconds
            How long [s]. Up to 100 ns the dynamics are integrated, unless the current is below a fifth of the onset's;
            beyond, the rate model decides.

        Raises
        ------
        ValueError
            If the time is negative, or one of both is not finite.
        """
        if not math.isfinite(current):
            raise InputError(f"current {current} A is not finite")
        self._state.flow(self._inside(current), seconds)
        self._noise.pass_time(seconds)

    def pulse(self, current: float, width: float) -> None:
        """Send one rectangular pulse; afterwards no current flows.

        Parameters
        ----------
        current
            Current [A].
        width
            Length of the pulse [s].

        Raises
        ------
        ValueError
            As `settle` does.
        """
        self.settle(current, width)
        self._state.follow(0.0)

    # readings

    def voltages(self, current: float, integration_time: float) -> BarVoltages:
        """Let a current flow for one reading and give the voltages that it averages.

        Parameters
        ----------
        current
            Current [A].
        integration_time
            Time that the reading averages over [s].

        Returns
        -------
        BarVoltages
            Floats [V], with Johnson and 1/f noise; an open contact gives the voltage of its insulation.

        Raises
        ------
        ValueError
            If the time is not positive, or one of both is not finite.
        """
        many = self.voltages_many([current], integration_time)
        return BarVoltages(*(float(np.asarray(each)[0]) for each in many))

    def voltages_many(self, currents: ArrayLike, integration_time: float) -> BarVoltages:
        """Take a series of readings, one after the other.

        Parameters
        ----------
        currents
            Current of each [A], shape (count,). Equal ones that follow each other are one long current, after which the
            magnetisation is looked at once.
        integration_time
            Time that each averages over [s].

        Returns
        -------
        BarVoltages
            Arrays of shape (count,) [V].

        Raises
        ------
        ValueError
            As `voltages` does.
        """
        given = np.asarray(currents, float).reshape(-1)
        if not 0 < integration_time < math.inf:
            raise InputError(f"integration time {integration_time} s is not possible: give a positive one")
        if not np.isfinite(given).all():
            raise InputError("a current is not finite")
        parts = list(self._series(given.tolist(), integration_time))
        if not parts:
            return BarVoltages(*(np.empty(0) for _ in BarVoltages._fields))
        return BarVoltages(*(np.concatenate([part[at] for part in parts]) for at in range(len(BarVoltages._fields))))

    def harmonics(self, amplitude: float, frequency: float, time_constant: float) -> Harmonics:
        """Send a sinusoidal current and give what a lock-in makes of the voltages.

        Parameters
        ----------
        amplitude
            Peak of the current [A].
        frequency
            Frequency of the current [Hz], far below the inverse of the heating's time constant.
        time_constant
            Of the lock-in's filter [s]; the current flows for ten of them, and the noise is that of a bandwidth of
            1/(4·time_constant).

        Returns
        -------
        Harmonics
            First and second harmonic [V], rms.

        Raises
        ------
        ValueError
            If frequency or time constant is not positive, or the amplitude is not finite.
        """
        if not (0 < frequency < math.inf and 0 < time_constant < math.inf and math.isfinite(amplitude)):
            raise InputError(
                f"a current of {amplitude} A at {frequency} Hz with a time constant of {time_constant} s is not "
                "possible: give finite numbers, the last two positive"
            )
        phases = 2 * math.pi * (np.arange(_PHASES) + 0.5) / _PHASES
        half = amplitude / math.sqrt(2)
        self._state.flow(self._inside(half), 10 * time_constant)
        self._noise.pass_time(8 * time_constant)  # the reading itself is the rest
        cycle = [self._still(current) for current in (amplitude * np.sin(phases)).tolist()]
        series = np.array([list(each) for each in cycle])
        first = np.sqrt(2) * (series * np.sin(phases)[:, None]).mean(axis=0)
        second = -np.sqrt(2) * (series * np.cos(2 * phases)[:, None]).mean(axis=0)
        self._state.follow(0.0)
        noise = self._noise.white(2, 2 * time_constant, self.temperature)
        fluctuation = float(self._noise.slow(1, 2 * time_constant)[0])
        return Harmonics(
            BarVoltages(*(first * (1 + fluctuation) + [float(np.asarray(each)[0]) for each in noise])),
            BarVoltages(*(second * (1 + fluctuation) + [float(np.asarray(each)[1]) for each in noise])),
        )

    # how it comes about

    def _inside(self, current: float) -> float:
        """Give the current in the bar's own direction; none gets through an open contact or past a short."""
        contacts, fault = self.parameters.contacts, self.parameters.fault
        if fault.kind == "open":
            return 0.0
        if fault.kind == "short":
            whole = self.parameters.resistance
            current = current * fault.short_resistance / (fault.short_resistance + whole)
        return current * contacts.current_polarity

    def _at_bar(self) -> Field:
        """Give the field in the bar's axes."""
        tilt = self.parameters.contacts.field_tilt
        x, y, z = self._field
        return (x * math.cos(tilt) - y * math.sin(tilt), x * math.sin(tilt) + y * math.cos(tilt), z)

    def _series(self, currents: list[float], window: float) -> Iterator[list[NDArray[np.float64]]]:
        for current, equal in groupby(currents):
            count = len(list(equal))
            self._state.flow(self._inside(current), count * window)
            still = self._still(current)
            white = self._noise.white(count, window, self.temperature)
            change = 1 + self._noise.slow(count, window)
            self._state.follow(0.0)
            yield [float(value) * change + noise for value, noise in zip(still, white, strict=True)]

    def _still(self, current: float) -> BarVoltages:
        """Give the voltages without noise, between the leads as they are connected."""
        bar, contacts, fault = self.parameters, self.parameters.contacts, self.parameters.fault
        if fault.kind == "open":
            away = current * fault.open_resistance
            return BarVoltages(away, away, away)
        inside = self._inside(current)
        hot = self._state.stage + temperature_rise(bar, inside, self._state.stage)
        whole = noiseless_voltages(bar, self._state.under(inside), inside, hot)
        along = float(whole.longitudinal)
        across = float(whole.transverse)
        total = contacts.current_polarity * (along + 2 * contacts.contact_resistance * inside)
        if fault.kind == "short":
            total = contacts.current_polarity * along + 2 * contacts.contact_resistance * current
        if fault.kind == "open-transverse":
            across = current * fault.open_resistance
        return BarVoltages(contacts.voltage_polarity * along, across, total)

    def resistance(self) -> float:
        """Give R0 between the inner contacts at the present temperature, without magnetoresistance [Ω]."""
        return resistance_at(self.parameters, self.temperature)
