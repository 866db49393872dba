from .integration import read_integration as read_integration
from .state_levels import StateLevels as StateLevels

__all__ = [
    "read_integration",
    "StateLevels",
]
