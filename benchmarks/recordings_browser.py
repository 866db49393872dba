"""A folder of ten thousand recordings in the Recordings room: when the list is there, and how long the window stalls.

    QT_QPA_PLATFORM=offscreen python benchmarks/recordings_browser.py [--recordings 10000] [--seconds 20]

The recordings are copies of two small ones. First the room opens with an empty cache: the list must be there at once,
and the window must stay alive while the files are read (for --seconds, not to the end). Then the cache knows all of
them, as after a first visit, and the room opens again. Beside it stands what the same takes without a thread or a
cache, each file opened where the window waits for it, measured on a hundred of them.
"""

from __future__ import annotations

import argparse
import dataclasses
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

SAMPLE = 100
"""Recordings that are opened where the window waits."""


class Stalls:
    """How long the window's events have to wait, seen by a timer that asks for its turn all the time."""

    def __init__(self) -> None:
        from qtpy.QtCore import QTimer

        self._timer = QTimer(interval=2)
        self._timer.timeout.connect(self._tick)
        self._timer.start()
        self.begin()

    def begin(self) -> None:
        """Begin to count."""
        self._last, self.gaps = time.perf_counter(), [0.0]

    def _tick(self) -> None:
        now = time.perf_counter()
        self.gaps.append(now - self._last)
        self._last = now

    @property
    def longest(self) -> float:
        """The longest [s]."""
        return max(self.gaps)


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--recordings", type=int, default=10_000)
    parser.add_argument("--seconds", type=float, default=20.0, help="how long the first look is watched")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        os.environ["MTJLAB_CACHE"] = f"{temporary}/cache"
        folder = Path(temporary) / "recordings"
        write_recordings(folder, arguments.recordings)
        measure(folder, arguments.recordings, arguments.seconds)


def write_recordings(folder: Path, count: int) -> None:
    """Write so many recordings, in subfolders of five hundred."""
    from mtjlab.procedures import RandomBitstream, ResistanceAgainstField
    from mtjlab.procedures.running import run

    folder.mkdir()
    originals = [folder.parent / "bits.h5", folder.parent / "loops.h5"]
    run(RandomBitstream(bits=20_000), "simulated", originals[0])
    run(ResistanceAgainstField(points=21), "simulated-loops", originals[1])
    for number in range(count):
        path = folder / f"day-{number // 500:02d}" / f"run-{number:05d}.h5"
        path.parent.mkdir(exist_ok=True)
        shutil.copyfile(originals[number % 2], path)
        os.utime(path, (1_790_000_000 + 60 * number,) * 2)


def measure(folder: Path, count: int, seconds: float) -> None:
    """Open the room three times: with nothing known, with all known, and as a plain loop would."""
    from qtpy.QtCore import QEventLoop
    from qtpy.QtWidgets import QApplication

    from mtjlab.data import FactsCache, find_recordings, read_facts
    from mtjlab.gui import RecordingsRoom

    flags = QEventLoop.ProcessEventsFlag
    application = QApplication(sys.argv[:1])
    empty = folder.parent / "empty"
    empty.mkdir()
    room = RecordingsRoom(empty)
    room.resize(1280, 720)
    room.show()
    stalls = Stalls()

    def until(condition: Callable[[], bool], longest: float = 600.0) -> float:
        begun = time.perf_counter()
        while not condition() and time.perf_counter() - begun < longest:
            application.processEvents(flags.AllEvents | flags.WaitForMoreEvents)
        return time.perf_counter() - begun

    model = room.list.model
    until(lambda: False, 2.0)  # the window itself
    stalls.begin()
    room.set_folder(folder)
    listed = until(lambda: model.rowCount() == count)
    seen = listed + until(lambda: all(model.facts_of(path).status for path in room.list.on_screen))
    until(lambda: False, seconds)
    read = count - model.unread
    print(f"{count:,} recordings, nothing known of them")
    print(f"  the list is there after               {listed:8.2f} s")
    print(f"  all rows on the screen are read after  {seen:7.2f} s")
    print(f"  recordings read a second              {read / (seen + seconds):8.0f}")
    print(f"  longest stall of the window           {1e3 * stalls.longest:8.0f} ms")
    room.set_folder(empty)
    until(lambda: model.rowCount() == 0)

    known = {number: read_facts(str(folder / f"day-00/run-{number:05d}.h5")) for number in (0, 1)}
    FactsCache().put(
        dataclasses.replace(known[int(file.path[-4]) % 2], path=file.path, size=file.size, modified=file.modified)
        for file in find_recordings(folder)
    )
    stalls.begin()
    room.set_folder(folder)
    listed = until(lambda: model.rowCount() == count)
    whole = listed + until(lambda: not model.unread)
    filtering = stalls.longest
    for words in ("bits>1e4", "loop", "-amplitude=1.25", ""):
        room.list.search.setText(words)
        until(lambda: False, 0.5)
    print(f"{count:,} recordings, all in the cache; {room.reads} opened")
    print(f"  the list is there after               {listed:8.2f} s")
    print(f"  all of it is shown after              {whole:8.2f} s")
    print(f"  longest stall of the window           {1e3 * filtering:8.0f} ms")
    print(f"  ... while a filter is typed            {1e3 * stalls.longest:7.0f} ms")
    room.close()

    begun = time.perf_counter()
    for file in list(find_recordings(folder))[:SAMPLE]:
        read_facts(file.path)
    plain = (time.perf_counter() - begun) / SAMPLE * count
    print("each opened where the window waits for it, no thread, no cache")
    print(f"  the list is there, and the window stalls {plain:5.0f} s ({plain / listed:,.0f} times as long)")


if __name__ == "__main__":
    main()
