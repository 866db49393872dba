"""Tests that run along with a bit source and say at once when it has broken."""

from lazy_loader import attach_stub

__getattr__, __dir__, __all__ = attach_stub(__name__, __file__)
