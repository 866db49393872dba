"""The bench of the window, where its file can be read."""

from mtjlab.core import MtjlabError
from mtjlab.instruments import BenchFile

__all__ = ["bench_of"]


def bench_of(bench_file: str) -> BenchFile | None:
    """Read a bench file.

    Parameters
    ----------
    bench_file
        Path of the file, or name of a shipped bench.

    Returns
    -------
    BenchFile or None
        Nothing where the file is wrong, which a run will tell.
    """
    try:
        return BenchFile.load(bench_file)
    except (MtjlabError, OSError):
        return None
