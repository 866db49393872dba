"""`mtjlab queue` as a user runs it."""

import json

import pytest


def one_line(done, code=2):
    assert done.returncode == code, done.stderr
    assert "Traceback" not in done.stderr
    (line,) = done.stderr.strip().splitlines()
    return line


def listed(done):
    assert done.returncode == 0, done.stderr
    return [(entry["entry"], entry["state"]) for entry in json.loads(done.stdout)["entries"]]


@pytest.fixture
def add(command, tmp_path):
    def add(name, *words):
        return command(
            "queue", "add", "random-bitstream", "--set", "bits=5000", "--output", tmp_path / f"{name}.h5", *words
        )

    return add


def test_runs_wait_are_put_in_order_paused_removed_and_run(command, add, tmp_path):
    assert add("a").stdout == "entry 1: 1 run on bench simulated; mtjlab queue run runs what waits\n"
    for name in "bcd":
        assert add(name).returncode == 0
    assert listed(command("queue", "move", 4, 1, "--json", "-")) == [
        (4, "waiting"),
        (1, "waiting"),
        (2, "waiting"),
        (3, "waiting"),
    ]
    assert listed(command("queue", "remove", 1, "--json", "-")) == [(4, "waiting"), (2, "waiting"), (3, "waiting")]
    assert listed(command("queue", "pause", 2, "--json", "-")) == [(4, "waiting"), (2, "paused"), (3, "waiting")]
    assert json.loads(command("queue", "pause", "--json", "-").stdout)["paused"] is True
    assert "the queue is paused: mtjlab queue resume" in one_line(command("queue", "run"))
    assert json.loads(command("queue", "resume", "--json", "-").stdout)["paused"] is False
    assert listed(command("queue", "run", "--json", "-")) == [(4, "finished"), (2, "paused"), (3, "finished")]
    assert sorted(path.name for path in tmp_path.glob("*.h5")) == ["c.h5", "d.h5"]


def test_a_recording_that_goes_on_can_wait_too(command, add, tmp_path):
    add("a")
    assert command("queue", "run").returncode == 0
    done = command("queue", "add", "--resume", tmp_path / "a.h5", "--set", "bits=10_000")
    assert done.returncode == 0, done.stderr
    assert listed(command("queue", "run", "--json", "-")) == [(1, "finished"), (2, "finished")]
    assert "10,000 bits" in command("queue", "list").stdout


def test_a_failure_is_told_by_the_exit_code(command, add, tmp_path):
    add("a")
    (tmp_path / "a.h5").mkdir()
    done = command("queue", "run")
    assert done.returncode == 1
    assert "failed" in done.stdout


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("add",), "what is to be run? Give a plan (PLAN.toml) or a procedure"),
        (("add", "random-bitstream"), "--output FILE.h5 is missing"),
        (("add", "random-bitstream", "--output", "no/a.h5"), "no/a.h5: lies in a folder that does not exist"),
        (("add", "random-bitstream", "--output", "a.h5", "--bench", "no.toml"), "no.toml"),
        (("add", "random-bitstream", "--output", "a.h5", "--set", "amplitude=9"), "Pulse amplitude takes 0.05 to 1.7"),
        (("move", 1, 1), "the queue has no entry 1: see mtjlab queue list"),
        (("remove", 7), "the queue has no entry 7"),
        (("pause", 7), "the queue has no entry 7"),
        (("resume", 7), "the queue has no entry 7"),
        (("list", "--queue", "."), "cannot be used (unable to open database file): give another file"),
    ],
)
def test_wrong_input_is_one_clear_line(command, tmp_path, words, message):
    assert message in one_line(command("queue", *words, folder=tmp_path))
    assert not list(tmp_path.iterdir())


def test_what_the_bench_refuses_is_refused_when_it_is_added(command, add):
    # The procedure takes up to 5 V; the bench does not.
    done = add("a", "--set", "amplitude=4.9")
    assert "the bench allows" in one_line(done, code=1)
    assert listed(command("queue", "list", "--json", "-")) == []
