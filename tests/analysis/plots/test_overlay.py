"""Several recordings in one picture."""

import numpy as np

from mtjlab.analysis.plots.figure import PictureFormat, picture_format
from mtjlab.analysis.plots.overlay import interval_plot, overlay_plot


def test_each_recording_and_each_column_is_named():
    rows = np.column_stack([np.linspace(0, 1, 9), np.arange(9.0), np.arange(9.0) ** 2])
    columns = [("field", "T"), ("resistance", "Ω"), ("current", "A")]
    with picture_format(PictureFormat("svg")):
        drawn = overlay_plot(columns, [("first $x", rows), ("second", rows + 1)]).decode()
    # Text is drawn as outlines, with what it says in a comment.
    for words in ("field", "resistance", "current", "first $x", "second"):
        assert words in drawn.replace("\\$", "$")


def test_intervals_are_drawn_for_any_number_of_recordings():
    for count in (1, 2, 12):
        names = [f"recording {number} $" for number in range(count)]
        drawn = interval_plot(names, [0.5] * count, [(0.4, 0.6)] * count, "P(1)", 0.5)
        assert drawn.startswith(b"\x89PNG")
