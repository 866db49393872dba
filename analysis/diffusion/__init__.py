"""Diffusion: noise in, images out.  The denoiser runs in onnxruntime; no torch is needed."""

from lazy_loader import attach_stub

__getattr__, __dir__, __all__ = attach_stub(__name__, __file__)
