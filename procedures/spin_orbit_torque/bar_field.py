"""The field in the plane of a bar, from one coil or two."""

import math

from mtjlab.instruments import Bench, GuardedCoil

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
        self._coils: dict[str, GuardedCoil] = {}
        self._now: dict[str, float] = {}

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
                self._bench.interlock.check_field(largest)
                self._coils[name] = self._bench.coil if name == "coil" else self._bench.coil_y

    def switch_on(self) -> None:
        """Switch the coils on, at zero field."""
        for coil in self._coils.values():
            coil.switch_on()

    def set(self, along: float = 0.0, across: float = 0.0) -> None:
        """Ramp to a field [T]."""
        for name, field in (("coil", along), ("coil_y", across)):
            coil = self._coils.get(name)
            if coil is not None and self._now.get(name) != field:
                coil.set_field(field)
                self._now[name] = field

    def turn(self, size: float, angle: float) -> None:
        """Ramp to a field of a size [T] at an angle from the bar [rad]."""
        self.set(size * math.cos(angle), size * math.sin(angle))
