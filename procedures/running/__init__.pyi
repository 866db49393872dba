from .dry_run import DryRun as DryRun
from .dry_run import Estimates as Estimates
from .dry_run import RunCost as RunCost
from .dry_run import free_space as free_space
from .event_recorder import PendingRecords as PendingRecords
from .interruption import SIGNALS as SIGNALS
from .interruption import Interruption as Interruption
from .one_run import run as run
from .one_run import worker_for as worker_for
from .plan import Plan as Plan
from .plan_writing import plan_text as plan_text
from .queue_entry import QueueEntry as QueueEntry
from .queue_entry import QueueState as QueueState
from .queue_runner import QueueRunner as QueueRunner
from .recorded_pictures import recorded_picture as recorded_picture
from .recording_worker import RecordingWorker as RecordingWorker
from .refit import fit as fit
from .refit import fit_settings as fit_settings
from .report_knowledge import procedure_knowledge as procedure_knowledge
from .resumed import procedure_of as procedure_of
from .resumed import recorded_procedure as recorded_procedure
from .run_executor import RunExecutor as RunExecutor
from .run_executor import RunOutcome as RunOutcome
from .run_options import LARGEST_SEED as LARGEST_SEED
from .run_options import SAMPLE_WORDS as SAMPLE_WORDS
from .run_options import RunHooks as RunHooks
from .run_options import RunOptions as RunOptions
from .run_queue import RunQueue as RunQueue
from .run_request import RunRequest as RunRequest
from .run_spec import RunSpec as RunSpec
from .stopping import StopConditions as StopConditions
from .sweep import MOST as MOST
from .sweep import Range as Range
from .sweep import points_of as points_of

__all__ = [
    "DryRun",
    "Estimates",
    "fit",
    "fit_settings",
    "free_space",
    "Interruption",
    "LARGEST_SEED",
    "MOST",
    "PendingRecords",
    "Plan",
    "plan_text",
    "points_of",
    "procedure_knowledge",
    "procedure_of",
    "QueueEntry",
    "QueueRunner",
    "QueueState",
    "Range",
    "recorded_picture",
    "recorded_procedure",
    "RecordingWorker",
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
    "StopConditions",
    "worker_for",
]
