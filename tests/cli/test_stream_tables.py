"""The tables of `mtjlab stream` hold the numbers that were found."""

import io
import sys

import numpy as np
import pytest

from mtjlab.analysis.bitstream import NotApplicable, StreamPhysics, stream_physics
from mtjlab.cli.output import Output
from mtjlab.cli.stream_tables import LINES, STEPS, print_stream


def printed(physics: StreamPhysics, monkeypatch: pytest.MonkeyPatch) -> str:
    """Print and return what was printed, a row a line."""
    stream = io.StringIO()
    monkeypatch.setattr(sys, "stdout", stream)
    print_stream(physics, Output(None))
    return stream.getvalue()


def row(text: str, name: str) -> str:
    """Return the cell beside a name, or what it begins with."""
    rows = [
        [cell.strip() for cell in line.strip("│|").split("│" if "│" in line else "|")] for line in text.splitlines()
    ]
    exact = [cells for cells in rows if cells[0] == name]
    ((_, cell, *_),) = exact or [cells for cells in rows if cells[0].startswith(name)]
    return cell


def test_numbers_stand_with_their_intervals(monkeypatch: pytest.MonkeyPatch) -> None:
    physics = stream_physics(np.random.default_rng(91).random(100_000) < 0.52, period=1e-3)
    text = printed(physics, monkeypatch)
    bias = physics.bias
    assert row(text, "bias, P(1)") == f"{bias.value:.5f} ({bias.low:.5f} to {bias.high:.5f})"
    assert row(text, "bits that show this bias") == f"{physics.bits_to_see_bias:,}"
    assert not isinstance(physics.transitions, NotApplicable)
    assert row(text, "P_ud").startswith(f"{physics.transitions.p_ud.value:.5f} (")
    assert row(text, "P_du").startswith(f"{physics.transitions.p_du.value:.5f} (")
    assert not isinstance(physics.entropy, NotApplicable)
    assert row(text, "h(8)").startswith(f"{physics.entropy.entropies[8].value:.6f} ± ")
    assert row(text, "time from bit to bit") == "0.001 s"
    assert "Nothing here speaks against a toggled junction" in text


def test_stretches_between_change_points_are_listed_up_to_some(monkeypatch: pytest.MonkeyPatch) -> None:
    rng = np.random.default_rng(92)
    chances = np.repeat(np.tile([0.4, 0.6], 6), 4000)
    physics = stream_physics(rng.random(chances.size) < chances)
    text = printed(physics, monkeypatch)
    assert not isinstance(physics.steps, NotApplicable)
    count = len(physics.steps.shares)
    assert count > STEPS
    assert sum("P(1) from" in line for line in text.splitlines()) == STEPS
    assert row(text, "further change points") == str(count - STEPS)
    assert "Not what a toggled junction under steady pulses gives: P(1) over time" in text


def test_lines_are_listed_up_to_some(monkeypatch: pytest.MonkeyPatch) -> None:
    rng = np.random.default_rng(93)
    times = np.arange(200_000)
    lines = (0.003, 0.005, 0.008, 0.011, 0.017, 0.023, 0.031)
    hum = sum(0.04 * np.cos(2 * np.pi * frequency * times) for frequency in lines)
    physics = stream_physics(rng.random(times.size) < 0.5 + hum)
    text = printed(physics, monkeypatch)
    listed = [
        line for line in text.splitlines() if "line at" in line and "amplitude" in line and "Spectral" not in line
    ]
    assert len(listed) == LINES
    assert row(text, "further lines") == str(len(lines) - LINES)


def test_what_is_not_known_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    text = printed(stream_physics(np.zeros(3000, np.uint8)), monkeypatch)
    assert row(text, "P_du") == "not known: the state never occurred"
    assert row(text, "correlation with temperature").startswith("not applicable: ")
    assert "nan" not in text
    assert "speaks against" not in text
