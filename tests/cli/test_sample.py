"""`mtjlab sample`: where the noise comes from, what is written, and what is refused."""

import json

import numpy as np
import pytest
from PIL import Image

from mtjlab.analysis.diffusion import CosineSchedule, Denoiser, SdeDpmSolver, sample
from mtjlab.analysis.noise import BIT_SUM_1, BitNoise, PseudoRandomNoise
from mtjlab.cli.class_choice import class_labels
from mtjlab.core import Bits, InputError
from mtjlab.data import Blocks, RecordingHead, RecordingWriter


@pytest.fixture(scope="module")
def bits(tmp_path_factory):
    path = tmp_path_factory.mktemp("bits") / "bits.bin"
    path.write_bytes(np.random.default_rng(12).bytes(20_000))
    return path


@pytest.fixture
def sampled(command, bits, tmp_path):
    def run(*words, file=True, images=2, steps=3):
        source = (bits, "--format", "packed") if file else ()
        wanted = ("--images", images, "--steps", steps, "--output", tmp_path / "out", "--json", "-")
        done = command("sample", *source, *wanted, *words)
        return done, json.loads(done.stdout) if done.returncode == 0 else None

    return run


def images_in(folder):
    return np.load(folder / "out/images.npz")["images"]


def test_noise_is_both_converters_and_one_alone_makes_all_noise(sampled, tmp_path):
    _, pair = sampled("--sampler", "ddpm", "--noise", "bit-sum-4+bit-sum-2")
    both = images_in(tmp_path)
    _, halves = sampled("--sampler", "ddpm", "--converter", "bit-sum-4", "--step-converter", "bit-sum-2")
    np.testing.assert_array_equal(images_in(tmp_path), both)
    assert pair["bits_used"] == halves["bits_used"] == 2 * 784 * (4 + 2 * 2)
    _, alone = sampled("--sampler", "sde-dpm-solver++", "--noise", "bit-sum-4")
    assert (alone["bits_used"], alone["eta"]) == (2 * 784 * 3 * 4, 1.0)
    assert (alone["seconds"] > 0, alone["converter"], alone["step_converter"]) == (True, "bit-sum-4", "bit-sum-4")


def test_the_initial_noise_may_be_softwares_and_the_bits_drive_the_steps(sampled, bits, tmp_path):
    _, told = sampled("--sampler", "sde-dpm-solver++", "--seed-noise", "software", "--seed", 4)
    assert told["bits_used"] == 2 * 2 * 784
    held = BitNoise(Bits.packed(np.fromfile(bits, np.uint8), 160_000), BIT_SUM_1)
    again = sample(
        SdeDpmSolver(3, schedule=CosineSchedule("log-snr")),
        Denoiser.shipped(),
        2,
        PseudoRandomNoise(4),
        step_noise=held,
    )
    np.testing.assert_array_equal(images_in(tmp_path), again)


def test_the_initial_noise_may_come_from_another_file(sampled, tmp_path):
    (tmp_path / "other.bin").write_bytes(np.random.default_rng(13).bytes(3_200))
    done, told = sampled("--eta", 1, "--seed-noise", tmp_path / "other.bin")
    assert told["bits_used"] == 2 * 784 * (16 + 2), done.stderr
    done, _ = sampled("--eta", 1, "--seed-noise", tmp_path / "other.bin", images=3)
    assert done.returncode == 2
    assert "3 images need 37,632 bits" in done.stderr


def test_bits_repeat_only_where_asked_to_and_every_output_says_so(sampled, tmp_path):
    refused, _ = sampled(images=13)
    assert refused.returncode == 2
    assert "13 images need 163,072 bits" in refused.stderr
    done, told = sampled("--repeat-bits", "--trajectory", "gif", images=13, steps=1)
    assert told["times_bits_repeated"] == 1
    assert "the images are not independent" in done.stderr
    assert np.load(tmp_path / "out/images.npz")["times_bits_repeated"] == 1
    with Image.open(told["grid"]) as grid, Image.open(told["trajectory"]) as film:
        assert grid.info["Comment"] == "the bits began again 1 time: the images are not independent"
        assert film.info["comment"] == grid.info["Comment"].encode()
    _, told = sampled(images=2, steps=1)
    with Image.open(told["grid"]) as grid:
        assert "Comment" not in grid.info


