"""The common commands of IEEE 488.2-1992, section 10, and the status model of its section 11."""

import threading
import time

import pytest

from mtjlab.instruments.simulated.clock import Clock

MAV, ESB, MSS, ERRORS = 0x10, 0x20, 0x40, 0x04
PON, CME, EXE, DDE, QYE, OPC = 0x80, 0x20, 0x10, 0x08, 0x04, 0x01


def number(answer):
    return int(answer.split(b";")[-1])


def test_power_on_is_told_once(oven):
    assert number(oven.handle("*ESR?")) == PON
    assert number(oven.handle("*ESR?")) == 0
    oven.power_on()
    assert number(oven.handle("*ESR?")) == PON


@pytest.mark.parametrize(
    ("message", "bit"),
    [(":NONSENSE", CME), (":COUN", CME), (":COUN 10", EXE), (":HEAT1:MODE 3", EXE)],
)
def test_each_class_of_error_has_its_event(oven, message, bit):
    oven.handle("*CLS")
    oven.handle(message)
    assert number(oven.handle("*ESR?")) == bit


def test_a_summary_asks_for_service_only_where_it_is_enabled(oven):
    oven.handle("*CLS;:NONSENSE")
    assert number(oven.handle("*STB?")) == ERRORS
    oven.handle(f"*ESE {CME}")
    assert number(oven.handle("*STB?")) == ERRORS | ESB
    oven.handle(f"*SRE {ESB}")
    assert number(oven.handle("*STB?")) == ERRORS | ESB | MSS
    assert number(oven.handle("*STB?")) == ERRORS | ESB | MSS  # reading it clears nothing
    assert number(oven.handle("*ESR?")) == CME
    assert number(oven.handle("*STB?")) == ERRORS
    oven.handle("*CLS")
    assert number(oven.handle("*STB?")) == 0
    assert oven.handle("*ESE?;*SRE?") == b"32;32"  # the masks stay


def test_an_answer_that_waits_shows_in_the_status_byte(oven):
    assert oven.handle("*CLS;*STB?;*STB?") == f"0;{MAV}".encode()
    oven.handle(f"*SRE {MAV}")
    assert number(oven.handle("*IDN?;*STB?")) == MAV | MSS


def test_masks_round_stay_within_a_byte_and_leave_bit_6_out(oven):
    assert oven.handle("*ESE 31.6;*ESE?;*SRE 255;*SRE?") == b"32;191"
    oven.handle("*CLS;*ESE 256")
    assert oven.handle(":SYST:ERR?") == b'-222,"Data out of range"'
    assert oven.handle("*ESE?") == b"32"


def test_opc_sets_its_event_when_the_operation_ends(oven, clock):
    oven.handle("*CLS;:INIT;*OPC")
    clock.wait(9.9)
    assert oven.status.event == 0
    clock.wait(0.2)
    assert oven.busy is False
    assert number(oven.handle("*ESR?")) == OPC


def test_opc_is_at_once_where_nothing_is_under_way(oven):
    assert number(oven.handle("*CLS;*OPC;*ESR?")) == OPC


def test_clearing_cancels_an_opc_that_waits(oven, clock):
    oven.handle(":INIT;*OPC;*CLS")
    clock.wait(20.0)
    assert number(oven.handle("*ESR?")) == 0


@pytest.mark.parametrize("message", [":INIT;*OPC?", ":INIT;*WAI"])
def test_opc_and_wai_wait_on_the_virtual_clock(oven, clock, message):
    assert oven.handle(message) in (b"1", None)
    assert clock.now == 10.0


def test_abort_and_reset_end_what_is_under_way(oven, clock):
    for message in (":INIT;:ABOR;*OPC?", ":INIT;*RST;*OPC?"):
        assert oven.handle(message) == b"1"
    assert clock.now == 0.0


def test_trg_triggers_and_is_refused_where_nothing_waits(oven, meter):
    oven.handle("*TRG")
    assert oven.triggers == 1
    meter.handle("*TRG")
    assert meter.handle(":SYST:ERR?") == b'-211,"Trigger ignored"'


def test_reset_leaves_errors_and_masks(oven):
    oven.handle("*ESE 4;:COUN 5;:NONSENSE")
    assert oven.handle("*RST;*ESE?;:COUN?;:SYST:ERR:COUN?") == b"4;1;1"


def test_what_scpi_requires_is_there(oven):
    assert oven.handle(":SYST:VERS?;ERR?;:STAT:OPER?;OPER:COND?;:STAT:QUES:ENAB?;:STAT:QUES?") == (
        b'1999.0;0,"No error";0;0;0;0'
    )
    assert oven.handle("*TST?;*OPT?") == b"0;0"


def test_registers_latch_rising_bits_and_sum_up(oven):
    register = oven.status.registers["OPERation"]
    oven.handle(":STAT:OPER:ENAB 16")
    register.set(16, True)
    register.set(16, False)
    assert oven.handle(":STAT:OPER:COND?;:STAT:OPER:ENAB?") == b"0;16"
    assert number(oven.handle("*STB?")) == 0x80
    assert oven.handle(":STAT:OPER?") == b"16"
    assert oven.handle(":STAT:OPER?") == b"0"
    register.set(16, True)
    oven.handle(":STAT:PRES")
    assert number(oven.handle("*STB?")) == 0
    assert oven.handle(":STAT:OPER:COND?") == b"16"  # the condition is what it is


def test_a_status_byte_is_polled_to_the_end_without_waiting(meter, wiring):
    meter.handle(":OUTP ON;:SENS:CURR:NPLC 10;:TRIG:COUN 100;:TRAC:POIN 100;:TRAC:FEED:CONT NEXT;:INIT")
    meter.handle("*CLS;*ESE 1;*SRE 32;*OPC")
    polls = 0
    while not number(meter.handle("*STB?")) & MSS:
        polls += 1
        assert polls < 3, "virtual time does not pass for a client that polls"
    assert wiring.time >= 100 * 10 / 50


def test_in_real_time_waiting_takes_as_long_as_it_says():
    clock = Clock(real_time=True)
    began = time.monotonic()
    clock.wait(0.2)
    assert time.monotonic() - began >= 0.2


def test_others_work_on_while_an_instrument_waits_and_stopping_ends_all_waiting():
    clock = Clock(real_time=True)

    def end():
        with clock.lock:  # to be had only while the other one waits
            clock.stop()

    other = threading.Thread(target=end)
    with clock.lock:
        other.start()
        clock.wait(3600.0)
    other.join()
    assert clock.now < 3600.0
