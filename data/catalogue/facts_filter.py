"""Words that recordings are found by: ``killed wafer:W3 bits>1e6 -tag:bad``."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple

from mtjlab.core import InputError, exact_number
from mtjlab.data.catalogue.recording_facts import RecordingFacts

__all__ = ["FactsFilter", "fact"]

_WORD = re.compile(r'(-?)([^\s":<>=]+(?:[^\S\n]*(?=[:<>=]))?)?(?:(>=|<=|[:<>=])[^\S\n]*)?("[^"]*"|[^\s"]*)')

_COMPARE: dict[str, Callable[[Any, Any], bool]] = {
    ">": operator.gt,
    "<": operator.lt,
    ">=": operator.ge,
    "<=": operator.le,
    "=": operator.eq,
}


def fact(facts: RecordingFacts, name: str) -> Any:
    """Return what a recording says under a name: a fact of the list, a parameter, a result or a word on its sample.

    Parameters
    ----------
    facts
        The recording.
    name
        ``status``, ``file``, ``folder``, ``procedure``, ``bits``, ``rows``, ``P``, ``date``, ``tag``, ``note``,
        ``bench``, ``sample``, a word of the sample such as ``wafer``, or the name of a parameter or a result.

    Returns
    -------
    Any
        A number, a text, or None where it says nothing of it.
    """
    if name in _FACTS:
        return _FACTS[name](facts)
    if name in facts.sample:
        return facts.sample[name]
    if name in facts.parameters:
        return facts.parameters[name][0]
    return facts.results[name].value if name in facts.results else None


_FACTS: dict[str, Callable[[RecordingFacts], Any]] = {
    "status": lambda facts: facts.status,
    "file": lambda facts: Path(facts.path).name,
    "folder": lambda facts: str(Path(facts.path).parent),
    "procedure": lambda facts: facts.procedure,
    "bits": lambda facts: facts.bits,
    "rows": lambda facts: facts.rows,
    "size": lambda facts: facts.size,
    "alarms": lambda facts: facts.alarms,
    "duration": lambda facts: facts.duration,
    "P": lambda facts: facts.share,
    "p": lambda facts: facts.share,
    "date": lambda facts: datetime.fromtimestamp(facts.begun).isoformat(" ", "minutes"),
    "tag": lambda facts: " ".join(facts.tags),
    "tags": lambda facts: " ".join(facts.tags),
    "note": lambda facts: facts.remark or facts.sample.get("note", ""),
    "bench": lambda facts: "simulated" if facts.simulated else "real",
    "sample": lambda facts: " ".join(facts.sample.values()),
    "fault": lambda facts: facts.fault,
}


class _Condition(NamedTuple):
    """One word of a filter."""

    field: str
    compare: str
    value: Any
    wanted: bool

    def holds(self, facts: RecordingFacts) -> bool:
        if not self.field:
            return (self.value in _everything(facts)) is self.wanted
        there = fact(facts, self.field)
        if self.compare == ":":
            return (self.value in str("" if there is None else there).lower()) is self.wanted
        return _compared(there, self.compare, self.value) is self.wanted


class FactsFilter:
    """Find recordings by words, all of which must hold.

    A word is found anywhere in what the list says of a recording; ``field:word`` in one field; ``field>1e6``, ``<``,
    ``>=``, ``<=`` and ``=`` compare numbers in SI units, or dates such as ``date>=2026-11``. A minus sign before a word
    turns it round, quotation marks hold words together. Letters count the same in both cases, except in ``field``.

    Parameters
    ----------
    words
        The words; none finds all.

    Raises
    ------
    InputError
        If a field is compared with nothing.

    Examples
    --------
    >>> facts = RecordingFacts("a.h5", 1, 0, "killed", bits=2_000_000, sample={"wafer": "W3"})
    >>> [FactsFilter(words).finds(facts) for words in ("killed wafer:w3", "bits>1e6", "-status:killed")]
    [True, True, False]
    """

    def __init__(self, words: str) -> None:
        self._conditions = tuple(_conditions(words))

    def finds(self, facts: RecordingFacts) -> bool:
        """Tell whether a recording is one of those.

        Parameters
        ----------
        facts
            The recording.

        Returns
        -------
        bool
            Whether all words hold.
        """
        return all(condition.holds(facts) for condition in self._conditions)

    @property
    def fields(self) -> tuple[str, ...]:
        """The fields that it asks about."""
        return tuple(condition.field for condition in self._conditions if condition.field)


def _conditions(words: str) -> Iterator[_Condition]:
    for match in _WORD.finditer(words):
        if not match.group():
            continue
        minus, field, compare, value = (part or "" for part in match.groups())
        value = value.strip('"')
        if not compare:  # a word alone, or one in quotation marks
            word = (field + value).lower()
            if word:
                yield _Condition("", "", word, not minus)
            continue
        if not field or not value:
            raise InputError(
                f"{match.group().strip()!r:.60}: write a field and a value, such as status:killed or bits>1e6"
            )
        yield _Condition(field.strip(), compare, value.lower() if compare == ":" else value, not minus)


def _compared(there: Any, compare: str, value: str) -> bool:
    if there is None:
        return False
    if isinstance(there, (int, float)) and not isinstance(there, bool):
        try:
            return _COMPARE[compare](there, float(exact_number(value)))
        except InputError:
            return False
    return _COMPARE[compare](str(there).lower(), value.lower())


def _everything(facts: RecordingFacts) -> str:
    """Join what the list says of a recording, in small letters."""
    words = (
        facts.path,
        facts.status,
        facts.procedure,
        facts.remark,
        facts.fault,
        *facts.tags,
        *facts.sample.values(),
    )
    return " ".join(words).lower()
