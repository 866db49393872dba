"""What a physicist asks of a bitstream: bias, transitions, runs, drift, memory, entropy, lines of the mains."""

from lazy_loader import attach_stub

__getattr__, __dir__, __all__ = attach_stub(__name__, __file__)
