"""Attenuators and cables from a calibration file count wherever an amplitude at the device does."""

import pytest

from mtjlab.core.toml_document import TomlDocument
from mtjlab.instruments.bench.file import BenchFile
from mtjlab.instruments.safety.interlock import Interlock
from mtjlab.instruments.safety.limits import LimitError

BENCH = """\
name = "attenuated"
[roles.pulse_generator]
driver = "keysight81160a"
[wiring]
calibration = "line.toml"  # beside this file
[limits]
pulse_amplitude = 0.5
pulse_width = 1e-6
pulse_energy = 1e-9
[device]
name = "d"
resistance = 50e3
[simulation]
"""
LINE = """\
[[elements]]
name = 'attenuator "A" 20 dB'
loss = 20
uncertainty = 0.03
measured = "2026-11-02, VNA"
[[elements]]
name = "cable"
loss = 0.5
uncertainty = 0.04
"""


@pytest.fixture
def bench(tmp_path):
    def write(line=LINE, bench=BENCH):
        (tmp_path / "line.toml").write_text(line, encoding="utf-8")
        (tmp_path / "bench.toml").write_text(bench, encoding="utf-8")
        return tmp_path / "bench.toml"

    return write


def test_the_losses_add_and_their_uncertainties_add_in_squares(bench):
    wiring = BenchFile.load(bench()).wiring
    assert wiring.loss == pytest.approx(20.5)
    assert wiring.loss_uncertainty == pytest.approx(0.05)
    assert wiring.elements[0].name == 'attenuator "A" 20 dB'


def test_the_interlock_reckons_with_them(bench):
    # 20.5 dB: 5 V become 0.472 V, of which the device has all.
    interlock = Interlock(BenchFile.load(bench()))
    interlock.check_pulse(5.0, 1e-8)
    assert interlock.backstop == pytest.approx(0.5 * 10 ** (20.5 / 20), rel=1e-3)
    with pytest.raises(LimitError, match="at the device"):
        interlock.check_pulse(5.4, 1e-8)


def test_a_recording_holds_what_was_reckoned_with(bench):
    file = BenchFile.load(bench())
    assert BenchFile.parse(TomlDocument("a recording", file.text)).wiring == file.wiring


@pytest.mark.parametrize(
    ("line", "words"),
    [
        (LINE.replace("0.5", '"small"'), r"line\.toml, line 8: elements 2\.loss: must be a number"),
        (
            LINE.replace("loss = 20", "attenuation = 20"),
            "elements 1.attenuation: unknown key; allowed here: name, loss",
        ),
        ("elements = []", "elements: "),
    ],
)
def test_a_mistake_in_it_is_said_with_its_line(bench, line, words):
    with pytest.raises(ValueError, match=words):
        BenchFile.load(bench(line))


def test_a_file_that_is_missing_or_can_not_be_meant_is_said(bench, tmp_path):
    path = bench()
    (tmp_path / "line.toml").unlink()
    with pytest.raises(ValueError, match=r"line\.toml does not exist: \[wiring\] calibration names it"):
        BenchFile.load(path)
    with pytest.raises(
        ValueError, match=r"line 5: wiring\.calibration: only a bench file that was read from disk may name"
    ):
        BenchFile.parse(TomlDocument("a text", BENCH))
    inline = BENCH.replace('[wiring]\ncalibration = "line.toml"  # beside this file\n', "")
    inline = inline.replace("[roles.pulse", 'wiring = { calibration = "line.toml", load = 50 }\n[roles.pulse')
    with pytest.raises(ValueError, match="write it on a line of its own"):
        BenchFile.load(bench(bench=inline))
