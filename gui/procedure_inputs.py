"""The inputs of a procedure's parameters."""

from typing import Any

from pymeasure.display.inputs import StringInput
from pymeasure.display.widgets import InputsWidget

from mtjlab.procedures.count_parameter import CountParameter

__all__ = ["ProcedureInputs"]


class CountInput(StringInput):
    """A line for a whole number of any size."""

    def setValue(self, value: Any) -> None:  # noqa: N802 (PyMeasure's name)
        """Show a number."""
        self.setText(f"{value:,}" if isinstance(value, int) else str(value))


class ProcedureInputs(InputsWidget):
    """PyMeasure's inputs, with one for counts; see `InputsWidget` for the parameters."""

    def _setup_ui(self) -> None:
        for parameter in self._procedure.parameter_objects().values():
            if isinstance(parameter, CountParameter):
                parameter.ui_class = CountInput
        super()._setup_ui()
