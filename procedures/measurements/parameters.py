"""Values of a procedure's parameters, as people give them."""

import math
from collections.abc import Mapping
from typing import Any

from pymeasure.experiment import IntegerParameter, ListParameter, Parameter, Procedure

from mtjlab.core import InputError, UnitMismatchError, read_value

__all__ = ["assign", "parse", "refuse_unset", "same_value", "set_values", "stated_parameters", "value_of"]

LONGEST_COUNT = 30
"""Digits that no count has."""


def assign(procedure: Procedure, name: str, value: Any, where: str) -> None:
    """Set one parameter.

    Parameters
    ----------
    procedure
        Its procedure.
    name
        Name of the attribute, such as ``amplitude``.
    value
        A value of its kind in SI units, or its text, which may say a unit: ``10 ns``, ``1250 mV``, ``5 M``.
    where
        What the value was given by, for the message.

    Raises
    ------
    ValueError
        If there is no such parameter, or if it takes no such value; the message says which it takes.
    """
    parameters: dict[str, Parameter] = procedure.parameter_objects()
    if name not in parameters:
        raise InputError(
            f"{where}: {type(procedure).__name__} has no parameter {name!r}; it has one of {', '.join(parameters)}"
        )
    parameter = parameters[name]
    try:
        if isinstance(value, str) and hasattr(parameter, "minimum"):
            value = _number(parameter, value)
        _refuse_unfit(parameter, value)
        converted = parameter.convert(value)
    except UnitMismatchError as refused:
        raise InputError(f"{where}: {parameter.name}: {refused}") from None
    except (ValueError, TypeError, ArithmeticError):
        hint = "; write a decimal point, not a comma" if isinstance(value, str) and "," in value else ""
        raise InputError(f"{where}: {parameter.name} takes {_allowed(parameter)}{hint}") from None
    setattr(procedure, name, converted)


def parse(procedure: Procedure, words: Mapping[str, Any]) -> dict[str, Any]:
    """Make values of words, by the parameters of a procedure: the one time that a value is parsed.

    Parameters
    ----------
    procedure
        Procedure whose parameters take them, such as one on a bench.
    words
        Values of the parameters' kinds, or their texts, by name.

    Returns
    -------
    dict
        Values of the parameters' kinds.

    Raises
    ------
    InputError
        If there is no such parameter, or it takes no such value.
    """
    for name, value in words.items():
        assign(procedure, name, value, f"{name} = {value}")
    return {name: getattr(procedure, name) for name in words}


def set_values(procedure: Procedure) -> dict[str, Any]:
    """Give the values of the parameters that have any.

    Parameters
    ----------
    procedure
        Procedure whose parameters are asked.
    """
    return {name: parameter.value for name, parameter in procedure.parameter_objects().items() if parameter.is_set()}


def stated_parameters(of: Procedure | type[Procedure]) -> dict[str, Parameter]:
    """Give the parameters of a procedure as its class states them; PyMeasure sorts them by the alphabet.

    Parameters
    ----------
    of
        Procedure, or its class.
    """
    procedure = of() if isinstance(of, type) else of
    parameters: dict[str, Parameter] = procedure.parameter_objects()
    stated = [name for each in reversed(type(procedure).__mro__) for name in vars(each) if name in parameters]
    return {name: parameters[name] for name in dict.fromkeys([*stated, *parameters])}


def value_of(parameter: Parameter) -> Any:
    """Give the value of a parameter; None where it has none yet, which PyMeasure answers with an error.

    Parameters
    ----------
    parameter
        Parameter of a procedure.
    """
    return parameter.value if parameter.is_set() else None


def refuse_unset(procedure: Procedure) -> None:
    """Refuse a procedure some of whose parameters have neither a default nor a value.

    Parameters
    ----------
    procedure
        Procedure that is to run.

    Raises
    ------
    InputError
        If there are such; the message names them.
    """
    unset = [
        f"{name} ({parameter.name})"
        for name, parameter in procedure.parameter_objects().items()
        if not parameter.is_set() and getattr(procedure, name) is None
    ]
    if unset:
        raise InputError(f"{type(procedure).__name__} needs {', '.join(unset)}: there is no default, so set a value")


def same_value(one: Any, other: Any) -> bool:
    """Tell whether two values of a parameter are the same, lists by their items.

    Parameters
    ----------
    one, other
        The values.
    """
    if isinstance(one, (list, tuple)) and isinstance(other, (list, tuple)):
        return len(one) == len(other) and all(map(same_value, one, other))
    return bool(one == other)


def _number(parameter: Parameter, word: str) -> Any:
    """Read the word for a number in the unit of its parameter; counts alone have commas between groups of digits."""
    counts = _counts(parameter)
    if "," in word and not counts:
        raise InputError
    number = read_value(word, getattr(parameter, "units", None) or "")
    if not counts:
        return float(number)
    # The size first: the digits of 1e999999999 fill the memory.
    return int(number) if number.adjusted() < LONGEST_COUNT and number == int(number) else float(number)


def _counts(parameter: Parameter) -> bool:
    return isinstance(parameter, IntegerParameter) or type(parameter).__name__ == "CountParameter"


def _refuse_unfit(parameter: Parameter, value: Any) -> None:
    """Refuse what PyMeasure lets through: no number at all, and whole numbers cut off."""
    if isinstance(value, float) and isinstance(parameter, IntegerParameter) and not value.is_integer():
        raise InputError
    if hasattr(parameter, "minimum"):
        if isinstance(value, bool):
            raise InputError
        converted = parameter.convert(value)
        if isinstance(converted, float) and not math.isfinite(converted):
            raise InputError


def _allowed(parameter: Parameter) -> str:
    if isinstance(parameter, ListParameter):
        return f"one of {', '.join(map(str, parameter.choices or ()))}"
    unit = getattr(parameter, "units", None) or ""
    on_bench = getattr(parameter, "on_bench", None)
    if on_bench is not None and not on_bench.missing:
        return f"{on_bench.words} {unit} on the bench {on_bench.bench}"
    low, high = getattr(parameter, "minimum", None), getattr(parameter, "maximum", None)
    if low is None or high is None:
        return f"a value of {type(parameter).__name__}"
    kind = "whole numbers from " if _counts(parameter) else ""
    return f"{kind}{low:g} to {high:g} {unit}".rstrip()
