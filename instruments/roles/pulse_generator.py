"""The role of the instrument that sends voltage pulses to the device."""

from collections.abc import Callable, Iterator, Mapping
from typing import Annotated, Any, Protocol

import pydantic

from mtjlab.instruments.roles.role import GuardedSetting, OutputRole, Role
from mtjlab.instruments.safety.guard import Switched
from mtjlab.instruments.safety.limits import BenchLimit, LimitSettings

__all__ = ["PULSE_GENERATOR", "PulseGenerator", "GuardedPulseGenerator", "PulseLimits"]

Positive = pydantic.PositiveFloat


class PulseGenerator(OutputRole, Protocol):
    """What a procedure may ask of a pulse generator.

    Examples
    --------
    >>> generator.set_pulse(1.25, 10e-9)        # doctest: +SKIP
    >>> generator.arm_external()                # doctest: +SKIP
    >>> generator.switch_on()                   # doctest: +SKIP
    """

    def set_pulse(self, amplitude: float, width: float) -> None:
        """Set the pulse at the device: amplitude [V] and width at half maximum [s], and read both back.

        Parameters
        ----------
        amplitude
            Amplitude at the device [V], of either sign.
        width
            Width at half maximum [s].
        """

    def set_limit(self, amplitude: float) -> None:
        """Set the instrument's own limit [V] as a backstop, where it has one.

        Parameters
        ----------
        amplitude
            Largest voltage [V], of either sign.
        """

    def arm_external(self) -> None:
        """Send one pulse at each trigger on the trigger input."""

    def arm_manual(self) -> None:
        """Send one pulse at each call of `trigger`."""

    def trigger(self) -> None:
        """Send one pulse; come back when it has been sent."""

    def switch_off(self) -> None:
        """Disconnect the output, first of all and at once."""


class PulseLimits(LimitSettings):
    """What the device stands of pulses."""

    pulse_amplitude: Annotated[Positive, BenchLimit("V", 1.6, either_polarity=True)] = 0.0
    """Largest voltage at the device, pulse and bias together, of either polarity [V]."""
    pulse_width: Annotated[Positive, BenchLimit("s", 1e-7)] = 0.0
    """Longest pulse [s]."""
    pulse_energy: Annotated[Positive, BenchLimit("J", 1e-12)] = 0.0
    """Largest energy that one pulse, with the bias under it, may leave in the device [J]."""
    duty_cycle: Annotated[float, pydantic.Field(gt=0, le=1), BenchLimit("", stated=False)] = 0.1
    """Largest share of the time during which pulses are on."""
    stress_time: Annotated[Positive | None, BenchLimit("s", 3600.0, stated=False)] = None
    """Longest time that pulses may act on the device over its life, all runs together [s]."""


class GuardedPulseGenerator(Switched):
    """A pulse generator behind the interlock; see `PulseGenerator` for the methods.

    Parameters
    ----------
    role
        Name of the role on the bench.
    generator
        The instrument.
    *shared
        What all guarded roles of a bench share; see `Guarded`.
    """

    plays = PulseGenerator

    def __init__(self, role: str, generator: PulseGenerator, *shared: Any) -> None:
        super().__init__(role, generator, *shared)
        self._next = 0.0

    def set_pulse(self, amplitude: float, width: float) -> None:
        """Check the pulse, then set it.

        Parameters
        ----------
        amplitude
            Amplitude at the device [V], of either sign.
        width
            Width at half maximum [s].
        """
        with self._interlock.pulse(amplitude, width) as sent, self._making("pulse"):
            self._instrument.set_pulse(sent["amplitude"], sent["width"])

    def set_backstop(self) -> None:
        """Set the instrument's own limit to the bench's."""
        # An instrument may need a pulse inside its limits first.
        self._interlock.known.forget(self._role, "pulse")
        self._instrument.set_limit(self._interlock.backstop)

    def levels(self, settings: Mapping[str, float | str]) -> Iterator[tuple[str, float, float, str]]:
        """Give the instrument's own limits; the backstop is rounded up to a microvolt.

        Parameters
        ----------
        settings
            The generator's settings as read back, its limits [V] among them.
        """
        for name in ("limit_high", "limit_low", "limit"):
            yield name, float(settings.get(name, 0.0)), self._interlock.backstop + 1e-6, "V"

    def arm_external(self) -> None:
        """Send one pulse at each trigger on the trigger input."""
        self._arm(self._instrument.arm_external, "external")

    def arm_manual(self) -> None:
        """Send one pulse at each call of `trigger`."""
        self._arm(self._instrument.arm_manual, "manual")

    def _arm(self, arm: Callable[[], None], trigger: str) -> None:
        # Until the instrument has answered, it may listen to either.
        self._stress.listens = self._stress.listens | {trigger}
        with self._making("arming"):
            arm()
        self._stress.listens = {trigger}

    def switch_on(self) -> None:
        """Connect the output, if all that it would send is known; armed for `trigger` unless it is armed already.

        Some generators run freely after their reset.
        """
        self._interlock.check_switching_on(self._role)
        if not self._interlock.known.knows(self._role, "arming"):
            self._arm(self._instrument.arm_manual, "manual")
        super().switch_on()

    def trigger(self) -> None:
        """Send one pulse, not sooner after the last than the duty cycle allows."""
        self._interlock.known.require(self._role, ("arming",), f"{self._role} sends no pulse")
        self._interlock.refuse_if_withdrawn(self._role)
        self._stress.pulses(1, trigger="manual")
        early = self._next - self._clock.time
        if early > 0:
            self._clock.wait(early)
        self._next = self._clock.time + self._interlock.pause
        self._instrument.trigger()

    def _forget(self) -> None:
        super()._forget()
        self._stress.listens = {"external", "manual"}


PULSE_GENERATOR = Role(
    name="pulse_generator",
    about="Sends voltage pulses to the device.",
    guard=GuardedPulseGenerator,
    safe_order=10,
    limits=PulseLimits,
    guarded=(
        GuardedSetting("pulse", "set_pulse", before_on=True),
        GuardedSetting("arming", "arm_manual or arm_external"),
    ),
    example={"driver": "keysight81160a", "resource": "GPIB0::10::INSTR"},
    in_first_bench=True,
)
