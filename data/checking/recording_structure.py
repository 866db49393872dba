"""The structure of a recording's file, looked through before HDF5 sees it.

The HDF5 library trusts much of what it reads; files made to harm have crashed it. So each piece that it would follow in
a recording is checked here first: addresses within the file and no two pieces in one place, sizes that agree, counts
within what a node holds, types as mtjlab writes them. A file that passes is as mtjlab wrote it or differs in values
only. One that does not may still be a good recording, rewritten by another program; it is strange, and is opened in a
process of its own first.

Written after the HDF5 File Format Specification, version 3.0: superblock 0, object headers 1, B-trees 1, symbol tables,
local and global heaps.
"""

from __future__ import annotations

import os
import struct
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final, NamedTuple

from mtjlab.data.checking.hdf5_messages import Strange, attribute, dataspace, datatype, fill_value, need

__all__ = ["Structure", "look_through", "look_through_file"]

_UNDEFINED: Final = 2**64 - 1
_SIGNATURE: Final = b"\x89HDF\r\n\x1a\n"
_GROUP_NODE: Final = 24 + 32 * 8 + 33 * 8
_SYMBOL_NODE: Final = 8 + 8 * 40
_CHUNK_NODE: Final = 24 + 64 * 8 + 65 * 24
_MOST_OBJECTS: Final = 20_000
_DEEPEST: Final = 8
_LARGEST_CHUNK: Final = 2**31
_HEAD: Final = 2**18


class Structure(NamedTuple):
    """What came of looking through a file."""

    strange: str
    """What is not as mtjlab writes it; empty if all is."""

    complete: bool = True
    """Whether all pieces lie before the end that the file notes.

    A kill may leave chunks behind it that nothing counts yet: such a file can be read, not appended to.
    """


def look_through(read: Callable[[int, int], bytes], size: int) -> Structure:
    """Look through the structure of a file.

    Parameters
    ----------
    read
        Returns so many bytes from a place; fewer at the end of the file.
    size
        Length of the file [bytes].
    """
    pieces = _Pieces(read, size)
    try:
        noted_end = pieces.look_through()
    except Strange as strange:
        return Structure(str(strange))
    except (struct.error, IndexError, ValueError, OverflowError) as error:
        return Structure(f"a piece ends too soon ({error})")
    return Structure("", pieces.end <= noted_end)


def look_through_file(path: Path) -> Structure:
    """Look through the structure of the file `path`."""
    with path.open("rb") as file:
        head = file.read(_HEAD)  # most of it is here

        def read(start: int, length: int) -> bytes:
            if start + length <= len(head):
                return head[start : start + length]
            file.seek(start)
            return file.read(length)

        return look_through(read, os.fstat(file.fileno()).st_size)


