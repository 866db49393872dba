"""The inputs of a procedure's parameters."""

from typing import Any

from pymeasure.experiment import BooleanParameter, ListParameter, Procedure
from qtpy.QtWidgets import QCheckBox, QComboBox, QFormLayout, QLineEdit, QWidget

from mtjlab.instruments import BenchFile
from mtjlab.procedures import (
    LimitedParameter,
    assign,
    procedure_on,
    refuse_unset,
    stated_parameters,
    tell_ranges,
    value_of,
)

__all__ = ["ProcedureInputs"]


class ProcedureInputs(QWidget):
    """A line for each parameter: words in, checked by the parameter itself.

    PyMeasure's own inputs are Qt's spin boxes: they round 9.0949e-13 to 9.09e-13, end at 2^31 - 1 and take no ``5e6``.

    Parameters
    ----------
    kind
        Class of the procedure.
    bench
        Bench that it is to run on: its defaults stand in the inputs, and what it allows in their hints. None where its
        file is wrong, which a run will tell.
    """

    def __init__(self, kind: type[Procedure], bench: BenchFile | None = None) -> None:
        super().__init__()
        self.kind = kind
        """Class of the procedure."""
        self._bench = bench
        self.fields: dict[str, QWidget] = {}
        """The input of each parameter, by name."""
        form = QFormLayout(self)
        form.setContentsMargins(0, 0, 6, 0)
        form.setRowWrapPolicy(QFormLayout.WrapAllRows)
        of = kind if bench is None else procedure_on(kind, bench)
        for name, parameter in stated_parameters(of).items():
            widget = self.fields[name] = _input(parameter)
            widget.setToolTip(_hint(parameter))
            unit = getattr(parameter, "units", None)
            form.addRow(f"{parameter.name} ({unit})" if unit else parameter.name, widget)

    def set(self, name: str, value: Any) -> None:
        """Show a value of a parameter."""
        widget = self.fields[name]
        if isinstance(widget, QCheckBox):
            widget.setChecked(bool(value))
        elif isinstance(widget, QComboBox):
            widget.setCurrentText(str(value))
        else:
            widget.setText(f"{value:,}" if isinstance(value, int) else str(value))

    def get_procedure(self) -> Procedure:
        """Make a procedure of what the inputs say.

        Raises
        ------
        ValueError
            If one says what its parameter does not take, or is empty and has no default; the message says which.
        """
        procedure = self.kind()
        for name, parameter in procedure.parameter_objects().items():
            word = _word(self.fields[name])
            if word != _shown(parameter):
                assign(procedure, name, word, f"{parameter.name} = {word}")
        refuse_unset(procedure)
        self._refuse_beyond_bench(procedure)
        return procedure

    def _refuse_beyond_bench(self, procedure: Procedure) -> None:
        """Say while something is typed that the bench does not allow it; the interlock would say so at the start."""
        if self._bench is None:
            return
        tell_ranges(procedure, self._bench)
        for name, parameter in procedure.parameter_objects().items():
            if isinstance(parameter, LimitedParameter) and parameter.on_bench is not None:
                parameter.on_bench.refuse_beyond(parameter, getattr(procedure, name))


def _hint(parameter: Any) -> str:
    """Give what is shown over an input: PyMeasure's words, and what the bench allows."""
    words = str(parameter._cli_help_fields())
    on_bench = getattr(parameter, "on_bench", None)
    if on_bench is None:
        return words
    unit = f" {parameter.units}" if parameter.units and not on_bench.missing else ""
    return f"{words}\nOn the bench {on_bench.bench}: {on_bench.words}{unit}, with the other parameters as they are."


def _input(parameter: Any) -> QWidget:
    if isinstance(parameter, BooleanParameter):
        box = QCheckBox()
        box.setChecked(bool(value_of(parameter)))
        return box
    if isinstance(parameter, ListParameter):
        choices = QComboBox()
        choices.addItems([str(choice) for choice in parameter.choices or ()])
        choices.setCurrentText(_shown(parameter))
        return choices
    return QLineEdit(_shown(parameter))


def _shown(parameter: Any) -> Any:
    """Give what stands in the input of a parameter that nobody has touched."""
    value = value_of(parameter)
    if isinstance(parameter, BooleanParameter):
        return bool(value)
    if value is None:
        return ""
    return f"{value:,}" if isinstance(value, int) else str(value)


def _word(widget: Any) -> Any:
    if isinstance(widget, QCheckBox):
        return widget.isChecked()
    return widget.currentText() if isinstance(widget, QComboBox) else widget.text().strip()
