"""Colours that can be read, text that can be shown, and tables that fold."""

import re
from importlib import resources

import pytest

from mtjlab.analysis.reports.html_report import HtmlReport
from mtjlab.analysis.reports.report_parts import LONG_TABLE, Picture, Section, Table
from mtjlab.analysis.reports.shown_text import shown, shown_time

LEAST_CONTRAST = 4.5
"""WCAG 2.2, 1.4.3, level AA."""


def luminance(colour):
    """Give the relative luminance of a colour; WCAG 2.2."""
    digits = colour.lstrip("#")
    digits = "".join(digit * 2 for digit in digits) if len(digits) == 3 else digits
    parts = [int(digits[place : place + 2], 16) / 255 for place in (0, 2, 4)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one, other):
    """Give the contrast of two colours, 1 to 21; WCAG 2.2."""
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def test_the_contrast_is_that_of_the_standard():
    assert contrast("#000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#fff") == pytest.approx(4.48, abs=0.01)  # the well-known grey that just fails


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize("name", ["text", "quiet", "link", "good", "bad"])
@pytest.mark.parametrize("ground", ["page", "card"])
def test_text_can_be_read_in_both_themes(theme, name, ground):
    source = (resources.files("mtjlab.analysis.reports") / "report.html").read_text(encoding="utf-8")
    root = re.findall(r":root {(.*?)}", source, re.DOTALL)[theme]
    colours = dict(re.findall(r"--(\w+): (#\w+)", root))
    assert contrast(colours[name], colours[ground]) >= LEAST_CONTRAST


@pytest.mark.parametrize("text", ["\x00", "\x1b", "\x85", "\u202e", "\u2066", "\ufeff", "\ud800"])
def test_what_cannot_be_shown_is_marked(text):
    assert shown(f"a{text}b") == "a\ufffdb"


def test_what_can_be_shown_stays():
    assert shown("Ω é 中\n\tµ") == "Ω é 中\n\tµ"
    assert shown(3) == 3


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("2026-12-01T10:18:48.120+00:00", "2026-12-01 10:18"),
        ("2026-12-01T01:00:00+02:00", "2026-11-30 23:00"),
        ("<b>", "<b>"),
        ("", ""),
    ],
)
def test_times_are_shown_to_the_minute(text, said):
    assert shown_time(text) == said


def test_long_tables_fold_and_short_ones_do_not(page):
    rows = [[str(number), "x"] for number in range(LONG_TABLE + 1)]
    report = HtmlReport("A title", {"name": "value"}, "A lead.")
    report.add("Short", "", Table("short", rows[:-1], ("a", "b")))
    report.add("Long", "", Table("long", rows, ("a", "b")))
    report.add("Kept open", "", Table("open", rows, folded=False))
    read = page(report.html())
    assert read.faults == []
    assert len(read.all("details")) == 1
    assert f"long ({LONG_TABLE + 1} rows)" in read.said
    assert "A lead." in read.said


def test_a_picture_that_is_no_plot_keeps_its_brightness_in_the_dark(page):
    report = HtmlReport("Pictures", {})
    report.add("Two", "", Picture(b"\x89PNG", "a photograph", "clothes", plot=False), Picture(b"<svg/>", "a plot"))
    photograph, plot = page(report.html()).all("img")
    assert ("class" in photograph, plot["class"]) == (False, "plot")
    assert (photograph["alt"], plot["alt"]) == ("clothes", "a plot")
    assert plot["src"].startswith("data:image/svg+xml;base64,")


def test_links_lead_where_they_are_said_to(page):
    table = Table("t", [["<a>", "1"], ["b", "2"]])
    report = HtmlReport("Links", {})
    report.add_section(Section("Links", parts=(table,), links={"<a>": "./%3Ca%3E.html"}))
    read = page(report.html())
    assert [each["href"] for each in read.all("a")][1:] == ["./%3Ca%3E.html"]
    assert read.faults == []
