"""Run what waits in the queue."""

import contextlib
import logging
import time

from mtjlab.core import Progress, Stage, silent
from mtjlab.instruments import BenchHeldError, refuse_held
from mtjlab.procedures.running.queue_entry import QueueEntry, QueueState
from mtjlab.procedures.running.run_executor import WHOLE, RunExecutor
from mtjlab.procedures.running.run_options import RunHooks
from mtjlab.procedures.running.run_queue import RunQueue

__all__ = ["QueueRunner"]

log = logging.getLogger(__name__)

INTERVAL = 1.0
"""Time [s] between two looks at the queue."""


class QueueRunner:
    """Run the entries of a queue, one after the other, each bench by one runner at a time.

    An entry whose runner died is taken up first, and continues with what its recordings hold.

    Parameters
    ----------
    queue
        The queue.
    stage
        Shows progress.
    """

    def __init__(self, queue: RunQueue, stage: Stage = silent) -> None:
        self.queue = queue
        self.ended: list[tuple[QueueEntry, QueueState]] = []
        """What became of the entries that this runner ran."""
        self.held: dict[str, str] = {}
        """Benches that other processes held at the last look: why nothing was run on them."""
        self._stage = stage

    def run(self, *, watch: bool = False) -> None:
        """Run until nothing waits, or for ever.

        Parameters
        ----------
        watch
            Wait for more when nothing is left to run.

        Raises
        ------
        KeyboardInterrupt
            After Ctrl-C, when everything is safe; the entry under way waits again.
        ValueError
            If every user of the computer may write to the queue.
        """
        self.queue.refuse_open_to_all()
        while True:
            if not self._run_next():
                if not watch:
                    return
                time.sleep(INTERVAL)

    def _run_next(self) -> bool:
        """Run one entry; say whether there was one."""
        self.held.clear()
        if self.queue.paused:
            return False
        entries = [entry for entry in self.queue.entries() if not entry.held]
        # What a dead runner left comes first: its bench may still be as it was.
        for state in (QueueState.RUNNING, QueueState.WAITING):
            for entry in entries:
                if entry.state is state and entry.bench not in self.held:
                    try:
                        if self._take(entry):
                            return True
                    except BenchHeldError as held:
                        self.held[entry.bench] = str(held)
        return False

    def _take(self, entry: QueueEntry) -> bool:
        """Run an entry if no other runner has taken it meanwhile."""
        lock = self.queue.lock(entry).take()
        with contextlib.ExitStack() as stack:
            stack.callback(lock.release)
            refuse_held(entry.bench, entry.resources)  # by somebody who uses it by hand
            if not self.queue.claim(entry):
                return False
            if entry.state is QueueState.RUNNING:
                log.warning("entry %d was left by a runner that died; it continues", entry.number)
            self._run(entry)
        return True

    def _run(self, entry: QueueEntry) -> None:
        number, note = entry.number, self.queue.note
        assert entry.request is not None  # else it is failed, and never taken
        try:
            hooks = RunHooks(stage=self._noting(entry), stopped=lambda: self._stopped(number))
            executor = entry.request.executor(hooks, resume=entry.begun)
            executor.refuse()
            note(number, begun=True)
            executor.run()
        except KeyboardInterrupt:
            note(number, state=QueueState.WAITING, message="interrupted; continues when it is run again")
            raise
        except BenchHeldError as error:
            # Taken in the instant since it was free. That is no failure: the entry's turn comes when it is free again.
            note(number, state=QueueState.WAITING, message=str(error))
            raise
        except Exception as error:
            log.error("entry %d failed: %s", number, error)
            self._end(entry, QueueState.FAILED, message=str(error))
        else:
            if executor.why_stopped:
                note(number, state=QueueState.WAITING, message="paused; continues when it is resumed")
            else:
                self._conclude(entry, executor)

    def _conclude(self, entry: QueueEntry, executor: RunExecutor) -> None:
        failed = [outcome for outcome in executor.outcomes if outcome.status == "failed"]
        if failed:
            self._end(entry, QueueState.FAILED, message=f"{failed[0].run.path.name}: {failed[0].error}")
            return
        bits = sum(outcome.tally.bits for outcome in executor.outcomes)
        self._end(entry, QueueState.FINISHED, share=1.0, message=f"{bits:,} bits" if bits else "")

    def _end(self, entry: QueueEntry, state: QueueState, **values: object) -> None:
        self.queue.note(entry.number, state=state, **values)
        self.ended.append((entry, state))

    def _stopped(self, number: int) -> str:
        # A queue that cannot be read now is no reason to end a run.
        with contextlib.suppress(ValueError):
            if self.queue.is_stopped(number):
                return "paused in the queue"
        return ""

    def _noting(self, entry: QueueEntry) -> Stage:
        """Show progress, and note the share done of the whole entry for those who list the queue."""
        noted = 0.0
        several = False

        def stage(name: str) -> Progress:
            nonlocal several
            several = several or name == WHOLE
            show = self._stage(f"{entry.number}: {name}")

            def progress(done: float, total: float) -> None:
                nonlocal noted
                show(done, total)
                if (name == WHOLE or not several) and time.monotonic() - noted > INTERVAL:
                    noted = time.monotonic()
                    with contextlib.suppress(ValueError):
                        self.queue.note(entry.number, share=done / total)

            return progress

        return stage
