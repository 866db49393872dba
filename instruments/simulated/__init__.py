"""The same table made of software: the device, SCPI instruments on loopback, and their wiring."""

from lazy_loader import attach_stub

__getattr__, __dir__, __all__ = attach_stub(__name__, __file__)
