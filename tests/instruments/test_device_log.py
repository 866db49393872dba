"""What a device has stood is written down before it is sent, and survives any end of the process."""

import json
import signal
import subprocess
import sys

import pytest

from mtjlab.core.errors import InputError
from mtjlab.instruments.safety.device_lifetime import DeviceLog

KILLED = """
import os, signal, sys
from pathlib import Path
from mtjlab.instruments.safety.device_lifetime import DeviceLog

log = DeviceLog("W12 D3", Path(sys.argv[1]))
for _ in range(1500):
    log.charge(1, 10e-6)
os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGKILL")
def test_a_killed_process_has_written_down_every_pulse(tmp_path):
    ended = subprocess.run([sys.executable, "-c", KILLED, str(tmp_path)], check=False)
    assert ended.returncode == -signal.SIGKILL
    log = DeviceLog("W12 D3", tmp_path)
    assert log.pulses == 1500
    assert log.stress_time == pytest.approx(15e-3)
    log.close()


def test_the_file_is_whole_after_every_pulse_also_where_a_number_gets_shorter(tmp_path):
    log = DeviceLog("a device with a long name, ÄÖÜ", tmp_path)
    for pulses, width in ((1, 1e-9), (3, 0.1 / 3), (10**12, 1e-3), (1, 1.0)):
        log.charge(pulses, width)
        kept = json.loads(log.path.read_text(encoding="utf-8"))
        assert (kept["pulses"], kept["stress_time"]) == (log.pulses, log.stress_time)
    log.close()


def test_a_file_that_was_moved_away_comes_back(tmp_path):
    log = DeviceLog("d", tmp_path)
    log.charge(5, 1e-9)
    log.path.unlink()
    log.close()
    log.charge(1, 1e-9)
    log.close()
    assert json.loads(log.path.read_text(encoding="utf-8"))["pulses"] == 6


def test_a_folder_that_cannot_be_written_is_told_with_what_to_do_before_anything_is_sent(tmp_path):
    in_the_way = tmp_path / "state"
    in_the_way.write_text("a file, where a folder should be", encoding="utf-8")
    with pytest.raises(InputError, match=r"d\.json cannot be written .* name another one .* MTJLAB_STATE") as told:
        DeviceLog("d", in_the_way / "devices")
    assert "\n" not in str(told.value)