@pytest.mark.parametrize(("kind", "name"), [("gif", "trajectory.gif"), ("apng", "trajectory.png")])
def test_the_trajectory_goes_from_noise_to_the_images(sampled, tmp_path, kind, name):
    _, told = sampled("--trajectory", kind)
    assert told["trajectory"] == str(tmp_path / "out" / name)
    with Image.open(told["trajectory"]) as film, Image.open(told["grid"]) as grid:
        assert film.n_frames == 4
        film.seek(3)
        np.testing.assert_array_equal(np.asarray(film.convert("L")), np.asarray(grid))


def test_images_wait_for_the_pulses_of_a_bench(sampled, tmp_path):
    words = ("--bench", "simulated-fast", "--seed", 3, "--noise", "bit-sum-1", "--extract", "none")
    _, told = sampled(*words, file=False, images=1, steps=2)
    assert (told["format"], told["bits_used"], told["warnings"]) == ("bench", 784, [])
    assert told["raw_bits"] == 2500  # the block with the last bit is made whole
    assert images_in(tmp_path).shape == (1, 28, 28)


def test_feedback_of_the_bench_is_set_and_a_limit_of_it_holds(sampled, tmp_path):
    words = ("--bench", "simulated-fast", "--seed", 3, "--noise", "bit-sum-1", "--extract", "none")
    sampled(*words, file=False, images=1, steps=2)
    before = images_in(tmp_path)
    done, told = sampled(*words, "--set", "block=500", file=False, images=1, steps=2)
    assert told["bits_used"] == 784, done.stderr
    assert (images_in(tmp_path) != before).any()  # other pulses find the levels
    done, _ = sampled(*words, "--set", "amplitude=4.9", file=False, images=1)
    assert done.returncode == 1
    assert "amplitude" in done.stderr.splitlines()[-1]


