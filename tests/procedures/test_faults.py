"""Faults of every kind strike a run at random instants: no bit is wrong, and no output is left on."""

import itertools
import logging
import tempfile
from pathlib import Path

import numpy as np
import pytest

from mtjlab.data.recording import Recording
from mtjlab.instruments import open_bench
from mtjlab.instruments.bench.fault_settings import FAULT_KINDS
from mtjlab.instruments.bench.file import BenchFile
from mtjlab.procedures.measurements.events import BlockEvent
from mtjlab.procedures.random_bitstream import RandomBitstream
from mtjlab.procedures.running import RunHooks
from mtjlab.procedures.running.one_run import run, worker_for

PASSING = tuple(kind for kind in FAULT_KINDS if kind not in ("open", "short"))
"""Kinds that a run survives; a contact that is open or bridged stays so."""
BLOCK = 250
"""Bits a block: the wait for a block's end grows with it, and a hundred faults are such a wait."""
TIMEOUT = 0.2
"""Longest wait for an answer [s]."""
LATE = 3.0
"""How late a slow answer is [s]: later than any block's end, which is waited for longer than other answers."""
EVIDENCE = {
    "overflow": "overflows",
    "compliance": "at the compliance",
    "error": "-310",
    "stuck": r"did not switch once",
    "drift": "currents of the states",
}
"""What the log must say of a fault; of the others it must name the instrument that was struck."""
ELSEWHERE = {"stuck": "one level only"}
"""The same, where the fault strikes while the levels of the states are being found."""


class Campaign(logging.Handler):
    """Inject one fault after another, each at a random message after the log has spoken of the last one."""

    def __init__(self, bench, count, seed):
        super().__init__(logging.INFO)
        self.bench, self.count = bench, count
        self.injector = bench.stand_in.faults
        self.random = np.random.default_rng(seed)
        self.told = []  # (fault, message of the log)
        self.finish = lambda: None  # called when all have struck
        self._armed = False
        self._drifted = False
        self._kinds = itertools.chain.from_iterable(self.random.permutation(PASSING) for _ in itertools.count())

    def arm(self):
        kind = str(next(self._kinds))
        details = {"at_command": int(self.random.integers(1, 100)), "after": bool(self.random.integers(2))}
        if kind not in ("stuck", "drift"):
            details["role"] = str(self.random.choice(["pulse_generator", "source_meter"]))
        if kind in ("overflow", "compliance"):
            details["role"] = "source_meter"
        if kind == "drift":
            self._drifted = not self._drifted
            details["size"] = 0.6 if self._drifted else 1 / 1.6 - 1  # forth and back
        self.injector.inject(kind, duration=LATE if kind == "slow" else TIMEOUT / 2, pulses=2 * BLOCK, **details)

    def emit(self, record):
        if self._armed and len(self.injector.struck) > len(self.told):
            fault, message = self.injector.struck[-1], record.getMessage()
            kind = fault.settings.kind
            wanted = EVIDENCE.get(kind, self.bench.resources[fault.role])
            if wanted in message or ELSEWHERE.get(kind, wanted) in message:
                self.told.append((fault, message))
                self._armed = False

    def listen(self, event):
        """Arm the next fault between two blocks; the message it strikes is a random one, of a recovery too."""
        if isinstance(event, BlockEvent) and not self._armed:
            self._armed = len(self.told) < self.count
            if self._armed:
                self.arm()
            else:
                self.finish()


def quick_bench():
    """Open the simulated bench with short timeouts: a hundred of them must not take minutes.

    What is compiled at the first block of a new installation takes seconds: a run with the usual timeouts goes before.
    """
    file = BenchFile.load("simulated")
    with open_bench(file, seed=11) as bench, tempfile.TemporaryDirectory() as folder:
        run(RandomBitstream(bits=BLOCK, block=BLOCK), bench, Path(folder) / "compiled.h5")
    roles = {role: settings.model_copy(update={"timeout": TIMEOUT}) for role, settings in file.roles}
    return open_bench(file.model_copy(update={"roles": file.roles.model_copy(update=roles)}), seed=11)


def run_campaign(path, count, seed):
    trains = []
    with quick_bench() as bench:
        bench.stand_in.wiring.watch = lambda before, states: trains.append((before, states))
        campaign = Campaign(bench, count, seed)
        worker = worker_for(
            RandomBitstream(bits=10**12, block=BLOCK), bench, path, hooks=RunHooks(listener=campaign.listen)
        )
        logging.getLogger("mtjlab").addHandler(campaign)
        try:
            campaign.finish = worker.stop
            worker.start()
            worker.wait()
        finally:
            logging.getLogger("mtjlab").removeHandler(campaign)
        instruments = bench.stand_in.instruments
        outputs = instruments["source_meter"].settings["output"], instruments["pulse_generator"].settings["output1"]
    return campaign, worker, trains, outputs


def check_bits(recording, trains):
    """Every block is one whole train of pulses as the device went through it, and trains come in their order."""
    bits, blocks = recording.bits[:], recording.blocks()
    assert len(blocks) > 0
    assert blocks["count"].sum() == len(bits)
    places = {}
    for place, (before, states) in enumerate(trains):
        toggles = states ^ np.concatenate(([before], states[:-1])).astype(np.uint8)
        places.setdefault(toggles.tobytes(), place)
    last = -1
    for first, count in zip(blocks["first_bit"].astype(int), blocks["count"].astype(int), strict=True):
        place = places.get(bits[first : first + count].tobytes())
        assert place is not None, f"the block at bit {first} is not what the device did"
        assert place > last, f"the block at bit {first} is out of order or there twice"
        last = place
    return last


def check_campaign(path, count, seed):
    campaign, worker, trains, outputs = run_campaign(path, count, seed)
    assert worker.error is None, worker.error
    recording = Recording(path)
    check_bits(recording, trains)
    assert outputs == (False, False)
    assert len(campaign.told) == count
    assert {fault.settings.kind for fault, _ in campaign.told} == set(PASSING)
    logged = set(recording.log()["message"].astype(str))
    missing = [fault for fault, message in campaign.told if message[:100] not in {line[:100] for line in logged}]
    assert missing == []


def test_no_bit_is_wrong_whatever_fails(tmp_path):
    check_campaign(tmp_path / "faults.h5", len(PASSING), seed=1)


@pytest.mark.slow
@pytest.mark.timeout(3600)
def test_no_bit_is_wrong_in_a_thousand_faults(tmp_path):
    check_campaign(tmp_path / "faults.h5", 1000, seed=2)
