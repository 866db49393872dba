from .application import show_window as show_window
from .picture_window import show_picture as show_picture
from .recordings.recordings_room import RecordingsRoom as RecordingsRoom

__all__ = [
    "RecordingsRoom",
    "show_picture",
    "show_window",
]
