"""The command as a user runs it: a process of its own."""

import signal
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from mtjlab.cli.main import main

TELLING = """\
import sys
from mtjlab.cli.main import main
from mtjlab.data import RecordingWriter
from mtjlab.procedures.running.recording_worker import RecordingWorker

def tell(kind, method, words):
    original, told = getattr(kind, method), set()
    def call(*arguments, **named):
        answer = original(*arguments, **named)
        for word in set(words(answer, *arguments)) - told:
            told.add(word)
            print(word, flush=True)
        return answer
    setattr(kind, method, call)

tell(RecordingWriter, "append", lambda committed, *_: ["committed"] if committed else [])
tell(RecordingWriter, "write_results", lambda _, writer, results: results)
tell(RecordingWorker, "stop", lambda *_: ["stopping"])
sys.exit(main())
"""
"""The command, which says in lines what a test may wait for: that bits are committed, a result, that it was stopped."""


@pytest.fixture(scope="session")
def mtjlab():
    """Run `mtjlab` with arguments; return the finished process."""

    def run(*words, folder=None, timeout=110, environment=None):
        return subprocess.run(
            [sys.executable, "-m", "mtjlab.cli.main", *map(str, words)],
            capture_output=True,
            text=True,
            encoding="utf-8",
            cwd=folder,
            timeout=timeout,
            env=environment,
        )

    return run


@pytest.fixture
def started():
    """Start `mtjlab` in a process of its own, and wait for the line that says what it has done (see `TELLING`)."""
    processes = []

    def start(*words, until):
        process = subprocess.Popen(
            [sys.executable, "-c", TELLING, *map(str, words)],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            encoding="utf-8",
        )
        processes.append(process)
        wait_for_line(process, until)
        return process

    yield start
    for process in processes:
        process.kill()
        process.communicate()


def wait_for_line(process, wanted):
    """Read what a process says until it says a line."""
    assert any(line == f"{wanted}\n" for line in process.stdout), process.stderr.read()


@pytest.fixture
def command(capsys, monkeypatch):
    """Run `mtjlab` with arguments in this process, which takes a twentieth of the time of a new one."""
    handlers = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}

    def run(*words, folder=None):
        with monkeypatch.context() as patch:
            if folder is not None:
                patch.chdir(folder)
            capsys.readouterr()
            try:
                code = main([*map(str, words)])
            except SystemExit as ended:
                code = ended.code
        out, err = capsys.readouterr()
        return SimpleNamespace(returncode=code, stdout=out, stderr=err)

    yield run
    for number, handler in handlers.items():
        signal.signal(number, handler)


@pytest.fixture(scope="session")
def demo(mtjlab, tmp_path_factory) -> Path:
    """One demo for all tests that need its files; `demo.json` lies beside them."""
    folder = tmp_path_factory.mktemp("demo")
    done = mtjlab("demo", "--output", folder / "out", "--seed", "5", "--json", folder / "demo.json")
    assert done.returncode == 0, done.stderr
    (folder / "stdout.txt").write_text(done.stdout, encoding="utf-8")
    return folder
