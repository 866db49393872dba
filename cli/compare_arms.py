"""The arms of `mtjlab compare`, from the words of the command line.

NAME=SPEC, or SPEC alone, where SPEC is

software                              numpy's normals
biased:0.495                          software bits with that probability of a one: the control
FILE[:FORMAT][:EXTRACTOR]             a recording or a file of bits, raw unless an extractor is named
device:DEVICE[,KEY=VALUE][:EXTRACTOR] bits straight from the simulated device (amplitude, width, hold)
bench:BENCH[:EXTRACTOR]               pulses on a bench while the images are made: hardware in the loop
"""

import re
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from mtjlab.analysis.evidence import Arm, BiasedBits, BitOrigin, FileBits
from mtjlab.analysis.extraction import EXTRACTORS, conditioned
from mtjlab.analysis.noise import BitSupply, StreamedBits
from mtjlab.analysis.operating_point import Feedback
from mtjlab.core import InputError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mtjlab.core import Bits
    from mtjlab.procedures import LiveBits

__all__ = ["BenchBits", "SimulatedBits", "parse_arm"]

HELD = {"amplitude": 1.22, "width": 5.35e-9}
"""Pulse of a held device unless another is given: P follows the amplitude there, by 2 a volt, the same from both
states; on the plateau of the usual point it does not."""
SLOPE = 2.0
CONSTANT = 100_000
FORMATS = ("recording", "packed", "symbols", "ascii")
SPAN = 0.1


@dataclass(frozen=True)
class SimulatedBits:
    """Bits straight from the simulated device."""

    device: str
    """Shipped device or TOML file."""
    amplitude: float = 1.25
    """Pulse amplitude [V]."""
    width: float = 10e-9
    """Pulse width [s]."""
    hold: bool = False
    """Whether feedback by the amplitude holds P(switch) at one half."""
    extractor: str = ""
    """Name of the extractor; empty for raw bits."""

    @property
    def words(self) -> str:
        """What it is."""
        held = ", held by feedback" if self.hold else ""
        return (
            f"simulated device {Path(self.device).name} at {self.amplitude:g} V and {self.width:g} s{held}, "
            f"{_name(self.extractor)}"
        )

    @property
    def in_turn(self) -> bool:
        """False: every seed is a device of its own."""
        return False

    @property
    def identity(self) -> str:
        """The device's parameters and the pulse."""
        from mtjlab.instruments.simulated import load_device

        return f"device {load_device(self.device).model_dump_json()} {self!r}"

    def supply(self, seed: int, part: int, count: int) -> BitSupply:
        """Open a device with this seed; it drifts from where its file describes it."""
        from mtjlab.instruments.simulated import DeviceBits, load_device

        bits = DeviceBits(
            load_device(self.device),
            amplitude=self.amplitude,
            width=self.width,
            seed=seed,
            steering=_feedback if self.hold else None,
        )
        return _extracted(bits, self.extractor)

    def check(self, images: int, seeds: int, bits_per_image: int) -> None:
        """Refuse a device that does not exist or gives no bits."""
        self.supply(0, 0, 1).take(1000)


@dataclass(frozen=True)
class BenchBits:
    """Bits that a bench makes while the sampler waits for them."""

    bench: str
    """Bench file, or the name of a shipped one."""
    extractor: str = ""
    """Name of the extractor; empty for raw bits."""
    allow_alarms: bool = False
    """Whether health alarms are only counted; otherwise the first ends the comparison."""

    @property
    def words(self) -> str:
        """What it is."""
        return f"bench {Path(self.bench).name} in the loop, {_name(self.extractor)}"

    @property
    def in_turn(self) -> bool:
        """True: there is one bench."""
        return True

    @property
    def identity(self) -> str:
        """The text of the bench file."""
        from mtjlab.instruments import BenchFile

        return f"bench {BenchFile.load(self.bench).text} {self.extractor}"

    def supply(self, seed: int, part: int, count: int) -> BitSupply:
        """Open the bench; its outputs go off when the images of the seed are made."""
        return _OpenBench(self, seed)

    def check(self, images: int, seeds: int, bits_per_image: int) -> None:
        """Refuse a bench file that is none, and an extractor that wants all bits at once."""
        from mtjlab.instruments import BenchFile

        BenchFile.load(self.bench)
        if self.extractor and not EXTRACTORS.load(self.extractor).streams:
            raise InputError(f"{self.extractor} wants all raw bits at once, and a live bench has no last one")


