"""Files of bits as supplies: the bits of the file, in order, whatever its format and size."""

from pathlib import Path

import numpy as np
import pytest

from mtjlab.analysis.extraction import EXTRACTORS
from mtjlab.analysis.noise.bit_noise import BitNoise
from mtjlab.analysis.noise.bit_supplies import RepeatedBits
from mtjlab.analysis.noise.bit_supply import NotEnoughBits
from mtjlab.analysis.noise.bits_in_file import BitsInFile
from mtjlab.analysis.noise.inverse_cdf16 import InverseCdf16
from mtjlab.core import Bits
from mtjlab.data import RecordingHead, RecordingWriter, read_bits

COUNT = 3_000_000
"""Bits of three parts of a file."""


@pytest.fixture(scope="module")
def bits() -> Bits:
    return Bits((np.random.default_rng(3).random(COUNT) < 0.4).astype(np.uint8))


@pytest.fixture(scope="module", params=["recording", "packed", "ascii", "symbols"])
def file(request: pytest.FixtureRequest, bits: Bits, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    path = tmp_path_factory.mktemp("bits") / request.param
    if request.param == "recording":
        write_recording(path, bits)
    elif request.param == "packed":
        path.write_bytes(bits.packed_bytes.tobytes())
    elif request.param == "ascii":
        path.write_bytes((bits.unpacked() + ord("0")).tobytes())
    else:
        path.write_bytes(bits.unpacked().tobytes())
    return path, request.param


def write_recording(path: Path, bits: Bits) -> None:
    with RecordingWriter.create(path, RecordingHead(procedure="AcquireBits")) as writer:
        writer.append(bits.unpacked())


@pytest.mark.parametrize("extractor", [None, "von-neumann"])
def test_the_supply_gives_the_bits_of_the_file(file: tuple[Path, str], extractor: str | None) -> None:
    chosen = None if extractor is None else EXTRACTORS.load(extractor)
    opened = BitsInFile.open(*file, extractor=chosen)
    whole = read_bits(*file).packed
    whole = whole if chosen is None else chosen.condition(whole)
    supply = opened.supply()
    assert supply.bits_left == opened.count == len(whole)
    taken = [supply.take(each) for each in (1, 7, 100_000, 500_001)]
    assert Bits.joined(taken) == whole[: sum(map(len, taken))]
    rest = supply.bits_left
    assert rest is not None
    with pytest.raises(NotEnoughBits, match=f"{rest:,} of {len(whole):,} are left"):
        supply.take(rest + 1)
    assert supply.take(rest) == whole[-rest:]
    assert opened.format == file[1]


def test_the_noise_of_a_file_is_that_of_its_bits(file: tuple[Path, str], bits: Bits) -> None:
    opened, converter = BitsInFile.open(*file), InverseCdf16()
    assert (BitNoise(opened.supply(), converter).normal((99, 777)) == BitNoise(bits, converter).normal((99, 777))).all()


def test_a_file_repeats_where_asked_to(tmp_path: Path) -> None:
    (tmp_path / "bits").write_bytes(b"\xb8")
    supply = BitsInFile.open(tmp_path / "bits", "packed").supply(repeat=True)
    assert isinstance(supply, RepeatedBits)
    assert supply.take(20) == Bits.packed(b"\xb8\xb8\xb0", 20)
    assert supply.repeated == 2


def test_a_file_that_is_none_is_refused_in_one_line(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"^[^\n]*no such file[^\n]*$"):
        BitsInFile.open(tmp_path / "none")
