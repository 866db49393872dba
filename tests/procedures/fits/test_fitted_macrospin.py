"""The macrospin that was fitted to a map is made again from the recording."""

import numpy as np
import pytest

from mtjlab.analysis.switching_map.precession_model import PrecessionModel
from mtjlab.data.contents.recording_head import RecordingHead
from mtjlab.data.contents.recording_parameter import RecordingParameter
from mtjlab.data.recording import Recording
from mtjlab.data.recording_writer import RecordingWriter
from mtjlab.instruments import open_bench
from mtjlab.procedures.fits.fitted_macrospin import fitted_macrospin
from mtjlab.procedures.running.resumed import recorded_procedure
from mtjlab.procedures.switching_probability import SwitchingProbability

FOUND = {
    "VCMA coefficient": (91e-15, 2e-16, "J/(V*m)"),
    "field in the plane": (25.1e-3, 7e-5, "T"),
    "damping": (0.017, 0.002, "1"),
    "field of the current's torque": (1.6e-3, 6e-5, "T/V"),
    "field along the normal": (-1.5e-5, 4e-5, "T"),
}


@pytest.fixture
def recorded(tmp_path):
    """Give a recorded map without rows, and its writer still open."""
    with open_bench("simulated", seed=1) as bench:
        text = bench.file.text
    procedure = SwitchingProbability(edge=50e-12, warming=0.0)
    parameters = {
        name: RecordingParameter(each.value, each.units or "" if hasattr(each, "units") else "", each.name)
        for name, each in procedure.parameter_objects().items()
    }
    head = RecordingHead(
        procedure="SwitchingProbability", parameters=parameters, columns={}, bench=text, simulated=True
    )
    return RecordingWriter.create(tmp_path / "map.h5", head)


def macrospin(writer):
    recording = Recording(writer.path)
    return fitted_macrospin(recorded_procedure(recording, SwitchingProbability), recording)


def test_it_has_what_the_newest_fit_found_and_that_fits_settings(recorded):
    with recorded as writer:
        assert macrospin(writer) is None
        writer.begin_fit()
        writer.write_results(FOUND)
        found = macrospin(writer)
        # Before December 2026 Δ was not kept: it is taken to be the guess.
        assert found.precession._asdict() == pytest.approx(
            {"vcma": 91e-15, "in_plane_field": 25.1e-3, "damping": 0.017, "moment": 45 * 1e6 / 8.63e4,
             "torque": 1.6e-3, "warming": 0.0, "normal_field": -1.5e-5}
        )  # fmt: skip
        writer.begin_fit("thickness=1.2e-09 stability=50.0")
        kept = {"thermal stability": (48.0, 1.0, "1"), "heating": (5.5, 1.6, "K/V^2")}
        writer.write_results(FOUND | kept | {"damping": (0.03, 0.002, "1")})
        writer.begin_fit("fit=none")  # smooths the map only
        writer.write_results({"width there": (2e-9, float("nan"), "s")})
        found = macrospin(writer)
        assert found.layer.thickness == 1.2e-9
        assert found.precession.damping == 0.03
        assert found.precession.moment == pytest.approx(48 * 1e6 / 8.63e4)
        assert found.precession.warming == 5.5


def test_its_probability_is_the_share_that_a_train_of_pulses_shows(recorded):
    with recorded as writer:
        writer.begin_fit()
        writer.write_results(FOUND | {"thermal stability": (20.0, 1.0, "1")})
        found = macrospin(writer)
    amplitudes, widths = np.array([[1.3], [1.45]]), np.array([[0.5e-9, 0.7e-9, 0.9e-9]])
    share = found(amplitudes, widths)
    assert share.shape == (2, 3)
    # The voltage at the device: the bias of the reads stays on; 50 Ω of the generator before a junction of 100 kΩ.
    model = PrecessionModel(found.layer, found.precession)
    volts = [found.line.voltage(float(each), found.bias) for each in amplitudes[:, 0]]
    np.testing.assert_allclose(volts, amplitudes[:, 0] + 0.05, rtol=2e-3)
    from_p, from_ap = model.probabilities(np.array(volts)[:, None], widths)
    for p, q, shown in zip(from_p.ravel(), from_ap.ravel(), share.ravel(), strict=True):
        # How often each state is met in the long run: the eigenvector of the chain P -> AP with p, AP -> P with q.
        values, vectors = np.linalg.eig(np.array([[1 - p, q], [p, 1 - q]]))
        met = vectors[:, values.argmax()] / vectors[:, values.argmax()].sum()
        assert shown == pytest.approx(met @ [p, q], abs=1e-9)
