"""What a run does where those who watch it fail, in which order they hear of it, and how long it is waited for."""

import threading
import types

import pytest
from pymeasure.experiment import Procedure

from mtjlab.data.recording import Recording
from mtjlab.procedures.measurements.events import CommitEvent, RowEvent, StatusEvent
from mtjlab.procedures.running import RunHooks, RunOptions, recording_worker, stopping
from mtjlab.procedures.running.interruption import Interruption
from mtjlab.procedures.running.notification import Notification
from mtjlab.procedures.running.one_run import execute, worker_for
from mtjlab.procedures.running.stopping import Patience, StopConditions, StopReason, Tally


def outputs(bench):
    return [instrument.settings()["output"] for instrument in bench.roles.values()]


class Counting(Procedure):
    """A procedure that switches on, says three numbers, and asks whether it is to stop."""

    DATA_COLUMNS = ["Step"]  # noqa: RUF012 (PyMeasure's way)

    def execute(self):
        self.bench.source_meter.switch_on()
        for step in range(3):
            self.emit("results", {"Step": step})
            if self.should_stop():
                return


class Waiting(Counting):
    """A procedure that waits until it is to stop."""

    def execute(self):
        self.bench.source_meter.switch_on()
        self.emit("results", {"Step": 0})
        pause = threading.Event()
        while not self.should_stop():
            pause.wait(0.001)


class WatcherError(Exception):
    """What goes wrong in the code of whoever watches."""


def test_what_is_told_as_committed_and_as_ended_is_in_the_file_by_then(bench, tmp_path):
    path, heard = tmp_path / "a.h5", []

    def listen(event):
        match event:
            case StatusEvent(status):
                heard.append((status, str(Recording(path).status), outputs(bench)[-1]))
            case RowEvent():
                heard.append(event.row["Step"])
            case CommitEvent():
                heard.append("commit")

    execute(Counting(), bench, path, RunOptions(), RunHooks(listener=listen))
    told = [each for each in heard if each != "commit"]
    assert told == [(Procedure.RUNNING, "running", "False"), 0, 1, 2, (Procedure.FINISHED, "finished", "False")]
    assert "commit" in heard[heard.index(2) :]  # the last rows, before the end is told


@pytest.mark.parametrize(
    ("kind", "rows", "status"),
    [
        (lambda event: event == StatusEvent(Procedure.RUNNING), None, None),
        (lambda event: isinstance(event, RowEvent), 1, "failed"),
        (lambda event: isinstance(event, CommitEvent), 3, "failed"),
        (lambda event: event == StatusEvent(Procedure.FINISHED), 3, "finished"),
    ],
    ids=["begin", "row", "commit", "end"],
)
def test_a_listener_that_fails_fails_the_run_and_leaves_it_safe_and_whole(bench, tmp_path, kind, rows, status):
    def listen(event):
        if kind(event):
            raise WatcherError("the plot is gone")

    path = tmp_path / "a.h5"
    with pytest.raises(WatcherError, match="the plot is gone"):
        execute(Counting(), bench, path, RunOptions(), RunHooks(listener=listen))
    assert outputs(bench)[-1] == "False"
    if rows is None:
        assert not path.exists()  # as where a run is refused before its first row
    else:
        assert (Recording(path).rows, Recording(path).status) == (rows, status)


def test_who_fails_to_say_whether_to_stop_ends_the_run_before_anyone_hears_of_it(bench, tmp_path, monkeypatch):
    begun = threading.Event()

    def listen(event):
        if isinstance(event, RowEvent):
            begun.set()

    def stopped():
        assert begun.wait(30)
        raise WatcherError("the queue cannot be read")

    monkeypatch.setattr(recording_worker, "ASK_INTERVAL", 0.0)
    with pytest.raises(WatcherError, match="the queue cannot be read"):
        execute(Waiting(), bench, tmp_path / "a.h5", RunOptions(), RunHooks(listener=listen, stopped=stopped))
    recording = Recording(tmp_path / "a.h5")
    assert (str(recording.status), recording.rows, outputs(bench)[-1]) == ("aborted", 1, "False")


