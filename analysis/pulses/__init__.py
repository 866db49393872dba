"""What arrives at the junction of a pulse: its shape, and the calibration of its amplitude."""

from lazy_loader import attach_stub

__getattr__, __dir__, __all__ = attach_stub(__name__, __file__)
