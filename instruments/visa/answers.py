"""What an instrument answers, told apart from what our own code does wrong: only answers can be unexpected."""

from typing import Any

from pymeasure.instruments.common_base import CommonBase

__all__ = ["Answering", "UnexpectedAnswerError", "answered_number", "asking"]

PARSING = (TypeError, ValueError, IndexError, KeyError)
"""What PyMeasure's drivers make of an answer that is none."""


class UnexpectedAnswerError(ValueError):
    """An instrument has answered something that cannot be what was asked for."""


class Answering:
    """A driver, or a channel of one, whose properties are questions to an instrument.

    Reading a property asks and parses; whatever fails in that is an unexpected answer. Setting one, and calling a
    method, is left as it is: what is wrong there is the program's.

    Parameters
    ----------
    driver
        PyMeasure driver or channel.
    """

    _driver: CommonBase

    def __init__(self, driver: CommonBase) -> None:
        object.__setattr__(self, "_driver", driver)

    def __getattr__(self, name: str) -> Any:
        value = asking(getattr, self._driver, name)
        return Answering(value) if isinstance(value, CommonBase) else value

    def __setattr__(self, name: str, value: Any) -> None:
        setattr(self._driver, name, value)


def asking(ask: Any, *arguments: Any) -> Any:
    """Call what asks an instrument and parses its answer.

    Raises
    ------
    UnexpectedAnswerError
        If the answer cannot be parsed.
    """
    try:
        return ask(*arguments)
    except PARSING as error:
        raise UnexpectedAnswerError(str(error)) from error


def answered_number(answer: Any) -> float:
    """Make an answer a number; PyMeasure leaves one that is none as a text or as a list.

    Parameters
    ----------
    answer
        What PyMeasure made of an instrument's answer.

    Raises
    ------
    UnexpectedAnswerError
        If it is no number; an `InstrumentError` once it leaves the adapter.

    Examples
    --------
    >>> answered_number("1.25E+00")
    1.25
    >>> answered_number(["1", "2"])
    Traceback (most recent call last):
    ...
    mtjlab.instruments.visa.answers.UnexpectedAnswerError: ['1', '2'] is not a number
    """
    try:
        return float(answer)
    except (TypeError, ValueError) as error:
        raise UnexpectedAnswerError(f"{answer!r:.60} is not a number") from error
