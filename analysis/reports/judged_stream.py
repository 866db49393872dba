"""A stream of bits with what the suites say of it, and the verdict on it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from mtjlab.analysis.extraction import EXTRACTORS, conditioned
from mtjlab.analysis.randomness import Assessment, SequenceFile, wilson_interval
from mtjlab.analysis.reports.suite_findings import SuiteFinding, assessment_finding, find
from mtjlab.core import Bits, Stage

__all__ = ["CANNOT_BE_SAID", "JudgedStream"]

CANNOT_BE_SAID = (
    "No test can prove randomness: passing says that these tests saw nothing in so many bits, a min-entropy is an "
    "estimate and not a proven bound, and neither shows that the bits come from the junction or cannot be predicted."
)

_BYTE = 8


@dataclass(frozen=True)
class JudgedStream:
    """Bits with what was found of them."""

    name: str
    """What they are, such as ``bits as recorded``."""
    bits: int
    """Number of bits."""
    ones: int
    """Ones among them."""
    findings: Sequence[SuiteFinding]
    """What each suite says."""

    @classmethod
    def of(cls, path: Path, suites: Sequence[str], stage: Stage, *, extractor: str = "none") -> JudgedStream:
        """Judge the bits of a recording, or what an extractor makes of them.

        Parameters
        ----------
        path
            The recording.
        suites
            Words of the suites.
        stage
            Shows progress.
        extractor
            Name of the extractor, or ``none``.

        Returns
        -------
        JudgedStream
            The bits with what was found.

        Raises
        ------
        InputError
            If there is no such extractor.
        """
        with _bits_of(path, extractor) as file:
            ones = sum(part.ones() for part in file.parts())
            findings = tuple(find(suite, file, stage) for suite in suites)
            name = "bits as recorded" if extractor == "none" else f"bits after {extractor}"
            return cls(name, file.bits, ones, findings)

    @classmethod
    def of_assessment(cls, name: str, found: Assessment) -> JudgedStream:
        """Take an assessment that was made already.

        Parameters
        ----------
        name
            What the bits are.
        found
            The assessment.

        Returns
        -------
        JudgedStream
            The bits with what was found.
        """
        ones = round(found["P(1)"].statistics["proportion"] * found.bits)
        return cls(name, found.bits, ones, (assessment_finding(found),))

    @property
    def share(self) -> str:
        """P(1) with its interval, in words."""
        if not self.bits:
            return "-"
        low, high = wilson_interval(self.ones, self.bits)
        return f"{self.ones / self.bits:.5f} ({low:.5f} to {high:.5f})"

    @property
    def passed(self) -> bool | None:
        """Whether the bits pass every suite that judges; None where none does."""
        judged = [each.passed for each in self.findings if each.passed is not None]
        return all(judged) if judged else None

    @property
    def result(self) -> str:
        """The verdict in a word."""
        return {True: "passed", False: "failed", None: "not judged"}[self.passed]

    @property
    def min_entropy(self) -> float | None:
        """By SP 800-90B, bits a bit; None where it was not assessed."""
        return next((each.min_entropy for each in self.findings if each.min_entropy is not None), None)

    @property
    def verdict(self) -> str:
        """Two sentences that a reviewer accepts; `CANNOT_BE_SAID` is the third."""
        if not self.bits:
            return "No bits were recorded, so that there is no verdict."
        clauses = [each.clause for each in self.findings]
        words = "; they ".join(clauses) if clauses else "were not tested"
        name = self.name[0].upper() + self.name[1:]
        share = self.share.replace("(", "(95 % Wilson interval ")
        return f"{name}: {self.bits:,} bits, P(1) = {share}. The bits {words}."


@contextmanager
def _bits_of(path: Path, extractor: str) -> Iterator[SequenceFile]:
    file = SequenceFile.open(path, "recording")
    if extractor == "none":
        yield file
        return
    with TemporaryDirectory(prefix="mtjlab-") as folder:
        kept = Path(folder) / "conditioned.bin"
        with kept.open("wb") as target:
            left = Bits()
            for part in conditioned(file.parts(), EXTRACTORS.load(extractor)):
                joined = left + part
                whole = len(joined) // _BYTE * _BYTE  # those of no whole byte wait for the next part
                target.write(joined[:whole].packed_bytes.tobytes())
                left = joined[whole:]
        yield SequenceFile.open(kept, "packed")
