"""The field in the plane of a bar, from the coils that a measurement needs."""

import math

from mtjlab.instruments import Bench, InPlaneField

__all__ = ["BarField"]


class BarField:
    """Sets the field along the bar and across it; a coil that is not needed may be missing.

    Parameters
    ----------
    bench
        Bench: its ``coil`` makes the field along the bar, its ``coil_y`` that across it.
    """

    def __init__(self, bench: Bench) -> None:
        self._bench = bench
        self._coils: InPlaneField | None = None
        self._now: tuple[float, float] | None = None

    def prepare(self, along: float, across: float) -> None:
        """Check the largest fields that will be asked for [T], and find the coils that they need.

        Raises
        ------
        InstrumentError
            If the bench lacks one.
        LimitError
            If the interlock refuses one.
        """
        for name, largest in (("coil", along), ("coil_y", across)):
            if largest:
                self._bench.role(name)
                self._bench.interlock.check_field(largest)
        self._coils = InPlaneField(self._bench) if along or across else None

    def switch_on(self) -> None:
        """Switch the coils on, at zero field."""
        if self._coils is not None:
            self._coils.switch_on()

    def set(self, along: float = 0.0, across: float = 0.0) -> None:
        """Ramp to a field [T], if it is another than before."""
        if self._coils is not None and self._now != (along, across):
            self._coils.set(along, across)
            self._now = along, across

    def turn(self, size: float, angle: float) -> None:
        """Ramp to a field of a size [T] at an angle from the bar [rad]."""
        self.set(size * math.cos(angle), size * math.sin(angle))
