"""What stands between a procedure and any instrument: the bench's state, and what happens when a call fails."""

import contextlib
import functools
import logging
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, ClassVar, ParamSpec, Protocol, TypeVar

from mtjlab.core import InputError
from mtjlab.instruments.instrument_error import InstrumentError, InstrumentLostError
from mtjlab.instruments.safety.limits import LimitError
from mtjlab.instruments.safety.output_state import make_sure_it_is_off, output_is_on, refuse_on
from mtjlab.instruments.safety.protocol_members import protocol_members

if TYPE_CHECKING:  # the interlock knows the roles, whose guards these are
    from mtjlab.instruments.safety.device_lifetime import PulseAccount
    from mtjlab.instruments.safety.interlock import Interlock

__all__ = ["BenchClock", "Guarded", "Switched"]

log = logging.getLogger(__name__)

Arguments = ParamSpec("Arguments")
Result = TypeVar("Result")

SWITCHES_ON = frozenset({"switch_on", "send_pulse", "start_sine", "measure_delta", "measure_pulse_delta"})
"""Members that leave an output on, or have it on for a while."""
UNGUARDED = frozenset({"switch_off", "close"})
"""Members that are never refused: what switches off, and what gives an instrument back. On a closed bench they do
nothing."""


class BenchClock(Protocol):
    """The time on the bench."""

    @property
    def time(self) -> float:
        """Time from an arbitrary start [s]."""

    def wait(self, duration: float) -> None:
        """Let so much time pass [s]."""


class _WallClock:
    @property
    def time(self) -> float:
        return time.monotonic()

    def wait(self, duration: float) -> None:
        time.sleep(duration)


class Guarded:
    """What all guarded roles share: every member of the role's Protocol passes here.

    A member that a guard does not define itself is handed on as it is, so that none can be forgotten. Of one
    instrument, one call is under way at a time; only switching off does not wait.

    Parameters
    ----------
    role
        Name of the role.
    instrument
        Instrument that plays it.
    interlock
        Limits of the bench, and what is known of its instruments.
    stress
        Count of the pulses on the device.
    lost
        Called when the instrument does not answer any more; makes the bench safe.
    clock
        Clock of the bench; the wall's unless given.
    """

    plays: ClassVar[type]
    """Protocol of the role."""
    optional: ClassVar[frozenset[str]] = frozenset()
    """Members of it that a driver need not have; calling one that it lacks is an error then."""
    identify: Callable[[], str]
    settings: Callable[[], Mapping[str, float | str]]
    errors: Callable[[], list[str]]

    def __init__(
        self,
        role: str,
        instrument: Any,
        interlock: "Interlock",
        stress: "PulseAccount",
        lost: Callable[[], None],
        clock: BenchClock | None = None,
    ) -> None:
        self._role = role
        self._instrument = instrument
        self._interlock = interlock
        self._stress = stress
        self._lost = lost
        self._clock: BenchClock = clock or _WallClock()
        self._busy = threading.RLock()
        for name in protocol_members(self.plays) - UNGUARDED | {"set_backstop"}:
            if isinstance(getattr(self.plays, name, None), property):
                if not hasattr(type(self), name):
                    setattr(self, name, getattr(instrument, name))
            else:
                setattr(self, name, self._entrance(name, getattr(type(self), name, None)))

    def _entrance(self, name: str, own: Callable[..., Any] | None) -> Callable[..., Any]:
        """Make the way to a member: that of the guard itself where it has one."""
        if name in self.optional and not hasattr(self._instrument, name):
            call: Callable[..., Any] = functools.partial(self._refuse_lacking, name)
        else:
            call = getattr(self._instrument, name) if own is None else own.__get__(self)

        @functools.wraps(call)
        def enter(*arguments: Any, **named: Any) -> Any:
            return self._act(name, lambda: call(*arguments, **named))

        return enter

    def _refuse_lacking(self, name: str, *arguments: Any, **named: Any) -> None:
        driver = type(self._instrument).__name__
        raise InstrumentError(f"{self._role}: {driver} has no {name}; give the role a driver that has it")

    def _act(self, name: str, call: Callable[[], Result]) -> Result:
        with self._busy:
            self._interlock.refuse_if_closed(self._role, name)
            before = self._interlock.safe_states
            try:
                result = call()
            except InstrumentLostError:
                self._forget()
                self._lost()
                raise
            if self._interlock.safe_states != before:
                self._made_safe_meanwhile(name)
            return result

    def _forget(self) -> None:
        """Take nothing of the instrument as known."""
        self._interlock.forget(self._role)

    def _made_safe_meanwhile(self, name: str) -> None:
        """Look after what was under way while another thread made the bench safe."""

    @contextlib.contextmanager
    def _making(self, setting: str, *, spoils_set_up: bool = False) -> Iterator[None]:
        """Make a setting; what was begun and not finished is withdrawn, and must be made again.

        Where half a setting `spoils_set_up`, such as half a trigger model, the instrument must be set up again too.
        """
        with self._interlock.known.making(self._role, setting):
            try:
                yield
            except (InputError, LimitError, InstrumentLostError):
                raise  # nothing was sent, or the whole bench is made safe
            except BaseException:
                self._withdraw()
                if spoils_set_up:
                    self._interlock.known.forget(self._role, "set-up")
                raise

    def _withdraw(self) -> None:
        """Switch off an output of which it is not known what it sends."""

    def reserve(self) -> None:
        """Let only this thread talk to the instrument from now on, where its driver can do that."""
        if hasattr(type(self._instrument), "reserve"):
            self._instrument.reserve()

    def release(self) -> None:
        """Let any thread talk to the instrument again."""
        if hasattr(type(self._instrument), "release"):
            self._instrument.release()

    def recover(self) -> None:
        """Connect again after a fault, and the settings that it is opened with; any other is gone."""
        self._forget()
        with self._interlock.known.making(self._role, "set-up"):
            self._instrument.recover()
            self.set_backstop()

    def set_backstop(self) -> None:
        """Set the instrument's own limit to the bench's, where the role has one."""

    @property
    def is_set_up(self) -> bool:
        """Whether the set-up of the instrument is known: it was not lost since it was opened or recovered."""
        return True

    def check_opened(self) -> None:
        """Make sure that an instrument which was just opened is as it should be."""

    def meet(self, others: "Mapping[str, Guarded]") -> None:
        """Get to know the other roles of the bench, where one must act on another.

        Parameters
        ----------
        others
            All roles of the bench that have an instrument, by name; this one is among them.
        """

    def levels(self, settings: Mapping[str, float | str]) -> Iterator[tuple[str, float, float, str]]:
        """Give what stands at the instrument and a limit bounds: name, value, largest that is allowed, unit.

        Parameters
        ----------
        settings
            Settings as read back from the instrument.
        """
        yield from ()

    def close(self) -> None:
        """Give the connection back, with the bench; nothing afterwards.

        Raises
        ------
        InstrumentError
            If the bench is open: its outputs could not be switched off any more.
        """
        if not self._interlock.closed:
            raise InstrumentError(
                f"{self._role} is not given back alone: close the bench, which switches its outputs off"
            )
        if not self._interlock.given_back:
            self._instrument.close()


