"""Durations, ends and sizes are told as people tell them."""

from datetime import datetime

import pytest

from mtjlab.core import show_bytes, show_duration, show_end

NOON = datetime(2026, 12, 1, 12, 0)


@pytest.mark.parametrize(
    ("seconds", "shown"),
    [
        (0.0, "0 s"),
        (2.4e-6, "2.4 µs"),
        (0.35, "350 ms"),
        (59.6, "1 min"),
        (125, "2 min 5 s"),
        (3599.7, "1 h"),
        (4020, "1 h 7 min"),
        (86_399.9, "1 d"),
        (90_000, "1 d 1 h"),
        (-75, "-1 min 15 s"),
        (float("inf"), "unknown"),
        (None, "unknown"),
    ],
)
def test_a_duration_is_told_by_its_two_largest_parts(seconds, shown):
    assert show_duration(seconds) == shown


@pytest.mark.parametrize(
    ("seconds", "shown"),
    [
        (30, "30 s"),
        (4020, "1 h 7 min, until 13:07"),
        (86_400 * 2, "2 d, until 2026-12-03 12:00"),
        (1e12, "11,574,074 d 1 h"),
        (None, "unknown"),
    ],
)
def test_the_end_is_told_where_somebody_would_wait_for_it(seconds, shown):
    assert show_end(seconds, NOON) == shown


@pytest.mark.parametrize(
    ("size", "shown"),
    [(0, "0 B"), (999, "999 B"), (999_600, "1 MB"), (1_234_567, "1.23 MB"), (3e12, "3 TB"), (2e15, "2,000 TB")],
)
def test_a_size_is_told_in_three_digits(size, shown):
    assert show_bytes(size) == shown
