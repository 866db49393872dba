from .bias_plot import bias_plot as bias_plot
from .bitstream_plots import autocorrelation_plot as autocorrelation_plot
from .bitstream_plots import bitstream_plot as bitstream_plot
from .bitstream_plots import level_plot as level_plot
from .bitstream_plots import p_one_plot as p_one_plot
from .drawing import FORMATS as FORMATS
from .drawing import PictureFormat as PictureFormat
from .drawing import drawing as drawing
from .drawing import encoded as encoded
from .drawing import picture_format as picture_format
from .dwell_plot import WatchedState as WatchedState
from .dwell_plot import WatchedStates as WatchedStates
from .dwell_plot import dwell_plot as dwell_plot
from .endurance_plot import endurance_plot as endurance_plot
from .error_rate_plot import error_rate_plot as error_rate_plot
from .line_plot import line_plot as line_plot
from .loop_plot import loop_plot as loop_plot
from .map_plot import map_plot as map_plot
from .png import RED as RED
from .point_plot import point_plot as point_plot
from .spectrum_plot import spectrum_plot as spectrum_plot
from .table_plot import table_plot as table_plot
from .tilt_plot import tilt_plot as tilt_plot

__all__ = [
    "autocorrelation_plot",
    "bias_plot",
    "bitstream_plot",
    "drawing",
    "dwell_plot",
    "encoded",
    "endurance_plot",
    "error_rate_plot",
    "FORMATS",
    "level_plot",
    "line_plot",
    "loop_plot",
    "map_plot",
    "p_one_plot",
    "picture_format",
    "PictureFormat",
    "point_plot",
    "RED",
    "spectrum_plot",
    "table_plot",
    "tilt_plot",
    "WatchedState",
    "WatchedStates",
]
