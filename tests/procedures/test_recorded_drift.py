"""Slow drift of the device is in the recording: P(switch) follows the resistance."""

from pathlib import Path

import numpy as np
import pytest

from mtjlab.instruments.bench.file import shipped_benches
from mtjlab.instruments.bench.opening import open_bench
from mtjlab.procedures.random_bitstream import RandomBitstream
from mtjlab.procedures.running.one_run import run

DEVICE = """
resistance_area = 100e-12
[torque]
towards = "P"
[drift]
resistance_wander = 0.02
correlation = 1e4
interval = 500
"""


@pytest.mark.parametrize("effects", ["full", "full,-drift"])
def test_p_of_a_recording_follows_the_resistance_where_the_device_drifts(tmp_path: Path, effects: str) -> None:
    device = tmp_path / "device.toml"
    device.write_text(DEVICE)
    bench = tmp_path / "bench.toml"
    bench.write_text(
        shipped_benches()["simulated"].replace(
            '"reference"\nmodel', f'"{device.as_posix()}"\neffects = "{effects}"\nmodel'
        )
    )
    # At 1.11 V P climbs by some 3.3 per volt: 2 % of the amplitude are .07 of P, eight times what 2500 bits scatter.
    with open_bench(bench, seed=3) as opened:
        recording = run(RandomBitstream(bits=100_000, amplitude=1.11), opened, tmp_path / "bits.h5")
    blocks, frame = recording.blocks(), recording.frame()
    switched = np.array([np.mean(part[1:] != part[:-1]) for part in np.split(recording.bits[:], len(blocks))])
    resistance = 1 / frame["Parallel current"].to_numpy()
    correlation = np.corrcoef(switched, resistance)[0, 1]
    if effects == "full":
        assert resistance.std() / resistance.mean() == pytest.approx(0.02, abs=0.012)
        # What raises the resistance lowers the amplitude that acts, and P with it.
        assert correlation < -0.6
    else:
        assert resistance.std() / resistance.mean() < 2e-3  # 1/f noise alone
        assert abs(correlation) < 4 / np.sqrt(len(blocks))
