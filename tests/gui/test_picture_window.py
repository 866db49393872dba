"""`mtjlab plot --show`: a window with the picture, until it is closed."""

import os

import pytest

from mtjlab.analysis.plots.table import table_plot

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
QtWidgets = pytest.importorskip("qtpy.QtWidgets", reason="needs Qt with its system libraries", exc_type=ImportError)


def test_the_window_shows_the_picture_until_it_is_closed():
    from qtpy import QtCore

    from mtjlab.gui.picture_window import PictureWindow, show_picture

    application = QtWidgets.QApplication.instance() or QtWidgets.QApplication(["test"])
    picture = table_plot([("time", "s"), ("voltage", "V")], [[0, 1], [1, 2]], "a table")
    seen = []

    def close():
        (window,) = (each for each in application.topLevelWidgets() if isinstance(each, PictureWindow))
        seen.append((window.windowTitle(), window.pixmap().width()))
        window.close()

    QtCore.QTimer.singleShot(0, close)
    show_picture(picture, "run.h5")
    assert seen == [("run.h5", 936)]
