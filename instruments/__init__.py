"""What is on the table: roles, drivers, the bench and its interlock.

The names below are imported when they are first used: the simulated junction by itself needs no bench.
"""

from lazy_loader import attach_stub

__getattr__, __dir__, __all__ = attach_stub(__name__, __file__)
