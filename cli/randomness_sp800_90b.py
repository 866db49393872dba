"""`mtjlab randomness --suite sp800-90b`: the min-entropy of a source by NIST SP 800-90B."""

import argparse
from typing import TYPE_CHECKING, Any

from mtjlab.cli.bit_source import BitSource, load_first_bits
from mtjlab.cli.numbers import integer

if TYPE_CHECKING:
    from mtjlab.analysis.randomness import IidAssessment, NonIidAssessment, SymbolSource
    from mtjlab.cli.output import Output

__all__ = ["add_sp800_90b_arguments", "run_sp800_90b"]

NON_IID, IID, BOTH = "non-iid", "iid", "both"


def add_sp800_90b_arguments(parser: argparse.ArgumentParser) -> None:
    """Add what the suite takes."""
    group = parser.add_argument_group("with --suite sp800-90b")
    group.add_argument(
        "--track",
        choices=(NON_IID, IID, BOTH),
        help=f"iid: symbols are claimed to be independent and identically distributed (default: {NON_IID})",
    )
    group.add_argument(
        "--initial-entropy",
        metavar="H",
        type=float,
        help="test restarts: the file holds 1,000 symbols after each of 1,000 power-ups; H bits a symbol were assessed "
        "while the source ran",
    )
    group.add_argument("--seed", type=integer(0, 2**63 - 1), help="of the rearrangements of the iid track (default: 1)")


def run_sp800_90b(arguments: argparse.Namespace) -> int:
    """Assess the entropy, print the estimates."""
    from mtjlab.analysis.randomness import ADVISED_SYMBOLS
    from mtjlab.cli.output import Output

    output = Output(arguments.json)
    read = load_first_bits(arguments, output, arguments.sequence_length)
    source = _symbols(read, arguments.sequence_length)
    said: dict[str, Any] = {
        "suite": "sp800-90b",
        "file": str(arguments.file),
        "format": str(read.format),
        "extractor": read.extractor,
        "bits_per_symbol": source.bits_per_symbol,
        "symbols": int(source.values.size),
    }
    if arguments.initial_entropy is not None:
        return _assess_restarts(source, arguments.initial_entropy, said, output)
    if source.values.size < ADVISED_SYMBOLS:
        output.say(f"The standard asks for {ADVISED_SYMBOLS:,} symbols; these are {source.values.size:,}.")
    track = arguments.track or NON_IID
    code = 0
    if track != IID:
        assessed = _assess_non_iid(source, output)
        said["non_iid"] = assessed.as_dict()
        if source.bits_per_symbol == 1 and assessed.min_entropy > 0:
            said["health_tests"] = _health_tests(assessed.min_entropy, output)
    if track != NON_IID:
        found = _assess_iid(source, 1 if arguments.seed is None else arguments.seed, output)
        said["iid"] = found.as_dict()
        code = 1 if found.failed else 0
    output.json(said)
    return code


def _symbols(read: BitSource, length: int | None) -> "SymbolSource":
    from mtjlab.analysis.randomness import SymbolSource

    if read.symbols is not None:
        return SymbolSource(read.symbols[:length], read.bits_per_symbol)
    return SymbolSource((read.bits if length is None else read.bits[:length]).unpacked())


def _assess_non_iid(source: "SymbolSource", output: "Output") -> "NonIidAssessment":
    from mtjlab.analysis.randomness import assess_non_iid

    with output.progress() as stage:
        found = assess_non_iid(source, progress=stage("estimators"))
    of_bits = found.bitstring
    rows = []
    for name, literal in found.literal.items():
        bit = None if of_bits is None else of_bits[name]
        row = [name, _entropy(literal.min_entropy)] + ([] if bit is None else [_entropy(bit.min_entropy)])
        rows.append([*row, literal.reason if bit is None else bit.reason or literal.reason])
    heads = ["estimator", "bits a symbol"] + (["bits a bit"] if of_bits is not None else [])
    output.grid("NIST SP 800-90B, non-IID track", [*heads, "not applicable"], rows)
    of = "a bit" if found.bits_per_symbol == 1 else f"a symbol of {found.bits_per_symbol} bits"
    output.say(f"Min-entropy: {found.min_entropy:.6f} bits {of}, the least estimate: {found.least}.")
    return found


