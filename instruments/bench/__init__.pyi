from .bench import Bench as Bench
from .bench import StandIn as StandIn

__all__ = ["Bench", "StandIn"]
