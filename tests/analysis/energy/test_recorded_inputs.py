"""What a recording says of its pulses is found, with its origin; what it does not say is not made up."""

import numpy as np
import pytest

from mtjlab.analysis.energy.energy_inputs import given
from mtjlab.analysis.energy.recorded_inputs import measured_junction, recorded_pulses
from mtjlab.core import InputError
from mtjlab.data.contents.recording_head import RecordingHead
from mtjlab.data.contents.recording_parameter import RecordingParameter
from mtjlab.data.recording import Recording
from mtjlab.data.recording_writer import RecordingWriter
from mtjlab.data.writing.blocks import Blocks

BITS = np.random.default_rng(1).integers(0, 2, 10_000, dtype=np.uint8)
PARAMETERS = {
    "amplitude": 1.25, "width": 10e-9, "bias": 0.05, "settle": 1e-6, "integration": 0.01, "mode": "toggle",
    "feedback": "none", "share": 0.25,
}  # fmt: skip


@pytest.fixture
def record(tmp_path):
    """Write a recording of bits; keywords change its parameters."""

    def record(results=None, bits=BITS, bench=None, at=1.25, **changes):
        path = tmp_path / "bits.h5"
        path.unlink(missing_ok=True)
        parameters = {
            name: RecordingParameter(value) for name, value in (PARAMETERS | changes).items() if value is not None
        }
        with RecordingWriter.create(
            path, RecordingHead("RandomBitstream", parameters, bench_attributes=bench or {}, simulated=True)
        ) as writer:
            writer.add_instrument("pulse_generator", settings={"pulse_transition": 1e-9})
            writer.add_instrument("source_meter", settings={"current_nplc": 0.1, "line_frequency": 50.0})
            half = len(bits) // 2
            if half:
                writer.append(Blocks(bits[:half], counts=[half], amplitude=at, width=10e-9))
                writer.append(Blocks(bits[half:], counts=[len(bits) - half], amplitude=at, width=12e-9))
            for name, value in (results or {}).items():
                writer.write_result(name, value, 0.0, "A")
        return Recording(path)

    return record


CURRENTS = {"parallel current": 1e-6, "antiparallel current": 0.5e-6}


def test_pulses_reads_and_junction_are_recorded(record):
    found = recorded_pulses(record(CURRENTS), gain=lambda resistance: 2.0, leads=100.0)
    values = {name: each.value for name, each in found.inputs.items()}
    assert found.settings == [(2.5, 10e-9, 5000.0), (2.5, 12e-9, 5000.0)]
    assert values["amplitude"] == 2.5
    assert values["width"] == pytest.approx(11e-9)
    assert (values["edge"], values["base"], values["read_bias"]) == (1e-9, 0.05, 0.05)
    assert values["read_time"] == pytest.approx(1e-6 + 0.1 / 50)  # what the meter had, not the least that was asked for
    assert values["resistance"] == pytest.approx(50e3 - 100)
    # At the bias of the read a hundredth of the magnetoresistance is gone.
    assert values["tmr"] == pytest.approx((99_900 / 49_900 - 1) * 1.01)
    assert found.inputs["half_bias"].origin == "assumed"
    assert values["pulses_per_bit"] == 1
    assert {found.inputs[name].origin for name in ("amplitude", "width", "resistance", "read_time")} == {"recorded"}


@pytest.mark.parametrize(
    ("changes", "pulses"),
    [({"mode": "reset"}, 2), ({"feedback": "sacrificial"}, 4 / 3)],
)
def test_resets_and_sacrificed_pulses_count(record, changes, pulses):
    found = recorded_pulses(record(CURRENTS, **changes), gain=lambda resistance: 1.0)
    assert found.inputs["pulses_per_bit"].value == pytest.approx(pulses)


def test_a_simulated_device_is_known(record):
    attributes = {"device_diameter": 40e-9, "device_tmr_bias": 0.4, "device_line.pad_capacitance": 0.5e-12}
    found = recorded_pulses(record(CURRENTS, bench=attributes), gain=lambda resistance: 1.0)
    assert found.inputs["diameter"].value == 40e-9
    assert found.inputs["half_bias"][:1] == (0.4,)
    assert found.inputs["pad_capacitance"].origin == "recorded"


def test_what_is_given_takes_the_place_of_what_is_recorded(record):
    known = {"width": given("width", 5e-9), "resistance": given("resistance", 1e4)}
    found = recorded_pulses(record(CURRENTS), gain=lambda resistance: 1.0, known=known)
    assert found.settings == [(1.25, 5e-9, 10_000.0)]
    assert found.inputs["resistance"].value == 1e4


def test_the_bench_files_resistance_is_the_last_resort(record):
    found = recorded_pulses(record(), gain=lambda resistance: 1.0, resistance=60e3)
    assert found.inputs["resistance"].value == 60e3
    assert "resistance" not in recorded_pulses(record(), gain=lambda resistance: 1.0).inputs


def test_recordings_without_bits_or_pulses_are_refused(record):
    with pytest.raises(InputError, match="without bits"):
        recorded_pulses(record(bits=BITS[:0]), gain=lambda resistance: 1.0)
    with pytest.raises(InputError, match="by which pulses"):
        recorded_pulses(record(amplitude=None, at=None), gain=lambda resistance: 1.0)
    with pytest.raises(InputError, match="no fit of Rp"):
        measured_junction(record(CURRENTS))


def test_a_fitted_junction_is_taken(record):
    found = measured_junction(record({"Rp": 51e3, "TMR": 0.99, "Vh": 0.51}))
    assert [found[name].value for name in ("resistance", "tmr", "half_bias")] == [51e3, 0.99, 0.51]
