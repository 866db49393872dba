"""What waits in the queue is run once, in order, on a bench that nobody else uses, whatever dies meanwhile."""

import contextlib
import json
import os
import signal
import sqlite3
import subprocess
import sys
import threading

import numpy as np
import pytest

from mtjlab.data.recording import Recording
from mtjlab.instruments import open_bench
from mtjlab.instruments.bench.file import BenchFile
from mtjlab.instruments.bench.lock import BenchHeldError, bench_lock
from mtjlab.procedures.random_bitstream import RandomBitstream
from mtjlab.procedures.running.one_run import run
from mtjlab.procedures.running.queue_entry import QueueState
from mtjlab.procedures.running.queue_runner import QueueRunner
from mtjlab.procedures.running.recording_worker import RecordingWorker
from mtjlab.procedures.running.run_queue import RunQueue
from mtjlab.procedures.running.run_request import RunRequest

LONG = 200_000
"""Bits of a run to which something happens on the way."""
ADD_AND_BE_KILLED = """\
import os, random, signal
from mtjlab.instruments.bench.file import BenchFile
from mtjlab.procedures.running.run_queue import RunQueue
from mtjlab.procedures.running.run_request import RunRequest
queue, bench, random = RunQueue(), BenchFile.load("simulated"), random.Random(6)
for turn in range(20):
    alarm = random.uniform(1e-4, 0.05)
    told, tell = os.pipe()
    child, count = os.fork(), 0
    while child == 0:
        count += 1
        request = RunRequest.of("random-bitstream", output=f"{turn}-{count}.h5")
        os.write(tell, b"%d\\n" % queue.add(request, bench))
        if count == 1:  # nobody handles the alarm: it ends the process as SIGKILL does
            signal.setitimer(signal.ITIMER_REAL, alarm)
    os.close(tell)
    with open(told) as lines:
        numbers = lines.read().split()
    assert os.WTERMSIG(os.waitpid(child, 0)[1]) == signal.SIGALRM
    entries = [entry.number for entry in queue.entries()]
    print(max(map(int, numbers)), *entries)
"""
RUN_AND_PAUSE = """\
import sys
from mtjlab.procedures.running import event_recorder
from mtjlab.procedures.running.queue_runner import QueueRunner
from mtjlab.procedures.running.run_queue import RunQueue
event_recorder.COMMIT_INTERVAL = 0.0  # each block is committed
def progress(done, total):
    if done > 0.3 * total:
        print("under way", flush=True)
        sys.stdin.readline()
QueueRunner(RunQueue(), lambda name: progress).run()
"""
"""Stays in the middle of its first run until it is killed."""


@pytest.fixture
def queue():
    return RunQueue()


@pytest.fixture
def add(queue, tmp_path):
    def add(name, bits=20_000, *, bench="simulated", **more):
        settings = {"bits": str(bits), **more.pop("settings", {})}
        request = RunRequest.of(
            "random-bitstream", settings=settings, output=tmp_path / f"{name}.h5", bench=bench, seed=3, **more
        )
        return queue.add(request, BenchFile.load(bench))

    return add


def states(queue):
    return {entry.number: str(entry.state) for entry in queue.entries()}


