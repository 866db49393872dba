"""The checksum of a block of bits.

It is the CRC-32 of ISO 3309 (zlib's and gzip's: polynomial 0x04C11DB7, reflected, all ones before and after) over the
bits of the block packed on their own: its first bit is the most significant of the first byte, eight bits a byte,
and zeros fill the last byte. Where in a byte of ``/bits/packed`` the block begins does not matter.
"""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING

from mtjlab.core import align_bits

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

__all__ = ["block_checksum"]


def block_checksum(packed: NDArray[np.uint8], skip: int, count: int) -> int:
    """Return the checksum of a block of `count` bits that begins after the first `skip` bits of `packed`.

    >>> import numpy as np
    >>> hex(block_checksum(np.frombuffer(b"123456789", np.uint8), 0, 72))
    '0xcbf43926'
    """
    return zlib.crc32(align_bits(packed, skip, count).data)
