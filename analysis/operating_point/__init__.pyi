from .feedback import Feedback as Feedback
from .leakage_bound import LeakageBound as LeakageBound
from .operating_point import OperatingPoint as OperatingPoint
from .search import OperatingPointSearch as OperatingPointSearch
from .shots import Shots as Shots
from .states_apart import StatesApart as StatesApart
from .suppression_theory import measured_suppression as measured_suppression
from .suppression_theory import spread_goodness as spread_goodness
from .suppression_theory import suppression as suppression

__all__ = [
    "Feedback",
    "LeakageBound",
    "measured_suppression",
    "OperatingPoint",
    "OperatingPointSearch",
    "Shots",
    "spread_goodness",
    "StatesApart",
    "suppression",
]
