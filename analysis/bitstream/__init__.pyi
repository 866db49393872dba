from .averaged_spectrum import SegmentTally as SegmentTally
from .block_entropy import ByteCounts as ByteCounts
from .block_entropy import ConditionalEntropy as ConditionalEntropy
from .block_entropy import WordTally as WordTally
from .block_entropy import byte_uniformity as byte_uniformity
from .block_entropy import conditional_entropy as conditional_entropy
from .correlations import Correlation as Correlation
from .correlations import correlation as correlation
from .drift import AllanDeviation as AllanDeviation
from .drift import AllanTally as AllanTally
from .drift import allan_deviation as allan_deviation
from .findings import Finding as Finding
from .findings import p_text as p_text
from .findings import stream_findings as stream_findings
from .junction_comparison import expected_runs as expected_runs
from .lags import Correlogram as Correlogram
from .lags import LagTally as LagTally
from .lags import correlogram as correlogram
from .not_applicable import NotApplicable as NotApplicable
from .packed_pieces import PIECE as PIECE
from .periodogram import Line as Line
from .periodogram import Spectrum as Spectrum
from .periodogram import folded_frequency as folded_frequency
from .periodogram import mains_of as mains_of
from .periodogram import spectrum_of_share as spectrum_of_share
from .physics_of_stream import stream_physics as stream_physics
from .runs import RunLengths as RunLengths
from .runs import RunTally as RunTally
from .runs import run_lengths as run_lengths
from .share_of_ones import bias as bias
from .share_of_ones import bits_to_see as bits_to_see
from .share_of_ones import smallest_bias_seen as smallest_bias_seen
from .state_transitions import Transitions as Transitions
from .state_transitions import TransitionTally as TransitionTally
from .state_transitions import states_before as states_before
from .state_transitions import transitions as transitions
from .steps import ChangePoint as ChangePoint
from .steps import Steps as Steps
from .steps import change_points as change_points
from .stream_dictionary import stream_as_dict as stream_as_dict
from .stream_results import StreamPhysics as StreamPhysics
from .toggled_junction import ToggledJunction as ToggledJunction
from .windows import Windows as Windows
from .windows import WindowTally as WindowTally

__all__ = [
    "allan_deviation",
    "AllanDeviation",
    "AllanTally",
    "bias",
    "bits_to_see",
    "byte_uniformity",
    "ByteCounts",
    "change_points",
    "ChangePoint",
    "conditional_entropy",
    "ConditionalEntropy",
    "Correlation",
    "correlation",
    "Correlogram",
    "correlogram",
    "expected_runs",
    "Finding",
    "folded_frequency",
    "LagTally",
    "Line",
    "mains_of",
    "NotApplicable",
    "p_text",
    "PIECE",
    "run_lengths",
    "RunLengths",
    "RunTally",
    "SegmentTally",
    "smallest_bias_seen",
    "Spectrum",
    "spectrum_of_share",
    "states_before",
    "Steps",
    "stream_as_dict",
    "stream_findings",
    "stream_physics",
    "StreamPhysics",
    "ToggledJunction",
    "Transitions",
    "transitions",
    "TransitionTally",
    "Windows",
    "WindowTally",
    "WordTally",
]
