"""A simulated tester of a memory array: it writes patterns, pulses cells, and reads them."""

import numpy as np
from numpy.typing import NDArray

from mtjlab.core import InputError
from mtjlab.instruments import ArrayImperfections, JunctionArraySettings
from mtjlab.instruments.simulated.array.simulated_array import SimulatedArray
from mtjlab.instruments.simulated.device.device import Device
from mtjlab.instruments.simulated.device.device_file import load_device_file
from mtjlab.instruments.simulated.dialects.instrument_context import InstrumentContext
from mtjlab.instruments.simulated.scpi.scpi_instrument import ScpiInstrument
from mtjlab.instruments.simulated.scpi.scpi_parameter import parse_block
from mtjlab.instruments.simulated.scpi.scpi_status import ScpiError

__all__ = ["SimulatedMtjArray"]

LARGEST = 2.0
"""Largest amplitude [V]."""
SHORTEST, LONGEST = 1e-9, 1e-7
"""Widths [s]."""


class SimulatedMtjArray(ScpiInstrument):
    """The tester of an array of junctions. Patterns travel as blocks of bits, eight a byte, row after row.

    Parameters
    ----------
    context
        What the bench gives it: size of the array, device and imperfections.

    Notes
    -----
    No maker sells it under this name: the commands are ours, such as a probe card with word-line drivers needs.
    """

    def __init__(self, context: InstrumentContext) -> None:
        super().__init__("MTJLAB,ARRAY TESTER,0000000,1.0", context.wiring.clock)
        self.array = _array(context)
        """The cells."""
        self._selected = np.ones(self.array.shape, bool)
        self.number(":SOURce:VOLTage", 0.0, 0.0, LARGEST, key="voltage", unit="V")
        self.number(":SOURce:PULSe:WIDTh", 1e-8, SHORTEST, LONGEST, key="width", unit="S")
        self.switch(":OUTPut[:STATe]", False, key="output")
        self.query(":ARRay:SIZE", lambda: ",".join(map(str, self.array.shape)))
        self.command(":ARRay:PATTern", self._write, lambda words: self._block(self.array.read()))
        self.command(":ARRay:SELect", self._select, lambda words: self._block(self._selected))
        self.action(":ARRay:SELect:ALL", self._select_all)
        self.action(":ARRay:PULSe", self._pulse)

    def reset(self) -> None:
        """Return to the settings of ``*RST``: all cells are selected."""
        super().reset()
        self._select_all()

    def _select_all(self) -> None:
        self._selected = np.ones(self.array.shape, bool)

    def _write(self, words: list[str]) -> None:
        self.array.write(self._bits(words))

    def _select(self, words: list[str]) -> None:
        self._selected = self._bits(words).astype(bool)

    def _pulse(self) -> None:
        if not self.settings["output"]:
            raise ScpiError(-221)  # settings conflict: the drivers are not connected
        self.array.pulse(self.value("voltage"), self.value("width"), self._selected)
        rows = int(self._selected.any(axis=1).sum())
        self.begin(rows * self.value("width"))

    def _bits(self, words: list[str]) -> NDArray[np.uint8]:
        if len(words) != 1:
            raise ScpiError(-109)
        content = np.frombuffer(parse_block(words[0]), np.uint8)
        rows, columns = self.array.shape
        if content.size != -(-rows * columns // 8):
            raise ScpiError(-161)
        return np.unpackbits(content, count=rows * columns).reshape(rows, columns)

    @staticmethod
    def _block(bits: NDArray[np.uint8] | NDArray[np.bool_]) -> bytes:
        content = np.packbits(bits).tobytes()
        length = str(len(content))
        return f"#{len(length)}{length}".encode() + content


def _array(context: InstrumentContext) -> SimulatedArray:
    if not isinstance(context.settings, JunctionArraySettings):
        raise InputError(f"[roles.{context.role}] is no array: the tester plays the role junction_array")
    device, imperfections = Device(), ArrayImperfections()
    if context.simulation is not None:
        loaded = load_device_file(context.simulation.device)
        if not isinstance(loaded, Device):
            raise InputError(f"device {context.simulation.device!r} is no junction: an array is made of junctions")
        device, imperfections = loaded, context.simulation.array or imperfections
    return SimulatedArray(context.settings.rows, context.settings.columns, device, imperfections, context.seed)
