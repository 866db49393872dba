"""Noise of bits for torch code: samplers, pipelines and training loops that are not ours."""

from lazy_loader import attach_stub

__getattr__, __dir__, __all__ = attach_stub(__name__, __file__)
