"""Raw bits that come in parts, through an extractor, in memory that does not go with their number."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from mtjlab.analysis.extraction import Extractor

__all__ = ["conditioned", "pieces"]


def conditioned(parts: Iterable[NDArray[np.uint8]], extractor: Extractor) -> Iterator[NDArray[np.uint8]]:
    """Give conditioned bits part by part; an extractor that wants all raw bits at once gets them.

    Parameters
    ----------
    parts
        Raw bits, 0 and 1, of any lengths.
    extractor
        What they go through.
    """
    import numpy as np

    if not extractor.block:
        yield extractor.extract(np.concatenate(list(parts)))
        return
    left = np.empty(0, np.uint8)
    for part in parts:
        raw = np.concatenate((left, part))
        whole = raw.size // extractor.block * extractor.block
        yield extractor.extract(raw[:whole])
        left = raw[whole:]
    if left.size:
        yield extractor.extract(left)


def pieces(parts: Iterable[NDArray[np.uint8]], size: int) -> Iterator[NDArray[np.uint8]]:
    """Give the same bits in pieces of `size`; the last has what is left.

    >>> import numpy as np
    >>> [piece.tolist() for piece in pieces([np.array([1, 2, 3]), np.array([4, 5])], 2)]
    [[1, 2], [3, 4], [5]]
    """
    import numpy as np

    kept: list[NDArray[np.uint8]] = []
    count = 0
    for part in parts:
        kept.append(part)
        count += part.size
        while count >= size:
            together = np.concatenate(kept)
            yield together[:size]
            kept, count = [together[size:]], count - size
    if count:
        yield np.concatenate(kept)
