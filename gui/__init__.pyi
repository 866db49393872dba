from .application import show_window as show_window
from .picture_window import show_picture as show_picture

__all__ = [
    "show_picture",
    "show_window",
]