class Switched(Guarded):
    """A role with an output."""

    def switch_on(self) -> None:
        """Connect the output, if all that it would send is known."""
        self._interlock.check_switching_on(self._role)
        self._interlock.on.add(self._role)
        self._instrument.switch_on()
        self._interlock.withdrawn.discard(self._role)

    def switch_off(self) -> None:
        """Disconnect the output; never refused, and nothing on a closed bench, whose instruments belong to others.

        Raises
        ------
        InstrumentError
            If the instrument does not say that it is off.
        """
        if self._interlock.given_back:
            return
        self._before_off()
        with self._losing():
            self._instrument.switch_off()
            refuse_on(self._role, self._instrument)
        self._is_off()

    def switch_off_now(self) -> None:
        """Disconnect the output without waiting for an instrument that is away, nor for its answer."""
        if not self._interlock.given_back:
            self._before_off()
            quickly = hasattr(type(self._instrument), "switch_off_now")
            with self._losing():
                (self._instrument.switch_off_now if quickly else self._instrument.switch_off)()

    def make_sure(self) -> None:
        """Make sure after `switch_off_now` that the output is off, over a new connection if need be.

        Raises
        ------
        InstrumentError
            If the instrument does not say that it is off.
        """
        make_sure_it_is_off(self._role, self._instrument, self._forget)
        self._is_off()

    @property
    def is_set_up(self) -> bool:
        """Whether the set-up of the instrument is known: it was not lost since it was opened or recovered."""
        return self._interlock.known.knows(self._role, "set-up")

    def check_opened(self) -> None:
        """Make sure that the output is off, and that the driver tells so: what it does not tell is never taken for off.

        Raises
        ------
        InstrumentError
            If it does not tell, or stays on.
        """
        output_is_on(self._role, self._instrument)
        self.make_sure()

    def recover(self) -> None:
        """Connect again after a fault, and the settings that it is opened with; the output is off then.

        Raises
        ------
        InstrumentError
            If the instrument does not say that it is off.
        """
        self._before_off()
        self._interlock.withdrawn.discard(self._role)
        super().recover()
        if output_is_on(self._role, self._instrument):
            self._instrument.switch_off()
        refuse_on(self._role, self._instrument)
        self._is_off()

    @contextlib.contextmanager
    def _losing(self) -> Iterator[None]:
        """Notice an instrument that is lost, or has restarted, just when it is switched off: whoever asks continues."""
        try:
            yield
        except InstrumentLostError:
            self._forget()
            raise

    def _is_off(self) -> None:
        self._interlock.on.discard(self._role)
        self._interlock.withdrawn.discard(self._role)

    def _before_off(self) -> None:
        """Do what must come before the output goes off."""

    def _withdraw(self) -> None:
        if self._role not in self._interlock.on:
            return
        try:
            self.switch_off()
        except Exception as error:
            log.error("%s could not be switched off: %s", self._role, error)
        else:
            self._interlock.withdrawn.add(self._role)

    def _made_safe_meanwhile(self, name: str) -> None:
        if name in SWITCHES_ON or name.startswith("set_"):
            self._interlock.on.add(self._role)
            self._withdraw()
            raise InstrumentError(f"{self._role}: the bench was made safe during {name}, and the output is off")
