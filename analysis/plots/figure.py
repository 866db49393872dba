"""Figures that look the same for everybody: the user's matplotlibrc changes nothing, and text is drawn as it is."""

import contextlib
import io
import textwrap
import threading
import warnings
from collections.abc import Iterator
from contextvars import ContextVar
from dataclasses import dataclass
from typing import TYPE_CHECKING

from mtjlab.core import InputError

if TYPE_CHECKING:
    from matplotlib.figure import Figure
    from matplotlib.text import Text

__all__ = ["FORMATS", "PictureFormat", "drawing", "encoded", "picture_format"]

FORMATS = ("png", "pdf", "svg")
"""Formats of a picture, by their file name extension."""

LETTERS = 13.5
"""Letters of nine points on an inch."""

LEAST_TEXT = 0.65
"""Of its own size, below which text is not shrunk: 8 points become 5.2, about the least that journals print."""

_LOCK = threading.RLock()
"""Settings of matplotlib belong to the process: one picture at a time has them."""


@dataclass(frozen=True)
class PictureFormat:
    """How pictures are stored.

    Parameters
    ----------
    name
        ``png``, ``pdf`` or ``svg``.
    width
        Width of the picture [inch]; None for the picture's own. The height follows in proportion.
    dpi
        Resolution of a PNG [dots per inch]; None for the picture's own.

    Raises
    ------
    InputError
        If the format is not one of these, or a size is out of range.
    """

    name: str = "png"
    width: float | None = None
    dpi: float | None = None

    def __post_init__(self) -> None:
        if self.name not in FORMATS:
            raise InputError(f"picture format {self.name!r:.40}: expected one of {', '.join(FORMATS)}")
        if self.width is not None and not 1 <= self.width <= 40:
            raise InputError(f"picture width = {self.width:g} inch: expected 1 to 40")
        if self.dpi is not None and not 30 <= self.dpi <= 1200:
            raise InputError(f"picture dpi = {self.dpi:g}: expected 30 to 1200")


_FORMAT: ContextVar[PictureFormat | None] = ContextVar("mtjlab_picture_format", default=None)


@contextlib.contextmanager
def picture_format(wanted: PictureFormat) -> Iterator[None]:
    """Store the pictures drawn within in another format.

    A procedure's `draw` returns a picture and does not know where it goes, so that the format is not among its
    arguments.

    Parameters
    ----------
    wanted
        Format, width and resolution.

    Returns
    -------
    context manager
        The format holds inside it, in this thread.
    """
    token = _FORMAT.set(wanted)
    try:
        yield
    finally:
        _FORMAT.reset(token)


@contextlib.contextmanager
def drawing(width: float, height: float, dpi: float = 130) -> "Iterator[Figure]":
    """Give a figure to draw in and to encode, under matplotlib's own settings.

    Parameters
    ----------
    width, height
        Size [inch].
    dpi
        Resolution of a PNG.

    Yields
    ------
    Figure
        Without pyplot: no window and no global figure.
    """
    import matplotlib as mpl
    from matplotlib.figure import Figure

    with _LOCK, mpl.rc_context(), warnings.catch_warnings():
        # Not mpl.rcdefaults: it imports what is deprecated, and hides that with filters that another thread may change.
        defaults = {name: value for name, value in dict.items(mpl.rcParamsDefault) if not name.startswith("backend")}
        dict.update(mpl.rcParams, defaults)
        # A sign that the font lacks is drawn as a box; nobody needs a warning for each.
        warnings.filterwarnings("ignore", message="Glyph .* missing from", category=UserWarning)
        yield Figure(figsize=(width, height), dpi=dpi, layout="constrained")


def encoded(figure: "Figure") -> bytes:
    """Encode a figure in the format that is asked for; see `picture_format`. Call it within `drawing`.

    Parameters
    ----------
    figure
        Figure, drawn.

    Returns
    -------
    bytes
        The file.
    """
    wanted = _FORMAT.get() or PictureFormat()
    if wanted.width is not None:
        width, height = figure.get_size_inches()
        figure.set_size_inches(wanted.width, height * wanted.width / width)
        _shrink_text(figure, min(1.0, max(LEAST_TEXT, wanted.width / width)))
    _break_title(figure)
    for text in _texts(figure):
        # Names of files and columns are the user's: a dollar sign in them begins no mathematics.
        text.set_text(text.get_text().replace("$", r"\$"))
    target = io.BytesIO()
    # Without a date, the same data give the same file.
    metadata = {"png": None, "pdf": {"CreationDate": None}, "svg": {"Date": None}}[wanted.name]
    figure.savefig(target, format=wanted.name, dpi=wanted.dpi or figure.dpi, metadata=metadata)
    return target.getvalue()


def _shrink_text(figure: "Figure", factor: float) -> None:
    """Let text follow the width of a picture that is narrower than its own."""
    from matplotlib.text import Text

    for text in figure.findobj(Text):
        if isinstance(text, Text):
            text.set_fontsize(float(text.get_fontsize()) * factor)
    for axes in figure.axes:
        axes.tick_params(which="both", labelsize=10.0 * factor)  # 10 points is matplotlib's own


def _break_title(figure: "Figure") -> None:
    """Break the lines of the title so that they fit; matplotlib breaks them too late to keep room for them."""
    for title in figure.texts:
        most = int(figure.get_figwidth() * LETTERS * 9 / float(title.get_fontsize()))
        lines = [part for line in title.get_text().split("\n") for part in textwrap.wrap(line, most) or [""]]
        title.set_text("\n".join(lines))


def _texts(figure: "Figure") -> "Iterator[Text]":
    """Give titles, labels and legends, but not the ticks' numbers, whose powers of ten are mathematics."""
    yield from figure.texts
    for axes in figure.axes:
        yield from (axes.title, axes.xaxis.label, axes.yaxis.label, *axes.texts)
    for legend in filter(None, [*figure.legends, *(axes.get_legend() for axes in figure.axes)]):
        yield from (legend.get_title(), *legend.get_texts())
