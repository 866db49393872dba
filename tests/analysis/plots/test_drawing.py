"""Pictures are the same for everybody, and text in them is drawn as it is."""

import io
from pathlib import Path

import matplotlib as mpl
import numpy as np
import pytest
from matplotlib.cbook import is_math_text
from PIL import Image

from mtjlab.analysis.plots.figure import PictureFormat, drawing, encoded, picture_format
from mtjlab.analysis.plots.table import table_plot
from mtjlab.core.errors import InputError

COLUMNS = [("V", "V"), ("I", "A")]
ROWS = np.column_stack([np.linspace(0, 1, 20), np.linspace(0, 1e-6, 20)])


def _picture(title: str = "title", columns: list[tuple[str, str]] = COLUMNS) -> bytes:
    return table_plot(columns, ROWS, title)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("font.size", 22),
        ("text.usetex", True),
        ("savefig.dpi", 50),
        ("axes.facecolor", "red"),
        ("savefig.bbox", "tight"),
    ],
)
def test_a_users_settings_change_no_pixel_and_come_back(name: str, value: object) -> None:
    plain = _picture()
    with mpl.rc_context({name: value}):
        assert _picture() == plain
        assert mpl.rcParams[name] == value


@pytest.mark.parametrize("text", ["x$\\frac{1$.h5", "$a", "a$b$c", "C:\\$Recycle$", "$$", "50 % of $R_P$"])
def test_a_dollar_sign_is_text(text: str) -> None:
    # Drawn as mathematics, these fail or lose their dollar signs; so does what is longer than a line.
    _picture(text)
    _picture(text * 12)
    _picture("t", [(text, "V"), ("I", text)])
    with drawing(2, 1) as figure:
        figure.suptitle(text)
        encoded(figure)
        assert not is_math_text(figure.texts[0].get_text())


def test_a_sign_that_the_font_lacks_warns_nobody() -> None:
    _picture("測定 42")  # warnings are errors here


@pytest.mark.parametrize(("name", "head"), [("png", b"\x89PNG"), ("pdf", b"%PDF"), ("svg", b"<?xml")])
def test_formats_and_sizes(name: str, head: bytes) -> None:
    with picture_format(PictureFormat(name, width=3.4, dpi=100)):
        picture = _picture()
    assert picture.startswith(head)
    if name == "png":
        assert Image.open(io.BytesIO(picture)).size[0] == 340
    with picture_format(PictureFormat(name, width=3.4, dpi=100)):
        assert _picture() == picture or name == "svg"  # svg has random identifiers


@pytest.mark.parametrize("wanted", [{"name": "gif"}, {"width": 0.0}, {"width": float("nan")}, {"dpi": 1e9}])
def test_what_cannot_be_drawn_is_refused(wanted: dict[str, object], tmp_path: Path) -> None:
    with pytest.raises(InputError):
        PictureFormat(**wanted)  # type: ignore[arg-type]


@pytest.mark.parametrize("width", [7.2, 3.4])
def test_a_long_title_is_drawn_whole(width: float) -> None:
    with picture_format(PictureFormat("png", width=width)), drawing(7.2, 3.6) as figure:
        figure.subplots().plot([0, 1])
        figure.suptitle("a word or two of what was measured " * 8, fontsize=9)
        encoded(figure)
        (title,) = figure.texts
        inside, whole = title.get_window_extent(), figure.bbox
        assert whole.x0 <= inside.x0 < inside.x1 <= whole.x1
        assert whole.y0 <= inside.y0 < inside.y1 <= whole.y1
        assert inside.y0 >= figure.axes[0].get_window_extent().y1
