"""Signals become words, and never wait for a lock."""

import contextlib
import signal
import threading

import pytest

from mtjlab.procedures.running.interruption import Interruption


def test_a_second_signal_waits_for_what_the_first_one_does():
    lock, said = threading.Lock(), []

    def first():
        # What stops a run takes a lock, and a second key may be pressed while it is held.
        with lock:
            signal.raise_signal(signal.SIGINT)
            said.append("first")

    def further():
        if lock.acquire(timeout=5.0):
            lock.release()
            said.append("further")

    with Interruption() as interruption:
        interruption.tell(first, further)
        signal.raise_signal(signal.SIGINT)
        assert said == []
        interruption.look()
    assert said == ["first", "further"]


def test_each_signal_is_passed_on_once_also_those_from_before_there_was_anyone_to_tell():
    said = []
    with Interruption() as interruption:
        signal.raise_signal(signal.SIGTERM)
        interruption.tell(lambda: said.append("first"), lambda: said.append("further"))
        interruption.look()
        interruption.look()
        assert said == ["first"]
        signal.raise_signal(signal.SIGINT)
        signal.raise_signal(signal.SIGTERM)
        interruption.look()
        assert said == ["first", "further", "further"]
        assert interruption.count == 3


def test_elsewhere_than_in_the_main_thread_nothing_is_changed():
    before = signal.getsignal(signal.SIGINT)
    within = []

    def other():
        with Interruption():
            within.append(signal.getsignal(signal.SIGINT))

    thread = threading.Thread(target=other)
    thread.start()
    thread.join()
    assert within == [before] == [signal.getsignal(signal.SIGINT)]


def test_presses_of_any_thread_wait_for_a_look():
    said, done = [], []
    interruption = Interruption(said.append)
    interruption.tell(lambda: done.append("first"), lambda: done.append("further"))
    thread = threading.Thread(target=interruption.press)
    thread.start()
    thread.join()
    assert (said, done) == ([], [])
    interruption.look()
    assert (said, done) == (["finishing the block under way; Ctrl-C once more stops at once"], ["first"])
    interruption.press()
    interruption.look()
    interruption.look()
    assert (said[1:], done) == (["stopping at once"], ["first", "further"])


def test_the_first_press_is_answered_with_the_words_of_the_moment():
    said = []
    interruption = Interruption(said.append)
    interruption.words = "stopping the fit"
    interruption.press()
    interruption.look()
    assert said == ["stopping the fit"]


def test_one_urgent_press_among_others_makes_all_urgent():
    said = []
    interruption = Interruption(said.append)
    interruption.press(urgent=True)
    interruption.press()
    assert interruption.urgent
    interruption.look()
    assert said == ["stopping at once"] * 2


def test_a_press_whose_consequence_fails_is_not_passed_on_again():
    done = []
    interruption = Interruption(lambda text: None)
    interruption.tell(lambda: 1 / 0, lambda: done.append("further"))
    interruption.press()
    with pytest.raises(ZeroDivisionError):
        interruption.look()
    interruption.press()
    interruption.look()
    assert done == ["further"]


def test_handlers_are_back_after_an_error_and_signals_that_are_ignored_stay_so():
    before = signal.signal(signal.SIGTERM, signal.SIG_IGN)  # as nohup does with another one
    usual = signal.getsignal(signal.SIGINT)
    try:
        with contextlib.suppress(RuntimeError), Interruption() as interruption:
            signal.raise_signal(signal.SIGTERM)
            assert interruption.count == 0
            assert signal.getsignal(signal.SIGINT) is not usual
            raise RuntimeError
        assert (signal.getsignal(signal.SIGTERM), signal.getsignal(signal.SIGINT)) == (signal.SIG_IGN, usual)
    finally:
        signal.signal(signal.SIGTERM, before)


def test_only_a_signal_that_is_no_control_c_is_urgent(monkeypatch):
    monkeypatch.setattr(Interruption, "heeded", False)
    with Interruption(lambda text: None) as interruption:
        signal.raise_signal(signal.SIGINT)
        assert (interruption.urgent, Interruption.heeded) == (False, True)
        signal.raise_signal(signal.SIGTERM)
        assert interruption.urgent
