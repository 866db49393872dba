"""The settings of a fit that is to be made again."""

from collections.abc import Mapping
from typing import Any

from qtpy.QtWidgets import QDialog, QDialogButtonBox, QFormLayout, QLabel, QLineEdit, QWidget

__all__ = ["FitDialog"]


class FitDialog(QDialog):
    """A line for each setting of a recording's fit, as it was recorded.

    Parameters
    ----------
    parent
        The window.
    name
        Name of the recording.
    settings
        Settings that may be changed, with their values.
    """

    def __init__(self, parent: QWidget, name: str, settings: Mapping[str, Any]) -> None:
        super().__init__(parent)
        self.setWindowTitle(f"Fit of {name}")
        self._recorded = {setting: str(value) for setting, value in settings.items()}
        self.lines = {setting: QLineEdit(text) for setting, text in self._recorded.items()}
        form = QFormLayout(self)
        if not self.lines:
            form.addRow(QLabel("This fit has no settings of its own."))
        for setting, line in self.lines.items():
            form.addRow(setting, line)
        buttons = QDialogButtonBox(QDialogButtonBox.Ok | QDialogButtonBox.Cancel)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        form.addRow(buttons)

    @property
    def changed(self) -> dict[str, str]:
        """The settings that are not as recorded."""
        words = {setting: line.text().strip() for setting, line in self.lines.items()}
        return {setting: word for setting, word in words.items() if word != self._recorded[setting]}
