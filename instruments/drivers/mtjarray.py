"""The tester of a memory array as the junction array."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pymeasure.instruments import Instrument, SCPIMixin
from pymeasure.instruments.validators import strict_range

from mtjlab.core import InputError
from mtjlab.instruments.drivers.adapter import Adapter
from mtjlab.instruments.instrument_error import InstrumentError
from mtjlab.instruments.roles.junction_array import JunctionArraySettings
from mtjlab.instruments.settings.role_settings import RoleSettings
from mtjlab.instruments.settings.wiring import WiringSettings
from mtjlab.instruments.visa import open_visa
from mtjlab.instruments.visa.answers import UnexpectedAnswerError

__all__ = ["ArrayTester", "ArrayTesterJunctionArray"]

LARGEST = 2.0
"""Largest amplitude [V]."""
SHORTEST, LONGEST = 1e-9, 1e-7
"""Widths [s]."""


class ArrayTester(SCPIMixin, Instrument):
    """Represent a tester of memory arrays that understands mtjlab's commands; PyMeasure has no driver of one.

    A laboratory that has a tester of its own writes a driver as this one, or lets its controller understand these
    commands: they are seven.
    """

    def __init__(self, adapter: Any, name: str = "Array tester", **kwargs: Any) -> None:
        super().__init__(adapter, name, **kwargs)

    size = Instrument.measurement(":ARR:SIZE?", """Get rows and columns (list of int).""", cast=int)
    voltage = Instrument.control(
        ":SOUR:VOLT?",
        ":SOUR:VOLT %g",
        """Control the amplitude of pulses in Volts (float, strictly from 0 to 2).""",
        validator=strict_range,
        values=[0, LARGEST],
    )
    width = Instrument.control(
        ":SOUR:PULS:WIDT?",
        ":SOUR:PULS:WIDT %g",
        """Control the width of pulses in seconds (float, strictly from 1e-9 to 1e-7).""",
        validator=strict_range,
        values=[SHORTEST, LONGEST],
    )
    output_enabled = Instrument.control(
        ":OUTP?",
        ":OUTP %d",
        """Control whether the drivers of the word lines are connected (bool).""",
        values={True: 1, False: 0},
        map_values=True,
    )

    def send_bits(self, command: str, bits: NDArray[Any]) -> None:
        """Send a pattern, packed eight bits a byte, row after row."""
        content = np.packbits(bits).tobytes()
        length = str(len(content))
        self.write_bytes(f"{command} #{len(length)}{length}".encode() + content + b"\n")


class ArrayTesterJunctionArray(Adapter):
    """A tester of memory arrays.

    Parameters
    ----------
    role
        Resource, timeout, rows and columns.
    wiring
        Wiring of the bench; the array has none of it.

    Raises
    ------
    InstrumentError
        If the array has another size than the bench file says.
    """

    IDENTITIES = r"ARRAY TESTER,"
    MODELS = "array testers that understand mtjlab's commands"

    def __init__(self, role: JunctionArraySettings, wiring: WiringSettings) -> None:
        super().__init__(ArrayTester(open_visa(role, self)), role.resource)
        self._shape = role.rows, role.columns
        with self._talking():
            self._set_up()

    @classmethod
    def makes(cls, role: RoleSettings) -> Mapping[str, tuple[float, float]]:
        """Tell the range of amplitudes [V] and widths [s]."""
        return {"array_amplitude": (0.0, LARGEST), "array_width": (SHORTEST, LONGEST)}

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns."""
        return self._shape

    def _set_up(self) -> None:
        self.driver.output_enabled = False
        found = tuple(self.driver.size)
        if found != self.shape:
            raise InstrumentError(
                f"{self.resource} has {found} cells and the bench file says rows = {self.shape[0]}, columns = "
                f"{self.shape[1]}: write what it has"
            )
        self._refuse_errors("setting up")

    def write_pattern(self, pattern: NDArray[np.uint8]) -> None:
        """Bring every cell into a state."""
        with self._talking():
            self.driver.send_bits(":ARR:PATT", pattern)
        self._refuse_errors("writing a pattern")

    def send_pulse(self, amplitude: float, width: float, cells: NDArray[np.bool_] | None = None) -> None:
        """Send one pulse to cells; amplitude [V] and width [s] are read back before."""
        if not 0 <= amplitude <= LARGEST or not SHORTEST <= width <= LONGEST:
            raise InputError(
                f"pulse of {amplitude:g} V and {width:g} s: the tester gives 0 to {LARGEST:g} V, {SHORTEST:g} to "
                f"{LONGEST:g} s"
            )
        with self._talking():
            if cells is None or cells.all():
                self.driver.write(":ARR:SEL:ALL")
            else:
                self.driver.send_bits(":ARR:SEL", cells)
            self.driver.width = width
            self._confirm("pulse width", width, self.driver.width, "s")
            self.driver.voltage = amplitude
            self._confirm("pulse amplitude", amplitude, self.driver.voltage, "V")
            self.driver.write(":ARR:PULS")
            self.driver.ask("*OPC?")
        self._refuse_errors("sending a pulse")

    def send_levels(self, levels: NDArray[np.integer], amplitudes: Sequence[float], width: float) -> None:
        """Send each cell a pulse at an amplitude of its own, level by level."""
        for number, amplitude in enumerate(amplitudes):
            self.send_pulse(amplitude, width, levels == number)

    def read_pattern(self) -> NDArray[np.uint8]:
        """Read every cell."""
        rows, columns = self.shape
        with self._talking():
            content = np.frombuffer(self.driver.adapter.query_bytes(":ARR:PATT?"), np.uint8)
            if content.size != -(-rows * columns // 8):
                raise UnexpectedAnswerError(f"a pattern of {content.size} bytes")
        return np.unpackbits(content, count=rows * columns).reshape(rows, columns)

    def switch_on(self) -> None:
        """Connect the drivers of the word lines."""
        with self._talking():
            self.driver.output_enabled = True
        self._refuse_errors("switching on")

    def switch_off(self) -> None:
        """Disconnect the drivers of the word lines."""
        with self._talking():
            self.driver.output_enabled = False

    def settings(self) -> Mapping[str, float | str]:
        """Read the settings back from the instrument."""
        with self._talking():
            return {
                "output": str(bool(self.driver.output_enabled)),
                "amplitude": float(self.driver.voltage),
                "width": float(self.driver.width),
            }
