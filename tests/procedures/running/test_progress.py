"""Progress is shown where somebody can see it: on a terminal, in a notebook, and not on a pipe."""

import importlib.util
import io
import json
import re
import subprocess
import sys
import types

import pytest

from mtjlab.core import progress as module
from mtjlab.core.progress import show_progress
from mtjlab.procedures import RandomBitstream, run

FIVE_LINES = """
from mtjlab.instruments import open_bench
from mtjlab.core import progress as module
from mtjlab.core.progress import show_progress
from mtjlab.procedures import RandomBitstream, run
with open_bench("simulated", seed=5) as bench:
    recording = run(RandomBitstream(bits=20_000), bench, "out.h5")
recording.committed
"""

EXECUTE = """
import sys
import nbformat
from nbclient import NotebookClient

notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(sys.argv[1])])
NotebookClient(notebook, timeout=100, kernel_name="python3").execute()
sys.stdout.write(nbformat.writes(notebook))
"""


class Notebook:
    """What Jupyter's kernel puts into `sys.modules`, so far as it is used: a display that can be updated."""

    def __init__(self, monkeypatch):
        self.outputs = []
        ipython, display = types.ModuleType("IPython"), types.ModuleType("IPython.display")
        ipython.get_ipython = lambda: types.SimpleNamespace(kernel=object())
        ipython.display = display  # as an import of it does
        display.HTML = lambda text: text
        display.display = self.display
        monkeypatch.setitem(sys.modules, "IPython", ipython)
        monkeypatch.setitem(sys.modules, "IPython.display", display)

    def display(self, html, *, display_id):
        assert display_id is True  # else Jupyter gives no handle
        self.outputs.append([html])
        return types.SimpleNamespace(update=self.outputs[-1].append)


@pytest.fixture
def notebook(monkeypatch):
    return Notebook(monkeypatch)


def test_a_notebook_shows_one_line_that_is_rewritten(notebook, bench, tmp_path, capsys):
    run(RandomBitstream(bits=20_000), bench, tmp_path / "out.h5")
    (line,) = notebook.outputs
    assert line[0] == '<progress value="0.0000" max="1"></progress> out.h5: 0 %'
    assert re.fullmatch(r'<progress value="1.0000" max="1"></progress> out\.h5: 100 %, 0:0\d:\d\d', line[-1])
    shares = [float(re.search(r'value="([0-9.]+)"', each)[1]) for each in line]
    assert shares == sorted(shares)
    assert capsys.readouterr().err == ""


@pytest.mark.skipif(
    any(importlib.util.find_spec(name) is None for name in ("nbclient", "ipykernel")),
    reason="needs nbclient and ipykernel (pip install '.[dev]') to run a kernel of Jupyter",
)
@pytest.mark.timeout(300)
def test_a_kernel_of_jupyter_leaves_one_line_and_what_the_cell_gives(tmp_path):
    done = subprocess.run(
        [sys.executable, "-c", EXECUTE, FIVE_LINES], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    line, value = json.loads(done.stdout)["cells"][0]["outputs"]
    assert line["output_type"] == "display_data"
    shown = r'<progress value="1\.0000" max="1"></progress> out\.h5: 100 %.*'
    assert re.fullmatch(shown, "".join(line["data"]["text/html"]))
    assert "".join(value["data"]["text/plain"]) == "20000"


def test_a_notebook_says_what_time_is_left_and_escapes_names(notebook, monkeypatch):
    now = [100.0]
    monkeypatch.setattr(module.time, "monotonic", lambda: now[0])
    with show_progress() as stage:
        update = stage("<b>.h5")
        for done in (40, 50, 50.1, 70):  # a resumed run begins at 40 of 100
            update(done, 100)
            now[0] += 0.05 if done == 50 else 60
    (line,) = notebook.outputs
    assert "&lt;b&gt;.h5: 50 %, 0:05:00 left" in line[2]
    assert len(line) == 4  # begun, 40, 50 and 70: 50.1 came too soon after 50
    assert "70 %, 0:02:00 left" in line[3]


def test_a_console_of_ipython_is_a_terminal(notebook, monkeypatch, capsys):
    sys.modules["IPython"].get_ipython = lambda: types.SimpleNamespace()  # its shell has no kernel
    with show_progress() as stage:
        stage("a")(1, 2)
    assert notebook.outputs == []


def test_a_pipe_gets_nothing(capsys, bench, tmp_path):
    run(RandomBitstream(bits=5_000), bench, tmp_path / "out.h5")
    assert capsys.readouterr() == ("", "")


def test_a_terminal_keeps_the_run_under_way_and_the_whole_in_sight(monkeypatch):
    terminal = io.StringIO()
    terminal.isatty = lambda: True
    for name, value in {"TERM": "xterm", "COLUMNS": "100", "LINES": "20"}.items():
        monkeypatch.setenv(name, value)
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setattr(sys, "stderr", terminal)
    with show_progress() as stage:
        whole = stage("whole plan")
        for number in range(50):
            part = stage(f"run-{number}")
            part(1, 1 if number < 49 else 2)
            whole(number + 1, 51)
    last = re.sub(r"\x1b\[[0-9;?]*[a-zA-Z]", "", terminal.getvalue().split("\x1b[1A")[-1])
    # After the last ascent of the cursor comes the whole picture once more.
    assert [line.split("  ")[0].strip() for line in last.splitlines() if "left" in line] == [
        "whole plan",
        *(f"run-{number}" for number in range(43, 50)),
    ]
