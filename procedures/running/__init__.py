"""The headless runner: one run, plans of many, and the queue that they wait in."""

from lazy_loader import attach_stub

__getattr__, __dir__, __all__ = attach_stub(__name__, __file__)
