"""The role of a memory array of junctions, whose cells are pulsed many at a time."""

from collections.abc import Callable, Sequence
from typing import Annotated, Any, Protocol

import numpy as np
import pydantic
from numpy.typing import NDArray

from mtjlab.core import InputError
from mtjlab.instruments.roles.role import NullInstrument, OutputRole, Role
from mtjlab.instruments.safety.guard import Switched
from mtjlab.instruments.safety.limits import BenchLimit, LimitSettings
from mtjlab.instruments.settings.role_settings import RoleSettings

__all__ = ["JUNCTION_ARRAY", "ArrayLimits", "GuardedJunctionArray", "JunctionArray", "JunctionArraySettings"]

Pattern = NDArray[np.uint8]
Cells = NDArray[np.bool_]


class JunctionArray(OutputRole, Protocol):
    """What a procedure may ask of an array of junctions; 0 is the parallel state, 1 the antiparallel one.

    Examples
    --------
    >>> array.write_pattern(np.zeros(array.shape, np.uint8))    # doctest: +SKIP
    >>> array.switch_on()                                       # doctest: +SKIP
    >>> array.send_pulse(1.2, 1.5e-9)                           # doctest: +SKIP
    >>> array.read_pattern().mean()                             # doctest: +SKIP
    0.487
    """

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns."""

    def write_pattern(self, pattern: Pattern) -> None:
        """Bring every cell into a state.

        Parameters
        ----------
        pattern
            0 and 1, uint8, shape (rows, columns).
        """

    def send_pulse(self, amplitude: float, width: float, cells: Cells | None = None) -> None:
        """Send one pulse to each of some cells.

        Parameters
        ----------
        amplitude
            Amplitude at the cells [V].
        width
            Width at half maximum [s].
        cells
            Which cells, shape (rows, columns); None for all.
        """

    def send_levels(self, levels: NDArray[np.integer], amplitudes: Sequence[float], width: float) -> None:
        """Send each cell a pulse at an amplitude of its own, out of a few: one train of pulses a level.

        Parameters
        ----------
        levels
            Number of the amplitude of each cell, from 0, shape (rows, columns); -1 leaves a cell out.
        amplitudes
            The levels [V].
        width
            Width at half maximum [s].
        """

    def read_pattern(self) -> Pattern:
        """Read every cell.

        Returns
        -------
        NDArray
            0 and 1, uint8, shape (rows, columns).
        """

    def switch_on(self) -> None:
        """Connect the drivers of the word lines."""

    def switch_off(self) -> None:
        """Disconnect the drivers of the word lines, at once."""


class JunctionArraySettings(RoleSettings):
    """An array of junctions."""

    rows: int = pydantic.Field(default=64, ge=1, le=65_536)
    """Rows of cells: word lines."""
    columns: int = pydantic.Field(default=64, ge=1, le=65_536)
    """Columns of cells: bit lines."""


class ArrayLimits(LimitSettings):
    """What the cells of an array stand."""

    array_amplitude: Annotated[pydantic.PositiveFloat, BenchLimit("V", 1.6)] = 0.0
    """Largest amplitude of a pulse at the cells of an array [V]."""
    array_width: Annotated[pydantic.PositiveFloat, BenchLimit("s", 1e-7)] = 0.0
    """Longest pulse at the cells of an array [s]."""


class GuardedJunctionArray(Switched):
    """An array of junctions behind the interlock; see `JunctionArray` for the methods.

    Pulses are held to the limits of the array, and are counted: all of them for the device, and cell by cell in
    `pulses_of_cells`.
    """

    plays = JunctionArray
    shape: tuple[int, int]
    read_pattern: Callable[[], Pattern]

    def __init__(self, role: str, instrument: Any, *shared: Any) -> None:
        super().__init__(role, instrument, *shared)
        self._pulses: NDArray[np.int64] | None = None

    @property
    def pulses_of_cells(self) -> NDArray[np.int64]:
        """Pulses that each cell has stood since the bench was opened, shape (rows, columns)."""
        if self._pulses is None:
            self._pulses = np.zeros(self.shape, np.int64)
        return self._pulses

    def write_pattern(self, pattern: Pattern) -> None:
        """Look at the pattern, then write it."""
        if pattern.shape != self.shape or pattern.dtype != np.uint8 or (pattern.size and pattern.max() > 1):
            raise InputError(f"pattern of {pattern.dtype}, shape {pattern.shape}: expected uint8 0 and 1, {self.shape}")
        self._instrument.write_pattern(pattern)

    def send_pulse(self, amplitude: float, width: float, cells: Cells | None = None) -> None:
        """Check the pulse, count it, then send it."""
        self._send(amplitude, width, np.ones(self.shape, bool) if cells is None else cells)

    def send_levels(self, levels: NDArray[np.integer], amplitudes: Sequence[float], width: float) -> None:
        """Check all pulses, then count and send them level by level."""
        if levels.shape != self.shape or not (levels.min() >= -1 and levels.max() < len(amplitudes)):
            raise InputError(f"levels of shape {levels.shape}: expected {self.shape}, -1 to {len(amplitudes) - 1}")
        for amplitude in amplitudes:
            self._interlock.limited("array_amplitude", amplitude)
        for number, amplitude in enumerate(amplitudes):
            self._send(amplitude, width, levels == number)

    def _send(self, amplitude: float, width: float, cells: Cells) -> None:
        if cells.shape != self.shape or cells.dtype != np.bool_:
            raise InputError(f"cells of {cells.dtype}, shape {cells.shape}: expected bool, {self.shape}")
        amplitude = self._interlock.limited("array_amplitude", amplitude)
        width = self._interlock.limited("array_width", width)
        self._interlock.check_switching_on(self._role)
        if not cells.any():
            return
        self._stress.time(1, width)
        np.add(self.pulses_of_cells, cells, out=self.pulses_of_cells)
        self._interlock.on.add(self._role)
        with self._making("pulse"):
            self._instrument.send_pulse(amplitude, width, cells)


class NullJunctionArray(NullInstrument):
    """Null twin of an array: one cell, which is 0."""

    shape = (1, 1)

    @staticmethod
    def read_pattern() -> Pattern:
        """Give the one cell.

        Returns
        -------
        NDArray
            Zero, shape (1, 1).
        """
        return np.zeros((1, 1), np.uint8)


JUNCTION_ARRAY = Role(
    name="junction_array",
    about="A memory array whose cells are written, pulsed many at a time, and read.",
    guard=GuardedJunctionArray,
    safe_order=15,
    settings=JunctionArraySettings,
    limits=ArrayLimits,
    null=NullJunctionArray,
    example={"driver": "mtjarray", "resource": "TCPIP0::192.168.1.40::5025::SOCKET"},
)
