from .entropy_claim import EntropyClaim as EntropyClaim
from .health_tests import Alarm as Alarm
from .health_tests import HealthTests as HealthTests

__all__ = [
    "Alarm",
    "EntropyClaim",
    "HealthTests",
]
