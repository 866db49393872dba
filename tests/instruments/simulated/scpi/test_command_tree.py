"""Headers are understood as SCPI 1999 has it."""

import pytest

from mtjlab.instruments.simulated.scpi.command_tree import Command, CommandTree
from mtjlab.instruments.simulated.scpi.scpi_status import ScpiError


@pytest.fixture
def tree() -> CommandTree:
    tree = CommandTree()
    for pattern in (":SOURce:VOLTage[:LEVel][:IMMediate]", ":SOURce:VOLTage:RANGe", ":OUTPut#[:STATe]", "*RST"):
        tree.add(pattern, Command(get=lambda suffixes, words, pattern=pattern: pattern))
    return tree


@pytest.mark.parametrize(
    "header",
    [":SOURce:VOLTage:LEVel:IMMediate", ":SOUR:VOLT", "sour:volt:lev", ":Sour:Voltage:Imm", ":SOURCE:VOLT:LEV:IMM"],
)
def test_long_short_and_optional_forms_are_one_command(tree, header):
    assert tree.find(header).command.get((), []) == ":SOURce:VOLTage[:LEVel][:IMMediate]"


@pytest.mark.parametrize(
    "header", [":SOU:VOLT", ":SOURc:VOLT", ":VOLT", ":SOUR", ":SOUR:VOLT:LEVE", "*RS", ":SOUR2:VOLT"]
)
def test_anything_between_short_and_long_is_an_undefined_header(tree, header):
    with pytest.raises(ScpiError) as caught:
        tree.find(header)
    assert caught.value.number == -113


def test_a_suffix_defaults_to_one(tree):
    assert tree.find(":OUTP").suffixes == (1,)
    assert tree.find(":OUTPUT2:STAT").suffixes == (2,)


def test_a_command_after_a_semicolon_begins_where_the_last_one_stood(tree):
    path = tree.find(":SOUR:VOLT:LEV").parent
    assert path == ("SOUR", "VOLT")
    assert tree.find("RANG", path).command.get((), []) == ":SOURce:VOLTage:RANGe"
    assert tree.find(":OUTP1", path).suffixes == (1,)


@pytest.mark.parametrize(
    ("header", "number"), [(":OUTP999999999999", -114), (":" + "X" * 13, -112), (":OUTP" + "1" * 5000, -114)]
)
def test_a_suffix_or_a_word_beyond_reason_is_refused(tree, header, number):
    with pytest.raises(ScpiError) as caught:
        tree.find(header)
    assert caught.value.number == number


def test_command_and_query_may_be_entered_one_by_one(tree):
    tree.add(":SOURce:VOLTage:RANGe", Command(set=lambda suffixes, words: None))
    assert tree.find(":SOUR:VOLT:RANG").command.get((), []) == ":SOURce:VOLTage:RANGe"
    assert tree.find(":SOUR:VOLT:RANG").command.set is not None
