"""Words find recordings, in one field or anywhere."""

from __future__ import annotations

import pytest

from mtjlab.core import InputError, Quantity
from mtjlab.data import FactsFilter, RecordingFacts, fact

FACTS = RecordingFacts(
    "/lab/2026/Wafer 3/bits-1.h5",
    60_000,
    1_796_117_424_104_784_313,
    "killed",
    procedure="RandomBitstream",
    begun=1_796_117_423.976,
    simulated=True,
    bits=2_000_000,
    ones=999_000,
    sample={"wafer": "W3", "die": "B4", "operator": "Ada"},
    parameters={"amplitude": (1.25, "V"), "feedback": ("none", ""), "prepared": (True, "")},
    results={"TMR": Quantity(0.96, 0.01)},
    tags=("paper", "good"),
    remark="contacts were wet",
)


@pytest.mark.parametrize(
    "words",
    [
        "",
        "KILLED",
        "killed bits-1 ada",
        "wafer:w3",
        '"wafer 3" wet',
        'folder:"wafer 3"',
        "bits>1e6",
        "bits >= 2,000,000",
        "P<0.5 P>0.499",
        "amplitude=1.25",
        "TMR>0.9",
        "feedback:none",
        "prepared=true",
        "tag:paper -tag:bad",
        "-status:finished",
        "date>=2026-11 date<2027",
        "bench:simulated",
        "file:bits note:wet",
    ],
)
def test_it_is_found(words):
    assert FactsFilter(words).finds(FACTS)


@pytest.mark.parametrize(
    "words",
    [
        "finished",
        "-killed",
        "wafer:w4",
        "bits>2e6",
        "bits>many",
        "amplitude<1.25",
        "colour:red",
        "colour>1",
        "-paper",
        "killed wafer:W4",
        "date>2027",
        "bench:real",
    ],
)
def test_it_is_not_found(words):
    assert not FactsFilter(words).finds(FACTS)


@pytest.mark.parametrize("words", ["bits>", ":x", "killed wafer:", ">5"])
def test_a_field_without_a_value_is_refused(words):
    with pytest.raises(InputError, match="write a field and a value"):
        FactsFilter(words)


def test_a_filter_names_its_fields():
    assert FactsFilter("killed wafer:W3 -bits>5").fields == ("wafer", "bits")


def test_a_fact_has_a_value_or_none():
    assert fact(FACTS, "die") == "B4"
    assert fact(FACTS, "TMR") == 0.96
    assert fact(FACTS, "P") == 0.4995
    assert fact(FACTS, "colour") is None
