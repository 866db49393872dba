from .arm_distances import arm_distance_plot as arm_distance_plot
from .bar_resistance import field_shift_plot as field_shift_plot
from .bar_resistance import harmonic_plot as harmonic_plot
from .bar_resistance import turn_plot as turn_plot
from .bar_resistance import umr_plot as umr_plot
from .bar_switching import phase_map_plot as phase_map_plot
from .bar_switching import switching_loop_plot as switching_loop_plot
from .bar_switching import write_plot as write_plot
from .bar_turns import umr_turn_plot as umr_turn_plot
from .bias import bias_plot as bias_plot
from .bitstream_pictures import bitstream_picture as bitstream_picture
from .bitstream_pictures import recorded_resistances as recorded_resistances
from .bitstream_plots import autocorrelation_plot as autocorrelation_plot
from .bitstream_plots import bitstream_plot as bitstream_plot
from .bitstream_plots import level_plot as level_plot
from .bitstream_plots import p_one_plot as p_one_plot
from .dwell import WatchedState as WatchedState
from .dwell import WatchedStates as WatchedStates
from .dwell import dwell_plot as dwell_plot
from .dwell_pictures import dwell_picture as dwell_picture
from .endurance import endurance_plot as endurance_plot
from .energy import energy_plot as energy_plot
from .error_rate import error_rate_plot as error_rate_plot
from .figure import FORMATS as FORMATS
from .figure import PictureFormat as PictureFormat
from .figure import drawing as drawing
from .figure import encoded as encoded
from .figure import picture_format as picture_format
from .flip_curve import flip_curve_plot as flip_curve_plot
from .line import line_plot as line_plot
from .loop import loop_plot as loop_plot
from .map import map_plot as map_plot
from .overlay import interval_plot as interval_plot
from .overlay import overlay_plot as overlay_plot
from .physics_figures import stream_figures as stream_figures
from .physics_figures import stream_pages as stream_pages
from .physics_figures import stream_pictures as stream_pictures
from .picture_titles import picture_title as picture_title
from .png import RED as RED
from .point import point_plot as point_plot
from .spectrum import spectrum_plot as spectrum_plot
from .stream_colours import StreamColours as StreamColours
from .table import table_plot as table_plot
from .tilt import tilt_plot as tilt_plot

__all__ = [
    "arm_distance_plot",
    "autocorrelation_plot",
    "bias_plot",
    "bitstream_picture",
    "bitstream_plot",
    "drawing",
    "dwell_picture",
    "dwell_plot",
    "encoded",
    "endurance_plot",
    "energy_plot",
    "error_rate_plot",
    "field_shift_plot",
    "flip_curve_plot",
    "FORMATS",
    "harmonic_plot",
    "interval_plot",
    "level_plot",
    "line_plot",
    "loop_plot",
    "map_plot",
    "overlay_plot",
    "p_one_plot",
    "phase_map_plot",
    "picture_format",
    "picture_title",
    "PictureFormat",
    "point_plot",
    "recorded_resistances",
    "RED",
    "spectrum_plot",
    "stream_figures",
    "stream_pages",
    "stream_pictures",
    "StreamColours",
    "switching_loop_plot",
    "table_plot",
    "tilt_plot",
    "turn_plot",
    "umr_plot",
    "umr_turn_plot",
    "WatchedState",
    "WatchedStates",
    "write_plot",
]
