from .bench_texts import bench_from_text as bench_from_text
from .bench_texts import changed_bench as changed_bench
from .bench_texts import whole_bench_text as whole_bench_text
from .driver_walk import UsedProperty as UsedProperty
from .driver_walk import connected_twin as connected_twin
from .driver_walk import used_properties as used_properties
from .driver_walk import walk_driver as walk_driver
from .interval_studies import STUDIES as STUDIES
from .interval_studies import complete as complete
from .recorded_bench import RecordedBench as RecordedBench
from .recorded_bench import RecordedInstrument as RecordedInstrument
from .recorded_bench import open_recorded_bench as open_recorded_bench
from .short_runs import ShortRun as ShortRun
from .short_runs import commands_of as commands_of
from .short_runs import outputs_are_off as outputs_are_off
from .short_runs import run_stopped_at_command as run_stopped_at_command
from .short_runs import run_stopped_at_event as run_stopped_at_event
from .two_state_bench import TwoStateBench as TwoStateBench
from .wired_adapter import wired as wired

__all__ = [
    "bench_from_text",
    "changed_bench",
    "commands_of",
    "complete",
    "connected_twin",
    "open_recorded_bench",
    "outputs_are_off",
    "RecordedBench",
    "RecordedInstrument",
    "run_stopped_at_command",
    "run_stopped_at_event",
    "ShortRun",
    "STUDIES",
    "TwoStateBench",
    "used_properties",
    "UsedProperty",
    "walk_driver",
    "whole_bench_text",
    "wired",
]
