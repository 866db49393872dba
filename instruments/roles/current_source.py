"""The role of the instrument that drives a current through a bar, steady or as a pulse."""

from collections.abc import Iterator, Mapping
from typing import Annotated, Protocol

import pydantic

from mtjlab.instruments.roles.role import GuardedSetting, OutputRole, Role
from mtjlab.instruments.safety.guard import Switched
from mtjlab.instruments.safety.limits import BenchLimit, LimitSettings

__all__ = ["CURRENT_SOURCE", "CurrentSource", "GuardedCurrentSource", "CurrentLimits"]

Positive = pydantic.PositiveFloat


class CurrentSource(OutputRole, Protocol):
    """What a procedure may ask of a current source.

    A pump-probe measurement pulses, then reads: `send_pulse`, then `set_current` with the small probe current and
    `Nanovoltmeter.read`.

    Examples
    --------
    >>> source.set_current(1e-4, compliance=2.0)             # doctest: +SKIP
    >>> source.switch_on()                                   # doctest: +SKIP
    >>> source.send_pulse(8e-3, width=50e-6, compliance=10)  # doctest: +SKIP
    """

    def set_current(self, current: float, compliance: float) -> None:
        """Set the steady current [A] and the largest voltage [V], and read both back.

        Parameters
        ----------
        current
            Current [A].
        compliance
            Largest voltage [V].
        """

    def set_limit(self, compliance: float) -> None:
        """Set the largest voltage [V] as a backstop, before any current is set.

        Parameters
        ----------
        compliance
            Largest voltage [V].
        """

    def send_pulse(self, current: float, width: float, compliance: float) -> None:
        """Send one rectangular pulse of current [A] and width [s]; leave the output on at the steady current.

        Comes back when the pulse is over.

        Parameters
        ----------
        current
            Current of the pulse [A], of either sign.
        width
            Width [s].
        compliance
            Largest voltage during the pulse [V].
        """

    def switch_off(self) -> None:
        """Switch the output off, at once and without a ramp."""


class CurrentLimits(LimitSettings):
    """What a bar stands of current."""

    current: Annotated[Positive, BenchLimit("A", 1e-2, either_polarity=True)] = 0.0
    """Largest current of the current source, steady or in a pulse, of either polarity [A]."""
    current_pulse_width: Annotated[Positive, BenchLimit("s", 1e-3)] = 0.0
    """Longest pulse of the current source [s]."""
    compliance_voltage: Annotated[Positive, BenchLimit("V", 10.0)] = 0.0
    """Largest voltage that the current source may be allowed [V]."""


class GuardedCurrentSource(Switched):
    """A current source behind the interlock; see `CurrentSource` for the methods."""

    plays = CurrentSource

    def set_current(self, current: float, compliance: float) -> None:
        """Check current and compliance, then set them."""
        current, compliance = self._interlock.check_current(current, compliance)
        with self._making("current"):
            self._instrument.set_current(current, compliance)

    def set_backstop(self) -> None:
        """Set the instrument's compliance to the bench's limit."""
        self._instrument.set_limit(self._interlock.limits.compliance_voltage)

    def levels(self, settings: Mapping[str, float | str]) -> Iterator[tuple[str, float, float, str]]:
        """Give current and compliance."""
        limits = self._interlock.limits
        yield "source_current", float(settings.get("source_current", 0.0)), limits.current, "A"
        yield "source_compliance", float(settings.get("source_compliance", 0.0)), limits.compliance_voltage, "V"

    def send_pulse(self, current: float, width: float, compliance: float) -> None:
        """Check and count the pulse, then send it."""
        current, width, compliance = self._interlock.check_current_pulse(current, width, compliance)
        self._interlock.check_switching_on(self._role)
        self._stress.time(1, width)
        self._interlock.on.add(self._role)
        # One that fails on its way leaves the instrument between the pulse and its steady current.
        with self._making("current", spoils_set_up=True):
            self._instrument.send_pulse(current, width, compliance)


CURRENT_SOURCE = Role(
    name="current_source",
    about="Drives a current through a bar.",
    guard=GuardedCurrentSource,
    safe_order=20,
    limits=CurrentLimits,
    guarded=(GuardedSetting("current", "set_current", known_when_opened=True, before_on=True),),
    example={"driver": "keithley6221", "resource": "GPIB0::12::INSTR"},
)
