"""The suite on many sequences, with workers."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from numpy.typing import ArrayLike

from mtjlab.analysis.randomness.sp800_22.long_sequence import LongSequence
from mtjlab.analysis.randomness.sp800_22.outcome import Mode, SequenceResult
from mtjlab.analysis.randomness.sp800_22.packed_sequence import PackedSequence
from mtjlab.analysis.randomness.sp800_22.suite import chosen_tests, run
from mtjlab.analysis.randomness.sp800_22.suite_test import SuiteTest
from mtjlab.analysis.randomness.sp800_22.suite_verdict import Judge, SuiteVerdict
from mtjlab.core import Bits, InputError

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["run_many", "SuiteResult"]


@dataclass(frozen=True)
class SuiteResult:
    """What the suite says of many sequences."""

    mode: Mode
    """How the probabilities were computed."""

    sequences: tuple[SequenceResult, ...]
    """One a sequence, in their order; of a run that does not keep them, the first only."""

    verdict: SuiteVerdict
    """The verdict on them all."""

    def as_dict(self) -> dict[str, Any]:
        """Return everything ready for JSON."""
        return {
            "suite": "sp800-22",
            "mode": str(self.mode),
            "sequences": [each.as_dict() for each in self.sequences],
            "verdict": self.verdict.as_dict(),
        }

    def to_frame(self) -> pd.DataFrame:
        """Return a row a p-value: sequence, test, label, p_value (NaN where not applicable), applicable, reason."""
        import pandas as pd

        frames = {index: each.to_frame() for index, each in enumerate(self.sequences)}
        return pd.concat(frames, names=["sequence", None]).reset_index(level=0).reset_index(drop=True)


def run_many(
    sequences: Iterable[ArrayLike | Bits | bytes | PackedSequence | LongSequence],
    mode: str = "exact",
    *,
    tests: Iterable[str | SuiteTest] | None = None,
    workers: int = 1,
    progress: Callable[[int], None] | None = None,
    keep: Callable[[SequenceResult], None] | None = None,
) -> SuiteResult:
    """Do the tests of SP 800-22 on many sequences and judge them all.

    Parameters
    ----------
    sequences
        Each as `run` takes it; read one by one, twice as many at a time as there are workers.
    mode
        ``exact`` or ``nist``.
    tests
        Tests or their names; by default all fifteen, and those of other packages.
    workers
        Sequences at a time. Threads: the kernels let go of the interpreter.
    progress
        Called with the number of sequences done.
    keep
        Called with the result of each sequence, in order. Where it is given, the results are its to keep, and memory
        does not grow with the number of sequences.

    Returns
    -------
    SuiteResult
        The verdict, and the results unless `keep` takes them.

    Raises
    ------
    ValueError
        If there is no sequence, no worker, or no such mode or test.
    """
    if workers < 1:
        raise InputError(f"workers = {workers}: expected one or more")
    chosen = chosen_tests(tests)
    collected, results = Judge(), list[SequenceResult]()
    for done, result in enumerate(_results(sequences, lambda bits: run(bits, mode, tests=chosen), workers), 1):
        collected.add(result)
        if keep:
            keep(result)
        if not keep or done == 1:
            results.append(result)
        if progress:
            progress(done)
    return SuiteResult(Mode(mode), tuple(results), collected.verdict())


def _results(
    sequences: Iterable[ArrayLike | Bits | bytes | PackedSequence | LongSequence],
    test: Callable[[ArrayLike | Bits | bytes | PackedSequence | LongSequence], SequenceResult],
    workers: int,
) -> Iterator[SequenceResult]:
    if workers == 1:
        yield from map(test, sequences)
        return
    waiting: list[Future[SequenceResult]] = []
    with ThreadPoolExecutor(workers) as executor:
        for bits in sequences:
            waiting.append(executor.submit(test, bits))
            if len(waiting) == 2 * workers:  # so many in memory; one that takes long keeps nobody waiting
                yield waiting.pop(0).result()
        for future in waiting:
            yield future.result()
