"""A whole comparison, tiny, on any executor."""

import dataclasses
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from mtjlab.analysis.evidence import (
    Arm,
    BiasedBits,
    Comparison,
    Evidence,
    FileBits,
    Pilot,
    Settings,
    refuse_margin,
    write_evidence_report,
)
from mtjlab.analysis.noise import SoftwareBits
from mtjlab.core import pack_bits
from mtjlab.data import Blocks, RecordingHead, RecordingWriter


def features(cells):
    return np.stack([cell.images.features for arm in cells.values() for cell in arm])


def test_a_comparison_is_the_same_on_any_executor_and_resumes(comparison, tmp_path):
    made = comparison.run(tmp_path / "here")
    with ThreadPoolExecutor(3) as threads:
        apart = comparison.run(tmp_path / "threads", threads)
    assert np.array_equal(features(made), features(apart))
    assert np.array_equal(made["fair"][0].shown, apart["fair"][0].shown)
    (tmp_path / "here" / "cells" / "fair-2.npz").write_bytes(b"half a file")
    stamps = {path.name: path.stat().st_mtime_ns for path in (tmp_path / "here" / "cells").iterdir()}
    steps = []
    resumed = comparison.run(tmp_path / "here", progress=lambda done, total: steps.append((done, total)))
    assert np.array_equal(features(made), features(resumed))
    changed = {p.name for p in (tmp_path / "here" / "cells").iterdir() if p.stat().st_mtime_ns != stamps.get(p.name)}
    assert changed == {"fair-2.npz"}
    assert steps[0] == (5 * 64, 6 * 64)
    assert steps[-1] == (6 * 64, 6 * 64)


def test_cells_of_other_settings_are_made_again(comparison, tmp_path):
    comparison.run(tmp_path)
    other = dataclasses.replace(comparison, settings=dataclasses.replace(comparison.settings, steps=2))
    steps = []
    other.run(tmp_path, progress=lambda done, total: steps.append(done))
    assert steps[0] == 0


def test_seeds_and_arms_share_no_noise(comparison, tmp_path):
    shown = [cell.shown for arm in comparison.run(tmp_path).values() for cell in arm]
    assert len({each.tobytes() for each in shown}) == 6


def test_a_shared_start_makes_pairs(denoiser, tmp_path):
    arms = (Arm("a", BiasedBits(0.5)), Arm("b", BiasedBits(0.5)))
    settings = Settings(images=16, seeds=2, steps=2, eta=1e-6, denoiser=denoiser, shared_start=True)
    cells = Comparison(arms, settings).run(tmp_path)
    # With next to no noise in the steps, the images are those of the initial noise, which both arms have.
    assert np.abs(cells["a"][0].shown.astype(int) - cells["b"][0].shown).max() <= 1
    assert cells["a"][0].bits_used == 16 * 784
    with pytest.raises(ValueError, match="renew noise in the steps"):
        Settings(eta=0.0, shared_start=True)


def test_the_control_fails_and_the_fair_arm_does_not(comparison, tmp_path):
    several = dataclasses.replace(comparison, settings=dataclasses.replace(comparison.settings, seeds=5, images=32))
    cells = several.run(tmp_path)
    evidence = Evidence.of(several, cells, margin=1000.0)
    fair, control = evidence.verdicts
    assert fair.answer == "equivalent"
    assert control.difference_p["direct FD"] < 0.05
    narrow = Evidence.of(several, cells, margin=0.05)
    assert [each.answer for each in narrow.verdicts] == ["not enough images to tell", "different"]
    assert narrow.sensitive
    assert not narrow.positive
    assert narrow.verdicts[0].seeds_if(0.0) > 100
    assert "equal arms would be shown to be equivalent with" in narrow.verdicts[0].sentence
    # With a margin that swallows the control, nothing is proved, and the report says so.
    assert not evidence.sensitive
    write_evidence_report(evidence, tmp_path / "report.html")
    page = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert "this comparison proves nothing" in page
    assert "TRIAL" in page
    assert page.index("The margin was fixed beforehand") < page.index(">Answers</h2>")


def test_a_pilot_fixes_the_margin_and_what_has_no_power_is_refused(comparison, tmp_path):
    settings = dataclasses.replace(comparison.settings, first_seed=1001, seeds=3)
    pilots = dataclasses.replace(comparison, settings=settings)
    pilot = Pilot.of(pilots, pilots.run(tmp_path), planned_seeds=5)
    assert pilot.degrees == 4
    assert pilot.margin / pilot.deviation == pytest.approx(2.35, abs=0.15)  # 2.33, rounded up
    pilot.save(tmp_path / "pilot.json")
    assert Pilot.load(tmp_path / "pilot.json") == pilot
    study = dataclasses.replace(comparison.settings, seeds=5)
    pilot.check(study)
    sure = dataclasses.replace(pilot, deviation=1.0, control_shift=10.0)
    assert refuse_margin(2.4, sure, study) == pytest.approx(0.92, abs=0.005)
    with pytest.raises(ValueError, match=r"2 FD has no power: .* give 2.33"):
        refuse_margin(2.0, sure, study)
    with pytest.raises(ValueError, match="not below the control's shift of 10"):
        refuse_margin(12.0, sure, study)
    with pytest.raises(ValueError, match="make a pilot with the same settings"):
        pilot.check(dataclasses.replace(study, steps=4))
    with pytest.raises(ValueError, match="are the pilot's"):
        pilot.check(dataclasses.replace(study, first_seed=1002))
    with pytest.raises(ValueError, match="holds no pilot"):
        Pilot.load(tmp_path / "report.html")


