"""For those who write drivers and procedures: benches of text, wired adapters, the driver walk, short runs.

Nothing here needs pytest; all of it can be called from pytest, from unittest or from a script.
"""

from lazy_loader import attach_stub

__getattr__, __dir__, __all__ = attach_stub(__name__, __file__)
