"""The sample on the table, and how a run is run: what ends it early, its seed, a copy, a program to call."""

from collections.abc import Callable
from pathlib import Path

from qtpy.QtCore import Signal
from qtpy.QtWidgets import QFileDialog, QFormLayout, QHBoxLayout, QLabel, QLineEdit, QPushButton, QVBoxLayout, QWidget

from mtjlab.core import InputError, read_value
from mtjlab.gui.run.marking import mark_refused, say_quietly, say_refused
from mtjlab.procedures.running import LARGEST_SEED, SAMPLE_WORDS, RunOptions, StopConditions

__all__ = ["OptionsForm"]

STOPS = {"bits": "Stop after bits", "time": "Stop after time", "alarms": "Stop after health alarms"}
TIPS = {
    "wafer": "The recording keeps it.",
    "die": "The recording keeps it.",
    "device": "The recording keeps it; the name in the bench file where it is empty.",
    "operator": "Who measures; the recording keeps it.",
    "note": "Whatever is worth knowing later; the recording keeps it.",
    "bits": "The run ends after the block with which so many are there, and counts as finished. For example 5 M.",
    "time": "The run ends after the block during which it has passed, and counts as finished. For example 20 min.",
    "alarms": "The run ends after the block with which so many are raised, as aborted.",
    "seed": f"Of the simulated device, 0 to {LARGEST_SEED:,}; a new one where it is empty.",
    "mirror": "A copy of the recording is kept in this folder while it is written.",
    "notify": "Program to call at the end; it finds MTJLAB_FILE, MTJLAB_STATUS and more set for it.",
}


class OptionsForm(QWidget):
    """A line for each word on the sample and for each option; an empty line means none."""

    changed = Signal()
    """Something was typed, and checked."""

    def __init__(self) -> None:
        super().__init__()
        self.refused: dict[str, str] = {}
        """Why lines are refused, by name."""
        self._lines: dict[str, QLineEdit] = {}
        side = QVBoxLayout(self)
        sample, options = QFormLayout(), QFormLayout()
        side.addWidget(QLabel("<b>Sample</b>"))
        side.addLayout(sample)
        side.addWidget(QLabel("<b>Options of the run</b>"))
        side.addLayout(options)
        for name in SAMPLE_WORDS:
            self._add(sample, name, name.capitalize())
        for name, title in STOPS.items():
            self._add(options, name, title)
        self._add(options, "seed", "Seed")
        self._add(options, "mirror", "Folder for a copy")
        self._add(options, "notify", "Program at the end")
        self._lines["time"].setPlaceholderText("20 min")
        self._lines["device"].setPlaceholderText("name in the bench file")
        self._said = QLabel()
        self._said.setWordWrap(True)
        side.addWidget(self._said)
        side.addStretch(1)
        self._check()

    @property
    def is_valid(self) -> bool:
        """Whether nothing is refused."""
        return not self.refused

    @property
    def sample(self) -> dict[str, str]:
        """What is on the table, by the words that are given."""
        return {name: self._word(name) for name in SAMPLE_WORDS if self._word(name)}

    def options(self) -> RunOptions:
        """Give the options.

        Raises
        ------
        InputError
            If a line says what its option does not take; the message says what it takes.
        """
        mirror = self._word("mirror")
        return RunOptions(
            mirror=Path(mirror).expanduser().resolve() if mirror else None,
            sample=self.sample,
            stop_when=StopConditions.parse({name: self._word(name) for name in STOPS}),
            seed=_seed(self._word("seed")),
            notify=self._word("notify"),
        )

    def show_sample(self, sample: dict[str, str]) -> None:
        """Put words on a sample in.

        Parameters
        ----------
        sample
            By their names; others are left as they are.
        """
        for name in SAMPLE_WORDS:
            if sample.get(name):
                self._lines[name].setText(sample[name])

    def show_options(self, stop: StopConditions, seed: int | None) -> None:
        """Put stop conditions and the seed in.

        Parameters
        ----------
        stop
            What ends a run early.
        seed
            Seed of the simulated device.
        """
        for name, value in stop:
            self._lines[name].setText("" if value is None else f"{value:g}" if name == "time" else str(value))
        self._lines["seed"].setText("" if seed is None else str(seed))

    def _word(self, name: str) -> str:
        return str(self._lines[name].text()).strip()

    def _check(self) -> None:
        checks: dict[str, Callable[[str], object]] = {
            name: lambda word, name=name: StopConditions.parse({name: word})  # type: ignore[misc]
            for name in STOPS
        }
        checks["seed"] = lambda word: RunOptions(seed=_seed(word))
        checks["mirror"] = _folder
        self.refused = {}
        for name, check in checks.items():
            try:
                check(self._word(name))
            except ValueError as error:
                self.refused[name] = str(error)
            mark_refused(self._lines[name], refused=name in self.refused)
            self._lines[name].setToolTip(self.refused.get(name, TIPS[name]))
        if self.refused:
            say_refused(self._said, "\n".join(self.refused.values()))
        else:
            say_quietly(self._said, "They hold for the runs that are started from now on.")
        self.changed.emit()

    def _add(self, form: QFormLayout, name: str, title: str) -> None:
        line = self._lines[name] = QLineEdit()
        line.setAccessibleName(title)
        line.setAcceptDrops(False)
        line.setToolTip(TIPS[name])
        line.textChanged.connect(self._check)
        if name != "mirror":
            form.addRow(title, line)
            return
        choose = QPushButton("Choose…")
        choose.setAccessibleName("Choose folder for a copy")
        choose.clicked.connect(self._choose)
        row = QHBoxLayout()
        row.addWidget(line)
        row.addWidget(choose)
        form.addRow(title, row)

    def _choose(self) -> None:
        name = QFileDialog.getExistingDirectory(self, "Folder for a copy", self._word("mirror"))
        if name:
            self._lines["mirror"].setText(name)


def _seed(word: str) -> int | None:
    if not word:
        return None
    number = read_value(word)
    if not (0 <= number <= LARGEST_SEED and number == int(number)):
        raise InputError(f"seed = {word}: give a whole number from 0 to {LARGEST_SEED:,}")
    return int(number)


def _folder(word: str) -> None:
    if word and not Path(word).expanduser().is_dir():
        raise InputError(f"{word} is no folder: choose one for the copy that exists")
