"""Scopes add up, definitions are what they say, and every ratio says whom it compares, where, and by whose figure."""

import math

import pytest

from mtjlab.analysis.diffusion.ddim import Ddim
from mtjlab.analysis.energy.bit_energy import SCOPES, BitEnergy
from mtjlab.analysis.energy.energy_inputs import INPUTS, Origin, chosen_inputs, given
from mtjlab.analysis.energy.energy_report import PROCESSOR, EnergyReport
from mtjlab.analysis.energy.generators import published_generators
from mtjlab.analysis.energy.noise_energy import bits_of_image
from mtjlab.analysis.energy.ratios import DEFINITIONS, measures
from mtjlab.analysis.noise.bit_sum import BIT_SUM_1
from mtjlab.analysis.noise.inverse_cdf16 import INVERSE_CDF16
from mtjlab.core import InputError

RA = 100e-12
REFERENCE = {"amplitude": 1.5, "width": 1e-9, "resistance": RA / (math.pi / 4 * 50e-9**2)}


def inputs_of(**changes):
    return chosen_inputs({name: given(name, value) for name, value in (REFERENCE | changes).items()})


@pytest.fixture(scope="module")
def report():
    return EnergyReport.of(
        inputs_of(tmr=0.0),
        raw_per_bit=4.0,
        settings=None,
        generators=published_generators(),
        converters={"inverse-cdf16": INVERSE_CDF16, "bit-sum-1": BIT_SUM_1},
        samplers={"ddim": Ddim},
        steps=50,
        eta=1.0,
        step_converter="bit-sum-1",
    )


def test_what_is_assumed_says_so_with_its_source():
    inputs = inputs_of()
    assert inputs["amplitude"].origin is Origin.GIVEN
    assumed = [each for each in inputs.values() if each.origin is Origin.ASSUMED]
    assert len(assumed) == len(INPUTS) - len(REFERENCE)
    assert all(each.source for each in assumed)


def test_what_has_no_default_is_asked_for():
    with pytest.raises(InputError, match="give width, resistance"):
        chosen_inputs({"amplitude": given("amplitude", 1.0)})
    with pytest.raises(InputError, match="expected 1 to 1e"):
        given("pulses_per_bit", 0.5)


def test_scopes_of_the_reference_pillar():
    bit = BitEnergy.of(inputs_of(tmr=0.0))
    assert bit.bit("pillar") == pytest.approx(44.2e-15 + 0.27e-15, abs=0.05e-15)
    assert bit.areas["pillar"] == pytest.approx(1.96e-15, abs=0.01e-15)  # 1.96e-3 µm²
    assert bit.contributions["termination"].energy == pytest.approx(45e-12)
    assert bit.bit("bench") == pytest.approx(44.2e-15 + 2.25e-12 + 39.3e-12, rel=2e-3)
    assert bit.bit("bench with termination") == pytest.approx(bit.bit("bench") + 45e-12)


def test_resets_and_an_extractor_multiply_the_energy():
    once = BitEnergy.of(inputs_of())
    reset = BitEnergy.of(inputs_of(pulses_per_bit=2.0), raw_per_bit=4.01)
    for scope in SCOPES:
        assert reset.raw(scope) == pytest.approx(2 * once.raw(scope))
        assert reset.bit(scope) == pytest.approx(8.02 * once.bit(scope))
    assert once.contributions["reset"].energy == 0
    assert reset.contributions["reset"].energy == pytest.approx(once.bit("pillar"))


def test_pulses_of_several_settings_are_averaged_by_their_number():
    settings = [(1.5, 1e-9, 3000.0), (1.5, 2e-9, 1000.0)]
    mixed = BitEnergy.of(inputs_of(), settings=settings)
    short, long = (BitEnergy.of(inputs_of(width=width)).contributions["pillar"].energy for width in (1e-9, 2e-9))
    assert mixed.contributions["pillar"].energy == pytest.approx(0.75 * short + 0.25 * long)


