"""A comparison: the same recipe with the noise of several arms, seed by seed, on any executor."""

import re
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Executor, Future, wait
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from mtjlab.analysis.evidence.arm import Arm
from mtjlab.analysis.evidence.cell import Cell, CellJob, make_cell
from mtjlab.analysis.evidence.settings import Settings
from mtjlab.core import InputError, Progress, new_file

__all__ = ["Cells", "Comparison"]

SHOWN_EVERY = 1.0
"""Time between two looks at what others make [s]."""

Cells = Mapping[str, Sequence[Cell]]
"""The cells of each arm, by its name, in the order of the seeds."""


@dataclass(frozen=True)
class Comparison:
    """Arms and what they have in common. The first arm is what the others are compared with.

    Raises
    ------
    InputError
        If there are fewer than two arms, or two of the same name, or a name that no file can have.
    """

    arms: tuple[Arm, ...]
    """The arms."""
    settings: Settings
    """How the images of all of them are made."""

    def __post_init__(self) -> None:
        names = [arm.name for arm in self.arms]
        if len(names) < 2:
            raise InputError(f"{len(names)} arm: a comparison needs two, as software and a recording")
        for name in names:
            if names.count(name) > 1:
                raise InputError(f"two arms are called {name}: give each a name of its own, as NAME=...")
            if not re.fullmatch(r"[\w.+-]{1,60}", name):
                raise InputError(f"{name!r} cannot be the name of an arm: give letters, digits, - and _")

    def check(self) -> None:
        """Refuse at once what would be refused after hours: too few bits, bits with alarms, another size of image.

        Raises
        ------
        InputError
            In one line: what is there, and what is needed.
        """
        shape = self.settings.open_denoiser().image_shape
        if shape != (28, 28):
            raise InputError(
                f"the denoiser makes images of {' x '.join(map(str, shape))}; the features that judge them are of grey "
                "28 x 28 images: give a denoiser of that size"
            )
        for arm in self.arms:
            if arm.origin is not None:
                arm.origin.check(self.settings.images, self.settings.seeds, self.settings.bits_per_image())

    def jobs(self) -> list[CellJob]:
        """List the cells, seed by seed, so that what is there at any time has arms of equal length."""
        return [CellJob(arm, seed, self.settings) for seed in self.settings.numbers for arm in self.arms]

    def run(
        self,
        folder: Path,
        executor: Executor | None = None,
        progress: Progress = lambda done, total: None,
        *,
        keep_images: bool = False,
    ) -> Cells:
        """Make all cells that are not there yet.

        A cell depends on its arm, its seed and the settings alone, and is made on one thread, so that the images are
        to the last bit the same whatever makes them. It is written when it is complete: a comparison that was ended
        at any time is resumed by running it again.

        Parameters
        ----------
        folder
            Where the cells are kept; made if it is missing.
        executor
            What makes the cells: threads, processes, other machines; None makes them here. Arms on a live bench are
            made here in any case, one after the other.
        progress
            Called with the images made and those to make; those of an earlier run count as made.
        keep_images
            Whether ``images/NAME-SEED.npz`` is written as well.

        Returns
        -------
        Mapping
            The cells of each arm.

        Raises
        ------
        InputError
            What the bits of an arm raise.
        FileError
            If the folder cannot be written.
        """
        jobs = self.jobs()
        paths = {job.stem: folder / "cells" / f"{job.stem}.npz" for job in jobs}
        identities = {job.stem: job.fingerprint() for job in jobs}
        for part in ("cells", "images") if keep_images else ("cells",):
            _make_folder(folder / part)
        found: dict[str, Cell] = {}
        for job in jobs:
            cell = Cell.load(paths[job.stem], identities[job.stem])
            if cell is not None and (not keep_images or _images_of(folder, job).is_file()):
                found[job.stem] = cell
        total = len(jobs) * self.settings.images

        def show(within: float = 0.0) -> None:
            progress((len(found) + within) * self.settings.images, total)

        show()
        missing = [job for job in jobs if job.stem not in found]

        def store(job: CellJob, cell: Cell) -> None:
            if cell.every is not None:
                with new_file(_images_of(folder, job), overwrite=True) as partial, partial.open("wb") as file:
                    np.savez_compressed(file, images=cell.every)
            cell.save(paths[job.stem], identities[job.stem])
            found[job.stem] = replace(cell, every=None)
            show()

        _make(missing, executor, keep_images, store, show)
        return {
            arm.name: [found[CellJob(arm, seed, self.settings).stem] for seed in self.settings.numbers]
            for arm in self.arms
        }


def _images_of(folder: Path, job: CellJob) -> Path:
    return folder / "images" / f"{job.stem}.npz"


def _make_folder(path: Path) -> None:
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InputError(f"{path} cannot be made ({error.strerror}): give another folder", argument="output") from None


def _make(
    jobs: list[CellJob],
    executor: Executor | None,
    keep: bool,
    store: Callable[[CellJob, Cell], None],
    show: Callable[[float], None],
) -> None:
    """Make cells, and store each as it is done: those that can be sent away there, the others here meanwhile."""
    here = [job for job in jobs if executor is None or (job.arm.origin is not None and job.arm.origin.in_turn)]
    waiting: dict[Future[Cell], CellJob] = {}
    if executor is not None:
        waiting = {executor.submit(make_cell, job, keep): job for job in jobs if job not in here}

    pace = _Pace()

    def collect() -> None:
        for future in [each for each in waiting if each.done()]:
            store(waiting.pop(future), future.result())
            pace.made()

    def seen(done: float, total: float) -> None:
        collect()
        show(done / total)

    try:
        for job in here:
            # A cell on a bench takes hours: what others have done meanwhile is stored meanwhile.
            store(job, make_cell(job, keep, seen))
        while waiting:
            wait(waiting, timeout=SHOWN_EVERY, return_when=FIRST_COMPLETED)
            collect()
            show(pace.since() if waiting else 0.0)
    finally:
        for future in waiting:
            future.cancel()


class _Pace:
    """How much of a cell is likely to have been made since the last one: what other processes do is not seen."""

    def __init__(self) -> None:
        self._began = self._last = time.monotonic()
        self._made = 0

    def made(self) -> None:
        """Count a cell."""
        self._made += 1
        self._last = time.monotonic()

    def since(self) -> float:
        """Give the part of the next cell, below one; zero before the first."""
        if not self._made:
            return 0.0
        return min(0.95, (time.monotonic() - self._last) * self._made / max(self._last - self._began, 1e-9))
