"""One run of the bitstream behind the window, in a thread of its own."""

import logging
import threading
from pathlib import Path
from typing import Any

from mtjlab.gui.live_data import LiveData
from mtjlab.instruments import open_bench
from mtjlab.procedures.block import Block
from mtjlab.procedures.random_bitstream import RandomBitstream
from mtjlab.procedures.running.recording_worker import RecordingWorker
from mtjlab.procedures.running.run import worker_for

__all__ = ["BitstreamRun"]

log = logging.getLogger(__name__)


class BitstreamRun(threading.Thread):
    """Open the bench, acquire into a recording, close the bench.

    Parameters
    ----------
    procedure
        Procedure with its parameters set.
    bench_file
        Bench to open.
    path
        Recording to write.
    """

    def __init__(self, procedure: RandomBitstream, bench_file: str, path: Path) -> None:
        super().__init__(name="bitstream", daemon=True)
        self.path = path
        self.live = LiveData(procedure.bias)
        self.error: BaseException | None = None
        """What ended the run, if it failed."""
        self.progress = 0.0
        """Share done, in per cent."""
        self._procedure = procedure
        self._bench_file = bench_file
        self._worker: RecordingWorker | None = None
        self._stopped = threading.Event()

    def run(self) -> None:
        """Do it all; what goes wrong is kept in `error` for the window to show."""
        try:
            with open_bench(self._bench_file) as bench:
                self._worker = worker_for(self._procedure, bench, self.path, listener=self._listen)
                if self._stopped.is_set():
                    self._worker.stop()
                self._worker.start()
                self._worker.join()
                self.error = self._worker.error
        except Exception as error:
            self.error = error

    def stop(self) -> None:
        """Finish the block under way and end."""
        self._stopped.set()
        if self._worker is not None:
            self._worker.stop()

    @property
    def stopped(self) -> bool:
        """Whether the run was asked to end early."""
        return self._stopped.is_set()

    def _listen(self, topic: str, record: Any) -> None:
        if topic == "block":
            block: Block = record[0]
            self.live.add(block)
        elif topic == "progress":
            self.progress = float(record)