def test_a_file_gives_each_seed_its_own_bits_and_too_few_are_refused(denoiser, tmp_path):
    settings = Settings(images=8, seeds=2, steps=2, denoiser=denoiser)
    needed = 2 * 8 * settings.bits_per_image()
    bits = np.random.default_rng(1).integers(0, 2, needed, dtype=np.uint8)
    (tmp_path / "bits.bin").write_bytes(pack_bits(bits).tobytes())
    origin = FileBits(tmp_path / "bits.bin")
    origin.check(8, 2, settings.bits_per_image())
    half = needed // 2
    assert np.array_equal(origin.supply(0, 1, half).take(half).unpacked(), bits[half:])
    with pytest.raises(ValueError, match=r"3 seeds: 24 images need .* bits .* that is enough for 16"):
        origin.check(8, 3, settings.bits_per_image())


def test_bits_with_health_alarms_are_refused(tmp_path):
    bits = np.random.default_rng(1).integers(0, 2, 80_000, dtype=np.uint8)
    bits[500:600] = 1
    (tmp_path / "stuck.bin").write_bytes(pack_bits(bits).tobytes())
    with pytest.raises(ValueError, match="has 2 health alarms"):
        FileBits(tmp_path / "stuck.bin").check(1, 2, 784)
    FileBits(tmp_path / "stuck.bin", allow_alarms=True).check(1, 2, 784)


def test_a_recording_with_alarms_is_refused(tmp_path):
    bits = np.random.default_rng(1).integers(0, 2, 20_000, dtype=np.uint8)
    with RecordingWriter.create(tmp_path / "bits.h5", RecordingHead("random-bitstream")) as writer:
        writer.append(Blocks(bits, alarms=2))
    with pytest.raises(ValueError, match=r"bits.h5 has 2 health alarms"):
        FileBits(tmp_path / "bits.h5").check(1, 2, 784)


def test_every_class_has_as_many_images(denoiser, tmp_path):
    asked = []

    @dataclasses.dataclass(frozen=True)
    class Conditional(type(denoiser)):
        classes = ("coat", "bag")

        def conditioned(self, labels, guidance):
            asked.append((labels.tolist(), guidance))
            return self

    settings = Settings(images=8, seeds=2, steps=2, denoiser=Conditional(), guidance=2.0)
    Comparison((Arm("a"), Arm("b")), settings).run(tmp_path)
    assert asked == [([0, 1] * 4, 2.0)] * 4


def test_what_bits_come_from_is_closed_after_each_seed(denoiser, tmp_path):
    closed = []

    class Bench(SoftwareBits):
        def close(self):
            closed.append(self.bits_used)

    class Origin(BiasedBits):
        in_turn = True

        def supply(self, seed, part, count):
            return Bench(seed)

    settings = Settings(images=8, seeds=2, steps=2, denoiser=denoiser)
    with ThreadPoolExecutor(2) as executor:
        Comparison((Arm("a"), Arm("live", Origin(0.5))), settings).run(tmp_path, executor)
    assert closed == [8 * settings.bits_per_image()] * 2


def test_biased_bits_are_as_biased_as_they_say():
    bits = BiasedBits(0.499).supply(1, 0, 0).take(4_000_000)
    assert bits.ones() / len(bits) == pytest.approx(0.499, abs=4 * 0.5 / 2000)
    with pytest.raises(ValueError, match="between 0 and 1"):
        BiasedBits(1.5)


def test_arms_that_files_cannot_hold_and_single_ones_are_refused(denoiser):
    settings = Settings(images=8, seeds=2, denoiser=denoiser)
    for arms, words in (
        ((Arm("a"),), "needs two"),
        ((Arm("a"), Arm("a")), "two arms are called a"),
        ((Arm("a"), Arm("../b")), "cannot be the name"),
    ):
        with pytest.raises(ValueError, match=words):
            Comparison(arms, settings)


def test_images_of_another_size_are_refused():
    class Large:
        image_shape = (3, 32, 32)

    with pytest.raises(ValueError, match="3 x 32 x 32"):
        Comparison((Arm("a"), Arm("b")), Settings(denoiser=Large())).check()
