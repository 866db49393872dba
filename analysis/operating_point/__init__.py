"""Where a pulse switches the junction half of the time: finding the point, and staying there."""

from lazy_loader import attach_stub

__getattr__, __dir__, __all__ = attach_stub(__name__, __file__)
