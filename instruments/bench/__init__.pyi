from .bench import Bench as Bench
from .stand_in import StandIn as StandIn

__all__ = ["Bench", "StandIn"]
