from .dry_run import DryRun as DryRun, Estimates as Estimates, RunCost as RunCost, free_space as free_space
from .event_recorder import PendingRecords as PendingRecords
from .interruption import Interruption as Interruption, SIGNALS as SIGNALS
from .one_run import run as run, worker_for as worker_for
from .parameters import (
    assign as assign,
    refuse_unset as refuse_unset,
    stated_parameters as stated_parameters,
    value_of as value_of,
)
from .plan import Plan as Plan
from .queue_runner import QueueRunner as QueueRunner
from .recorded_pictures import recorded_picture as recorded_picture
from .recording_worker import RecordingWorker as RecordingWorker
from .refit import fit as fit, fit_settings as fit_settings
from .registry import (
    find_procedure as find_procedure,
    find_procedure_by_class as find_procedure_by_class,
    procedure_name as procedure_name,
    procedure_names as procedure_names,
)
from .resumed import procedure_of as procedure_of, recorded_procedure as recorded_procedure
from .run_executor import RunExecutor as RunExecutor, RunOutcome as RunOutcome
from .run_options import (
    LARGEST_SEED as LARGEST_SEED,
    RunHooks as RunHooks,
    RunOptions as RunOptions,
    SAMPLE_WORDS as SAMPLE_WORDS,
)
from .run_queue import QueueEntry as QueueEntry, QueueState as QueueState, RunQueue as RunQueue
from .run_request import RunRequest as RunRequest
from .run_spec import RunSpec as RunSpec
from .stopping import StopConditions as StopConditions
from .suggested_values import (
    bench_defaults as bench_defaults,
    procedure_on as procedure_on,
    refuse_wrong_defaults as refuse_wrong_defaults,
)

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
