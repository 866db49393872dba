"""The sweeps of the form: parameters that go through values from run to run, as a plan has them."""

from collections.abc import Mapping, Sequence
from typing import Any

from pymeasure.experiment import Procedure
from qtpy.QtCore import Signal
from qtpy.QtWidgets import QHBoxLayout, QLabel, QPushButton, QSpinBox, QVBoxLayout, QWidget

from mtjlab.core import InputError
from mtjlab.gui.run.marking import say_quietly, say_refused
from mtjlab.gui.run.sweep_row import SweepRow
from mtjlab.procedures.running import MOST, Range, points_of

__all__ = ["SweepForm"]


class SweepForm(QWidget):
    """Sweeps over any parameters; the last one changes fastest.

    Parameters
    ----------
    kind
        Class of the procedure.
    """

    changed = Signal()
    """Something else was typed."""

    def __init__(self, kind: type[Procedure]) -> None:
        super().__init__()
        self._kind = kind
        self._rows: list[SweepRow] = []
        add = QPushButton("Add sweep")
        add.setToolTip("Let a parameter go through values, one run for each")
        add.clicked.connect(lambda: self._add())
        self._repeats = QSpinBox()
        self._repeats.setRange(1, MOST)
        self._repeats.setAccessibleName("Repeats")
        self._repeats.setToolTip("How often all of it is gone through")
        self._repeats.valueChanged.connect(self._tell)
        self._said = QLabel()
        self._said.setWordWrap(True)
        side = QVBoxLayout(self)
        self._column = QVBoxLayout()
        side.addLayout(self._column)
        row = QHBoxLayout()
        row.addWidget(add)
        row.addStretch(1)
        row.addWidget(QLabel("Repeats"))
        row.addWidget(self._repeats)
        side.addLayout(row)
        side.addWidget(self._said)
        side.addStretch(1)
        self._tell()

    @property
    def is_used(self) -> bool:
        """Whether there is more than one run: a sweep, or a repeat."""
        return bool(self._rows) or self.repeats > 1

    @property
    def swept(self) -> set[str]:
        """Names of the parameters that go through values."""
        return {row.name for row in self._rows}

    @property
    def repeats(self) -> int:
        """How often all of it is gone through."""
        return int(self._repeats.value())

    @property
    def is_valid(self) -> bool:
        """Whether nothing is refused."""
        try:
            points_of(self.sweeps())
        except ValueError:
            return False
        return True

    def sweeps(self) -> list[dict[str, list[Any] | Range]]:
        """Give the sweeps as a plan has them.

        Raises
        ------
        ValueError
            If one is not complete, or its parameter does not take a value.
        """
        found: list[dict[str, list[Any] | Range]] = []
        for row in self._rows:
            if any(row.name in sweep for sweep in found):
                raise InputError(f"{row.name} is swept twice: remove one.")
            if found and row.is_together:
                found[-1][row.name] = row.values()
            else:
                found.append({row.name: row.values()})
        return found

    def show_sweeps(self, sweeps: Sequence[Mapping[str, list[Any] | Range]], repeats: int = 1) -> None:
        """Put other sweeps in.

        Parameters
        ----------
        sweeps
            As a plan has them.
        repeats
            How often all of it is gone through.
        """
        for row in list(self._rows):
            self._remove(row)
        for sweep in sweeps:
            for place, (name, values) in enumerate(sweep.items()):
                self._add().show_sweep(name, values, together=place > 0)
        self._repeats.setValue(repeats)
        self._tell()

    def _add(self) -> SweepRow:
        row = SweepRow(self._kind, is_first=not self._rows)
        self._rows.append(row)
        self._column.addWidget(row)
        row.show()
        row.changed.connect(self._tell)
        row.removed.connect(lambda: self._remove(row))
        self._tell()
        return row

    def _remove(self, row: SweepRow) -> None:
        self._rows.remove(row)
        self._column.removeWidget(row)
        row.hide()
        row.deleteLater()
        for place, each in enumerate(self._rows):
            each.set_first(is_first=place == 0)
        self._tell()

    def _tell(self) -> None:
        try:
            runs = len(points_of(self.sweeps())) * self.repeats
        except ValueError as error:
            alone = all(row.is_valid for row in self._rows)
            say_refused(self._said, str(error) if alone else "A sweep is not complete.")
        else:
            nested = " Each value of one sweep is combined with each of the others." if len(self._rows) > 1 else ""
            say_quietly(
                self._said,
                f"{runs:,} runs, a recording each.{nested}"
                if self.is_used
                else "One run, with the values on the left.",
            )
        self.changed.emit()
