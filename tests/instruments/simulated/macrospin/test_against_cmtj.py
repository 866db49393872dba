"""The macrospin beside cmtj, another group's simulation of junctions, under the same conditions."""

import runpy
from pathlib import Path

import numpy as np
import pytest

from mtjlab.instruments.simulated.device.device import Device
from mtjlab.instruments.simulated.device.pulse import Pulse
from mtjlab.instruments.simulated.macrospin.macrospin import Macrospin

pytest.importorskip("cmtj", reason="cmtj is not installed (pip install cmtj): the macrospin has no peer to agree with")
PEER = Path(__file__).parents[4] / "benchmarks" / "cmtj_peer.py"


@pytest.mark.parametrize("width", [0.2e-9, 0.45e-9, 0.9e-9, 1.7e-9])
def test_p_against_width_is_cmtjs(width: float) -> None:
    """Four widths on the slopes, where a pulse some 15 ps longer would show."""
    shots, peer_shots, settle = 51_200, 1_500, 2.5e-9
    pulse, macrospin = Pulse(1.5, width, 50e-12, 50e-12), Macrospin(Device())
    start = macrospin.draw(np.zeros(peer_shots, np.uint8), seed=1)
    peer = runpy.run_path(str(PEER))["cmtj_states"]
    theirs = float(peer(Device(), pulse, start, seed=2, dt=2e-12, settle=settle).mean())
    ours = float(macrospin.switch(pulse, np.zeros(shots, np.uint8), settle=settle, seed=3).mean())
    error = np.sqrt(ours * (1 - ours) * (1 / peer_shots + 1 / shots))
    assert ours == pytest.approx(theirs, abs=4 * error)
