"""The parameters of a procedure in their groups, each checked as one types."""

from typing import Any

from pymeasure.experiment import Procedure
from qtpy.QtCore import Qt, Signal
from qtpy.QtWidgets import QToolButton, QVBoxLayout, QWidget

from mtjlab.core import InputError, show_duration, show_value
from mtjlab.gui.run.parameter_field import ParameterField
from mtjlab.instruments import BenchFile
from mtjlab.procedures import (
    LimitedParameter,
    assign,
    grouped_parameters,
    parameter_note,
    procedure_on,
    refuse_unset,
    tell_ranges,
    value_of,
)

__all__ = ["ParameterForm"]

FORMAL = 1e9
"""Bounds from here on are PyMeasure's, or there for form's sake: nobody needs to be told them."""

LONG = 1000.0
"""Seconds from here on are told in minutes and more."""


class ParameterForm(QWidget):
    """The inputs of a procedure's parameters.

    Words are checked by the parameters themselves: PyMeasure's own inputs are Qt's spin boxes, which round 9.0949e-13
    to 9.09e-13, end at 2^31 - 1 and take no ``10 ns``.

    Parameters
    ----------
    kind
        Class of the procedure.
    bench
        Bench that it is to run on: its defaults stand in the inputs and its limits beside them; None for none.
    """

    changed = Signal()
    """Something was typed, and checked."""

    def __init__(self, kind: type[Procedure], bench: BenchFile | None = None) -> None:
        super().__init__()
        self.kind = kind
        """Class of the procedure."""
        self.refused: dict[str, str] = {}
        """Why values are refused, by the names of their parameters."""
        self._bench = bench
        self._quiet = False
        self._procedure = self._fresh()
        parameters = self._procedure.parameter_objects()
        self._fields = {
            name: ParameterField(name, parameters[name], parameter_note(self._procedure, name))
            for names in grouped_parameters(kind).values()
            for name in names
        }
        side = QVBoxLayout(self)
        side.setContentsMargins(0, 0, 8, 0)
        side.setSpacing(2)
        for title, names in grouped_parameters(kind).items():
            self._add_group(side, title, [self._fields[name] for name in names])
        side.addStretch(1)
        for field in self._fields.values():
            field.changed.connect(self._check)
        self._check()

    @property
    def procedure(self) -> Procedure:
        """A procedure with what is typed; without what is refused."""
        return self._procedure

    @property
    def fields(self) -> dict[str, ParameterField]:
        """The line of each parameter, by name."""
        return dict(self._fields)

    @property
    def is_valid(self) -> bool:
        """Whether nothing is refused."""
        return not self.refused

    @property
    def changes(self) -> dict[str, Any]:
        """Values of the parameters in which something else than the default stands."""
        return {name: getattr(self._procedure, name) for name, field in self._fields.items() if field.is_changed}

    def get_procedure(self) -> Procedure:
        """Make a procedure of what is typed, that nobody else has.

        Raises
        ------
        InputError
            If a value is refused or missing; the message says which and why.
        """
        procedure, refused = self._typed()
        for name, reason in refused.items():
            title = procedure.parameter_objects()[name].name
            said = f"{title} = {self._fields[name].word}: {reason}"
            raise InputError(reason if reason.startswith(f"{title} = ") else said)
        refuse_unset(procedure)
        return procedure

    def show_values(self, values: dict[str, Any]) -> None:
        """Put values in, and the defaults into all other fields.

        Parameters
        ----------
        values
            Values of the parameters' kinds, or their words, by name; names that there are none of are left out.
        """
        self._quiet = True
        procedure = self._fresh()
        for name, field in self._fields.items():
            if name not in values:
                field.reset()
                continue
            value = values[name]
            try:
                assign(procedure, name, value, name)
                value = value_of(procedure.parameter_objects()[name])
            except ValueError:
                pass  # it is shown as it is, in red
            field.show_value(value)
        self._quiet = False
        self._check()

    def focus_refused(self) -> None:
        """Let the keyboard write into the first field that is refused."""
        for name, field in self._fields.items():
            if name in self.refused:
                field.focus()
                return

    def _fresh(self) -> Procedure:
        if self._bench is None:
            return self.kind()
        return procedure_on(self.kind, self._bench)

    def _check(self) -> None:
        if self._quiet:
            return
        self._procedure, self.refused = self._typed()
        for name, parameter in self._procedure.parameter_objects().items():
            if name in self.refused:
                self._fields[name].say_refused(self.refused[name])
            else:
                self._fields[name].say_range(_range(parameter))
        self._show_wanted(self._procedure)
        self.changed.emit()

    def _typed(self) -> tuple[Procedure, dict[str, str]]:
        """Make a procedure of what is typed, and say what it refuses."""
        procedure, refused = self._fresh(), {}
        for name, field in self._fields.items():
            word = field.word
            if not field.is_changed and field.default is not None:
                continue
            if field.default is None and word == "":
                note = parameter_note(self.kind, name)
                refused[name] = f"There is no default: give a value. {note}".rstrip()
                continue
            try:
                assign(procedure, name, word, str(word))
            except ValueError as error:
                said = str(error).removeprefix(f"{word}: ")
                refused[name] = said.removeprefix(f"{procedure.parameter_objects()[name].name}: ")
        if self._bench is None:
            return procedure, refused
        tell_ranges(procedure, self._bench)
        for name, parameter in procedure.parameter_objects().items():
            if isinstance(parameter, LimitedParameter) and parameter.on_bench is not None and name not in refused:
                try:
                    parameter.on_bench.refuse_beyond(parameter, getattr(procedure, name))
                except ValueError as error:
                    refused[name] = str(error)
        return procedure, refused

    def _show_wanted(self, procedure: Procedure) -> None:
        """Hide what PyMeasure's `group_by` says means nothing with the others as they are."""
        for name, parameter in procedure.parameter_objects().items():
            wanted = all(
                condition(getattr(procedure, other, None))
                if callable(condition)
                else getattr(procedure, other, None) == condition
                for other, condition in parameter.group_by.items()
            )
            field = self._fields[name]
            if field.isHidden() == wanted and parameter.group_by:
                field.setVisible(wanted)

    def _add_group(self, side: QVBoxLayout, title: str, fields: list[ParameterField]) -> None:
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.setContentsMargins(8 if title else 0, 0, 0, 6)
        column.setSpacing(2)
        for field in fields:
            column.addWidget(field)
        if title:
            head = QToolButton()
            head.setText(f"{title} ({len(fields)})")
            head.setCheckable(True)
            head.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
            head.setAutoRaise(True)
            font = head.font()
            font.setBold(True)
            head.setFont(font)
            head.toggled.connect(inside.setVisible)
            head.toggled.connect(
                lambda shown: head.setArrowType(Qt.ArrowType.DownArrow if shown else Qt.ArrowType.RightArrow)
            )
            head.setChecked(True)
            side.addWidget(head)
        side.addWidget(inside)


def _range(parameter: Any) -> str:
    on_bench = getattr(parameter, "on_bench", None)
    unit = str(getattr(parameter, "units", None) or "")
    if on_bench is not None:
        if on_bench.missing:
            return f"{on_bench.missing[:1].upper()}{on_bench.missing[1:]}."
        return f"{_rounded(on_bench.low, unit)} to {_rounded(on_bench.high, unit)} on {on_bench.bench}."
    low, high = getattr(parameter, "minimum", None), getattr(parameter, "maximum", None)
    if low is None or high is None or (-low >= FORMAL and high >= FORMAL):
        return ""
    if high >= FORMAL:
        return f"{_rounded(low, unit)} or more."
    return f"{_rounded(low, unit)} to {_rounded(high, unit)}."


def _rounded(value: float, unit: str) -> str:
    if unit == "s" and abs(value) >= LONG:
        return show_duration(value)
    return show_value(value if isinstance(value, int) else float(f"{value:.4g}"), unit)
