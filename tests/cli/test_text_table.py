"""Tables of characters fit the window they are shown in."""

from __future__ import annotations

import io
import os

import pytest

from mtjlab.cli.text_table import text_table


class Window(io.StringIO):
    """A terminal."""

    encoding = "utf-8"

    def isatty(self) -> bool:
        return True


@pytest.fixture
def narrow(monkeypatch):
    monkeypatch.setattr("shutil.get_terminal_size", lambda: os.terminal_size((30, 24)))
    monkeypatch.setenv("NO_COLOR", "1")
    return Window()


def test_a_table_on_a_pipe():
    assert text_table("run.h5", None, [["bits", "1,000"], ["field", "0.0255 T"]], io.StringIO()).splitlines() == [
        "run.h5",
        "┌───────┬──────────┐",
        "│ bits  │ 1,000    │",
        "│ field │ 0.0255 T │",
        "└───────┴──────────┘",
    ]


def test_a_long_text_goes_on_below_within_the_window(narrow):
    message = "the clock was set back by 3600 s while thefilewasbeingwritten"
    lines = text_table("Log", ["level", "message"], [["warning", message]], narrow).splitlines()
    assert {len(line) for line in lines[1:]} == {30}
    assert lines[2] == "│ level   │ message          │"
    said = [line.split("│")[2].strip() for line in lines[4:-1]]
    assert "".join(said).replace(" ", "") == message.replace(" ", "")
    assert said[0] == "the clock was"


def test_names_stand_out_in_a_window(monkeypatch):
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setattr(os, "name", "posix")
    assert "\033[1mbits\033[0m │ 8" in text_table("run.h5", None, [["bits", "8"]], Window())


def test_wide_signs_take_two_columns():
    lines = text_table("", None, [["操作者", "Ada"], ["wafer", "W07"]], io.StringIO()).splitlines()
    assert lines[2:4] == ["│ 操作者 │ Ada │", "│ wafer  │ W07 │"]


def test_what_a_file_says_moves_no_cursor():
    assert "\033" not in text_table("", None, [["note", "\033[2Jgone\a"]], io.StringIO())


def test_a_stream_without_such_characters_gets_plain_lines():
    stream = io.TextIOWrapper(io.BytesIO(), encoding="ascii")
    assert text_table("t", None, [["a", "b"]], stream).splitlines()[1:3] == ["+---+---+", "| a | b |"]
