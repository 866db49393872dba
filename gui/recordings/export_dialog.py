"""Ask in which format a recording is exported, and where to."""

from __future__ import annotations

from pathlib import Path

from qtpy.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFileDialog,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QWidget,
)

from mtjlab.data import ExportFormat, RecordingFacts
from mtjlab.gui.recordings.recording_export import TABLES, export_name

__all__ = ["ExportDialog"]

WORDS = {
    ExportFormat.CSV: "a table as text: spreadsheets, Origin, pandas",
    ExportFormat.PARQUET: "a table for pandas, polars, R; needs pyarrow",
    ExportFormat.PACKED: "bits, 8 a byte, first bit most significant: STS binary, ent, SP 800-90B",
    ExportFormat.ASCII: "bits as the characters 0 and 1: STS ASCII",
    ExportFormat.DIEHARDER: "bits as decimal words: dieharder -g 202",
    ExportFormat.DIEHARDER_RAW: "bits as 32-bit words: dieharder -g 201",
    ExportFormat.PRACTRAND: "bits, first bit least significant: PractRand RNG_test stdin",
    ExportFormat.RECORDING: "everything, as a recording of the present format version",
}


class ExportDialog(QDialog):
    """Choose format, table and file.

    Parameters
    ----------
    parent
        The window.
    facts
        The recording; one without bits is not offered as bits.
    """

    def __init__(self, parent: QWidget | None, facts: RecordingFacts) -> None:
        super().__init__(parent)
        self.setWindowTitle(f"Export {Path(facts.path).name}")
        self._recording = Path(facts.path)
        self.format, self.table = QComboBox(), QComboBox()
        self.output = QLineEdit()
        self.overwrite = QCheckBox("Replace a file of that name")
        self.hint = QLabel()
        for each in ExportFormat:
            is_bits = not each.is_table and each is not ExportFormat.RECORDING
            if facts.bits or not is_bits:
                self.format.addItem(str(each), each)
        self.table.addItems(TABLES)
        self.table.setCurrentText("data" if facts.rows else "blocks")
        choose = QPushButton("Choose…")
        choose.clicked.connect(self._choose)
        self._lay_out(choose)
        self.format.currentTextChanged.connect(self._follow)
        self.table.currentTextChanged.connect(self._follow)
        self._follow()

    @property
    def chosen(self) -> tuple[Path, Path, str, str, bool]:
        """The recording, the file, the format, the table and whether a file may be replaced."""
        output = Path(self.output.text()).expanduser()
        return self._recording, output, str(self._format()), self.table.currentText(), self.overwrite.isChecked()

    def _format(self) -> ExportFormat:
        return ExportFormat.named(self.format.currentText())

    def _follow(self) -> None:
        self.table.setEnabled(self._format().is_table)
        self.hint.setText(WORDS[self._format()])
        self.output.setText(str(export_name(self._recording, self._format(), self.table.currentText())))

    def _choose(self) -> None:
        name, _ = QFileDialog.getSaveFileName(self, "Export to", self.output.text())
        if name:
            self.output.setText(name)
            self.overwrite.setChecked(True)  # the file dialog has asked

    def _lay_out(self, choose: QPushButton) -> None:
        file = QHBoxLayout()
        file.addWidget(self.output, 1)
        file.addWidget(choose)
        form = QFormLayout(self)
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.ExpandingFieldsGrow)
        for name, widget, hint in (
            ("Format", self.format, "what the file is for"),
            ("Table", self.table, "which table of the recording"),
            ("File", self.output, "where it is written"),
        ):
            widget.setAccessibleName(name)
            widget.setToolTip(hint)
            form.addRow(name, file if widget is self.output else widget)
            if widget is self.format:
                form.addRow("", self.hint)
        form.addRow("", self.overwrite)
        buttons = QDialogButtonBox()
        buttons.addButton("Export", QDialogButtonBox.ButtonRole.AcceptRole)
        buttons.addButton(QDialogButtonBox.StandardButton.Cancel)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        form.addRow(buttons)
        self.setMinimumWidth(560)
