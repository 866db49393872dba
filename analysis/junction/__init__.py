"""What measured curves say of the junction: loops, bias dependence, errors, dwell times, noise."""

from lazy_loader import attach_stub

__getattr__, __dir__, __all__ = attach_stub(__name__, __file__)