def _health_tests(entropy: float, output: "Output") -> list[dict[str, float]]:
    """Say what the assessed entropy makes of the cutoffs of the health tests of a running source."""
    from mtjlab.analysis.health import EntropyClaim, HealthTests

    rows = []
    for exponent in (-20, -40):
        claim = EntropyClaim(entropy, 2.0**exponent)
        tests = HealthTests(claim)
        cutoffs = tests.repetition_count.cutoff, tests.adaptive_proportion.cutoff
        rows.append(
            {"false_alarm": claim.false_alarm, "repetition_count": cutoffs[0], "adaptive_proportion": cutoffs[1]}
        )
        output.say(
            f"Health tests at this entropy and a false-alarm probability of 2^{exponent}: "
            f"{cutoffs[0]} equal bits in a row, {cutoffs[1]} of 1,024 like the first."
        )
    return rows


def _assess_iid(source: "SymbolSource", seed: int, output: "Output") -> "IidAssessment":
    from mtjlab.analysis.randomness import assess_iid

    with output.progress() as stage:
        found = assess_iid(source, seed=seed, progress=stage("permutation tests"))
    rows = [
        [name, f"{test.statistic:g}", f"{test.greater:,} / {test.equal:,} / {test.less:,}", _verdict(test.passed)]
        for name, test in found.permutations.items()
    ]
    for name, other in found.tests.items():
        if other.p_value is None:
            rows.append([name, "", other.reason, "not applicable"])
        else:
            rows.append([name, f"{other.statistic:g}", f"p = {other.p_value:.4g}", _verdict(other.passed)])
    heads = ["test", "of the stream", "rearrangements above / equal / below", "verdict"]
    output.grid("NIST SP 800-90B, IID track", heads, rows)
    if not found.permutations:
        output.say("The permutation tests were not run: they cannot save the claim.")
    if found.min_entropy is None:
        output.say(
            f"The IID claim FAILS: {', '.join(found.failed)}. Its min-entropy is not valid: use the non-iid track."
        )
    else:
        of = "a bit" if found.bits_per_symbol == 1 else f"a symbol of {found.bits_per_symbol} bits"
        output.say(f"The IID claim holds. Min-entropy if the source is IID: {found.min_entropy:.6f} bits {of}.")
    return found


def _assess_restarts(source: "SymbolSource", initial: float, said: dict[str, Any], output: "Output") -> int:
    from mtjlab.analysis.randomness import assess_restarts

    found = assess_restarts(source.values, initial, source.bits_per_symbol)
    output.table(
        "NIST SP 800-90B, restart tests",
        {
            "most common symbol of a row or column": f"{found.largest_count} times, {found.cutoff} allowed",
            "min-entropy of the rows": f"{found.rows:.6f}, at least {initial / 2:.6f}",
            "min-entropy of the columns": f"{found.columns:.6f}, at least {initial / 2:.6f}",
            "min-entropy while it ran": f"{initial:.6f}",
        },
    )
    if found.min_entropy is None:
        output.say(f"The restart tests FAIL: {', '.join(found.failed)}. The source gives no validated entropy.")
    else:
        output.say(f"The restart tests pass. Final min-entropy: {found.min_entropy:.6f} bits a symbol.")
    output.json(said | {"restart": found.as_dict()})
    return 1 if found.failed else 0


def _verdict(passed: bool) -> str:
    return "passed" if passed else "FAILED"


def _entropy(value: float | None) -> str:
    return "" if value is None else f"{value:.6f}"
