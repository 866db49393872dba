"""Reports a person reads: HTML, plots and image grids."""
