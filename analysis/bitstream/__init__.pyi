from .block_entropy import ConditionalEntropy as ConditionalEntropy
from .block_entropy import byte_uniformity as byte_uniformity
from .block_entropy import conditional_entropy as conditional_entropy
from .drift import AllanDeviation as AllanDeviation
from .drift import allan_deviation as allan_deviation
from .lags import Correlogram as Correlogram
from .lags import correlogram as correlogram
from .periodogram import Line as Line
from .periodogram import Spectrum as Spectrum
from .periodogram import folded_frequency as folded_frequency
from .periodogram import spectrum_of_share as spectrum_of_share
from .runs import RunLengths as RunLengths
from .runs import run_lengths as run_lengths
from .share_of_ones import bias as bias
from .share_of_ones import bits_to_see as bits_to_see
from .share_of_ones import smallest_bias_seen as smallest_bias_seen
from .state_transitions import Transitions as Transitions
from .state_transitions import states_before as states_before
from .state_transitions import transitions as transitions
from .steps import ChangePoint as ChangePoint
from .steps import Steps as Steps
from .steps import change_points as change_points
from .windows import Windows as Windows

__all__ = [
    "allan_deviation",
    "AllanDeviation",
    "bias",
    "bits_to_see",
    "byte_uniformity",
    "change_points",
    "ChangePoint",
    "conditional_entropy",
    "ConditionalEntropy",
    "Correlogram",
    "correlogram",
    "folded_frequency",
    "Line",
    "run_lengths",
    "RunLengths",
    "smallest_bias_seen",
    "Spectrum",
    "spectrum_of_share",
    "states_before",
    "Steps",
    "Transitions",
    "transitions",
    "Windows",
]
