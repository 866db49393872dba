"""What every room needs and none owns: errors, quantities, files, folders, constants of nature."""

from lazy_loader import attach_stub

__getattr__, __dir__, __all__ = attach_stub(__name__, __file__)
