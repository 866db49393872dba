"""How fast images are made: onnxruntime against torch, two threads against one, the noise's share, and 1,000 images.

    python benchmarks/sampling.py [--images 64] [--rounds 7] [--many 1000] [--model FILE.onnx] [--json PATH]

Everything is measured in one run, the two sides of a ratio in turns, and a ratio is the median of those of the rounds:

- images/s of onnxruntime over those of torch (eager, float32), one thread each, by the process's CPU time, which on one
  thread is the wall time of an idle machine. Torch runs a network of the same shape, whose weights do not matter here
  (needs the extra 'train').
- images/s on two threads over those on one, by wall time: needs two idle cores. The threads take a batch each
  (`sample`'s workers); the same with the two threads of onnxruntime within each operator stands beside it.
- time that turns bits into normals, as a share of the time of sampling, on one thread: 16 bits for the initial noise,
  and with every step's noise of one bit (eta = 1) and of 16 bits.
- 1,000 images of 50 steps on two threads (DDIM).
"""

import argparse
import json
import statistics
import time
from collections.abc import Callable
from importlib import resources
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mtjlab.analysis.diffusion import Ddim, Denoiser, VPrediction, sample
from mtjlab.analysis.noise import BIT_SUM_1, INVERSE_CDF16, BitNoise, NoiseSource, PseudoRandomNoise, SoftwareBits
from mtjlab.core import Bits

STEPS = 50


class TorchDenoiser:
    """A network as that of an ONNX file in torch, eager, float32, on one thread; its weights are torch's first ones."""

    def __init__(self, path: Path) -> None:
        import onnx
        import torch

        from mtjlab.analysis.training import UNet

        torch.set_num_threads(1)
        sizes = {each.name: list(each.dims) for each in onnx.load(str(path)).graph.initializer}
        width, inputs = sizes["stem.weight"][:2]
        deep = sizes["shrink.weight"][0]
        shape: dict[str, int] = {}
        if deep != 2 * width:
            shape["deep_width"] = deep
        if "class_embedding.weight" in sizes:
            shape["classes"] = sizes["class_embedding.weight"][0] - 1
        if inputs != 4:
            shape["channels"] = inputs // 4
        self._net = UNet(width, **shape).eval()
        self.parameters = sum(each.numel() for each in self._net.parameters())
        self._classes = shape.get("classes", 0)
        self.image_shape = Denoiser(path, threads=1).image_shape

    def predict_v(self, x: NDArray[np.float32], t: float) -> NDArray[np.float32]:
        """Predict v."""
        import torch

        shape = x.shape if x.ndim == 4 else (len(x), 1, *x.shape[1:])
        inputs = [torch.from_numpy(np.ascontiguousarray(x)).reshape(shape), torch.full((len(x),), t)]
        if self._classes:
            inputs.append(torch.full((len(x),), self._classes, dtype=torch.int64))
        with torch.inference_mode():
            v: NDArray[np.float32] = self._net(*inputs).numpy().reshape(x.shape)
        return v


class TimedNoise:
    """Noise whose making is timed."""

    def __init__(self, source: NoiseSource) -> None:
        self._source = source
        self.seconds = 0.0

    def normal(self, shape: tuple[int, ...]) -> NDArray[np.float32]:
        """Return normals, and count the time."""
        began = time.process_time()
        drawn = self._source.normal(shape)
        self.seconds += time.process_time() - began
        return drawn

    @property
    def bits_used(self) -> int:
        """Bits used so far."""
        return self._source.bits_used


Clock = Callable[[], float]
Way = tuple[VPrediction, int]
"""A denoiser, and how many batches at a time."""


def sampling_time(way: Way, count: int, steps: int, clock: Clock) -> float:
    """Time of `count` images [s]."""
    began = clock()
    sample(Ddim(steps), way[0], count, PseudoRandomNoise(1), workers=way[1])
    return clock() - began


