"""The fit of a recording is made again from what it holds, by its settings, and added to it."""

import gzip
import json
from pathlib import Path

import numpy as np
import pytest

from mtjlab import procedures
from mtjlab.cli.main import main
from mtjlab.core.errors import FitError, InputError
from mtjlab.data.contents.recording_head import RecordingHead
from mtjlab.data.recording import Recording
from mtjlab.data.recording_writer import RecordingWriter
from mtjlab.instruments import open_bench
from mtjlab.procedures.measurements.measurement_procedure import measurement
from mtjlab.procedures.running.one_run import run

FACTS = {"Endurance": {"pulses", "broken down"}, "ResistanceNoise": {"integration time"}}
"""What a run records that its rows do not tell: no fit finds it again."""


def test_every_fit_made_again_finds_what_the_run_found(short_run, tmp_path):
    path = tmp_path / "a.h5"
    with open_bench(short_run.bench, seed=3) as bench:
        first = run(short_run.procedure(), bench, path).results
    rows = Recording(path).frame()
    if not measurement(short_run.procedure()).can_fit:
        with pytest.raises(InputError, match="has no fit"):
            procedures.fit(path)
        return
    again = procedures.fit(path)
    assert set(first) - set(again) == FACTS.get(short_run.name, set())
    for name, result in again.items():
        np.testing.assert_allclose(result[:2], first[name][:2], rtol=1e-6, err_msg=name)
    recording = Recording(path)
    assert recording.frame().equals(rows)
    assert recording.status == "finished"
    assert [fit.settings for fit in recording.fits] == ["", ""]


@pytest.fixture
def old(tmp_path) -> Path:
    """Unpack R(V) of a device without leads, recorded before results had ends and fits a table."""
    packed = Path(__file__).parents[2] / "data/version_2/before_fits.h5.gz"
    (tmp_path / "old.h5").write_bytes(gzip.decompress(packed.read_bytes()))
    return tmp_path / "old.h5"


def test_leads_that_are_told_later_are_taken_off_and_earlier_results_stay(old, capsys):
    before = Recording(old).results
    assert main(["fit", str(old), "--set", "leads=500", "--set", "leads_error=0", "--json", "-"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert before["Rp"].value - told["results"]["Rp"]["value"] == pytest.approx(500, rel=0.25)
    recording = Recording(old)
    assert recording.results["Rp"].value == told["results"]["Rp"]["value"]
    assert [fit.settings for fit in recording.fits] == ["leads=500 leads_error=0"]
    assert recording.table("results")["value"].iloc[: len(before)].tolist() == [each.value for each in before.values()]
    assert main(["info", str(old), "--json", "-"]) == 0
    printed = capsys.readouterr()
    assert json.loads(printed.out)["fits"][0]["settings"] == "leads=500 leads_error=0"
    assert "leads=500" in printed.err


def test_what_the_pulses_were_is_no_setting_of_a_fit(old):
    before = old.read_bytes()
    with pytest.raises(InputError, match=r"amplitude = 1.3: the fit .* those that may change: leads, "):
        procedures.fit(old, amplitude=1.3)
    with pytest.raises(InputError, match="leads = -1"):
        procedures.fit(old, leads=-1)
    assert old.read_bytes() == before


def test_a_fit_that_is_stopped_or_fails_adds_nothing(old):
    before, bench = old.read_bytes(), Recording(old).bench
    assert procedures.fit(old, stopped=lambda: True) == {}
    with RecordingWriter.create(
        old.with_name("empty.h5"),
        RecordingHead("WriteErrorRate", bench=bench, simulated=True),
    ):
        pass
    with pytest.raises(FitError, match="no pulse was recorded"):
        procedures.fit(old.with_name("empty.h5"))
    assert Recording(old.with_name("empty.h5")).fits == []
    assert old.read_bytes() == before


def test_a_recording_from_before_opens_resumes_and_verifies(old):
    before = Recording(old)
    assert before.fits == []
    results = {name: str(result) for name, result in before.results.items()}
    RecordingWriter.resume(old).close()
    after = Recording(old)
    assert {name: str(result) for name, result in after.results.items()} == results
    assert list(after.verify()) == []


def test_write_errors_have_an_interval_that_ends_above_zero(tmp_path, capsys):
    with open_bench("simulated", seed=1) as bench:
        procedure = procedures.WriteErrorRate(pulses=5000, required=1e-4, amplitude=1.25, width=10e-9)
        rate = run(procedure, bench, tmp_path / "a.h5").results["write error rate"]
    assert 0 < rate.low < rate.value < rate.high < 1
    assert np.isnan(rate.uncertainty)
    assert main(["info", str(tmp_path / "a.h5"), "--json", "-"]) == 0
    assert json.loads(capsys.readouterr().out)["results"]["write error rate"]["low"] == rate.low
