from .dry_run import DryRun as DryRun
from .dry_run import Estimates as Estimates
from .dry_run import RunCost as RunCost
from .dry_run import free_space as free_space
from .event_recorder import PendingRecords as PendingRecords
from .interruption import SIGNALS as SIGNALS
from .interruption import Interruption as Interruption
from .one_run import run as run
from .one_run import worker_for as worker_for
from .parameters import assign as assign
from .parameters import refuse_unset as refuse_unset
from .parameters import stated_parameters as stated_parameters
from .parameters import value_of as value_of
from .plan import Plan as Plan
from .queue_runner import QueueRunner as QueueRunner
from .recorded_pictures import recorded_picture as recorded_picture
from .recording_worker import RecordingWorker as RecordingWorker
from .refit import fit as fit
from .refit import fit_settings as fit_settings
from .registry import find_procedure as find_procedure
from .registry import find_procedure_by_class as find_procedure_by_class
from .registry import procedure_name as procedure_name
from .registry import procedure_names as procedure_names
from .resumed import procedure_of as procedure_of
from .resumed import recorded_procedure as recorded_procedure
from .run_executor import RunExecutor as RunExecutor
from .run_executor import RunOutcome as RunOutcome
from .run_options import LARGEST_SEED as LARGEST_SEED
from .run_options import SAMPLE_WORDS as SAMPLE_WORDS
from .run_options import RunHooks as RunHooks
from .run_options import RunOptions as RunOptions
from .run_queue import QueueEntry as QueueEntry
from .run_queue import QueueState as QueueState
from .run_queue import RunQueue as RunQueue
from .run_request import RunRequest as RunRequest
from .run_spec import RunSpec as RunSpec
from .stopping import StopConditions as StopConditions
from .suggested_values import bench_defaults as bench_defaults
from .suggested_values import procedure_on as procedure_on
from .suggested_values import refuse_wrong_defaults as refuse_wrong_defaults

__all__ = [
    "assign",
    "bench_defaults",
    "DryRun",
    "Estimates",
    "find_procedure",
    "find_procedure_by_class",
    "fit",
    "fit_settings",
    "free_space",
    "Interruption",
    "LARGEST_SEED",
    "PendingRecords",
    "Plan",
    "procedure_name",
    "procedure_names",
    "procedure_of",
    "procedure_on",
    "QueueEntry",
    "QueueRunner",
    "QueueState",
    "recorded_picture",
    "recorded_procedure",
    "RecordingWorker",
    "refuse_unset",
    "refuse_wrong_defaults",
    "run",
    "RunCost",
    "RunExecutor",
    "RunHooks",
    "RunOptions",
    "RunOutcome",
    "RunQueue",
    "RunRequest",
    "RunSpec",
    "SAMPLE_WORDS",
    "SIGNALS",
    "stated_parameters",
    "StopConditions",
    "value_of",
    "worker_for",
]