def test_a_file_is_read_while_images_are_made(sampled, command, bits, tmp_path):
    # Conditioned, and never in memory as a whole: the same images as from its conditioned bits.
    _, told = sampled("--extract", "von-neumann", images=1)
    conditioned = images_in(tmp_path)
    assert command("extract", bits, "--format", "packed", "--output", tmp_path / "conditioned.bin").returncode == 0
    done = command(
        "sample", tmp_path / "conditioned.bin", "--format", "packed", "--images", 1, "--steps", 3,
        "--output", tmp_path / "out",
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    np.testing.assert_array_equal(images_in(tmp_path), conditioned)
    assert (told["extractor"], told["bits_used"]) == ("von-neumann", 12_544)


def test_bits_whose_health_tests_raised_alarms_are_refused(command, tmp_path):
    path = tmp_path / "stuck.h5"
    with RecordingWriter.create(path, RecordingHead("random-bitstream")) as writer:
        writer.append(Blocks(np.random.default_rng(3).integers(0, 2, 20_000, dtype=np.uint8), alarms=2))
    words = ("sample", path, "--extract", "none", "--images", 1, "--steps", 1, "--output", tmp_path / "out")
    refused = command(*words)
    assert refused.returncode == 2
    assert "its health tests raised 2 alarms" in refused.stderr.splitlines()[-1]
    assert command(*words, "--allow-alarms").returncode == 0


@pytest.mark.parametrize(
    ("words", "file", "line"),
    [
        ((), False, "bits come from a FILE or from a --bench: give one of the two"),
        (("--bench", "simulated"), True, "bits come from a FILE or from a --bench: give one of the two"),
        (("--bench", "simulated", "--repeat-bits"), False, "a bench makes new bits as long as it runs"),
        (("--set", "feedback=output"), True, "--set feedback=output: a file has no such parameter"),
        (("--seed-noise", "software"), True, "no step of this sampler takes noise"),
        (("--sampler", "heun", "--eta", 0.5), True, "eta = 0.5: Heun's method renews no noise"),
        (("--noise", "sum+bit-sum-1"), True, "no converter 'sum' (choose from "),
        (("--model", "README.md"), True, "README.md is not an ONNX network"),
    ],
)
def test_what_contradicts_itself_is_refused_in_a_line(sampled, words, file, line):
    done, _ = sampled(*words, file=file)
    assert done.returncode == 2
    assert line in done.stderr.splitlines()[-1]


def coloured_model(path):
    """Write a denoiser of 8 x 8 pixels whose images are red, green or blue, and black where no class is asked for."""
    onnx = pytest.importorskip("onnx", reason="onnx comes with the extra 'train'")
    from onnx import TensorProto, helper, numpy_helper

    levels = np.concatenate([2 * np.eye(3) - 1, -np.ones((1, 3))]).reshape(4, 3, 1, 1)
    constants = {"v of class": -levels.astype(np.float32), "zero": np.zeros((), np.float32)}
    shape = ["N", 3, 8, 8]
    graph = helper.make_graph(
        [
            helper.make_node("Gather", ["v of class", "y"], ["wanted"]),
            helper.make_node("Mul", ["x", "zero"], ["nothing"]),
            helper.make_node("Add", ["nothing", "wanted"], ["v"]),
        ],
        "colours",
        [
            helper.make_tensor_value_info("x", TensorProto.FLOAT, shape),
            helper.make_tensor_value_info("t", TensorProto.FLOAT, ["N"]),
            helper.make_tensor_value_info("y", TensorProto.INT64, ["N"]),
        ],
        [helper.make_tensor_value_info("v", TensorProto.FLOAT, shape)],
        [numpy_helper.from_array(value, name) for name, value in constants.items()],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    helper.set_model_props(model, {"classes": json.dumps(["red", "green", "blue"])})
    onnx.save(model, path)
    return path


def test_a_coloured_model_with_classes_makes_what_is_asked_for(sampled, tmp_path):
    model = coloured_model(tmp_path / "colours.onnx")
    _, told = sampled("--model", model, "--class", "Green,0", images=3, steps=1)
    images = images_in(tmp_path)
    assert images.shape == (3, 8, 8, 3)
    assert images[:, 0, 0].tolist() == [[0, 255, 0], [255, 0, 0], [0, 255, 0]]
    assert told["bits_used"] == 3 * 3 * 8 * 8 * 16
    with Image.open(told["grid"]) as page:
        assert page.mode == "RGB"
    # Half a class is between none, which is black, and the class.
    sampled("--model", model, "--class", "blue", "--guidance", 0.5, images=1, steps=1)
    assert images_in(tmp_path)[0, 0, 0].tolist() == [0, 0, 128]
    done, _ = sampled("--model", model, "--class", "grey")
    assert done.returncode == 2
    assert "'grey' is no class of this denoiser; there are 0 red, 1 green, 2 blue" in done.stderr


def test_classes_take_turns_and_unknown_ones_are_refused():
    classes = ("T-shirt/top", "Trouser", "Bag")
    assert class_labels("bag, 1", classes, 5).tolist() == [2, 1, 2, 1, 2]
    assert class_labels("ANY", classes, 2).tolist() == [3, 3]
    assert class_labels(None, classes, 4).tolist() == [0, 1, 2, 0]
    assert class_labels(None, (), 4) is None
    with pytest.raises(InputError, match=r"'Hat' is no class of this denoiser; there are 0 T-shirt/top, 1 Trouser"):
        class_labels("Bag,Hat", classes, 2)
    with pytest.raises(InputError, match="'3' is no class"):
        class_labels("3", classes, 2)
    with pytest.raises(InputError, match="knows no classes"):
        class_labels("Bag", (), 2)
    with pytest.raises(InputError, match="--guidance 2 weighs a class, and this denoiser knows none"):
        class_labels(None, (), 2, 2.0)
