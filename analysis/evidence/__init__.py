"""Evidence: are two sets of images alike, tested with a margin, over seeds, beside a control that must fail."""

from lazy_loader import attach_stub

__getattr__, __dir__, __all__ = attach_stub(__name__, __file__)
