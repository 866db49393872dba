"""The Images room: the denoising as it happens."""