def start_runner():
    """Start a runner in a process of its own, and wait until it has recorded something."""
    process = subprocess.Popen(
        [sys.executable, "-c", RUN_AND_PAUSE], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout.readline() == "under way\n"
    return process


def test_the_order_is_that_of_adding_until_somebody_moves_an_entry(queue, add):
    first, second, third, fourth = (add(name) for name in "abcd")
    queue.move(fourth, 1)
    queue.move(first, 3)
    assert list(states(RunQueue(queue.path))) == [fourth, second, first, third]
    queue.move(fourth, 99)
    queue.remove([second])
    assert list(states(queue)) == [first, third, fourth]
    assert add("e") == 5  # a number that was removed is never given again


def test_a_recording_that_an_entry_is_going_to_make_is_not_taken_twice(queue, add, tmp_path):
    plan = tmp_path / "plan.toml"
    plan.write_text('[[runs]]\nprocedure = "contact-check"\nname = "{run}"\nrepeats = 3\n')
    bench = BenchFile.load("simulated")
    add("a")
    queue.add(RunRequest.of(str(plan)), bench)
    for again in (lambda: add("a"), lambda: add("2"), lambda: queue.add(RunRequest.of(str(plan)), bench)):
        with pytest.raises(ValueError, match=r"entry [12] of the queue makes .*\.h5 already: choose another output"):
            again()
    queue.note(1, state=QueueState.FINISHED)
    assert add("a") == 3  # what it made is on the disk then, and is refused there
    queue.remove([2])
    assert add("2") == 4


def test_an_entry_that_can_not_be_read_is_in_nobodys_way(queue, add):
    first, second, third, fourth = (add(name) for name in "abcd")
    with contextlib.closing(sqlite3.connect(queue.path)) as database, database:
        database.execute("UPDATE entries SET request = 'nonsense' WHERE number = ?", (first,))
        database.execute("UPDATE entries SET state = 'dreaming' WHERE number = ?", (second,))
        database.execute("UPDATE entries SET resources = '7' WHERE number = ?", (third,))
    QueueRunner(queue).run()
    assert states(queue) == {first: "failed", second: "failed", third: "failed", fourth: "finished"}
    assert "cannot be read: remove it (mtjlab queue remove 1)" in queue.entry(first).message
    queue.remove([first, second, third])
    assert list(states(queue)) == [fourth]


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such modes")
def test_a_queue_that_everybody_may_write_to_is_not_run(queue, add):
    add("a")
    queue.path.chmod(0o666)
    with pytest.raises(ValueError, match=r"may be written to by every user of this computer.*chmod o-w"):
        QueueRunner(queue).run()
    assert states(queue) == {1: "waiting"}


def test_what_has_ended_keeps_its_place_and_is_not_moved(queue, add):
    first, second, third = (add(name) for name in "abc")
    queue.note(first, state=QueueState.FINISHED)
    queue.move(third, 1)
    assert list(states(queue)) == [first, third, second]
    with pytest.raises(ValueError, match="entry 1 is finished: only what waits can be moved"):
        queue.move(first, 1)


def test_all_are_run_in_order_and_a_failure_stops_none(queue, add, tmp_path):
    add("a"), add("b", settings={"amplitude": "1.2"}), add("c"), add("d")
    queue.move(3, 1)
    (tmp_path / "b.h5").write_text("in the way")
    queue.hold([4])
    runner = QueueRunner(queue)
    runner.run()
    assert [(entry.number, str(state)) for entry, state in runner.ended] == [
        (3, "finished"),
        (1, "finished"),
        (2, "failed"),
    ]
    assert "exists already" in queue.entry(2).message
    assert states(queue)[4] == "waiting"
    # What is in the way goes, the entry is tried again, and what was paused is run as well.
    (tmp_path / "b.h5").unlink()
    queue.resume([2, 4])
    QueueRunner(queue).run()
    assert set(states(queue).values()) == {"finished"}
    assert Recording(tmp_path / "b.h5").parameters["amplitude"].value == 1.2


def test_a_plan_that_waits_is_the_plan_that_was_added(queue, tmp_path):
    plan = tmp_path / "plan.toml"
    text = (
        '[[runs]]\nprocedure = "random-bitstream"\nname = "{amplitude}"\nparameters = { bits = 5000 }\n'
        "[[runs.sweep]]\namplitude = [1.2, 1.25]\n"
    )
    plan.write_text(text)
    queue.add(RunRequest.of(str(plan)), BenchFile.load("simulated"))
    plan.write_text(text.replace("1.2,", "1.1,"))
    QueueRunner(queue).run()
    assert sorted(path.name for path in tmp_path.glob("*.h5")) == ["1.2.h5", "1.25.h5"]
    assert (queue.entry(1).share, queue.entry(1).message) == (1.0, "10,000 bits")


def test_a_paused_queue_begins_nothing(queue, add, tmp_path):
    add("a")
    queue.paused = True
    QueueRunner(queue).run()
    assert states(queue) == {1: "waiting"}
    RunQueue(queue.path).paused = False
    QueueRunner(queue).run()
    assert states(queue) == {1: "finished"}


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """Record the bits of a run that nothing interrupts."""
    path = tmp_path_factory.mktemp("whole") / "whole.h5"
    with open_bench("simulated", seed=3) as bench:
        return run(RandomBitstream(bits=LONG), bench, path).bits[:]


def test_a_run_that_is_paused_goes_on_to_the_same_content(queue, add, tmp_path, whole, monkeypatch):
    path = tmp_path / "a.h5"
    add("a", LONG), add("b")
    under_way, told = threading.Event(), threading.Event()
    is_stopped = queue.is_stopped

    def progress(done, total):
        if done > 0.3 * total and not under_way.is_set():
            under_way.set()
            assert told.wait(60)  # else the run might end before it asks

    def ask(number):
        stopped = is_stopped(number)
        if stopped:
            told.set()
        return stopped

    monkeypatch.setattr(queue, "is_stopped", ask)
    runner = threading.Thread(target=QueueRunner(queue, lambda name: progress).run)
    runner.start()
    assert under_way.wait(60)
    with pytest.raises(ValueError, match="entry 1 is under way: pause it first, at once"):
        queue.remove([1])
    queue.hold([1])
    queue.stop([1])
    runner.join()  # the other entry is run meanwhile
    held = Recording(path)
    assert (str(held.status), held.segments()["why"].iloc[0]) == ("aborted", "paused in the queue")
    assert 0 < held.committed < LONG
    assert states(queue) == {1: "waiting", 2: "finished"}
    queue.resume([1])
    QueueRunner(queue).run()
    assert states(queue)[1] == "finished"
    np.testing.assert_array_equal(Recording(path).bits[:], whole)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGKILL")
def test_after_a_crash_and_a_reboot_the_run_goes_on_to_the_same_content(queue, add, tmp_path, whole, own_state):
    path = tmp_path / "a.h5"
    add("a", LONG), add("b")
    process = start_runner()
    entry = queue.entry(1)
    assert queue.is_under_way(entry)
    # Another runner does not touch the bench meanwhile, not even for what waits.
    other = QueueRunner(queue)
    other.run()
    assert other.ended == []
    assert f"held by process {process.pid}" in other.held["simulated"]
    process.kill()
    process.communicate()
    assert not queue.is_under_way(entry)
    # After a reboot the number in the lock may be another process's: here it is that of this one.
    (lock,) = (own_state / "runners").glob("*.lock")
    lock.write_text(json.dumps(json.loads(lock.read_text()) | {"pid": os.getpid()}))
    assert states(queue) == {1: "running", 2: "waiting"}
    held = Recording(path).committed
    assert 0 < held < LONG
    QueueRunner(RunQueue(queue.path)).run()
    assert set(states(queue).values()) == {"finished"}
    assert len(Recording(path).segments()) == 2
    np.testing.assert_array_equal(Recording(path).bits[:], whole)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows sends no SIGINT to itself")
@pytest.mark.parametrize(("times", "why"), [(1, "stopped by the user"), (2, "stopped at once by the user")])
def test_control_c_lets_the_entry_wait(queue, add, tmp_path, times, why, monkeypatch):
    add("a", 10**12)
    pressed, obeyed = threading.Event(), threading.Event()
    stop, stop_now = RecordingWorker.stop, RecordingWorker.stop_now

    def press_again(worker, *why):
        stop(worker, *why)
        os.kill(os.getpid(), signal.SIGINT) if times == 2 and not obeyed.is_set() else obeyed.set()

    def obey(worker):
        stop_now(worker)
        obeyed.set()

    def progress(done, total):
        if not pressed.is_set():
            pressed.set()
            os.kill(os.getpid(), signal.SIGINT)
            assert obeyed.wait(60)  # else the block might end before the second time

    monkeypatch.setattr(RecordingWorker, "stop", press_again)
    monkeypatch.setattr(RecordingWorker, "stop_now", obey)
    with pytest.raises(KeyboardInterrupt):
        QueueRunner(queue, lambda name: progress).run()
    assert queue.entry(1).state is QueueState.WAITING
    assert queue.entry(1).message == "interrupted; continues when it is run again"
    recording = Recording(tmp_path / "a.h5")
    assert (recording.status, recording.segments()["why"].iloc[0]) == ("aborted", why)
    assert not queue.lock(queue.entry(1)).holder


def test_a_runner_that_died_before_it_could_say_that_it_was_done_runs_nothing_again(queue, add, tmp_path):
    add("a")
    QueueRunner(queue).run()
    before = (tmp_path / "a.h5").read_bytes()
    more = RunRequest.of(settings={"bits": "30000"}, output=tmp_path / "a.h5", resume=True)
    queue.add(more, BenchFile.load("simulated"))
    QueueRunner(queue).run()
    after = (tmp_path / "a.h5").read_bytes()
    assert before != after
    queue.note(1, state=QueueState.RUNNING), queue.note(2, state=QueueState.RUNNING)
    QueueRunner(queue).run()
    assert states(queue) == {1: "failed", 2: "finished"}  # 20,000 bits of 30,000 is not what the file says it is
    assert (tmp_path / "a.h5").read_bytes() == after


def test_another_bench_is_free_while_one_is_held(queue, add, tmp_path):
    bench = tmp_path / "second.toml"
    bench.write_text(BenchFile.load("simulated").text.replace('name = "simulated"', 'name = "second"'))
    add("a"), add("b", bench=str(bench))
    with runner_of(queue, 1):
        runner = QueueRunner(queue)
        runner.run()
    assert states(queue) == {1: "waiting", 2: "finished"}


@contextlib.contextmanager
def runner_of(queue, number):
    """Be the runner of an entry's bench."""
    lock = queue.lock(queue.entry(number)).take()
    yield
    lock.release()


REAL = """\
name = "{name}"
[roles.pulse_generator]
driver = "keysight81160a"
resource = "TCPIP::127.0.0.1::1::SOCKET"
[roles.source_meter]
driver = "keithley2400"
resource = "{resource}"
[limits]
pulse_amplitude = 1.5
pulse_width = 1e-7
pulse_energy = 1e-12
read_bias = 0.1
compliance = 1e-5
[device]
name = "W1"
resistance = 5e4
"""


def test_what_is_to_run_on_a_bench_in_use_by_hand_waits_and_has_not_failed(queue, tmp_path):
    (tmp_path / "real.toml").write_text(REAL.format(name="real", resource="GPIB0::24::INSTR"))
    request = RunRequest.of("random-bitstream", output=tmp_path / "a.h5", bench=str(tmp_path / "real.toml"))
    queue.add(request, BenchFile.load(tmp_path / "real.toml"))
    # By another name, but with the same source-meter.
    by_hand = bench_lock("by-hand", ["GPIB0::24::INSTR"]).take()
    runner = QueueRunner(queue)
    runner.run()
    by_hand.release()
    assert states(queue) == {1: "waiting"}
    assert "is held by process" in runner.held["real"]


def test_two_bench_files_that_share_an_instrument_have_one_runner(queue, tmp_path):
    for name in ("one", "two"):
        (tmp_path / f"{name}.toml").write_text(REAL.format(name=name, resource="GPIB0::24::INSTR"))
        bench = str(tmp_path / f"{name}.toml")
        request = RunRequest.of("random-bitstream", output=tmp_path / f"{name}.h5", bench=bench)
        queue.add(request, BenchFile.load(tmp_path / f"{name}.toml"))
    with runner_of(queue, 1), pytest.raises(BenchHeldError, match=r"TCPIP::127\.0\.0\.1::1::SOCKET"):
        queue.lock(queue.entry(2)).take()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGKILL")
def test_killed_at_any_instant_the_queue_holds_all_that_it_said_it_would(queue, tmp_path):
    done = subprocess.run(
        [sys.executable, "-c", ADD_AND_BE_KILLED], stdout=subprocess.PIPE, text=True, cwd=tmp_path, check=True
    )
    kills = [[int(number) for number in line.split()] for line in done.stdout.splitlines()]
    assert len(kills) == 20
    for told, *numbers in kills:
        assert numbers == list(range(1, len(numbers) + 1))
        # At most the one that was being added is there without having been told.
        assert len(numbers) in (told, told + 1)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda path: path.write_bytes(b"this is no database at all" * 100), "file is not a database"),
        (lambda path: path.mkdir(), "unable to open database file"),
    ],
)
def test_a_file_that_is_no_queue_is_refused(tmp_path, make, message):
    make(tmp_path / "queue.db")
    with pytest.raises(ValueError, match=rf"queue .*queue\.db cannot be used \({message}\): give another file"):
        RunQueue(tmp_path / "queue.db")


def test_a_queue_of_a_later_version_is_left_alone(queue):
    database = sqlite3.connect(queue.path)
    database.execute("PRAGMA user_version = 2")
    database.close()
    with pytest.raises(ValueError, match="is of a newer mtjlab: update mtjlab"):
        RunQueue(queue.path)
