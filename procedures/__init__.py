"""What is done with the bench: PyMeasure procedures, and `run`, which does one of them.

The names below are imported when they are first used: `mtjlab info` need not wait for PyMeasure.
"""

from lazy_loader import attach_stub

__getattr__, __dir__, __all__ = attach_stub(__name__, __file__)
