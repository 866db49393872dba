"""The bench: its file and what stands in it, how it is opened, held by one process, checked and described."""

from lazy_loader import attach_stub

__getattr__, __dir__, __all__ = attach_stub(__name__, __file__)
