"""What a simulated bench has behind its instruments."""

from typing import Protocol

__all__ = ["StandIn"]


class StandIn(Protocol):
    """The simulated instruments behind a simulated bench."""

    resources: dict[str, str]
    """VISA resource of each role."""
    attributes: dict[str, float | int | str]
    """Seed and device parameters, for the recording."""

    @property
    def time(self) -> float:
        """Virtual time [s]; 0 as long as nothing has happened to the device."""

    def wait(self, duration: float) -> None:
        """Let so much time pass on the bench [s].

        Parameters
        ----------
        duration
            Time [s].
        """

    def close(self) -> None:
        """Stop the servers."""
