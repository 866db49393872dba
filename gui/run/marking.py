"""How the form marks what is refused, and what is said beside."""

from qtpy.QtGui import QPalette
from qtpy.QtWidgets import QApplication, QLabel, QWidget

__all__ = ["mark_refused", "say_quietly", "say_refused"]

REFUSED_ON_LIGHT, REFUSED_ON_DARK = "#b3400a", "#ff9a5c"
"""Vermilion, which colour-blind people tell from the text, with contrast on both grounds."""


def mark_refused(widget: QWidget, *, refused: bool) -> None:
    """Draw a border in the colour of what is refused, or none.

    Parameters
    ----------
    widget
        The input.
    refused
        Whether its value is refused.
    """
    style = f"border: 2px solid {_refused_colour()};" if refused else ""
    if widget.styleSheet() != style:
        widget.setStyleSheet(style)


def say_refused(label: QLabel, text: str) -> None:
    """Say a reason in the colour of what is refused.

    Parameters
    ----------
    label
        Where.
    text
        The reason.
    """
    label.setStyleSheet(f"color: {_refused_colour()};")
    label.setText(text)


def say_quietly(label: QLabel, text: str) -> None:
    """Say a hint in a colour between text and ground.

    Parameters
    ----------
    label
        Where.
    text
        The hint.
    """
    palette = QApplication.palette()  # the label's own has the colour of what it said before
    ink, ground = palette.color(QPalette.ColorRole.WindowText), palette.color(QPalette.ColorRole.Window)
    parts = [round(0.68 * a + 0.32 * b) for a, b in zip(ink.getRgb()[:3], ground.getRgb()[:3], strict=True)]
    label.setStyleSheet("color: #{:02x}{:02x}{:02x};".format(*parts))
    label.setText(text)


def _refused_colour() -> str:
    dark = QApplication.palette().color(QPalette.ColorRole.Window).lightness() < 128
    return REFUSED_ON_DARK if dark else REFUSED_ON_LIGHT