@pytest.mark.parametrize("asked", ["stop", "stop_now"])
def test_a_run_that_is_stopped_before_it_begins_switches_nothing_on_and_is_closed(bench, tmp_path, asked):
    worker = worker_for(Counting(), bench, tmp_path / "a.h5")
    getattr(worker, asked)()
    worker.start()
    worker.wait()
    recording = Recording(tmp_path / "a.h5")
    assert (str(recording.status), recording.rows, worker.error) == ("aborted", 0, None)
    assert outputs(bench)[-1] == "False"


def test_a_run_that_is_stopped_at_once_while_it_is_being_stopped_says_so(bench, tmp_path):
    interruption = Interruption(lambda text: None)

    def listen(event):
        if isinstance(event, RowEvent):
            interruption.press()
            interruption.press(urgent=True)

    with pytest.raises(KeyboardInterrupt):
        execute(Waiting(), bench, tmp_path / "a.h5", RunOptions(), RunHooks(listener=listen, interruption=interruption))
    assert Recording(tmp_path / "a.h5").segments()["why"].iloc[-1] == "stopped at once by the user"


class Sent(Notification):
    """Keep what the program would be told."""

    def __init__(self):
        super().__init__("")
        self.facts = []

    def send(self, facts):
        self.facts.append((facts["status"], facts["message"]))


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (None, ("finished", "")),
        (KeyboardInterrupt(), ("aborted", "")),
        (WatcherError("no field"), ("failed", "no field")),
        (SystemExit("out"), ("failed", "out")),
    ],
)
def test_the_program_is_told_once_however_a_run_ends(tmp_path, error, told):
    notification = Sent()
    with pytest.raises(type(error)) if error else notification.at_the_end(tmp_path), notification.at_the_end(tmp_path):
        if error:
            raise error
    assert set(notification.facts) == {told}


@pytest.fixture
def clock(monkeypatch):
    """Give the clock of whoever waits for a procedure."""
    made = types.SimpleNamespace(now=100.0)
    monkeypatch.setattr(stopping, "time", types.SimpleNamespace(monotonic=lambda: made.now))
    return made


def test_who_is_not_asked_to_end_has_all_the_time(clock):
    patience = Patience()
    clock.now += 1e6
    assert not patience.is_over


def test_who_is_asked_has_as_long_as_anyone_and_thrice_as_long_as_ever_before(clock):
    patience = Patience()
    patience.ask()
    clock.now += stopping.SILENCE
    assert not patience.is_over
    clock.now += 0.1
    assert patience.is_over
    assert not patience.hear(clock.now)  # heard of: it is waited for again, longer than it was silent
    clock.now += 3 * (stopping.SILENCE + 0.1) - 0.1
    assert not patience.is_over
    clock.now += 0.2
    assert patience.is_over


def test_asking_again_gives_no_more_time(clock):
    patience = Patience()
    patience.ask()
    clock.now += stopping.SILENCE
    patience.ask()
    clock.now += 0.1
    assert patience.is_over


def test_who_is_told_to_end_at_once_has_a_second_from_the_first_time(clock):
    patience = Patience()
    patience.tell()
    clock.now += stopping.AT_ONCE_WAIT
    assert patience.hear(clock.now)
    patience.tell()
    assert not patience.is_over
    clock.now += 0.1
    assert patience.is_over


def test_an_alarm_counts_before_a_run_that_has_all_its_bits():
    conditions = StopConditions(bits=10, time=1.0, alarms=1)
    assert conditions.met_by(Tally(bits=9, time=0.9)) is None
    assert conditions.met_by(Tally(bits=10, time=2.0, alarms=1)).reason is StopReason.ALARM
    assert str(conditions.met_by(Tally(bits=10, time=2.0))) == "stop condition: 10 of 10 bits"
    assert [reason for reason in StopReason if reason.finishes] == [StopReason.CONDITION]
