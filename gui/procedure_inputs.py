"""The inputs of a procedure's parameters in the window: those of the Run room."""

from typing import Any

from qtpy.QtWidgets import QWidget

from mtjlab.gui.run.parameter_form import ParameterForm

__all__ = ["ProcedureInputs"]


class ProcedureInputs(ParameterForm):
    """A line for each parameter: words in, checked by the parameter itself as one types."""

    @property
    def entries(self) -> dict[str, QWidget]:
        """What one types into, by the names of the parameters."""
        return {name: field.entry for name, field in self.fields.items()}

    def set(self, name: str, value: Any) -> None:
        """Show a value of a parameter.

        Parameters
        ----------
        name
            Name of the parameter.
        value
            A value of its kind, or its text.
        """
        self.fields[name].show_value(value)
