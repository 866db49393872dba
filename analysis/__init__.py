"""What the bits mean: randomness, extraction, noise, diffusion, reports."""