def test_definitions():
    known = {"energy": 2.0, "area": 4.0, "energy × area": 8.0, "energy per area": 0.5}
    assert measures(2.0, 4.0) == known
    assert measures(2.0, 4.0, 16.0) == known | {"energy × area / rate": 0.5}
    assert measures(2.0, None, 16.0) == {"energy": 2.0}


def test_a_junction_gives_a_bit_for_each_pulse_settling_and_read():
    bit = BitEnergy.of(inputs_of(edge=0.5e-9, pulses_per_bit=2.0), raw_per_bit=4.0)
    assert bit.rate("cell") == pytest.approx(1 / (8 * (1e-9 + 0.5e-9 + 5e-9 + 8.5e-9)))
    assert bit.rate("bench") is None


def test_a_pillar_alone_beats_intels_generator_by_1e8():
    bit = BitEnergy.of(inputs_of(tmr=0.0))
    intel = published_generators()[0]
    ours = measures(bit.bit("pillar"), bit.areas["pillar"])["energy × area"]
    assert intel.energy * (intel.area or 0.0) / ours == pytest.approx(1.3e8, rel=0.03)


def test_noise_of_an_image_takes_the_bits_that_the_issue_says():
    assert bits_of_image(Ddim(50, 0.0), INVERSE_CDF16, BIT_SUM_1).bits == 12_544
    assert bits_of_image(Ddim(50, 1.0), INVERSE_CDF16, INVERSE_CDF16).bits == 627_200
    assert bits_of_image(Ddim(50, 1.0), BIT_SUM_1, BIT_SUM_1).bits == 39_200


def test_every_ratio_carries_scope_definition_and_citation(report):
    ratios = report.as_dict()["ratios"]
    assert {each["generator"] for each in ratios} == {PROCESSOR, *(each.name for each in published_generators())}
    for each in ratios:
        assert each["scope"] in SCOPES
        assert each["definition"] in DEFINITIONS
        assert each["citation"]
        assert each["value"] == pytest.approx(each["theirs"] / each["ours"])
        assert each["claim_reached"] == (each["value"] >= 1000)
    walked = list(_ratios_in(report.as_dict()))
    assert len(walked) == len(ratios)


def _ratios_in(part):
    """Give everything in the JSON that has a factor, wherever it stands."""
    if isinstance(part, dict):
        if "theirs" in part or "ours" in part:
            assert {"scope", "definition", "citation"} <= part.keys()
            yield part
        for each in part.values():
            yield from _ratios_in(each)
    elif isinstance(part, list):
        for each in part:
            yield from _ratios_in(each)


def test_a_ratio_by_area_needs_two_areas(report):
    for each in report.ratios:
        if DEFINITIONS[each.definition].needs:
            assert SCOPES[each.scope].area
            assert each.generator != "SOT MTJ"


def test_where_the_claim_of_a_thousand_is_reached(report):
    """By energy times area in all scopes on a chip; by energy alone, and by energy over area, in none."""
    against_intel = [each for each in report.ratios if each.generator.startswith("Intel")]
    reached = {(each.scope, each.definition) for each in against_intel if each.reached}
    assert {scope for scope, definition in reached if definition == "energy × area"} == {
        "pillar",
        "cell",
        "cell with periphery",
    }
    assert not {definition for _, definition in reached} & {"energy", "energy per area"}
    intel = report.generators[0]
    limit = report.largest_area(intel, "cell")
    assert intel.energy * intel.area / (limit * report.bit.bit("cell")) == pytest.approx(1000)


def test_a_list_of_generators_of_ones_own(tmp_path):
    path = tmp_path / "mine.toml"
    path.write_text('[[generators]]\nname = "mine"\nenergy = 1e-12\nkind = "measured"\ncitation = "thesis"\n')
    assert published_generators(path)[0].citation == "thesis"
    path.write_text('[[generators]]\nname = "mine"\nenergy = -1\nkind = "measured"\ncitation = "thesis"\n')
    with pytest.raises(InputError, match=r"mine\.toml, line 3"):
        published_generators(path)
