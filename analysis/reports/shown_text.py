"""Text that came from a file, made fit to be shown: nothing in it acts on the page."""

import re
from typing import Any

__all__ = ["shown"]

_UNSHOWN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\ufffe\uffff\ud800-\udfff]"
)
"""Control characters, marks that turn the direction of what follows, and halves of characters; not tab and new line."""


def shown(value: Any) -> Any:
    """Replace what cannot be shown; tags and quotes are the template's to escape.

    Parameters
    ----------
    value
        What a template is about to write.

    Returns
    -------
    Any
        Text with U+FFFD for each such character; anything else as it is.
    """
    # Markup (a subclass of str) is the template's own.
    return _UNSHOWN.sub("\ufffd", value) if type(value) is str else value
