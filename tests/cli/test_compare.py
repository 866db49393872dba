"""`mtjlab compare`."""

import dataclasses
import json
import multiprocessing
import os
import re
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest

from mtjlab.analysis.evidence import Arm, BiasedBits, FileBits, Pilot
from mtjlab.cli.compare_arms import BenchBits, SimulatedBits, parse_arm
from mtjlab.cli.main import main
from mtjlab.cli.worker_processes import worker_processes
from mtjlab.core import pack_bits
from mtjlab.data import Blocks, RecordingHead, RecordingWriter

SMALL = ["--images", "8", "--seeds", "2", "--steps", "2", "--workers", "1"]


def refusal(capsys, *words):
    assert main(["compare", *words]) == 2
    lines = capsys.readouterr().err.strip().splitlines()
    assert len(lines) == 1
    return lines[0]


def test_a_trial_writes_its_report_and_says_that_it_is_one(tmp_path, capsys):
    words = ["software", "biased:0.3", *SMALL, "--trial", "--margin", "5", "--output", str(tmp_path)]
    code = main(["compare", *words, "--keep-images", "--json", str(tmp_path / "found.json")])
    found = json.loads((tmp_path / "found.json").read_text())
    assert code == (0 if found["control_failed"] else 1)
    assert found["trial"]
    assert found["margin"] == 5
    assert found["arms"]["biased-0.3"]["control"]
    assert "TRIAL" in (tmp_path / "report.html").read_text(encoding="utf-8")
    assert "TRIAL" in capsys.readouterr().out
    with np.load(tmp_path / "images" / "software-1.npz") as kept:
        assert kept["images"].shape == (8, 28, 28)


def test_a_study_in_a_file_gets_its_control_and_a_pilot_its_margin(tmp_path, capsys):
    study = tmp_path / "study.toml"
    study.write_text('images = 8\nseeds = 2\nsteps = 2\n[arms]\nsoftware = "software"\nfair = "biased:0.5"\n')
    words = [str(study), "--workers", "1", "--output", str(tmp_path / "pilot")]
    assert main(["compare", *words, "--write-pilot", str(tmp_path / "pilot.json")]) == 0
    pilot = Pilot.load(tmp_path / "pilot.json")
    assert pilot.seeds == [1001, 1002]
    assert pilot.planned_seeds == 5
    assert {path.name for path in (tmp_path / "pilot" / "cells").iterdir()} == {
        f"{name}-{seed}.npz" for name in ("software", "fair", "biased-0.495") for seed in (1001, 1002)
    }
    line = refusal(capsys, str(study), "--trial", "--pilot", str(tmp_path / "pilot.json"), "--output", str(tmp_path))
    assert "has no power" in line  # its margin is for five seeds, and two are asked for


def test_what_is_wrong_is_said_in_one_line(tmp_path, capsys):
    folder = ["--output", str(tmp_path / "new")]
    assert "a claim needs at least 5,000 and 5" in refusal(capsys, "software", "biased:0.4", *SMALL, *folder)
    assert "fixed beforehand" in refusal(capsys, "software", "biased:0.4", *folder)
    assert "fixed beforehand" in refusal(capsys, "software", "biased:0.4", "--margin", "0", *folder)
    assert "there is no file bits.h5" in refusal(capsys, "software", "a=bits.h5", "--margin", "1", *folder)
    assert "holds no pilot" in refusal(capsys, "software", "a=biased:0.5", "--pilot", str(tmp_path / "none"), *folder)
    (tmp_path / "bits.bin").write_bytes(pack_bits(np.random.default_rng(1).integers(0, 2, 80_000, np.uint8)).tobytes())
    line = refusal(capsys, "software", f"few={tmp_path / 'bits.bin'}", "--margin", "1", *folder)
    assert "5 seeds: 25,000 images need 1,274,000,000 bits (50,960 each) and there are 80,000" in line
    study = tmp_path / "study.toml"
    study.write_text('image = 8\n[arms]\na = "software"\n')
    assert "unknown key" in refusal(capsys, str(study), *folder)
    assert not (tmp_path / "new").exists()


