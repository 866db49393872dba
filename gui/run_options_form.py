"""The window's page of options: the sample, what ends a run early, the seed, a copy, a program to call."""

from pathlib import Path

from qtpy.QtWidgets import QFileDialog, QFormLayout, QLabel, QLineEdit, QPushButton, QWidget

from mtjlab.core import InputError
from mtjlab.procedures.running import LARGEST_SEED, SAMPLE_WORDS, RunOptions, StopConditions

__all__ = ["RunOptionsForm"]

STOPS = {"bits": "Stop after bits", "time": "Stop after time (s)", "alarms": "Stop after health alarms"}


class RunOptionsForm(QWidget):
    """A line for each option that a run may have, beside its procedure, bench and file; an empty line means none."""

    def __init__(self) -> None:
        super().__init__()
        form = QFormLayout(self)
        self.lines: dict[str, QLineEdit] = {}
        """The lines, by name: `mirror`, `seed`, `notify`, and the words of the sample and of the stop conditions."""
        for name in SAMPLE_WORDS:
            self._add(form, name, f"Sample: {name}", "the recording keeps it")
        self.lines["device"].setPlaceholderText("name of the device in the bench file")
        for name, title in STOPS.items():
            self._add(
                form, name, title, "the run ends after the block with which it is reached, and counts as finished"
            )
        self.lines["alarms"].setToolTip("the run ends after the block with which so many are raised, as aborted")
        self._add(form, "seed", "Seed of the simulated device", f"0 to {LARGEST_SEED}; a new one where it is empty")
        self._add(form, "mirror", "Folder for a copy", "a copy of the recording is kept here while it is written")
        choose = QPushButton("Choose folder…")
        choose.clicked.connect(self._choose)
        form.addRow("", choose)
        self._add(
            form, "notify", "Program to call at the end", "it finds MTJLAB_FILE, MTJLAB_STATUS and more set for it"
        )
        form.addRow(QLabel("They hold for the runs that are started from now on."))

    def options(self, *, resume: bool = False) -> RunOptions:
        """Give the options as the lines say.

        Parameters
        ----------
        resume
            For a recording that is resumed: its sample and seed stay what they are.

        Raises
        ------
        InputError
            If a line says what its option does not take; the message says what it takes.
        """
        words = {name: line.text().strip() for name, line in self.lines.items()}
        return RunOptions(
            resume=resume,
            mirror=Path(words["mirror"]).resolve() if words["mirror"] else None,
            sample={} if resume else {name: words[name] for name in SAMPLE_WORDS if words[name]},
            stop_when=StopConditions.parse({name: words[name] for name in STOPS}),
            seed=None if resume else _seed(words["seed"]),
            notify=words["notify"],
        )

    def _add(self, form: QFormLayout, name: str, title: str, tip: str) -> None:
        line = self.lines[name] = QLineEdit()
        line.setToolTip(tip)
        form.addRow(title, line)

    def _choose(self) -> None:
        name = QFileDialog.getExistingDirectory(self, "Folder for a copy", self.lines["mirror"].text())
        if name:
            self.lines["mirror"].setText(name)


def _seed(word: str) -> int | None:
    if not word:
        return None
    try:
        return int(word)
    except ValueError:
        raise InputError(f"seed = {word}: give a whole number from 0 to {LARGEST_SEED}") from None
