"""A bench file is validated, and what is wrong in it is named with its line."""

import pytest

from mtjlab.instruments import open_bench
from mtjlab.instruments.bench.file import BenchFile

REAL = """\
name = "lab"

[roles.pulse_generator]
driver = "keysight81160a"
resource = "GPIB0::10::INSTR"

[roles.source_meter]
driver = "keithley2400"
resource = "GPIB0::24::INSTR"

[limits]
pulse_amplitude = 1.6
pulse_width = 1e-7
pulse_energy = 1e-12
read_bias = 0.1
compliance = 1e-5

[device]
name = "W12 D3"
resistance = 40e3
"""


def write(folder, text):
    path = folder / "bench.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_real_bench_is_read_with_its_defaults(tmp_path):
    file = BenchFile.load(write(tmp_path, REAL))
    assert file.simulation is None
    assert file.roles.source_meter.resource == "GPIB0::24::INSTR"
    assert file.wiring.trigger_line == 2
    assert file.text == REAL


def test_a_device_file_is_looked_for_beside_the_bench_file(tmp_path, monkeypatch):
    monkeypatch.chdir("/")
    (tmp_path / "mine.toml").write_text('name = "mine"\nresistance_area = 5e-9\n[torque]\ntowards = "P"\n')
    with open_bench("simulated") as bench:
        text = bench.file.text
    with open_bench(write(tmp_path, text.replace('device = "reference"', 'device = "mine.toml"'))) as bench:
        assert bench.stand_in.wiring.junction.device.name == "mine"


def test_an_unknown_key_is_refused_with_its_line_and_the_allowed_ones(tmp_path):
    path = write(tmp_path, REAL.replace("read_bias", "readbias"))
    with pytest.raises(ValueError, match=r"bench\.toml, line 15: limits\.readbias: unknown key; allowed.*read_bias"):
        BenchFile.load(path)


def test_a_missing_key_is_named_with_the_line_of_its_section(tmp_path):
    path = write(tmp_path, REAL.replace("compliance = 1e-5\n", ""))
    with pytest.raises(ValueError, match=r"line 11: limits\.compliance: is missing"):
        BenchFile.load(path)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("pulse_width = 1e-7", "pulse_width = -1", r"line 13: limits\.pulse_width: .*greater than 0 \(found -1\)"),
        ("pulse_width = 1e-7", "pulse_width = nan", r"line 13: limits\.pulse_width: .*finite"),
        ("resistance = 40e3", 'resistance = "high"', r"line 20: device\.resistance: .*number.*found 'high'"),
        (
            "pulse_width = 1e-7",
            'pulse_width = "long"',
            r"line 13: limits\.pulse_width: must be a number \(found 'long'\)",
        ),
        ('name = "lab"', "name = 3", r"line 1: name: must be a string \(found 3\)$"),
        ('name = "lab"', 'name = "lab"\nwiring = 5', r"line 2: wiring: must be a section \(found 5\)$"),
        ("[device]", "[device", r"line 18: not TOML"),
        ('name = "lab"', 'name = "lab"\ntext = "x"', r"line 2: text: unknown key"),
        ('resource = "GPIB0::24::INSTR"', "", r"line 7: roles\.source_meter: names no resource"),
    ],
)
def test_wrong_values_are_named(tmp_path, old, new, message):
    with pytest.raises(ValueError, match=message):
        BenchFile.load(write(tmp_path, REAL.replace(old, new)))


def test_a_missing_file_says_what_there_is():
    with pytest.raises(ValueError, match=r"nowhere\.toml does not exist: .*shipped bench \(.*simulated.*\)"):
        BenchFile.load("nowhere.toml")


def test_an_unknown_driver_says_which_are_installed(tmp_path):
    path = write(tmp_path, REAL.replace("keithley2400", "keithley9999"))
    with pytest.raises(ValueError, match=r"line 8: .*: 'keithley9999' is not known; .*keithley2400"):
        open_bench(path)


def test_a_real_bench_has_no_seed(tmp_path):
    with pytest.raises(ValueError, match="seed = 1: bench lab is real"):
        open_bench(write(tmp_path, REAL), seed=1)


def test_a_driver_that_can_not_play_its_role_says_what_it_lacks(tmp_path):
    path = write(tmp_path, REAL.replace("keithley2400", "keysight81160a"))
    with pytest.raises(ValueError, match=r"line 8: roles\.source_meter\.driver: .* cannot play this role: .*set_bias"):
        open_bench(path)
