"""What the resistance of a bar in a field says of its spin-orbit torque: fields, efficiencies, switching currents."""

from lazy_loader import attach_stub

__getattr__, __dir__, __all__ = attach_stub(__name__, __file__)
