"""One sweep on the form: which parameter, and through which values."""

from typing import Any

from pymeasure.experiment import Procedure
from qtpy.QtCore import QSignalBlocker, Qt, Signal
from qtpy.QtWidgets import QCheckBox, QComboBox, QGridLayout, QLabel, QLineEdit, QToolButton, QWidget

from mtjlab.core import InputError, read_value
from mtjlab.gui.run.marking import mark_refused, say_quietly, say_refused
from mtjlab.gui.run.parameter_field import shown_value
from mtjlab.procedures import assign, stated_parameters
from mtjlab.procedures.running import Range

__all__ = ["SweepRow"]

LIST, STEPS, COUNT, LOG = "list", "from, to, step", "from, to, count", "from, to, count (log)"

MANY = 500
"""Values from which on not each is checked as one types."""


class SweepRow(QWidget):
    """A sweep over one parameter.

    Parameters
    ----------
    kind
        Class of the procedure.
    is_first
        Whether there is no sweep above it that it may go together with.
    """

    changed = Signal()
    """Something else was typed."""
    removed = Signal()
    """It is to be removed."""

    def __init__(self, kind: type[Procedure], *, is_first: bool = False) -> None:
        super().__init__()
        self._parameters = stated_parameters(kind)
        self._names = list(self._parameters)
        self._procedure = kind()
        self._parameter = QComboBox()
        self._parameter.addItems([self._parameters[name].name for name in self._names])
        self._parameter.setAccessibleName("Sweep over")
        self._parameter.currentIndexChanged.connect(self._check)
        self._how = QComboBox()
        for box in (self._parameter, self._how):
            box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
            box.setMinimumContentsLength(10)
        self._how.addItems([LIST, STEPS, COUNT, LOG])
        self._how.setAccessibleName("Values as")
        self._how.currentTextChanged.connect(self._check)
        self._lines = {name: QLineEdit() for name in ("values", "from", "to", "step", "count")}
        for name, line in self._lines.items():
            line.setAccessibleName(f"Sweep {name}")
            line.setAcceptDrops(False)
            line.setPlaceholderText("1.2 V, 1.25 V, 1.3 V" if name == "values" else name)
            line.textChanged.connect(self._check)
        self._together = QCheckBox("together with the one above")
        self._together.setToolTip("Both go through their values at once; otherwise each value with each")
        self._together.setVisible(not is_first)
        self._together.toggled.connect(self._check)
        remove = QToolButton()
        remove.setText("✕")
        remove.setAccessibleName("Remove sweep")
        remove.setToolTip("Remove this sweep")
        remove.clicked.connect(self.removed)
        self._said = QLabel()
        self._said.setWordWrap(True)
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 4, 0, 4)
        grid.addWidget(self._parameter, 0, 0, 1, 2)
        grid.addWidget(self._how, 0, 2)
        grid.addWidget(remove, 0, 3)
        grid.addWidget(self._lines["values"], 1, 0, 1, 3)
        for column, name in enumerate(("from", "to", "step")):
            grid.addWidget(self._lines[name], 1, column)
        grid.addWidget(self._lines["count"], 1, 2)
        grid.addWidget(self._together, 2, 0, 1, 4, Qt.AlignmentFlag.AlignLeft)
        grid.addWidget(self._said, 3, 0, 1, 4)
        self._check()

    @property
    def name(self) -> str:
        """Name of the parameter."""
        return self._names[max(0, self._parameter.currentIndex())]

    @property
    def is_together(self) -> bool:
        """Whether it goes through its values together with the sweep above it."""
        return bool(self._together.isChecked())

    @property
    def is_valid(self) -> bool:
        """Whether its values can be given."""
        try:
            self.values()
        except ValueError:
            return False
        return True

    def set_first(self, *, is_first: bool) -> None:
        """Say whether there is a sweep above it.

        Parameters
        ----------
        is_first
            Whether there is none.
        """
        self._together.setVisible(not is_first)
        if is_first:
            self._together.setChecked(False)

    def values(self) -> list[Any] | Range:
        """Give what it goes through, as a plan has it.

        Raises
        ------
        InputError
            If a value is missing, or the parameter does not take it.
        """
        if self._how.currentText() == LIST:
            words = [word.strip() for word in str(self._lines["values"].text()).split(",")]
            if not any(words):
                raise InputError("Give values with commas between them, such as 1.2 V, 1.25 V.")
            return [self._value(word) for word in words if word]
        told: dict[str, Any] = {"from": self._number("from"), "to": self._number("to")}
        if self._how.currentText() == STEPS:
            told["step"] = self._number("step")
        else:
            told["count"] = self._count()
        if self._how.currentText() == LOG:
            told["spacing"] = "log"
        try:
            found = Range.model_validate(told)
        except ValueError as error:
            raise InputError(_reason(error)) from None
        values = found.values()
        whole = not all(value.is_integer() for value in values)  # of counts, each must be
        for value in values if whole and len(values) < MANY else (values[0], values[1 % len(values)], values[-1]):
            self._value(value)  # all of them lie between those; the plan checks each once more
        return found

    def show_sweep(self, name: str, values: list[Any] | Range, *, together: bool) -> None:
        """Put a sweep in.

        Parameters
        ----------
        name
            Name of the parameter.
        values
            What it goes through.
        together
            Whether it goes together with the one above.
        """
        parameter = self._parameters[name]
        with QSignalBlocker(self):
            self._parameter.setCurrentIndex(self._names.index(name))
            self._together.setChecked(together)
            if isinstance(values, Range):
                self._how.setCurrentText(STEPS if values.count is None else LOG if values.spacing == "log" else COUNT)
                self._lines["from"].setText(shown_value(parameter, values.start))
                self._lines["to"].setText(shown_value(parameter, values.to))
                self._lines["step"].setText(shown_value(parameter, values.step))
                self._lines["count"].setText("" if values.count is None else str(values.count))
            else:
                self._how.setCurrentText(LIST)
                self._lines["values"].setText(", ".join(_item(parameter, value) for value in values))
        self._check()

    def _check(self) -> None:
        how = self._how.currentText()
        wanted = {
            LIST: ("values",), STEPS: ("from", "to", "step"), COUNT: ("from", "to", "count"),
            LOG: ("from", "to", "count"),
        }[how]  # fmt: skip
        unit = getattr(self._parameters[self.name], "units", None)
        for name, line in self._lines.items():
            line.setVisible(name in wanted)
            line.setToolTip("a whole number" if name == "count" else f"in {unit}, or with its unit" if unit else "")
        try:
            found = self.values()
        except ValueError as error:
            say_refused(self._said, str(error).rpartition(f": {self._parameters[self.name].name}: ")[2])
        else:
            count = len(found.values() if isinstance(found, Range) else found)
            say_quietly(self._said, f"{count:,} value{'s' if count != 1 else ''}")
        for name in wanted:
            mark_refused(self._lines[name], refused=not self._takes(name))
        self.changed.emit()

    def _takes(self, name: str) -> bool:
        try:
            if name == "values":
                self.values()
            elif name == "count":
                self._count()
            else:
                self._number(name)
        except ValueError:
            return False
        return True

    def _value(self, word: Any) -> Any:
        assign(self._procedure, self.name, word, str(word))
        return getattr(self._procedure, self.name)

    def _number(self, name: str) -> float:
        word = str(self._lines[name].text()).strip()
        if not word:
            raise InputError(f"Give {name}.")
        unit = getattr(self._parameters[self.name], "units", None) or ""
        if not hasattr(self._parameters[self.name], "minimum"):
            raise InputError(f"{self._parameters[self.name].name} is no number: give a list of its values.")
        return float(read_value(word, unit)) if name == "step" else float(self._value(word))

    def _count(self) -> int:
        word = str(self._lines["count"].text()).strip()
        if not word.isdecimal():
            raise InputError("Give count, a whole number from 2.")
        return int(word[:12])


def _item(parameter: Any, value: Any) -> str:
    return shown_value(parameter, value).replace(",", "")


def _reason(error: ValueError) -> str:
    told = getattr(error, "errors", None)
    return str(told()[0]["msg"]).removeprefix("Value error, ") if told is not None else str(error)
