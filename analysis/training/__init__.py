"""Training of the denoiser: the only rooms where torch is imported (extra ``train``)."""
