"""The arms of a comparison: each a way to make the noise of images.

What the arms share, and what they do not. Seed number s of every arm has nothing in common with seed s of another:
hardware cannot be told which bits to give. The numbers only count the repetitions, and the right test between two arms
is Welch's. An arm that is made in software draws from a generator of its own, which depends on the arm's name and on s,
so that the biased control is as independent of the software arm as hardware is. Of a file, seed s takes the s-th run
of bits, and no bit is used twice.

There is one way to make pairs: let the initial noise come from software, the same for seed s of every arm, so that the
arms differ in the noise of the steps only (`Settings.shared_start`). The paired test is then the right one.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np

from mtjlab.analysis.extraction import EXTRACTORS
from mtjlab.analysis.health import EntropyClaim, HealthTests
from mtjlab.analysis.noise import BitsInFile, BitSupply, NotEnoughBits, StreamedBits
from mtjlab.core import Bits, InputError

__all__ = ["Arm", "BiasedBits", "BitOrigin", "FileBits", "stream_seed"]

PART = 2**20


class BitOrigin(Protocol):
    """Where the bits of an arm come from."""

    @property
    def words(self) -> str:
        """What it is, as the report says it: ``bits.h5, von Neumann's extractor``."""
        ...

    @property
    def in_turn(self) -> bool:
        """Whether its seeds can be made only one after the other in one process, as on a live bench."""
        ...

    @property
    def identity(self) -> str:
        """Text that changes where its bits do: finished parts of a comparison are kept under it."""
        ...

    def supply(self, seed: int, part: int, count: int) -> BitSupply:
        """Open the bits of one seed.

        Parameters
        ----------
        seed
            For the random generator of what is made in software.
        part
            Number of the seed within the comparison, from 0.
        count
            Bits that it will take.
        """
        ...

    def check(self, images: int, seeds: int, bits_per_image: int) -> None:
        """Refuse at once what would be refused after hours.

        Parameters
        ----------
        images
            Images of a seed.
        seeds
            Number of seeds.
        bits_per_image
            Bits that an image takes.

        Raises
        ------
        InputError
            If there are too few bits, or they have health alarms.
        """
        ...


@dataclass(frozen=True)
class Arm:
    """One arm of a comparison."""

    name: str
    """What the report calls it."""
    origin: BitOrigin | None = None
    """Where its bits come from; None for the normals of numpy's generator, which take no bits."""

    @property
    def words(self) -> str:
        """What it is, as the report says it."""
        return "numpy's normals" if self.origin is None else self.origin.words

    @property
    def is_control(self) -> bool:
        """Whether it is biased on purpose, so that a comparison with it must fail."""
        return isinstance(self.origin, BiasedBits) and self.origin.probability != 0.5


def stream_seed(name: str, seed: int) -> int:
    """Give the seed of the generator of an arm: another one for every arm and seed.

    Parameters
    ----------
    name
        Name of the arm.
    seed
        Number of the seed.
    """
    entropy = [seed, *hashlib.sha256(name.encode()).digest()]
    return int(np.random.SeedSequence(entropy).generate_state(1, np.uint64)[0])


@dataclass(frozen=True)
class BiasedBits:
    """Independent bits of numpy's generator whose probability of a one is given: the control, or fair bits at 0.5.

    Examples
    --------
    >>> bits = BiasedBits(0.495).supply(seed=1, part=0, count=1_000_000).take(1_000_000)
    >>> round(bits.ones() / len(bits), 3)
    0.495
    """

    probability: float
    """P(1), to 2^-32."""

    def __post_init__(self) -> None:
        if not 0 < self.probability < 1:
            raise InputError(f"P(1) = {self.probability:g}: expected a number between 0 and 1, as 0.495")

    @property
    def words(self) -> str:
        """What it is."""
        return f"software bits, P(1) = {self.probability:g}"

    @property
    def in_turn(self) -> bool:
        """False."""
        return False

    @property
    def identity(self) -> str:
        """Its probability."""
        return f"biased {self.probability!r}"

    def supply(self, seed: int, part: int, count: int) -> BitSupply:
        """Open the bits of one seed; they have no end.

        Parameters
        ----------
        seed
            For the generator.
        part
            Not looked at.
        count
            Not looked at.
        """
        return StreamedBits(self._parts(seed))

    def check(self, images: int, seeds: int, bits_per_image: int) -> None:
        """Refuse nothing: there is no end of them.

        Parameters
        ----------
        images, seeds, bits_per_image
            Not looked at.
        """

    def _parts(self, seed: int) -> Iterator[Bits]:
        generator, threshold = np.random.default_rng(seed), np.uint32(round(self.probability * 2**32))
        while True:
            words = np.frombuffer(generator.bytes(4 * PART), np.uint32)
            yield Bits.packed(np.packbits(words < threshold))


@dataclass(frozen=True)
class FileBits:
    """Bits of a recording or of any file of bits, as they are or through an extractor."""

    path: Path
    """The file."""
    extractor: str = ""
    """Name of the extractor; empty for the bits as they are."""
    allow_alarms: bool = False
    """Whether bits with health alarms are taken."""
    format: str | None = None
    """recording, packed, symbols or ascii; None tells it by the content."""

    @property
    def words(self) -> str:
        """What it is."""
        return f"{self.path.name}, {EXTRACTORS.load(self.extractor).name if self.extractor else 'bits as they are'}"

    @property
    def in_turn(self) -> bool:
        """False: a file is read by any number of processes."""
        return False

    @property
    def identity(self) -> str:
        """Hash of the file, and the extractor."""
        with self.path.open("rb") as file:
            return f"file {hashlib.file_digest(file, 'blake2b').hexdigest()} {self.format} {self.extractor}"

    def supply(self, seed: int, part: int, count: int) -> BitSupply:
        """Open the run of bits number `part`; those before it are passed over.

        Parameters
        ----------
        seed
            Not looked at.
        part
            Number of the run, from 0.
        count
            Bits of a run.
        """
        supply = self._file().supply()
        for first in range(0, part * count, PART):
            supply.take(min(PART, part * count - first))
        return supply

    def check(self, images: int, seeds: int, bits_per_image: int) -> None:
        """Refuse too few bits, and bits with health alarms.

        Parameters
        ----------
        images
            Images of a seed.
        seeds
            Number of seeds.
        bits_per_image
            Bits that an image takes.

        Raises
        ------
        InputError
            If there are too few, or some have alarms that are not accepted.
        """
        try:
            count = self._file().count
            if count < seeds * images * bits_per_image:
                raise NotEnoughBits.for_images(seeds * images, bits_per_image, count)
        except NotEnoughBits as few:
            raise InputError(f"{self.path}: {seeds} seeds: {few}") from None
        if not self.allow_alarms and (alarms := self._alarms()):
            raise InputError(
                f"{self.path} has {alarms:,} health alarms (SP 800-90B): its bits are not random there; record "
                "again, or say that alarms are accepted",
                argument="allow_alarms",
            )

    def _file(self) -> BitsInFile:
        extractor = EXTRACTORS.load(self.extractor) if self.extractor else None
        return BitsInFile.open(self.path, self.format, extractor=extractor)

    def _alarms(self) -> int:
        """Count the alarms that a recording holds; those of another file are found now, as in an acquisition."""
        raw = BitsInFile.open(self.path, self.format)
        if raw.format == "recording":
            from mtjlab.data import Recording

            with Recording(self.path) as recording:
                return int(recording.blocks()["alarms"].sum())
        tests = HealthTests(EntropyClaim(0.9, 2.0**-40))
        return sum(len(tests.update(part.unpacked())) for part in raw.parts())
