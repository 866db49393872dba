"""Signals become words, and never wait for a lock."""

import signal
import threading

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
