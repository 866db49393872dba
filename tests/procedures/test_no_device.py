"""An open, a shorted and a stuck device end every procedure with a diagnosis in words, and without a fit."""

from importlib.resources import files

import pytest

from mtjlab.data.recording import Recording
from mtjlab.instruments import open_bench
from mtjlab.instruments.bench.file import BenchFile
from mtjlab.instruments.instrument_error import InstrumentError
from mtjlab.procedures.running.one_run import run
from mtjlab.testing import outputs_are_off

NEEDS_NO_SWITCHING = {"ContactCheck", "ResistanceNoise"}
"""A device that is stuck has a contact and noise all the same."""
TELLS = {
    "BarContactCheck": {"resistance", "voltage at zero current"},
    "ContactCheck": {"resistance", "current at zero bias", "misfit of the straight line"},
}
"""Results that are the diagnosis."""
WORDS = {
    "open": ("open", "no contact", "one level only", "stuck, open or shorted"),
    "short": ("shorted", "one level only", "stuck, open or shorted"),
    "stuck-P": ("stuck", "does not switch"),
    "stuck-AP": ("stuck", "does not switch"),
}


@pytest.fixture
def faulty(tmp_path):
    """Give a bench file whose device has a fault."""

    def write(bench, kind):
        device, file = tmp_path / "device.toml", tmp_path / "bench.toml"
        name = "w-cofeb" if bench == "simulated-bar" else "reference"
        shipped = files("mtjlab.instruments.simulated.device") / "devices" / f"{name}.toml"
        device.write_text(shipped.read_text(encoding="utf-8") + f'\n[fault]\nkind = "{kind}"\n', encoding="utf-8")
        text = BenchFile.load(bench).text
        assert f'device = "{name}"' in text
        file.write_text(text.replace(f'device = "{name}"', f'device = "{device.as_posix()}"'), encoding="utf-8")
        return file

    return write


@pytest.mark.parametrize("kind", WORDS)
def test_what_is_no_device_is_told_and_not_fitted(short_run, faulty, tmp_path, kind):
    if short_run.name == "CalibrateAmplitude" or (short_run.name in NEEDS_NO_SWITCHING and kind.startswith("stuck")):
        pytest.skip("it asks nothing of the device, or only for a contact")
    if short_run.bench == "simulated-bar" and kind.startswith("stuck"):
        pytest.skip("a bar has no such fault")
    path = tmp_path / "a.h5"
    with open_bench(faulty(short_run.bench, kind), seed=3) as bench:
        with pytest.raises((ValueError, InstrumentError)) as told:
            run(short_run.procedure(), bench, path)
        assert outputs_are_off(bench)
    assert any(words in str(told.value) for words in WORDS[kind]), told.value
    # A run that fails before its first row leaves no file.
    if path.exists():
        recording = Recording(path)
        assert recording.status == "failed"
        assert set(recording.results) <= TELLS.get(short_run.name, set())
