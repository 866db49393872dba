"""What holds for all tests."""

import itertools
import os
import signal
import sys
import threading
from typing import Any

import pytest

# Workers share the cores: threads of one must not wait for those of another. Before numpy is loaded.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

from mtjlab import procedures
from mtjlab.instruments import BenchFile
from mtjlab.procedures import find_procedure, procedure_names
from mtjlab.testing import ShortRun

LOOPS = "simulated-loops"
BAR = "simulated-bar"
MAP = {"lowest": 1.15, "highest": 1.3, "shortest": 6e-9, "longest": 12e-9, "fit": "none"}
SHORT_RUNS = {
    "AmrAngle": (BAR, {"points": 14, "integration": 0.1}),
    "BarContactCheck": (BAR, {"readings": 2, "integration": 0.1}),
    "AmrLoops": (BAR, {"currents": 2, "points": 24, "integration": 0.1}),
    "CurrentSwitchingLoop": (BAR, {"points": 26, "loops": 3, "widths": 2, "integration": 0.1}),
    "CurrentSwitchingMap": (BAR, {"fields": 1, "points": 5, "pulses": 2, "width": 1e-4, "integration": 0.1}),
    "HarmonicTurn": (BAR, {"points": 14}),
    "PumpProbeSwitching": (BAR, {"pulses": 8, "integration": 0.1}),
    "UnidirectionalField": (BAR, {"fields": 2, "points": 13, "integration": 0.1}),
    "UnidirectionalResistance": (
        BAR,
        {"currents": 3, "smallest": 1e-3, "largest": 3e-3, "repeats": 2, "integration": 0.1},
    ),
    "CalibrateArray": ("simulated-array", {"points": 5, "repeats": 2, "first": 1.1, "last": 1.26, "wanted": 0.3}),
    "CalibrateAmplitude": ("simulated-line", {"amplitudes": 7, "repeats": 3}),
    "ContactCheck": ("simulated", {"readings": 2}),
    "ResistanceAgainstField": (LOOPS, {"points": 9, "loops": 2}),
    "ResistanceAgainstVoltage": ("simulated", {"points": 3, "readings": 3}),
    "ResistanceNoise": ("simulated", {"records": 4, "readings": 400, "bias": 0.05}),
    "Retention": (LOOPS, {"escapes": 4, "longest": 0.05, "step": 5e-3, "in_plane_field": -25.5e-3}),
    "Endurance": ("simulated", {"pulses": 20_000, "checks": 4}),
    "FindOperatingPoint": ("simulated", {"pulses": 12_000}),
    "SwitchingProbability": ("macrospin", {"pulses": 1700, "shots": 20, "prepared": 2, **MAP}),
    "WriteErrorRate": ("simulated", {"pulses": 12_000, "required": 0.4, "amplitude": 1.25, "width": 10e-9}),
    "RandomBitstream": ("simulated", {"bits": 20_000}),
    "PowerUps": ("simulated", {"restarts": 8, "samples": 500}),
}
"""The bench and the parameters of a short run."""


@pytest.fixture(params=sorted(find_procedure(name).__name__ for name in procedure_names()))
def short_run(request, tmp_path_factory):
    """Give a short run of each procedure that there is, one after the other."""
    bench, parameters = SHORT_RUNS[request.param]
    if not bench.startswith("simulated"):
        file = tmp_path_factory.mktemp("bench") / f"{bench}.toml"
        file.write_text(BenchFile.load("simulated").text.replace('"tabulated"', f'"{bench}"'), encoding="utf-8")
        bench = str(file)
    return ShortRun(getattr(procedures, request.param), bench, parameters)


@pytest.fixture(autouse=True, scope="session")
def own_cache(tmp_path_factory):
    """Keep switching tables of tests out of the user's folder, and of his out of the tests."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("MTJLAB_CACHE", str(tmp_path_factory.mktemp("cache")))
        yield


@pytest.fixture(scope="session")
def _states(tmp_path_factory):
    """Give a folder after the other; pytest's own way reads the names of all that there are, for each."""
    folder = tmp_path_factory.mktemp("states")
    return (folder / f"{number}" for number in itertools.count())


@pytest.fixture(autouse=True)
def own_state(monkeypatch, _states):
    """Keep locks, queues and device logs of tests out of the user's folder."""
    folder = next(_states)
    folder.mkdir()
    monkeypatch.setenv("MTJLAB_STATE", str(folder))
    monkeypatch.setenv("MTJLAB_LOCKS", str(folder / "locks"))
    return folder


@pytest.fixture(autouse=True)
def _instruments_uncounted():
    """Keep the coverage's trace out of the threads of simulated instruments, whose lines are not counted anyway.

    They do half of the work of most tests, and what is traced takes a third more time. Coverage sets its own hook again
    whenever it has paused.
    """
    counted = threading.gettrace()
    if counted is not None and counted is not _traced:
        _traced.counted = counted
        threading.settrace(_traced)


class _Trace:
    """What a new thread calls at its first step, where its name says that it is not an instrument's."""

    counted: Any

    def __call__(self, frame, event, argument):
        if threading.current_thread().name.startswith("scpi-"):
            sys.settrace(None)
            return None
        return self.counted(frame, event, argument)


_traced = _Trace()


@pytest.fixture(autouse=True)
def _signals_as_before():
    """Give back the signals that a command, a window or a bench takes in the process of the tests."""
    numbers = [getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)]
    before = {number: signal.getsignal(number) for number in numbers}
    yield
    for number, handler in before.items():
        if handler is not None:
            signal.signal(number, handler)


@pytest.fixture
def installed(tmp_path, monkeypatch):
    """Install packages of others for one test: a name, its entry points, its modules; a module of a name comes once."""

    def install(name, entries, **modules):
        folder = tmp_path / name
        (folder / f"{name}-1.0.dist-info").mkdir(parents=True)
        (folder / f"{name}-1.0.dist-info/entry_points.txt").write_text(entries, encoding="utf-8")
        for module, text in modules.items():
            (folder / f"{module}.py").write_text(text, encoding="utf-8")
        monkeypatch.syspath_prepend(folder)

    return install