class _Pieces:
    """All pieces of one file, found from its superblock."""

    def __init__(self, read: Callable[[int, int], bytes], size: int) -> None:
        self._read_at = read
        self._size = size
        self._pieces: list[tuple[int, int]] = []
        self._objects = 0

    @property
    def end(self) -> int:
        """Where the last piece ends."""
        return max(end for _, end in self._pieces)

    def look_through(self) -> int:
        """Check every piece, and return the end of the file as it notes it."""
        superblock = self._piece(0, 96)
        need(superblock[:8] == _SIGNATURE, "the superblock is not at the begin")
        need(superblock[8:16] == bytes((0, 0, 0, 0, 0, 8, 8, 0)), "the superblock is of another version")
        need(struct.unpack_from("<HHI", superblock, 16)[:2] == (4, 16), "nodes have another size")
        base, free, end, driver = struct.unpack_from("<4Q", superblock, 24)
        need((base, free, driver) == (0, _UNDEFINED, _UNDEFINED), "the superblock points elsewhere")
        need(end <= self._size, "the file is cut short")
        self._symbol(superblock[56:96], 0)
        self._pieces.sort()
        for (_, before), (after, _) in zip(self._pieces, self._pieces[1:], strict=False):
            need(before <= after, f"two pieces share the bytes at {after}")
        return int(end)

    def _piece(self, address: int, length: int) -> bytes:
        """Read a piece that nothing else may share."""
        need(
            address >= 0 and length > 0 and address + length <= self._size,
            f"a piece lies at {address}, outside the file",
        )
        self._pieces.append((address, address + length))
        need(len(self._pieces) < 10 * _MOST_OBJECTS, "there are too many pieces")
        data = self._read_at(address, length)
        need(len(data) == length, f"the piece at {address} is cut short")
        return data

    def _symbol(self, entry: bytes, depth: int) -> None:
        _, header, cache = struct.unpack_from("<QQI", entry)
        need(cache in (0, 1), "a link leads elsewhere")
        table = self._object(header, depth)
        if cache == 1:
            need(struct.unpack_from("<QQ", entry, 24) == table, "a group is not where its parent says")

    def _object(self, address: int, depth: int) -> tuple[int, int] | None:
        """Check an object and, if it is a group, what is in it; return where a group's names are."""
        self._objects += 1
        need(self._objects < _MOST_OBJECTS and depth < _DEEPEST, "there are too many objects, or too deep")
        found: dict[int, bytes] = {}
        for kind, data in self._messages(address):
            if kind == 0x0C:
                attribute(data, self._heap_object)
                continue
            need(kind not in found, f"message {kind:#x} comes twice")
            found[kind] = data
        if 0x11 in found:
            need(not found.keys() - {0x11, 0x12}, "a group has messages of a dataset")
            names: tuple[int, int] = struct.unpack_from("<QQ", found[0x11])
            self._group(*names, depth)
            return names
        need(
            {0x01, 0x03, 0x08} <= found.keys() <= {0x01, 0x03, 0x04, 0x05, 0x08, 0x12}, "an object is no plain dataset"
        )
        self._dataset(found)
        return None

    def _messages(self, address: int) -> Iterator[tuple[int, bytes]]:
        prefix = self._piece(address, 16)
        version, _, count, _, length = struct.unpack_from("<BBHII", prefix)
        need(version == 1, "an object header is of another version")
        blocks = [self._piece(address + 16, length)]
        seen = 0
        for block in blocks:  # grows while it is gone through
            at = 0
            while at + 8 <= len(block):
                kind, size, flags = struct.unpack_from("<HHB", block, at)
                need(at + 8 + size <= len(block), "a message reaches beyond its header")
                need(not flags & 0x02, "a message is shared")
                data = block[at + 8 : at + 8 + size]
                at += 8 + size
                seen += 1
                need(seen <= count, "an object header has more messages than it says")
                if kind == 0x10:
                    blocks.append(self._piece(*struct.unpack_from("<QQ", data)))
                elif kind != 0x00:
                    yield kind, data
            need(at == len(block), "an object header ends within a message")
        need(seen == count, "an object header has fewer messages than it says")

    def _group(self, tree: int, heap: int, depth: int) -> None:
        header = self._piece(heap, 32)
        need(header[:8] == b"HEAP\0\0\0\0", "a group has no heap of names")
        size, free, data = struct.unpack_from("<3Q", header, 8)
        need(size <= 2**20, "a heap of names is too large")
        names = self._piece(data, size)
        while free != 1:  # a list of free pieces, each further on
            need(free + 16 <= size, "a heap's free piece lies outside it")
            following, length = struct.unpack_from("<QQ", names, free)
            need(free + length <= size and (following == 1 or following > free), "a heap's free pieces are in disorder")
            free = following
        self._group_node(tree, names, depth, 4)

    def _group_node(
        self, address: int, names: bytes, depth: int, levels: int, sides: tuple[int, int] = (_UNDEFINED, _UNDEFINED)
    ) -> None:
        node = self._piece(address, _GROUP_NODE)
        kind, level, used, *neighbours = struct.unpack_from("<BBHQQ", node, 4)
        need(node[:4] == b"TREE" and kind == 0 and used <= 32 and level < levels, "a group's index is no B-tree")
        need(tuple(neighbours) == sides, "a group's index has other neighbours than its parent says")
        children = [struct.unpack_from("<Q", node, 24 + 8 + 16 * number)[0] for number in range(used)]
        around = [_UNDEFINED, *children, _UNDEFINED]
        for number, child in enumerate(children):
            if level:
                self._group_node(child, names, depth, level, (around[number], around[number + 2]))
            else:
                self._symbols(child, names, depth)

    def _symbols(self, address: int, names: bytes, depth: int) -> None:
        node = self._piece(address, _SYMBOL_NODE)
        version, _, count = struct.unpack_from("<BBH", node, 4)
        need(node[:4] == b"SNOD" and version == 1 and count <= 8, "a group's index has no symbols")
        for number in range(count):
            entry = node[8 + 40 * number : 48 + 40 * number]
            (name,) = struct.unpack_from("<Q", entry)
            need(name < len(names) and names.find(b"\0", name) > name, "a name is not in its heap")
            self._symbol(entry, depth + 1)

    def _dataset(self, found: dict[int, bytes]) -> None:
        elements, growing = dataspace(found[0x01])
        element = datatype(found[0x03])[0]
        for kind in (0x04, 0x05):
            if kind in found:
                fill_value(kind, found[kind], element)
        layout = found[0x08]
        need(layout[0] == 3, "a layout is of another version")
        if layout[1] == 0:
            need(struct.unpack_from("<H", layout, 2)[0] + 4 <= len(layout), "a compact layout is cut short")
        elif layout[1] == 1:
            address, length = struct.unpack_from("<QQ", layout, 2)
            need(length == elements * element, "a dataset is not as long as it says")
            if address != _UNDEFINED:
                self._piece(address, length)
        else:
            rank, tree, chunk, size = struct.unpack_from("<BQII", layout, 2)
            need(layout[1] == 2 and rank == 2 and growing, "a layout is neither plain nor growing")
            need(size == element and 0 < chunk * size < _LARGEST_CHUNK, "a chunk is of another size")
            if tree != _UNDEFINED:
                self._chunks(tree, chunk, size)

    def _chunks(self, address: int, chunk: int, size: int) -> None:
        node = self._piece(address, _CHUNK_NODE)
        kind, level, used, left, right = struct.unpack_from("<BBHQQ", node, 4)
        need(node[:4] == b"TREE" and (kind, level) == (1, 0) and used <= 64, "an index of chunks is no single node")
        need(left == right == _UNDEFINED, "an index of chunks has neighbours")
        last = -1
        for number in range(used):
            length, mask, first, zero, place = struct.unpack_from("<IIQQQ", node, 24 + 32 * number)
            need((length, mask, zero) == (chunk * size, 0, 0), "a chunk is of another size, or filtered")
            need(first % chunk == 0 and first > last, "chunks are in disorder")
            last = first
            need(place + length <= self._size, "a chunk lies outside the file")
            self._pieces.append((place, place + length))

    def _heap_object(self, address: int, index: int, length: int) -> None:
        """Check that a global heap has an object of at least this length."""
        header = self._read_at(address, 16)
        need(header[:8] == b"GCOL\1\0\0\0", "a heap is not there")
        (size,) = struct.unpack_from("<Q", header, 8)
        need(16 < size <= 2**20 and address + size <= self._size, "a heap is too large")
        if (address, address + size) not in self._pieces:
            self._pieces.append((address, address + size))
        heap, at = self._read_at(address, size), 16
        while at + 16 <= size:
            number, _, _, there = struct.unpack_from("<HHIQ", heap, at)
            if number == 0:
                break
            at += 16 + -(-there // 8) * 8
            need(at <= size, "a heap's object reaches beyond it")
            if number == index:
                need(length <= there, "a heap's object is too short")
                return
        raise Strange("a heap lacks an object")
