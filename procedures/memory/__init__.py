"""A memory array as the place where diffusion happens: calibrated, dissolved, sampled."""
