"""A picture that fills its place."""

from qtpy.QtCore import QSize, Qt
from qtpy.QtGui import QPixmap, QResizeEvent
from qtpy.QtWidgets import QLabel, QSizePolicy

__all__ = ["PictureView"]


class PictureView(QLabel):
    """A PNG, scaled to the window."""

    def __init__(self) -> None:
        super().__init__("The recording is drawn here when the run has ended.")
        self.setAlignment(Qt.AlignCenter)
        self.setSizePolicy(QSizePolicy.Ignored, QSizePolicy.Ignored)
        self._whole = QPixmap()

    def show_png(self, png: bytes) -> None:
        """Show a picture."""
        self._whole.loadFromData(png)
        self._fit()

    def picture_size(self) -> QSize:
        """Give the size of the picture itself [pixels]."""
        return self._whole.size()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 (Qt's name)
        """Scale it again."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        if not self._whole.isNull():
            self.setPixmap(self._whole.scaled(self.size(), Qt.KeepAspectRatio, Qt.SmoothTransformation))
