"""Training of the denoiser: the only rooms where torch is imported (extra ``train``)."""

from lazy_loader import attach_stub

__getattr__, __dir__, __all__ = attach_stub(__name__, __file__)
