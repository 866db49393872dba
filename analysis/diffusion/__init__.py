"""Diffusion: noise in, images out.  The denoiser runs in onnxruntime; no torch is needed."""
