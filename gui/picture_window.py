"""A recording's picture in a window of its own."""

import signal

from qtpy.QtCore import QTimer
from qtpy.QtWidgets import QApplication

from mtjlab.gui.picture_view import PictureView

__all__ = ["PictureWindow", "show_picture"]


class PictureWindow(PictureView):
    """A picture that grows with its window.

    Parameters
    ----------
    png
        The picture.
    title
        Of the window.
    """

    def __init__(self, png: bytes, title: str) -> None:
        super().__init__()
        self.setWindowTitle(title)
        self.show_png(png)
        self.resize(self.picture_size())


def show_picture(png: bytes, title: str) -> None:
    """Show a picture until its window is closed; Ctrl-C closes it, too.

    Parameters
    ----------
    png
        The picture.
    title
        Title of the window.
    """
    application = QApplication.instance() or QApplication(["mtjlab"])
    window = PictureWindow(png, title)
    window.show()
    known = signal.signal(signal.SIGINT, lambda number, frame: window.close())
    # Python gets to its signal handlers only between bytecodes; Qt's loop gives it some.
    pulse = QTimer()
    pulse.timeout.connect(lambda: None)
    pulse.start(200)
    try:
        application.exec_()
    finally:
        signal.signal(signal.SIGINT, known)
