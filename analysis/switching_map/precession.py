"""What decides a map of P(switch) beside what is known of the free layer."""

from typing import NamedTuple

__all__ = ["Precession"]


class Precession(NamedTuple):
    """What decides the map beside what is known."""

    vcma: float
    """ξ [J/(V·m)]."""
    in_plane_field: float
    """Hx, as μ0·H [T]."""
    damping: float
    """Gilbert damping α."""
    moment: float
    """Ms·Vol/kT [1/T]: how cold the free layer is."""
    torque: float = 0.0
    """Field a that the torque of the tunnelling current is worth, for each volt [T/V]; positive towards P."""
    warming: float = 0.0
    """Temperature rise after long at a voltage, over its square [K/V²]: thermal resistance over resistance."""
    normal_field: float = 0.0
    """Stray field along the film normal, as μ0·H [T]; positive towards P."""

    @property
    def is_even(self) -> bool:
        """Whether both states are alike: neither a torque nor a field along the normal tells them apart."""
        return not (self.torque or self.normal_field)
