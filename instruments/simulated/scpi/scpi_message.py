"""The bytes that a client sends, cut into messages, and messages into their units.

A message ends at a newline; a definite-length block may hold any bytes, newlines and semicolons too.
"""

import re

from mtjlab.instruments.simulated.scpi.scpi_status import ScpiError

__all__ = ["InputBuffer", "split_units", "split_words"]

LONGEST_MESSAGE = 1 << 18
"""Bytes that the input buffer holds."""
BLOCK = re.compile(rb"#([1-9])(\d*)")
MARKS = re.compile(rb"[\"'#\n]")
NEWLINE, HASH = b"\n#"


class InputBuffer:
    """Collect the bytes of one connection and give out complete messages, however the packets were cut."""

    def __init__(self) -> None:
        self._bytes = bytearray()
        self._scanned = 0
        self._quote = 0
        self._overrun = False
        self.inside_block = False
        """Whether the incomplete message waits for the bytes of a block, among which a newline ends nothing."""

    @property
    def pending(self) -> bool:
        """Whether an incomplete message waits for its end."""
        return bool(self._bytes)

    def feed(self, chunk: bytes) -> list[bytes]:
        """Add bytes.

        Returns
        -------
        list of bytes
            Messages that they complete, without their newlines.

        Raises
        ------
        ScpiError
            -363 where a message outgrows the buffer; the message is forgotten to its end.
        """
        if not self._bytes and b"#" not in chunk and chunk.endswith(b"\n") and not self._overrun:
            # Nearly always: one packet, whole messages, no block.
            return chunk[:-1].split(b"\n")
        self._bytes += chunk
        messages = []
        while (end := self._end_of_message()) is not None:
            if self._overrun:
                self._overrun = False
            else:
                messages.append(bytes(self._bytes[:end]))
            del self._bytes[: end + 1]
            self._scanned = 0
        if len(self._bytes) > LONGEST_MESSAGE:
            self.forget()
            self._overrun = True
            raise ScpiError(-363)
        return messages

    def forget(self) -> None:
        """Drop the incomplete message, as a device clear does."""
        self._bytes.clear()
        self._scanned = self._quote = 0
        self._overrun = self.inside_block = False

    def _end_of_message(self) -> int | None:
        """Find the newline that ends the first message, stepping over strings and blocks."""
        data, position = self._bytes, self._scanned
        self.inside_block = False
        while (mark := MARKS.search(data, position)) is not None:
            byte, position = data[mark.start()], mark.end()
            if byte == NEWLINE:
                self._quote = 0
                return mark.start()
            if byte != HASH:
                if self._quote in (0, byte):
                    self._quote = byte if not self._quote else 0
            elif not self._quote:
                end = _end_of_block(data, mark.start())
                if end > len(data):
                    self._scanned, self.inside_block = mark.start(), True
                    return None
                position = max(position, end)
        self._scanned = len(data)
        return None


def _end_of_block(data: bytearray, start: int) -> int:
    """Give the index after the block that begins at `start`, beyond the data while it is incomplete; 0 for none."""
    header = BLOCK.match(data, start)
    if header is None:
        return len(data) + 1 if start + 1 == len(data) else 0
    digits = int(header[1])
    if len(header[2]) < digits:
        return len(data) + 1 if header.end() == len(data) else 0
    length = int(header[2][:digits])
    # Nothing will ever fill a longer one: the message ends at its newline, with an error.
    return start + 2 + digits + length if length <= LONGEST_MESSAGE else 0


def split_units(message: str) -> list[str]:
    """Split a message into its units, at semicolons outside strings and blocks; empty ones are left out.

    Parameters
    ----------
    message
        Message, each byte one character.
    """
    return _split(message, ";")


def split_words(text: str) -> list[str]:
    """Split parameters at commas outside strings, blocks and parentheses.

    Raises
    ------
    ScpiError
        -103 where a parameter between commas is missing.
    """
    if not text:
        return []
    words = _split(text, ",", keep_empty=True)
    if not all(words):
        raise ScpiError(-103)
    return words


def _split(text: str, separator: str, *, keep_empty: bool = False) -> list[str]:
    if not any(mark in text for mark in "\"'#("):
        parts = [part.strip() for part in text.split(separator)]
        return parts if keep_empty else [part for part in parts if part]
    parts, quote, depth, start, index = [], "", 0, 0, 0
    while index < len(text):
        letter = text[index]
        if quote:
            quote = "" if letter == quote else quote
        elif letter in "\"'":
            quote = letter
        elif letter == "#" and (end := _end_of_block_text(text, index)):
            index = end
            continue
        elif letter in "()":
            depth = max(0, depth + (1 if letter == "(" else -1))
        elif letter == separator and not depth:
            parts.append(text[start:index])
            start = index + 1
        index += 1
    parts.append(text[start:])
    # A block is bytes: what looks like a blank at its end belongs to it.
    parts = [part.lstrip() if "#" in part else part.strip() for part in parts]
    return parts if keep_empty else [part for part in parts if part]


def _end_of_block_text(text: str, index: int) -> int:
    """Give the index after the block that begins here; 0 where none does."""
    digits = text[index + 1 : index + 2]
    if not digits.isdigit() or not digits.isascii():
        return 0
    if digits == "0":
        return len(text)
    length = text[index + 2 : index + 2 + int(digits)]
    if len(length) != int(digits) or not (length.isdigit() and length.isascii()):
        return 0
    return min(index + 2 + int(digits) + int(length), len(text))
