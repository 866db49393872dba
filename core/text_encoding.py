"""Text as editors and shells of all systems write it: the mark at the beginning tells the encoding and is no text."""

from __future__ import annotations

import codecs

__all__ = ["MARKS", "decoded", "encoding_of"]

MARKS = {
    codecs.BOM_UTF8: "utf-8-sig",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}
"""Byte order marks and the codecs that take them: Notepad writes the first, Windows PowerShell's ``>`` the second."""


def encoding_of(head: bytes) -> str:
    r"""Tell the codec of a text by its first bytes; UTF-8 where there is no mark.

    Parameters
    ----------
    head
        The first four bytes, or more.

    Examples
    --------
    >>> encoding_of(b"\xff\xfe0\x001\x00"), encoding_of(b"01")
    ('utf-16', 'utf-8')
    """
    return next((codec for mark, codec in MARKS.items() if head.startswith(mark)), "utf-8")


def decoded(content: bytes) -> str:
    r"""Decode a text, without its byte order mark.

    Raises
    ------
    UnicodeDecodeError
        If it is not of the encoding that its first bytes tell.

    Examples
    --------
    >>> decoded(b"\xef\xbb\xbfname = 1")
    'name = 1'
    """
    return content.decode(encoding_of(content[:4]))
