"""The bench: the opened instruments with their limits, and the way to make them safe."""

import functools
import logging
import threading
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, Self, TypeVar, overload

from mtjlab.instruments.bench.file import BenchFile
from mtjlab.instruments.bench.lock import BenchLock
from mtjlab.instruments.bench.stand_in import StandIn
from mtjlab.instruments.instrument_error import InstrumentError, missing_role
from mtjlab.instruments.roles.coil import COIL, COIL_Y, PERPENDICULAR_COIL, GuardedCoil
from mtjlab.instruments.roles.current_source import CURRENT_SOURCE, GuardedCurrentSource
from mtjlab.instruments.roles.junction_array import JUNCTION_ARRAY, GuardedJunctionArray
from mtjlab.instruments.roles.lock_in import LOCK_IN, GuardedLockIn
from mtjlab.instruments.roles.multiplexer import MULTIPLEXER, GuardedMultiplexer
from mtjlab.instruments.roles.nanovoltmeter import NANOVOLTMETER, GuardedNanovoltmeter
from mtjlab.instruments.roles.oscilloscope import OSCILLOSCOPE, GuardedOscilloscope
from mtjlab.instruments.roles.pulse_generator import PULSE_GENERATOR, GuardedPulseGenerator
from mtjlab.instruments.roles.role import Role
from mtjlab.instruments.roles.source_meter import SOURCE_METER, GuardedSourceMeter
from mtjlab.instruments.roles.temperature_controller import TEMPERATURE_CONTROLLER, GuardedTemperatureController
from mtjlab.instruments.safety.device_lifetime import DeviceLog, PulseAccount
from mtjlab.instruments.safety.emergency_shutdown import EmergencyShutdown, undisturbed
from mtjlab.instruments.safety.guard import Guarded, Switched
from mtjlab.instruments.safety.interlock import Interlock

__all__ = ["Bench"]

log = logging.getLogger(__name__)

LEFT_ON = "%s could not be switched off: %s"

AnyGuarded = TypeVar("AnyGuarded", bound=Guarded)


