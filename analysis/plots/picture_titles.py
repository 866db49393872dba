"""What stands above the picture of a recording."""

import re

from mtjlab.data import Recording

__all__ = ["in_words", "picture_title"]

_SAMPLE_WORDS = 60
"""Letters of what the sample is called, at most."""


def picture_title(recording: Recording) -> str:
    """Say which file it is, what was measured, and on which device or sample.

    Parameters
    ----------
    recording
        The recording.

    Returns
    -------
    str
        Such as ``voltage.h5: resistance against voltage, device reference``.
    """
    sample = ", ".join(f"{name} {value}" for name, value in recording.sample.items() if value)
    if len(sample) > _SAMPLE_WORDS:
        sample = sample[: _SAMPLE_WORDS - 1] + "…"
    return f"{recording.path.name}: " + ", ".join(filter(None, [in_words(recording.procedure), sample]))


def in_words(class_name: str) -> str:
    """Give the name of a class in words; abbreviations stay as they are.

    Examples
    --------
    >>> in_words("ResistanceAgainstVoltage"), in_words("FMRSweep"), in_words("IV")
    ('resistance against voltage', 'FMR sweep', 'IV')
    """
    words = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])|_", " ", class_name).split()
    return " ".join(word if len(word) > 1 and word.isupper() else word.lower() for word in words)
