"""The command as a user runs it: a process of its own."""

import signal
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from mtjlab.cli.main import main


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