class _OpenBench:
    """A live bench that is opened with the first bit."""

    def __init__(self, origin: BenchBits, seed: int) -> None:
        self._origin, self._seed = origin, seed
        self._opened = ExitStack()
        self._bits: LiveBits | None = None

    def take(self, count: int) -> "Bits":
        """Wait for bits."""
        if self._bits is None:
            self._bits = self._open()
        return self._bits.take(count)

    def _open(self) -> "LiveBits":
        from mtjlab.instruments import BenchFile, open_bench
        from mtjlab.procedures import LiveBits

        simulated = BenchFile.load(self._origin.bench).simulation is not None
        seed = self._seed % 2**31 if simulated else None
        bench = self._opened.enter_context(open_bench(self._origin.bench, seed=seed))
        extractor = EXTRACTORS.load(self._origin.extractor) if self._origin.extractor else None
        most = None if self._origin.allow_alarms else 1
        return self._opened.enter_context(LiveBits(bench, extractor=extractor, most_alarms=most))

    def close(self) -> None:
        """Switch the outputs off and close the bench."""
        self._opened.close()

    @property
    def bits_used(self) -> int:
        """Bits given so far."""
        return 0 if self._bits is None else self._bits.bits_used

    @property
    def bits_left(self) -> None:
        """None: no end is known."""
        return None


def parse_arm(word: str, *, allow_alarms: bool = False) -> Arm:
    """Make an arm of a word of the command line.

    Parameters
    ----------
    word
        As the head of this module has it.
    allow_alarms
        Whether bits with health alarms are taken.

    Raises
    ------
    InputError
        If it is no such word.

    Examples
    --------
    >>> parse_arm("control=biased:0.495")
    Arm(name='control', origin=BiasedBits(probability=0.495))
    """
    found = re.match(r"([\w.+-]+)=(?!$)", word)
    name, spec = (found[1], word[found.end() :]) if found and not Path(word).exists() else ("", word)
    kind, _, rest = spec.partition(":")
    if spec == "software":
        return Arm(name or "software")
    if kind == "biased":
        return Arm(name or f"biased-{rest}", BiasedBits(_number(word, rest)))
    body, extractor = _extractor_of(spec)
    path, colon, format = body.rpartition(":")  # noqa: A001 - as a user calls it
    origin: BitOrigin
    if kind == "device":
        origin = _device(word, body.partition(":")[2], extractor)
    elif kind == "bench":
        origin = BenchBits(body.partition(":")[2] or "simulated", extractor, allow_alarms)
    elif colon and format in FORMATS and Path(path).is_file():
        body = path
        origin = FileBits(Path(path), extractor, allow_alarms, format)
    else:
        if not Path(body).is_file():
            raise InputError(
                f"arm {word!r}: there is no file {body}; give a recording or a file of bits, FILE:EXTRACTOR, software, "
                "biased:0.495, device:reference or bench:simulated"
            )
        origin = FileBits(Path(body), extractor, allow_alarms)
    short = kind if kind in ("device", "bench") else Path(body).stem
    return Arm(name or re.sub(r"[^\w.+-]", "-", short + (f"-{extractor}" if extractor else "")), origin)


def _device(word: str, body: str, extractor: str) -> SimulatedBits:
    device, *options = (body or "reference").split(",")
    hold = "hold" in options
    values = dict(HELD) if hold else {}
    for option in options:
        key, _, value = option.partition("=")
        if key in ("amplitude", "width"):
            values[key] = _number(word, value)
        elif option != "hold":
            raise InputError(f"arm {word!r}: {option!r} is not known; give amplitude=V, width=SECONDS or hold")
    return SimulatedBits(device, hold=hold, extractor=extractor, **values)


def _extractor_of(spec: str) -> tuple[str, str]:
    body, colon, last = spec.rpartition(":")
    if colon and last in EXTRACTORS.names():
        return body, last
    if colon and last == "none":
        return body, ""
    kind, _, rest = spec.partition(":")
    plain = rest if kind in ("device", "bench") else spec
    body, colon, last = plain.rpartition(":")
    if (
        colon
        and last not in FORMATS
        and not Path(plain).is_file()
        and (kind in ("device", "bench") or Path(body).is_file())
    ):
        raise InputError(f"extractor {last!r} is not known; installed: {', '.join(EXTRACTORS.names())}")
    return spec, ""


def _number(word: str, text: str) -> float:
    try:
        return float(text)
    except ValueError:
        raise InputError(f"arm {word!r}: {text!r} is not a number") from None


def _feedback(amplitude: float) -> Feedback:
    return Feedback(
        amplitude, SLOPE, constant=CONSTANT, low=amplitude - SPAN, high=amplitude + SPAN, resolution=1e-3, cold=True
    )


def _extracted(supply: BitSupply, extractor: str) -> BitSupply:
    if not extractor:
        return supply
    return StreamedBits(conditioned(_endless(supply), EXTRACTORS.load(extractor)))


def _endless(supply: BitSupply) -> "Iterator[Bits]":
    while True:
        yield supply.take(2**20)


def _name(extractor: str) -> str:
    return EXTRACTORS.load(extractor).name if extractor else "raw bits"
