"""The spectrum of bits as steps of -1 and 1: `peaks.peaks_below` counts how many peaks lie below a threshold."""