class Bench:
    """An opened bench; a context manager that leaves all outputs off.

    Parameters
    ----------
    file
        Bench file.
    instruments
        Connected instruments by role; procedures get them behind the interlock.
    resources
        VISA resource of each role.
    stand_in
        Simulated instruments, on a simulated bench.
    folder
        Where the logs of devices are kept; None keeps them in memory.
    lock
        Lock that is released when the bench is closed.
    """

    def __init__(
        self,
        file: BenchFile,
        instruments: Mapping[str, Any],
        resources: dict[str, str],
        stand_in: StandIn | None = None,
        folder: Path | None = None,
        lock: BenchLock | None = None,
    ) -> None:
        self.file = file
        self.resources = resources
        self.stand_in = stand_in
        self.interlock = Interlock(file)
        self.stress = PulseAccount(
            self.interlock,
            lambda junction: DeviceLog(file.device.name + (f" {junction}" if junction else ""), folder),
        )
        self.roles: dict[str, Guarded] = {
            name: role.guard(name, instruments[name], self.interlock, self.stress, self.make_safe, self)
            for name, role in file.roles.table.items()
            if name in instruments
        }
        """The instruments by role, in the order in which they are made safe."""
        for guard in self.roles.values():
            guard.meet(self.roles)
        self._switches = {role: guard for role, guard in self.roles.items() if hasattr(guard, "switch_off")}
        self._left_on: set[str] = set()
        self._halted_by: int | None = None
        self._was_halted = False
        self._lock = lock
        self._closing = threading.RLock()  # the emergency shutdown may come in this thread, at any line
        self._shutdown = EmergencyShutdown(self.close)

    @property
    def simulated(self) -> bool:
        """Whether software stands in for the instruments."""
        return self.stand_in is not None

    def wait(self, duration: float) -> None:
        """Let so much time pass [s]: a field is to settle, a state to be kept.

        On a simulated bench with virtual time nobody waits, and the device lives through it all the same.

        Parameters
        ----------
        duration
            Time [s].

        Raises
        ------
        InstrumentError
            If the bench is closed.
        """
        self.interlock.refuse_if_closed("bench", "wait")
        if self.stand_in is not None:
            self.stand_in.wait(duration)
        else:
            time.sleep(duration)

    @property
    def time(self) -> float:
        """Time on the bench's clock [s], from an arbitrary start; virtual on a simulated bench."""
        return time.monotonic() if self.stand_in is None else self.stand_in.time

    @property
    def pulse_generator(self) -> GuardedPulseGenerator:
        """Sends voltage pulses to the device."""
        return self.role(PULSE_GENERATOR)

    @property
    def source_meter(self) -> GuardedSourceMeter:
        """Biases the device and reads its current."""
        return self.role(SOURCE_METER)

    @property
    def coil(self) -> GuardedCoil:
        """Makes the field in the film plane: along x, the axis of a bar."""
        return self.role(COIL)

    @property
    def coil_y(self) -> GuardedCoil:
        """Makes the field in the film plane along y, across a bar."""
        return self.role(COIL_Y)

    @property
    def perpendicular_coil(self) -> GuardedCoil:
        """Makes the field along the film normal."""
        return self.role(PERPENDICULAR_COIL)

    @property
    def current_source(self) -> GuardedCurrentSource:
        """Drives a current through a bar."""
        return self.role(CURRENT_SOURCE)

    @property
    def nanovoltmeter(self) -> GuardedNanovoltmeter:
        """Reads small voltages."""
        return self.role(NANOVOLTMETER)

    @property
    def oscilloscope(self) -> GuardedOscilloscope:
        """Looks at the pulses that reach the device."""
        return self.role(OSCILLOSCOPE)

    @property
    def junction_array(self) -> GuardedJunctionArray:
        """Flips bits of a memory array."""
        return self.role(JUNCTION_ARRAY)

    @property
    def lock_in(self) -> GuardedLockIn:
        """Measures the harmonics of an alternating voltage."""
        return self.role(LOCK_IN)

    @property
    def temperature_controller(self) -> GuardedTemperatureController:
        """Reads and holds the temperature."""
        return self.role(TEMPERATURE_CONTROLLER)

    @property
    def multiplexer(self) -> GuardedMultiplexer:
        """Connects one of several junctions."""
        return self.role(MULTIPLEXER)

    @overload
    def role(self, role: Role[AnyGuarded]) -> AnyGuarded: ...

    @overload
    def role(self, role: str) -> Guarded: ...

    def role(self, role: Role[Any] | str) -> Guarded:
        """Give the instrument that plays a role, behind the interlock.

        Parameters
        ----------
        role
            The role, or its name in the bench file. Those that ship are properties of the bench too.

        Raises
        ------
        InstrumentError
            If the bench has none, or if there is no role of this name.
        """
        name = role if isinstance(role, str) else role.name
        if name not in self.file.roles.table:
            raise InstrumentError(f"there is no role {name}; there are: {', '.join(self.file.roles.table)}")
        instrument = self.roles.get(name)
        if instrument is None:
            raise missing_role(self.file, name)
        return instrument

    def make_safe(self) -> None:
        """Switch all outputs off; an instrument that fails stops no other.

        The order is that of the roles: the pulse generator first, then what drives and biases the device, then the
        coils, which ramp down.  A temperature controller continues, unless the bench file says otherwise.  What another
        thread is in the middle of leaves no output on.  On a closed bench nothing is done.
        """
        if self.interlock.given_back or self._halted_by not in (None, threading.get_ident()):
            return  # it belongs to others, or another thread is at it
        self.interlock.safe_states += 1
        try:
            self._switch_off()
        finally:
            self.interlock.safe_states += 1

    def halt(self) -> None:
        """Switch all outputs off over the head of a thread that is at work with the instruments.

        Whatever that one is in the middle of ends with an error. Until `unhalt` only this thread talks to the
        instruments, and nothing can be switched on.
        """
        self.interlock.halted = True
        self._halted_by = threading.get_ident()
        for instrument in self.roles.values():
            instrument.reserve()
        self.make_safe()

    def unhalt(self) -> None:
        """Let the bench be used again, when the other thread has ended; `forget_errors` or `recover` comes first."""
        if self.interlock.closed:
            return
        self._was_halted = True
        self._halted_by = None
        for instrument in self.roles.values():
            instrument.release()
        self.interlock.halted = False

    def _switch_off(self) -> None:
        staying = {role for role, settings in self.file.roles if not settings.off_at_end}
        switches = {role: instrument for role, instrument in self._switches.items() if role not in staying}
        # All of them at once; then the time is there to make sure, and to connect again to one that did not take it.
        failed: dict[str, Exception] = {}
        for role, instrument in switches.items():
            try:
                getattr(instrument, "switch_off_now", instrument.switch_off)()  # type: ignore[attr-defined]
            except Exception as error:
                failed[role] = error
        for role, instrument in switches.items():
            try:
                if isinstance(instrument, Switched):
                    instrument.make_sure()
                    failed.pop(role, None)
            except Exception as error:
                failed[role] = error
        for role, reason in failed.items():
            # Said once, not at every further attempt.
            log.log(logging.DEBUG if role in self._left_on else logging.ERROR, LEFT_ON, role, reason)
        self._left_on = set(failed)

    @property
    def roles_off(self) -> set[str]:
        """Roles that have no output, or whose output the last `make_safe` has switched off."""
        return set(self.roles) - self._left_on

    def forget_errors(self) -> None:
        """Empty the error queues, and log what was in them: a run is not to be blamed for what came before it.

        An instrument that was lost before the run, and found again, is set up again.
        Somebody at the front panel leaves errors, and so does a run that was stopped between the start of a block and
        its end.
        """
        self.interlock.refuse_if_closed("bench", "forget_errors")
        if self._was_halted:  # of what was interrupted, nothing is known
            self.recover()
        for role, instrument in self.roles.items():
            if not instrument.is_set_up:
                log.warning("%s was lost before the run: it is set up again", role)
                instrument.recover()
            for error in instrument.errors():
                log.warning("%s had this in its error queue before the run: %s", role, error)

    def begin_run(self) -> None:
        """Prepare for a run: empty the error queues, and let nothing that an earlier run has set decide what it may do.

        Pulse, bias and train of an output that is off must be made again before they are used.
        """
        self.forget_errors()
        self.interlock.begin_run()

    def recover(self) -> None:
        """Make all connections and settings again after a fault, with all outputs off.

        Raises
        ------
        InstrumentError
            If an instrument does not come back, or if the bench is closed.
        """
        self.interlock.refuse_if_closed("bench", "recover")
        self.make_safe()
        for instrument in self.roles.values():
            instrument.recover()
        self._was_halted = False

    def close(self) -> None:
        """Switch all outputs off and give the connections back; nothing can be done with the bench afterwards."""
        # Again from the beginning where the emergency shutdown comes in the middle: only the end counts.
        with undisturbed(), self._closing:
            if not self.interlock.given_back:
                self._give_back()

    def _give_back(self) -> None:
        self.interlock.closed = True
        self._halted_by = None
        for instrument in self.roles.values():
            instrument.reserve()
        self.make_safe()
        self._shutdown.release()
        steps: list[tuple[str, Callable[[], None]]] = [
            (role, instrument.close) for role, instrument in self.roles.items()
        ]
        steps.append(("log of the device", self.stress.save))
        if self._lock is not None:
            on = [self.resources[role] for role in self._left_on]
            steps.append(("lock of the bench", functools.partial(self._lock.release, on)))
        if self.stand_in is not None:
            steps.append(("simulated bench", self.stand_in.close))
        for name, step in steps:
            try:
                step()
            except Exception as error:
                log.error("%s could not be closed: %s", name, error)
        self.interlock.given_back = True

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