def ratio(fast: Way, slow: Way, count: int, steps: int, rounds: int, clock: Clock) -> dict[str, Any]:
    """Time both in turns; return how many times faster the first is."""
    for way in (fast, slow):
        sampling_time(way, count, 1, clock)
    ratios = []
    for turn in range(rounds):
        pair = (fast, slow) if turn % 2 == 0 else (slow, fast)
        took = {way: sampling_time(way, count, steps, clock) for way in pair}
        ratios.append(took[slow] / took[fast])
    return {"median": statistics.median(ratios), "lowest": min(ratios), "highest": max(ratios)}


def warm_up() -> None:
    """Let the converters be compiled."""
    start = BitNoise(SoftwareBits(1), INVERSE_CDF16)
    start.normal((28, 28))
    start.sharing(BIT_SUM_1).normal((28, 28))


def noise_share(denoiser: Denoiser, count: int, eta: float, bits_a_step: int) -> float:
    """Share of the sampling time that turns bits into normals."""
    sampler = Ddim(STEPS, eta)
    pixels = int(np.prod(denoiser.image_shape))
    bits = count * pixels * (16 + bits_a_step * sampler.renewals)
    packed = np.random.default_rng(1).bytes(bits // 8 + 1)
    start = BitNoise(Bits.packed(np.frombuffer(packed, np.uint8), bits), INVERSE_CDF16)
    steps = TimedNoise(start.sharing(BIT_SUM_1 if bits_a_step == 1 else INVERSE_CDF16))
    timed = TimedNoise(start)
    began = time.process_time()
    sample(sampler, denoiser, count, timed, step_noise=steps)
    return (timed.seconds + steps.seconds) / (time.process_time() - began)


def words(found: dict[str, Any]) -> str:
    """Put a ratio in words."""
    return f"{found['median']:.2f} times ({found['lowest']:.2f} to {found['highest']:.2f})"


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--images", type=int, default=64, help="images of a round (default: 64)")
    parser.add_argument("--many", type=int, default=1000, help="images of the last measurement (default: 1000)")
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--model", type=Path, default=None)
    parser.add_argument("--json", type=Path)
    arguments = parser.parse_args()
    shipped = Path(str(resources.files("mtjlab.data") / "denoiser" / "denoiser.onnx"))
    path = arguments.model or shipped
    one, two = Denoiser(path, threads=1), Denoiser(path, threads=2)
    count, rounds = arguments.images, arguments.rounds
    torch_net = TorchDenoiser(path)
    told: dict[str, Any] = {"images": count, "rounds": rounds}

    print(f"{path.name}, {path.stat().st_size:,} bytes; in torch {torch_net.parameters:,} parameters")
    found = told["onnxruntime_over_torch"] = ratio((one, 1), (torch_net, 1), count, 5, rounds, time.process_time)
    print(f"onnxruntime over torch eager, one thread: {words(found)}; wanted 1.3")
    found = told["two_threads_over_one"] = ratio((one, 2), (one, 1), count, 10, rounds, time.perf_counter)
    print(f"two threads over one: {words(found)}; wanted 1.7")
    found = told["cpu_of_two_threads_over_one"] = ratio((one, 1), (one, 2), count, 10, rounds, time.process_time)
    print(f"CPU time an image on two threads over that on one: {words(found)}; 2 over this is what idle cores allow")
    found = told["two_threads_within_operators"] = ratio((two, 1), (one, 1), count, 10, rounds, time.perf_counter)
    print(f"two threads within each operator over one: {words(found)}")
    warm_up()
    told["noise_share"] = {
        name: noise_share(one, count, eta, bits)
        for name, eta, bits in (("16 bits at the start", 0.0, 1), ("and 1 a step", 1.0, 1), ("and 16 a step", 1.0, 16))
    }
    shares = ", ".join(f"{name} {share:.2%}" for name, share in told["noise_share"].items())
    print(f"bits to normals, of the sampling time: {shares}; wanted below 1 %")
    told["many"], told["seconds_of_many"] = (
        arguments.many,
        sampling_time((one, 2), arguments.many, STEPS, time.perf_counter),
    )
    wanted = 30 * arguments.many / 1000
    print(
        f"{arguments.many:,} images of {STEPS} steps on two threads: {told['seconds_of_many']:.1f} s; "
        f"wanted below {wanted:g}"
    )
    if arguments.json:
        arguments.json.write_text(json.dumps(told, indent=1) + "\n")


if __name__ == "__main__":
    main()
