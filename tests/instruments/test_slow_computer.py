"""A simulated bench never times out because the computer is slow, and does time out where an answer never comes."""

import threading

import pytest

from mtjlab.instruments import open_bench, serve_bench
from mtjlab.instruments.bench.file import BenchFile
from mtjlab.instruments.instrument_error import InstrumentError
from mtjlab.instruments.simulated.junction.fidelities import TabulatedJunction
from mtjlab.instruments.visa import visa_session

TIMEOUT = 0.05
"""Timeout of the drivers [s]: any computer is slow by this measure."""


def impatient(file):
    roles = {role: settings.model_copy(update={"timeout": TIMEOUT}) for role, settings in file.roles}
    return file.model_copy(update={"roles": file.roles.model_copy(update=roles)})


@pytest.fixture
def run_out(monkeypatch):
    """Give an event that is set when a driver's timeout has run out three times over one answer or another."""
    owes, event, times = visa_session.owes_answer, threading.Event(), []

    def counting(connection, sent):
        times.append(sent)
        if len(times) == 3:
            event.set()
        return owes(connection, sent)

    monkeypatch.setattr(visa_session, "owes_answer", counting)
    return event


def test_a_table_that_is_computed_inside_an_answer_is_waited_for(monkeypatch, run_out):
    pulse_train, asked = TabulatedJunction.pulse_train, []

    def slow(junction, pulse, count, hold=None):
        asked.append(count)
        assert run_out.wait(60)
        return pulse_train(junction, pulse, count, hold)

    with open_bench(impatient(BenchFile.load("simulated")), seed=1) as bench:
        monkeypatch.setattr(TabulatedJunction, "pulse_train", slow)
        generator = bench.pulse_generator
        generator.set_pulse(1.25, 10e-9)
        generator.arm_manual()
        generator.switch_on()
        generator.trigger()  # asks whether the pulse was sent
    assert asked == [1]  # and nothing was sent twice


def test_a_bench_is_opened_while_something_else_holds_the_computer(tmp_path, run_out):
    file = impatient(BenchFile.load("simulated"))
    served = serve_bench(file, seed=1)
    free = threading.Event()

    def hold():
        with served.clock.lock:
            holding.set()
            run_out.wait(60)
        free.set()

    holding = threading.Event()
    threading.Thread(target=hold, daemon=True).start()
    assert holding.wait(60)
    roles = {role: settings.model_copy(update={"resource": served.resources[role]}) for role, settings in file.roles}
    lab = file.model_copy(update={"simulation": None, "roles": file.roles.model_copy(update=roles)})
    with open_bench(lab) as bench:
        assert free.is_set()
        assert bench.source_meter.settings()["output"] == "False"
    served.close()


@pytest.mark.parametrize("kind", ["timeout", "half_open"])
def test_an_answer_that_a_fault_withholds_is_missed(kind):
    with open_bench(impatient(BenchFile.load("simulated")), seed=1) as bench:
        bench.stand_in.faults.inject(kind, role="source_meter", pattern="*IDN?", count=0)
        with pytest.raises(InstrumentError, match=r"no answer within 0\.05 s|no connection"):
            bench.source_meter.identify()


def test_who_keeps_an_instrument_from_answering_does_not_wait_for_it():
    # A signal may come while the main thread lets time pass on the bench, and its handler switches outputs off.
    with open_bench(impatient(BenchFile.load("simulated")), seed=1) as bench:
        with bench.stand_in.clock.lock, pytest.raises(InstrumentError, match=r"no answer within 0\.05 s|no connection"):
            bench.source_meter.identify()
        bench.recover()
        assert bench.source_meter.identify().startswith("KEITHLEY")
