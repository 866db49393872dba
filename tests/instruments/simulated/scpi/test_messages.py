"""Messages, headers and parameters as IEEE 488.2 and SCPI 1999 have them."""

import pytest

from mtjlab.instruments.simulated.scpi.message_exchange import MessageExchange
from mtjlab.instruments.simulated.scpi.scpi_message import LONGEST_MESSAGE, InputBuffer, split_units, split_words
from mtjlab.instruments.simulated.scpi.scpi_parameter import (
    parse_block,
    parse_channels,
    parse_number,
    parse_switch,
    parse_text,
)
from mtjlab.instruments.simulated.scpi.scpi_status import ScpiError


def error(oven):
    return int(oven.handle(":SYST:ERR?").split(b",")[0])


# headers in compounds


def test_path_memory_goes_on_below_the_last_header(oven):
    message = ":HEAT2:POW 5;MODE MAN;*CLS;POW?;:HEAT1:POW?;MODE?;:HEAT2:MODE?"
    assert oven.handle(message) == b"5;1;AUT;MAN"


def test_a_header_that_is_not_below_the_path_is_undefined(oven):
    assert oven.handle(":HEAT1:POW?;COUN?") == b"1"
    assert error(oven) == -113


def test_what_comes_before_an_error_is_done_and_what_comes_after_is_not(oven):
    assert oven.handle(":COUN 2;:NONSENSE;:COUN 3") is None
    assert error(oven) == -113
    assert oven.handle(":COUN?") == b"2"


@pytest.mark.parametrize("message", [":heat2:pow\t7", ":HEATER2:POWER:LEVEL   7 ", "  :Heat2:Pow 7;", "HEAT2:POW 7 W"])
def test_blanks_tabs_and_letters_of_either_case_are_all_one(oven, message):
    oven.handle(message)
    assert oven.handle(":HEAT2:POW?;:SYST:ERR?") == b'7;0,"No error"'


@pytest.mark.parametrize(
    ("message", "number"),
    [
        (":HEAT3:POW?", -114),
        (":HEAT1:POW 101", -222),
        (":HEAT1:POW -1", -222),
        (":HEAT1:POW 1,2", -108),
        (":HEAT1:POW 1,", -103),
        (":HEAT1:POW", -109),
        (":HEAT1:POW ON", -104),
        (":HEAT1:POW 1 V", -131),
        (":COUN 1 W", -138),
        (":HEAT1:POW 1E40000", -123),
        (":HEAT1:MODE SLOW", -224),
        (":LAB open", -151),
        (":LAB 'longer than eight'", -223),
        (":INIT 1", -108),
        (":INIT?", -113),
        ("*IDN", -113),
        ("\xe4\xf6", -101),
    ],
)  # fmt: skip
def test_each_mistake_has_its_number(oven, message, number):
    assert oven.handle(message) is None
    assert error(oven) == number
    assert error(oven) == 0


def test_words_ask_for_limits_and_default(oven):
    assert oven.handle(":HEAT1:POW? MIN;POW? MAX;POW? DEF;POW MAX;POW?") == b"0;100;1;100"


def test_a_choice_answers_its_short_form_a_string_comes_back_quoted(oven):
    assert oven.handle(":HEAT1:MODE manual;MODE?;:LAB 'it''s';:LAB?;:DOOR OFF;:DOOR?") == b'MAN;"it\'s";0'


# the queues


def test_an_answer_that_is_not_read_is_interrupted(oven):
    exchange = MessageExchange(oven)
    exchange.write(b"*IDN?")
    exchange.write(b":COUN 4")
    exchange.write(b":SYST:ERR?;:COUN?")
    assert exchange.read() == b'-410,"Query INTERRUPTED";4'


def test_a_read_with_nothing_asked_is_unterminated(oven):
    exchange = MessageExchange(oven)
    assert exchange.read() == b""
    exchange.write(b":COUN 4")
    assert exchange.read() == b""
    exchange.write(b"*ESR?;:SYST:ERR?;ERR?;ERR?")
    assert exchange.read() == b'132;-420,"Query UNTERMINATED";-420,"Query UNTERMINATED";0,"No error"'


