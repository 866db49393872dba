"""Tell the user that a long run has ended, by a program of their own."""

import contextlib
import dataclasses
import logging
import os
import shlex
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path

from mtjlab.core import InputError
from mtjlab.data import Recording

__all__ = ["Notification"]

log = logging.getLogger(__name__)

LONGEST = 60.0
"""Time [s] after which a program that does not end is given up."""


class Notification:
    """A program that is called when a run has ended.

    It is started directly, never by a shell, and gets what it needs in its environment: nothing that a file name or an
    error message holds can become a command.

    Parameters
    ----------
    command
        Program and arguments, quoted as in a shell: ``notify-send "bits are there"``. Empty for none.

    Raises
    ------
    ValueError
        If the quotes do not match or there is no such program: better now than in three days.
    """

    def __init__(self, command: str) -> None:
        try:
            self._words = shlex.split(command, posix=os.name != "nt")
        except ValueError as error:
            raise InputError(f"notify = {command!r}: {error}") from None
        if self._words and shutil.which(self._words[0]) is None:
            raise InputError(f"notify = {command!r}: there is no program {self._words[0]!r}; give its path")

    def send(self, facts: Mapping[str, object]) -> None:
        """Call the program; a failure is logged and changes nothing.

        Parameters
        ----------
        facts
            Each becomes an environment variable: ``file`` is ``MTJLAB_FILE``.
        """
        if not self._words:
            return
        environment = os.environ | {
            f"MTJLAB_{name.upper()}": str(value).replace("\0", "") for name, value in facts.items()
        }
        try:
            done = subprocess.run(
                self._words,
                env=environment,
                timeout=LONGEST,
                stdin=subprocess.DEVNULL,
                capture_output=True,
                text=True,
                errors="replace",
                check=False,
            )
        except (OSError, subprocess.TimeoutExpired) as error:
            log.warning("the notification failed: %s", error)
            return
        if done.returncode:
            log.warning(
                "the notification %s ended with code %d: %s", self._words[0], done.returncode, done.stderr.strip()
            )

    @contextlib.contextmanager
    def at_the_end(self, path: Path) -> "Iterator[SingleRun]":
        """Call the program when a single run has ended, however it has.

        Parameters
        ----------
        path
            Its recording.

        Yields
        ------
        SingleRun
            Is given the recording of a run that has come to its end.
        """
        single = SingleRun()
        status, message = "finished", ""
        try:
            yield single
            status = single.status or status
        except BaseException as error:
            status, message = ("aborted" if isinstance(error, KeyboardInterrupt) else "failed"), str(error)
            raise
        finally:
            self.send({"plan": "", "file": path, "status": status, "bits": single.bits, "runs": 1, "message": message})


@dataclasses.dataclass
class SingleRun:
    """What the program is told of a single run."""

    status: str = ""
    """Status of its recording; empty until it has one."""
    bits: int = 0
    """Bits that the recording holds."""

    def take(self, recording: Recording) -> None:
        """Take the recording of a run that has come to its end."""
        self.status, self.bits = str(recording.status), recording.committed