def test_arms_are_written_as_a_newcomer_would_guess(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "bits.h5").touch()
    assert parse_arm("software") == Arm("software")
    assert parse_arm("bits.h5") == Arm("bits", FileBits(tmp_path.__class__("bits.h5")))
    assert parse_arm("bits.h5:von-neumann").origin == FileBits(tmp_path.__class__("bits.h5"), "von-neumann")
    raw = FileBits(tmp_path.__class__("bits.h5"), format="packed")
    assert parse_arm("bits.h5:packed").origin == raw
    packed = dataclasses.replace(raw, extractor="von-neumann")
    assert parse_arm("bits.h5:packed:von-neumann").origin == packed
    assert parse_arm("c=biased:0.49") == Arm("c", BiasedBits(0.49))
    assert parse_arm("c=biased:0.49").is_control
    assert not parse_arm("fair=biased:0.5").is_control
    assert parse_arm("device:reference") == Arm("device", SimulatedBits("reference"))
    held = parse_arm("held=device:reference,hold,amplitude=1.23:von-neumann").origin
    assert held == SimulatedBits("reference", 1.23, 5.35e-9, True, "von-neumann")
    assert parse_arm("live=bench:simulated-fast").origin == BenchBits("simulated-fast")
    for word, words in (
        ("bits.h5:von-neuman", "extractor 'von-neuman' is not known"),
        ("device:reference,holt", "'holt' is not known"),
        ("biased:half", "'half' is not a number"),
        ("nothing", "there is no file nothing"),
    ):
        with pytest.raises(ValueError, match=words):
            parse_arm(word)


def test_a_held_device_is_fair_and_a_seed_is_a_device_of_its_own():
    held = parse_arm("device:reference,hold").origin
    bits = held.supply(1, 0, 0).take(1_200_000)[200_000:]
    assert bits.ones() / len(bits) == pytest.approx(0.5, abs=5e-3)
    raw = parse_arm("device:reference").origin
    assert raw.supply(1, 0, 0).take(1000) == raw.supply(1, 0, 0).take(1000) != raw.supply(2, 0, 0).take(1000)
    conditioned = parse_arm("device:reference:von-neumann").origin.supply(1, 0, 0)
    fair = conditioned.take(400_000)
    assert fair.ones() / len(fair) == pytest.approx(0.5, abs=4 * 0.5 / np.sqrt(400_000))
    # The device switches with another probability from each state: plain pairs would alternate by 16 standard errors.
    signs = 2.0 * fair.unpacked() - 1
    assert abs(signs[::2].sum() - signs[1::2].sum()) < 4 * np.sqrt(400_000)


def test_a_bench_makes_bits_for_one_seed_and_is_made_safe(tmp_path):
    origin = parse_arm("bench:simulated-fast").origin
    assert origin.in_turn
    with closing(origin.supply(1, 0, 0)) as supply:
        assert supply.bits_used == 0
        first = supply.take(500)
        assert (len(first), supply.bits_used) == (500, 500)
        live = supply._bits
    with pytest.raises(ValueError, match="has been made safe"):
        live.take(1)
    with closing(origin.supply(1, 0, 0)) as again:
        assert again.take(500) == first


def test_an_estimate_makes_nothing(tmp_path, capsys):
    words = ["software", "biased:0.4", "--steps", "1", "--margin", "1", "--dry-run", "--output", str(tmp_path / "new")]
    assert main(["compare", *words, "--json", str(tmp_path / "told.json")]) == 0
    told = json.loads((tmp_path / "told.json").read_text())
    assert told["cells"] == 10
    assert told["bits_per_cell"] == 5000 * 784 * 16
    assert told["hours"] > 0
    assert not (tmp_path / "new").exists()


def test_worker_processes_end_with_the_work():
    with pytest.raises(RuntimeError, match="enough"), worker_processes(2) as executor:  # noqa: PT012 - what is tested
        other = executor.submit(os.getpid).result()
        assert other != os.getpid()
        children = {child.pid: child for child in multiprocessing.active_children()}
        raise RuntimeError("enough")
    children[other].join(timeout=30)
    assert not children[other].is_alive()
    with worker_processes(1) as none:
        assert none is None


def test_the_python_of_the_page_runs_with_fewer_images(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    page = Path(__file__).parents[2] / "docs/how-to/compare.md"
    (code,) = re.findall(r"^```python\n(.*?)^```", page.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE)
    with RecordingWriter.create(tmp_path / "bits.h5", RecordingHead("random-bitstream")) as writer:
        writer.append(Blocks(np.random.default_rng(1).integers(0, 2, 2 * 8 * 784 * 16, dtype=np.uint8)))
    assert "Settings()" in code
    code = code.replace("Settings()", "Settings(images=8, seeds=2, steps=1)").replace("ProcessPool", "ThreadPool")
    exec(compile(code, page, "exec"), {})
    said = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in said] == ["raw", "control"]
