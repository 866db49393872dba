"""Which blocks of a bitstream are given out, and after which ones the bench is attended to."""

from __future__ import annotations

import dataclasses

from mtjlab.core import InputError

__all__ = ["BlockSchedule"]

ACTIONS = 20
"""Actions of the steering in one loop constant, about."""


@dataclasses.dataclass(frozen=True)
class BlockSchedule:
    """The plan of a steered bitstream, block by block; what it says depends on the block's number alone.

    Examples
    --------
    >>> plan = BlockSchedule.of("sacrificial", block=2500, constant=100_000, share=0.25)
    >>> [plan.given_out(number) for number in range(5)], plan.steering_share
    ([True, True, True, False, True], 0.3333333333333333)
    """

    sacrificed: int
    """Every how many blocks one is sacrificed; 0 for none."""
    between_actions: int
    """Blocks between two actions; 0 for no action."""

    @classmethod
    def of(cls, feedback: str, *, block: int, constant: float, share: float) -> BlockSchedule:
        """Make a plan.

        Parameters
        ----------
        feedback
            ``none``, ``output`` or ``sacrificial``.
        block
            Pulses a block.
        constant
            Loop constant [bits].
        share
            Pulses that are sacrificed, as a part of all.

        Raises
        ------
        ValueError
            If the loop constant is too short for such blocks.
        """
        if feedback == "none":
            return cls(0, 0)
        every = max(2, round(1 / share)) if feedback == "sacrificial" else 0
        steering = constant / (every - 1) if every else constant
        if steering < 4 * block:
            needed = 4 * block * (every - 1 if every else 1)
            raise InputError(
                f"constant = {constant:g} bits is too short for blocks of {block} pulses, whose outcome steers: give "
                f"{needed:,} or more, or shorter blocks"
            )
        return cls(every, every or max(1, round(constant / ACTIONS / block)))

    def given_out(self, number: int) -> bool:
        """Whether the bits of a block, counted from 0, are given out."""
        return not self.sacrificed or number % self.sacrificed != self.sacrificed - 1

    def steers(self, number: int) -> bool:
        """Whether its outcome steers: that of a sacrificed block, or of every block where none is sacrificed."""
        return bool(self.between_actions) and (not self.sacrificed or not self.given_out(number))

    def acts_after(self, number: int) -> bool:
        """Whether the setting is moved after a block."""
        return bool(self.between_actions) and number % self.between_actions == self.between_actions - 1

    @property
    def steering_share(self) -> float:
        """Pulses that steer, as a part of those that are given out."""
        return 1 / (self.sacrificed - 1) if self.sacrificed else 1.0
