from .ais_31.suite import run_ais_31 as run_ais_31
from .assessment import Assessment as Assessment
from .assessment import assess as assess
from .assessment import assess_stream as assess_stream
from .autocorrelation import shuffled_moments as shuffled_moments
from .bias import bias_bound as bias_bound
from .coincidences import covariance_sums as covariance_sums
from .estimates import wilson_interval as wilson_interval
from .holm_procedure import holm as holm
from .randomness_test import RANDOMNESS_TESTS as RANDOMNESS_TESTS
from .randomness_test import RandomnessTest as RandomnessTest
from .randomness_test import TestedBits as TestedBits
from .sp800_22.bit_sequence import BitSequence as BitSequence
from .sp800_22.compilation import compile_kernels as compile_kernels
from .sp800_22.compilation import is_compiled as is_compiled
from .sp800_22.linear_complexity import linear_complexity as linear_complexity
from .sp800_22.long_sequence import LongSequence as LongSequence
from .sp800_22.many import SuiteResult as SuiteResult
from .sp800_22.many import run_many as run_many
from .sp800_22.outcome import Mode as Mode
from .sp800_22.outcome import Outcome as Outcome
from .sp800_22.outcome import SequenceResult as SequenceResult
from .sp800_22.packed_sequence import PackedSequence as PackedSequence
from .sp800_22.sequence_file import SequenceFile as SequenceFile
from .sp800_22.sequence_file import split as split
from .sp800_22.spectrum.peaks import peaks_below as peaks_below
from .sp800_22.suite import chosen_tests as chosen_tests
from .sp800_22.suite import run as run
from .sp800_22.suite_test import SP800_22_TESTS as SP800_22_TESTS
from .sp800_22.suite_test import SuiteTest as SuiteTest
from .sp800_22.suite_test import suite_tests as suite_tests
from .sp800_22.suite_verdict import Judge as Judge
from .sp800_90b.iid import IidAssessment as IidAssessment
from .sp800_90b.iid import assess_iid as assess_iid
from .sp800_90b.non_iid import ADVISED_SYMBOLS as ADVISED_SYMBOLS
from .sp800_90b.non_iid import NonIidAssessment as NonIidAssessment
from .sp800_90b.non_iid import assess_non_iid as assess_non_iid
from .sp800_90b.restart import RestartAssessment as RestartAssessment
from .sp800_90b.restart import assess_restarts as assess_restarts
from .sp800_90b.symbol_sequence import SymbolSource as SymbolSource
from .test_result import TestResult as TestResult

__all__ = [
    "ADVISED_SYMBOLS",
    "assess",
    "assess_iid",
    "assess_non_iid",
    "assess_restarts",
    "assess_stream",
    "Assessment",
    "bias_bound",
    "BitSequence",
    "chosen_tests",
    "compile_kernels",
    "covariance_sums",
    "holm",
    "IidAssessment",
    "is_compiled",
    "Judge",
    "linear_complexity",
    "LongSequence",
    "Mode",
    "NonIidAssessment",
    "Outcome",
    "PackedSequence",
    "peaks_below",
    "RANDOMNESS_TESTS",
    "RandomnessTest",
    "RestartAssessment",
    "run",
    "run_ais_31",
    "run_many",
    "SequenceFile",
    "SequenceResult",
    "shuffled_moments",
    "SP800_22_TESTS",
    "split",
    "suite_tests",
    "SuiteResult",
    "SuiteTest",
    "SymbolSource",
    "TestedBits",
    "TestResult",
    "wilson_interval",
]
