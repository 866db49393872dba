"""Pump and probe: a pulse of current writes the state of a bar, a small current reads it."""

import math
from typing import NamedTuple

from pymeasure.experiment import FloatParameter, ListParameter

from mtjlab.analysis.spin_orbit_torque import two_levels
from mtjlab.core import FitError
from mtjlab.instruments import InstrumentError
from mtjlab.procedures.measurements.count_parameter import CountParameter
from mtjlab.procedures.measurements.limited_parameter import LimitedParameter
from mtjlab.procedures.spin_orbit_torque.bar_procedure import LayeredBarProcedure

__all__ = ["Levels", "PumpProbeProcedure"]

LEVELS = 6
"""Pulses of both signs by turns that tell what the two states read."""


class Levels(NamedTuple):
    """What the probe reads in the two states."""

    threshold: float
    """Between them [Ω]."""
    sign: float
    """+1 where pulses of positive current lead to the state that reads higher, else -1."""


class PumpProbeProcedure(LayeredBarProcedure):
    """Write pulses, and a probe that tells the state: a number that is odd in it.

    ``unidirectional`` is for easy axes across the bar (type y): the probe is R(+i) - R(-i), which has the sign of my.
    ``planar Hall`` is for easy axes along it (type x), whose two states AMR, UMR and the planar Hall effect without a
    field cannot tell apart: the probe is the transverse resistance in a small field `bias_field` across the bar, which
    turns both states towards it, one to the left and one to the right.
    """

    probe = LimitedParameter("Probe current", limit="current", units="A", default=3e-4, minimum=1e-9, maximum=1.0)
    state = ListParameter("State read by", choices=["unidirectional", "planar Hall"], default="unidirectional")
    bias_field = LimitedParameter(
        "Field across the bar at the probe", limit="field", units="T", default=0.0, minimum=-10.0, maximum=10.0
    )
    readings = CountParameter("Readings of each sign a probe", default=1, minimum=1, maximum=10_000)
    pause = FloatParameter("Wait between pulse and probe", units="s", default=1e-3, minimum=0.0, maximum=999.0)

    def connect_pump(self, write: float, width: float, along: float = 0.0) -> None:
        """Find the instruments, and check probe, pulses and fields; see `BarProcedure.connect`.

        Parameters
        ----------
        write
            Largest current of a pulse [A].
        width
            Longest pulse [s].
        along
            Largest field along the bar [T].
        """
        hall = self.state == "planar Hall"
        self.connect(self.probe, along, self.bias_field if hall else 0.0, transverse=hall)
        self.bench.interlock.check_current_pulse(write, width, self.compliance)

    def write(self, current: float, width: float) -> None:
        """Send a pulse in no field across the bar, and wait.

        Parameters
        ----------
        current
            Current [A]; none at 0.
        width
            Width [s].
        """
        if current:
            self.let_flow(0.0)
            self._leads.pulse(current, width)
        if self.pause:
            self.bench.wait(self.pause)

    def signal(self, along: float = 0.0) -> float:
        """Read the state [Ω].

        Parameters
        ----------
        along
            Field along the bar, which stays as it is [T].
        """
        hall = self.state == "planar Hall"
        if hall:
            self._field.set(along, self.bias_field)
        total = 0.0
        for _ in range(self.readings):
            plus, minus = (self.resistance(sign * self.probe, transverse=hall) for sign in (1, -1))
            # Odd in the state: UMR in the difference, planar Hall in the mean, where contacts' offsets go out.
            total += (plus + minus) / 2 if hall else plus - minus
        self.let_flow(0.0)
        if hall:
            self._field.set(along, 0.0)
        return total / self.readings

    def find_levels(self, current: float, width: float, along: float = 0.0) -> Levels:
        """Write both states by turns and find what they read.

        Parameters
        ----------
        current
            Current that switches for certain [A].
        width
            Width [s].
        along
            Field along the bar [T].

        Raises
        ------
        InstrumentError
            If the two cannot be told apart.
        """
        signs, read = [], []
        for k in range(LEVELS):
            signs.append(1 - 2 * (k % 2))
            self.write(signs[-1] * current, width)
            read.append(self.signal(along))
        try:
            threshold, _ = two_levels(read)
        except FitError as error:
            raise InstrumentError(f"pulses of {current:g} A and {width:g} s write no two states: {error}") from error
        agree = sum(sign * math.copysign(1.0, value - threshold) for sign, value in zip(signs, read, strict=True))
        if abs(agree) < LEVELS:
            raise InstrumentError(
                f"pulses of {current:g} A and {width:g} s do not write the same state each time: give more current"
            )
        return Levels(threshold, math.copysign(1.0, agree))

    @property
    def _probe_readings(self) -> int:
        return int(2 * self.readings)
