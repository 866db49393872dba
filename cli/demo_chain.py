"""The demo: the whole chain, from the bench to images, with every bit accounted for."""

import math
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from mtjlab.analysis import ImagesFromBits
from mtjlab.analysis.diffusion import Denoiser, write_image_grid
from mtjlab.analysis.extraction import von_neumann_packed
from mtjlab.analysis.randomness import assess
from mtjlab.cli.demo_report import DemoResult, write_demo_report
from mtjlab.core import InputError
from mtjlab.data import Recording
from mtjlab.instruments import open_bench
from mtjlab.procedures import RandomBitstream, run

__all__ = ["Demo"]

Progress = Callable[[float, float], None]

LOSS = 1.02
"""Raw bits beyond the four for each conditioned one: enough down to P = 0.44, and for the scatter of the yield."""


class Demo:
    """The whole chain on the simulated bench.

    Parameters
    ----------
    folder
        Where the files go; made if it is missing.
    seed
        Seed of the simulated device; without one every demo differs.
    count
        Number of images.
    stage
        Called with the name of each stage; returns a function of what is done and what there is to do.

    Raises
    ------
    ValueError
        If the folder cannot be written, or holds a demo already.
    """

    def __init__(
        self,
        folder: Path,
        *,
        seed: int | None = None,
        count: int = 64,
        stage: Callable[[str], Progress] = lambda name: lambda done, total: None,
    ) -> None:
        self.folder = folder
        self.seed = seed
        self.count = count
        self.images = ImagesFromBits()
        self.seconds: dict[str, float] = {}
        self._stage = stage
        self._prepare()

    @property
    def raw_bits(self) -> int:
        """Raw bits to acquire: von Neumann's extractor keeps p(1 - p), a quarter, of them."""
        return math.ceil(4 * LOSS * self.count * self.images.bits_per_image)

    def run(self) -> DemoResult:
        """Run the chain.

        Raises
        ------
        InstrumentError
            If an instrument fails.
        ValueError
            If the bits do not suffice.
        """
        with self._timed("acquire") as progress:
            recording = self._acquire(progress)
        with self._timed("test raw bits") as progress:
            bits = recording.packed_bits()
            raw = assess(bits)
            progress(1, 1)
        with self._timed("extract") as progress:
            conditioned_bits = von_neumann_packed(bits)
            self.images.refuse_too_few(len(conditioned_bits), self.count)
            used = conditioned_bits[: self.count * self.images.bits_per_image]
            progress(1, 1)
        with self._timed("test conditioned bits") as progress:
            conditioned = assess(used)
            progress(1, 1)
        with self._timed("sample") as progress:
            denoiser, workers = Denoiser.shipped(threads=1), os.cpu_count() or 1
            pictures = self.images.make(denoiser, used, self.count, progress, workers=workers)
            write_image_grid(self.folder / "images.png", pictures)
        result = DemoResult(
            recording=self.folder / "recording.h5",
            report=self.folder / "report.html",
            images=self.folder / "images.png",
            raw=raw,
            conditioned=conditioned,
            bits_per_image=self.images.bits_per_image,
            seconds=self.seconds,
            pictures=pictures,
        )
        with self._timed("report") as progress:
            write_demo_report(result)
            progress(1, 1)
        return result

    def _acquire(self, progress: Progress) -> Recording:
        with open_bench("simulated", seed=self.seed) as bench:
            procedure = RandomBitstream(bits=self.raw_bits)
            return run(procedure, bench, self.folder / "recording.h5", progress=progress)

    def _prepare(self) -> None:
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            probe = self.folder / ".mtjlab-probe"
            probe.touch()
            probe.unlink()
        except OSError as error:
            raise InputError(
                f"--output {self.folder} cannot be written ({error.strerror}): give another folder"
            ) from None
        if (self.folder / "recording.h5").exists():
            raise InputError(
                f"--output {self.folder} holds a recording already, and none is ever overwritten: give another folder"
            )

    @contextmanager
    def _timed(self, name: str) -> Iterator[Progress]:
        progress = self._stage(name)
        began = time.perf_counter()
        yield progress
        self.seconds[name] = time.perf_counter() - began
