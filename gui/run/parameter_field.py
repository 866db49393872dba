"""One parameter on the form: its name, its input, its unit, what it means, and what is wrong with it."""

from typing import Any

from pymeasure.experiment import BooleanParameter, ListParameter, Parameter
from qtpy.QtCore import Qt, Signal
from qtpy.QtWidgets import QCheckBox, QComboBox, QGridLayout, QLabel, QLineEdit, QSizePolicy, QToolButton, QWidget

from mtjlab.core import show_value
from mtjlab.gui.run.marking import mark_refused, say_quietly, say_refused
from mtjlab.procedures import value_of

__all__ = ["ParameterField", "shown_value"]

LABEL_WIDTH, INPUT_WIDTH, UNIT_WIDTH = 190, 120, 52
"""Widths of the columns [pixels], so that those of all fields stand in line."""


class ParameterField(QWidget):
    """A parameter's line on the form.

    Parameters
    ----------
    name
        Name of the parameter, as `--set` has it.
    parameter
        The parameter, with its default on the bench.
    note
        A sentence on it; may be empty.
    """

    changed = Signal()
    """Something else stands in it."""

    def __init__(self, name: str, parameter: Parameter, note: str) -> None:
        super().__init__()
        self.name = name
        """Name of the parameter."""
        self.default = value_of(parameter)
        """Its value unless something is typed."""
        self._parameter, self._note = parameter, note
        self._unit = str(getattr(parameter, "units", None) or "")
        self._shown_default = shown_value(parameter, self.default)
        self._title = QLabel(parameter.name)
        self._title.setWordWrap(True)
        self._title.setFixedWidth(LABEL_WIDTH)
        self._input = self._make_input()
        self._input.setAccessibleName(parameter.name)
        self._input.setMinimumWidth(INPUT_WIDTH)
        self._title.setBuddy(self._input)
        self._reset = QToolButton()
        self._reset.setText("↺")
        self._reset.setAutoRaise(True)
        self._reset.setAccessibleName(f"Reset {parameter.name}")
        self._reset.setToolTip(f"Back to the default, {self._shown_default or 'none'}")
        self._reset.clicked.connect(self.reset)
        self._said = QLabel()
        self._said.setWordWrap(True)
        self._said.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        font = self._said.font()
        font.setPointSizeF(max(7.0, font.pointSizeF() * 0.9))
        self._said.setFont(font)
        self._lay_out()
        self.say_range("")

    @property
    def entry(self) -> QWidget:
        """What one types into, chooses from or ticks."""
        return self._input

    @property
    def word(self) -> Any:
        """What stands in it: text, or whether its box is ticked."""
        if isinstance(self._input, QCheckBox):
            return bool(self._input.isChecked())
        if isinstance(self._input, QComboBox):
            return str(self._input.currentText())
        return str(self._input.text()).strip()

    @property
    def is_changed(self) -> bool:
        """Whether something else stands in it than its default."""
        return str(self.word) != self._shown_default

    def show_value(self, value: Any) -> None:
        """Put a value in.

        Parameters
        ----------
        value
            Value of the parameter's kind.
        """
        if isinstance(self._input, QCheckBox):
            self._input.setChecked(bool(value))
        elif isinstance(self._input, QComboBox):
            self._input.setCurrentText(str(value))
        else:
            self._input.setText(shown_value(self._parameter, value))

    def reset(self) -> None:
        """Put the default in."""
        self.show_value(self.default)

    def say_range(self, words: str) -> None:
        """Say what it means and what it takes; nothing is wrong with it.

        Parameters
        ----------
        words
            What the bench allows.
        """
        parts = [self._note, words, f"Default {self._shown_default or 'empty'}." if self.is_changed else ""]
        say_quietly(self._said, " ".join(part for part in parts if part))
        self._said.setVisible(any(parts))
        self._mark(refused=False)
        unit = f"Any unit; a number alone is in {self._unit}." if self._unit else ""
        self._input.setToolTip("\n".join(part for part in (self._note, words, unit, f"--set {self.name}=") if part))

    def say_refused(self, reason: str) -> None:
        """Say in red why its value is refused.

        Parameters
        ----------
        reason
            One line.
        """
        say_refused(self._said, reason)
        self._said.setVisible(True)
        self._mark(refused=True)
        self._input.setToolTip(reason)

    def focus(self) -> None:
        """Let the keyboard write into it."""
        self._input.setFocus()

    def _mark(self, *, refused: bool) -> None:
        mark_refused(self._input, refused=refused)
        font = self._title.font()
        font.setBold(self.is_changed)
        self._title.setFont(font)
        self._reset.setEnabled(self.is_changed)
        self._reset.setText("↺" if self.is_changed else "")

    def _make_input(self) -> QWidget:
        if isinstance(self._parameter, BooleanParameter):
            box = QCheckBox()
            box.setChecked(bool(self.default))
            self._shown_default = str(bool(self.default))
            box.toggled.connect(self.changed)
            return box
        if isinstance(self._parameter, ListParameter):
            choices = QComboBox()
            choices.addItems([str(choice) for choice in self._parameter.choices or ()])
            choices.setCurrentText(self._shown_default)
            self._shown_default = self._shown_default or str(choices.currentText())
            choices.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
            choices.wheelEvent = lambda event: event.ignore()  # the wheel scrolls the form, not the value
            choices.currentTextChanged.connect(self.changed)
            return choices
        line = QLineEdit(self._shown_default)
        line.setAcceptDrops(False)  # a file that is dropped here is for the form
        line.textChanged.connect(self.changed)
        return line

    def _lay_out(self) -> None:
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 2, 0, 2)
        grid.setVerticalSpacing(1)
        unit = QLabel(self._unit)
        unit.setMinimumWidth(UNIT_WIDTH)
        self._reset.setFixedWidth(26)
        self._said.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        grid.addWidget(self._title, 0, 0)
        grid.addWidget(self._input, 0, 1)
        grid.addWidget(unit, 0, 2)
        grid.addWidget(self._reset, 0, 3)
        grid.addWidget(self._said, 1, 0, 1, 4)
        grid.setColumnStretch(1, 1)


def shown_value(parameter: Parameter, value: Any) -> str:
    """Show a value of a parameter so that the parameter reads the same value again.

    Parameters
    ----------
    parameter
        The parameter.
    value
        A value of its kind; None where it has none.
    """
    if value is None:
        return ""
    if isinstance(value, (int, float)) and not isinstance(value, bool) and hasattr(parameter, "minimum"):
        return show_value(value, str(getattr(parameter, "units", None) or ""))
    return str(value)