def test_a_device_clear_empties_the_output_and_no_error_is_left(oven):
    exchange = MessageExchange(oven)
    exchange.write(b"*IDN?")
    exchange.clear()
    exchange.write(b":SYST:ERR?")
    assert exchange.read() == b'0,"No error"'


def test_a_full_error_queue_keeps_the_oldest_and_says_so_at_its_end(oven):
    for index in range(40):
        oven.handle(":COUN 99" if index < 3 else ":NONSENSE")
    assert oven.handle(":SYST:ERR:COUN?") == b"30"
    errors = [error(oven) for _ in range(31)]
    assert errors == [-222] * 3 + [-113] * 26 + [-350, 0]


# bytes into messages


@pytest.mark.parametrize("size", [1, 2, 3, 7, 1000])
def test_however_the_packets_are_cut_the_messages_are_the_same(size):
    data = b"*IDN?\n:DATA #16a\nb;c'\n:LAB 'x;#15\n';*CLS\n"
    buffer, messages = InputBuffer(), []
    for first in range(0, len(data), size):
        messages += buffer.feed(data[first : first + size])
    # The newline inside the string ends its message: SCPI strings hold none on a raw socket.
    assert messages == [b"*IDN?", b":DATA #16a\nb;c'", b":LAB 'x;#15", b"';*CLS"]


def test_an_endless_message_is_dropped_and_the_next_one_understood():
    buffer = InputBuffer()
    with pytest.raises(ScpiError, match="-363"):
        buffer.feed(b"x" * (LONGEST_MESSAGE + 1))
    assert buffer.feed(b"more of it\n*IDN?\n") == [b"*IDN?"]


def test_separators_in_strings_blocks_and_lists_separate_nothing():
    assert split_units(":A 'x;y';:B #13;;;;*CLS") == [":A 'x;y'", ":B #13;;;", "*CLS"]
    assert split_words('"a,b",(@1,2),#12,,,3') == ['"a,b"', "(@1,2)", "#12,,", "3"]


# parameters


@pytest.mark.parametrize(
    ("word", "value"),
    [("-1.5E-3", -1.5e-3), (".5", 0.5), ("5.", 5.0), ("1 E 3", 1e3), ("#H1F", 31), ("#B101", 5), ("#Q17", 15),
     ("10 NS", 10e-9), ("2ms", 2e-3), ("INF", 9.9e37), ("NINF", -9.9e37)],
)  # fmt: skip
def test_numbers_in_all_their_forms(word, value):
    assert parse_number(word, "S") == pytest.approx(value, rel=1e-12)


def test_m_is_mega_for_hertz_and_ohms_and_milli_for_the_rest():
    assert parse_number("2 MHZ", "HZ") == 2e6
    assert parse_number("2 MOHM", "OHM") == 2e6
    assert parse_number("2 MV", "V") == 2e-3
    assert parse_number("2 MAV", "V") == 2e6


@pytest.mark.parametrize("word", ["nan", "1_000", "0x10", "1e", "--1", "", "#H", "#HG", "1,5"])
def test_what_python_takes_for_a_number_and_scpi_does_not(word):
    with pytest.raises(ScpiError):
        parse_number(word)


def test_a_switch_takes_words_and_numbers_that_round():
    assert [parse_switch(word) for word in ("on", "OFF", "0.4", "-0.6", "7")] == [True, False, False, True, True]


def test_channel_lists_have_ranges():
    assert parse_channels(["(@101", "103:105)"]) == [101, 103, 104, 105]
    for wrong in (["101"], ["(@1:)"], ["(@a)"]):
        with pytest.raises(ScpiError, match="-171"):
            parse_channels(wrong)


def test_a_block_is_as_long_as_it_says():
    assert parse_block("#15ab\ncd") == b"ab\ncd"
    assert parse_block("#0rest") == b"rest"
    for wrong in ("#15abcd", "#1xab", "abc", "#"):
        with pytest.raises(ScpiError, match="-161"):
            parse_block(wrong)


def test_a_quote_in_a_string_stands_doubled():
    assert parse_text('"say ""hi"""') == 'say "hi"'
