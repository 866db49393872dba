"""What reaches the end of the line is found within its error, and what is wrong with the line is said."""

import pytest

from mtjlab.core.toml_document import TomlDocument
from mtjlab.data.recording import Recording
from mtjlab.instruments import open_bench
from mtjlab.instruments.bench.file import BenchFile, shipped_benches
from mtjlab.instruments.instrument_error import InstrumentError
from mtjlab.procedures import CalibrateAmplitude, run

TEXT = shipped_benches()["simulated-line"]
LOSS = 3.22


def opened(text=TEXT, seed=3):
    return open_bench(BenchFile.parse(TomlDocument("a bench", text)), seed=seed)


def believing(bench, section, **changes):
    """Let the bench file say something else than what is on the table."""
    roles, wiring = bench.file.roles, bench.file.wiring
    if section == "wiring":
        wiring = wiring.model_copy(update=changes)
    else:
        scope = roles.oscilloscope.model_copy(update=changes)
        roles = roles.model_copy(update={"oscilloscope": scope})
    bench.file = bench.file.model_copy(update={"roles": roles, "wiring": wiring})
    return bench


@pytest.mark.parametrize("seed", [1, 2, 3, 4])
def test_gain_and_loss_are_those_of_the_line(tmp_path, seed):
    with opened(seed=seed) as bench:
        results = run(CalibrateAmplitude(), bench, tmp_path / "a.h5").results
        assert bench.pulse_generator.settings()["output"] == "False"
    true = 10 ** (-LOSS / 20) * (1e6 + 50) / 1e6 * 1e6 / (1e6 + 50)
    gain, loss = results["gain"], results["loss"]
    # The oscilloscope's scale is wrong by half a per cent at most, which is √3 of its uncertainties.
    assert abs(gain.value - true) < 2.5 * gain.uncertainty
    assert abs(loss.value - LOSS) < 2.5 * loss.uncertainty
    assert gain.uncertainty == pytest.approx(true * 0.005 / 3**0.5, rel=0.1)
    parallel = results["gain at the device, parallel"]
    assert parallel.value == pytest.approx(gain.value * 50.9e3 / (50.9e3 + 50), rel=1e-4)


def test_negative_amplitudes_too(tmp_path):
    with opened() as bench:
        results = run(CalibrateAmplitude(lowest=-0.5, highest=0.5, amplitudes=6), bench, tmp_path / "a.h5").results
    assert abs(results["loss"].value - LOSS) < 2.5 * results["loss"].uncertainty
    # The zero of the generator is that of the simulated one: none.
    assert abs(results["offset"].value) < 4 * results["offset"].uncertainty


def test_beside_the_device_its_resistance_counts(tmp_path):
    beside = TEXT.replace('"instead"', '"beside"').replace("impedance = 1e6", "impedance = 5e3")
    with opened(beside) as bench:
        results = run(CalibrateAmplitude(), bench, tmp_path / "a.h5").results
    # 5 kΩ beside 51 kΩ leave 0.9891 of what an open end has.
    assert abs(results["loss"].value - LOSS) < 2.5 * results["loss"].uncertainty
    ratio = results["gain at the device, parallel"].value / results["gain"].value
    assert ratio == pytest.approx(1.0098, abs=1e-3)


def refused(bench, tmp_path, **parameters):
    with bench, pytest.raises(InstrumentError) as caught:
        run(CalibrateAmplitude(**parameters), bench, tmp_path / "a.h5")
    return str(caught.value)


def test_a_terminator_that_nobody_spoke_of_is_found(tmp_path):
    bench = believing(opened(TEXT.replace("impedance = 1e6", "impedance = 50")), "oscilloscope", impedance=1e6)
    words = refused(bench, tmp_path)
    assert Recording(tmp_path / "a.h5").status == "failed"
    assert "times the amplitude that [wiring] says" in words
    assert "an end has 50 Ω where an open one is meant" in words


def test_an_open_end_that_was_meant_to_be_terminated_is_found(tmp_path):
    bench = believing(opened(), "oscilloscope", impedance=50.0)
    assert "an end is open where 50 Ω are meant" in refused(bench, tmp_path)


def test_no_signal_is_told_from_a_small_one(tmp_path):
    lost = TEXT.replace("load = 1e6 ", "bias_tee_loss = 60\nload = 1e6 ").replace(
        "pulse_amplitude = 1.8", "pulse_amplitude = 1e4"
    )
    bench = believing(opened(lost), "wiring", bias_tee_loss=0.0)
    words = refused(bench, tmp_path)
    assert "no pulse stands out of the noise" in words
    assert "Check cable and attenuators from the generator to channel 1" in words


def test_a_signal_off_every_screen_is_told(tmp_path):
    amplified = TEXT.replace("loss = 3.02 ", "loss = -19 ").replace("loss = 0.2", "loss = -20")
    amplified = amplified.replace("pulse_amplitude = 1.8", "pulse_amplitude = 1e4").replace("2e-12", "1.0")
    words = refused(opened(amplified), tmp_path, lowest=1.0, highest=2.0)
    assert "the pulse leaves the screen of ±40 V" in words


def test_without_an_oscilloscope_it_says_so(bench, tmp_path):
    with pytest.raises(InstrumentError, match=r"no oscilloscope on this bench: add \[roles\.oscilloscope\]"):
        run(CalibrateAmplitude(), bench, tmp_path / "a.h5")
