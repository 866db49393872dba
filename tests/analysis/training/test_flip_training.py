"""The training on flipped bits."""

import math

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="training needs torch: pip install '.[train]'")

from mtjlab.analysis.diffusion import BitFlipSampler, FlipDenoiser, SoftwareBernoulli, sample_planes  # noqa: E402
from mtjlab.analysis.training.checkpoint_file import load_checkpoint  # noqa: E402
from mtjlab.analysis.training.export import export_checkpoint  # noqa: E402
from mtjlab.analysis.training.flip_finishing import TorchFlipDenoiser  # noqa: E402
from mtjlab.analysis.training.flip_network import MOST_KEPT, FlipNetwork  # noqa: E402
from mtjlab.analysis.training.forward_process import FlipProcess  # noqa: E402
from mtjlab.analysis.training.train import Training  # noqa: E402
from mtjlab.analysis.training.training_images import TrainingImages  # noqa: E402
from mtjlab.analysis.training.training_settings import TrainingSettings  # noqa: E402
from mtjlab.core import InputError  # noqa: E402


@pytest.fixture(scope="module")
def flips(one_thread):
    return TrainingSettings(
        epochs=4, batch_size=32, learning_rate=0.2, ema_decay=0.9, width=8, seed=3, process="bit-flip", planes=2
    )


@pytest.fixture(scope="module")
def trained_on_flips(images, flips, tmp_path_factory):
    checkpoint = tmp_path_factory.mktemp("flips") / "checkpoint.pt"
    Training(images, flips, checkpoint).run()
    return checkpoint


def test_an_untrained_network_says_what_the_bit_itself_says_by_bayes():
    network = FlipNetwork(8, 8, planes=1)
    torch.nn.init.zeros_(network.unet.head.bias)
    time = torch.tensor([0.25, 0.5, 0.75, 1.0])
    bits = torch.ones(4, 1, 4, 4)
    bits[:, :, :, 2:] = -1
    with torch.no_grad():
        chance = torch.sigmoid(network(bits, time)).numpy()
    flipped = (1 - np.cos(np.pi / 2 * time.numpy())) / 2
    assert chance[:, 0, 0, 0] == pytest.approx(1 - flipped, abs=1e-6)
    assert chance[:, 0, 0, 3] == pytest.approx(flipped, abs=1e-6)
    with torch.no_grad():
        at_the_image = network(bits, torch.zeros(4))
    assert at_the_image.max().item() == pytest.approx(math.log((1 + MOST_KEPT) / (1 - MOST_KEPT)), rel=1e-4)


def test_bits_are_flipped_as_often_as_the_schedule_says():
    process, count = FlipProcess(1), 200_000
    moment = torch.tensor([0.1, 0.5, 1.0])
    batch = torch.ones(3, 1, 1, count)
    disturbed, target = process.disturb(batch, moment, lambda shape: None, torch.Generator().manual_seed(1))
    assert torch.all(target == 1)
    for time, row in zip((0.1, 0.5, 1.0), disturbed, strict=True):
        flipped = (1 - math.cos(math.pi / 2 * time)) / 2
        share = (row < 0).double().mean().item()
        assert share == pytest.approx(flipped, abs=4.5 * math.sqrt(flipped * (1 - flipped) / count))


def test_it_learns_what_neighbours_say(trained_on_flips):
    losses = load_checkpoint(trained_on_flips)["losses"]
    # What a bit says of itself alone costs the binary entropy of the flip probability, in the mean over time.
    flipped = (1 - np.cos(np.pi / 2 * (np.arange(1000) + 0.5) / 1000)) / 2
    alone = float(np.mean(-flipped * np.log(flipped) - (1 - flipped) * np.log(1 - flipped)))
    assert losses[-1] < 0.95 * alone


def test_onnxruntime_says_what_torch_says(trained_on_flips, tmp_path):
    assert export_checkpoint(trained_on_flips, tmp_path / "flips.onnx") < 1e-4
    denoiser = FlipDenoiser(tmp_path / "flips.onnx", threads=1)
    state = load_checkpoint(trained_on_flips)
    net = FlipNetwork(state["settings"]["width"], state["settings"]["deep_width"], planes=2)
    net.load_state_dict(state["average"])
    bits = np.random.default_rng(1).integers(0, 2, (3, *denoiser.planes_shape), dtype=np.uint8)
    torchs = TorchFlipDenoiser(net.eval(), denoiser.planes_shape[-1])
    for time in (0.0, 0.4, 1.0):
        assert denoiser.ones(bits, time) == pytest.approx(torchs.ones(bits, time), abs=1e-5)
    made = sample_planes(BitFlipSampler(3), denoiser, 5, SoftwareBernoulli(1), batch=2)
    assert made.shape == (5, *denoiser.planes_shape)
    assert set(np.unique(made)) <= {0, 1}
    with pytest.raises(ValueError, match=r"expected \(N, 2, "):
        denoiser.ones(bits[:, :1], 0.5)
    with pytest.raises(ValueError, match=r"t = 1\.5"):
        denoiser.ones(bits, 1.5)
    with pytest.raises(ValueError, match="knows no classes"):
        denoiser.of_classes(np.array([1]))


def test_a_page_of_images_is_written_while_it_learns(images, flips, trained_on_flips, tmp_path):
    Training(images, flips, trained_on_flips).write_preview(tmp_path / "page.png")
    assert (tmp_path / "page.png").read_bytes()[:4] == b"\x89PNG"


def test_a_checkpoint_of_the_other_process_is_refused(images, small_settings, trained_on_flips):
    with pytest.raises(InputError, match=r"process = bit-flip \(now gaussian\)"):
        Training(images, small_settings, trained_on_flips)


def test_colours_have_no_bit_planes(flips, tmp_path):
    colours = TrainingImages(np.zeros((64, 28, 28, 3), np.uint8))
    with pytest.raises(InputError, match="images in colour"):
        Training(colours, flips, tmp_path / "checkpoint.pt")
