"""How a junction is read: the levels of its states and how long a reading lasts."""

from lazy_loader import attach_stub

__getattr__, __dir__, __all__ = attach_stub(__name__, __file__)
