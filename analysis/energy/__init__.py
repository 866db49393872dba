"""Energy and area of a random bit, of a normal and of an image, and how they compare with other generators."""

from lazy_loader import attach_stub

__getattr__, __dir__, __all__ = attach_stub(__name__, __file__)
