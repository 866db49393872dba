"""`mtjlab budget`: what images bits are good for."""

import argparse
from typing import TYPE_CHECKING, Any

from mtjlab.analysis.diffusion import SAMPLERS
from mtjlab.analysis.extraction import EXTRACTORS
from mtjlab.analysis.noise import NOISE_CONVERTERS
from mtjlab.cli.bit_source import NONE, add_bit_arguments, load_bits
from mtjlab.cli.common_arguments import add_json_argument
from mtjlab.cli.numbers import integer
from mtjlab.cli.sampler_arguments import add_sampler_arguments, chosen_sampler

if TYPE_CHECKING:
    from mtjlab.analysis.noise_budget import NoiseBudget
    from mtjlab.core import Quantity

HELP = "predict whether bits are good for images; exit code 1 where they are not, or are too few to tell"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments."""
    add_bit_arguments(parser, extract="von-neumann for the raw bits of a recording, none for a file of bits")
    parser.add_argument(
        "--images", type=integer(1, 100_000_000), help="images wanted (default: as many as the bits are enough for)"
    )
    add_sampler_arguments(parser)
    add_json_argument(parser)


def run(arguments: argparse.Namespace) -> int:
    """Measure the bits, predict, and say what would mend them."""
    from mtjlab.analysis.noise_budget import Answer, NoiseBudget, SamplerSetting, remedies
    from mtjlab.cli.output import Output
    from mtjlab.data import read_bits

    output = Output(arguments.json)
    source = load_bits(arguments, output, condition_recordings=True)
    kind = SAMPLERS.load(arguments.sampler)
    setting = SamplerSetting(
        chosen_sampler(arguments),
        NOISE_CONVERTERS.load(arguments.converter),
        NOISE_CONVERTERS.load(arguments.step_converter),
    )
    budget = NoiseBudget.of(source.bits, setting)
    raw = None
    if source.extractor != NONE:
        raw = NoiseBudget.of(read_bits(arguments.file, arguments.format, arguments.bits_per_symbol).packed, setting)
    output.table("Noise budget", {"sampler": f"{arguments.sampler}, {arguments.steps} steps", **_rows(budget)})
    enough = len(source.bits) // setting.bits_per_image
    short = arguments.images is not None and enough < arguments.images
    mends = remedies(
        budget,
        source.bits,
        extractors=EXTRACTORS.all() if source.extractor == NONE else {},
        converters=NOISE_CONVERTERS.all(),
        sampler_of=lambda steps: kind(steps, arguments.eta),
    )
    output.say(f"{budget.sentence[0].upper()}{budget.sentence[1:]}.")
    if raw is not None:
        output.say(f"The raw bits, without the extractor: {raw.sentence}.")
    if short:
        output.say(f"{arguments.images:,} images need {arguments.images * setting.bits_per_image:,} bits.")
    for mend in mends:
        output.say(f"- {mend}")
    output.json(
        {
            "file": str(arguments.file),
            "format": source.format,
            "extractor": source.extractor,
            "sampler": arguments.sampler,
            "steps": arguments.steps,
            "eta": getattr(setting.sampler, "eta", arguments.eta),
            "converter": arguments.converter,
            "step_converter": arguments.step_converter,
            **_json(budget),
            "images": enough,
            "remedies": mends,
            "raw": None if raw is None else _json(raw),
        }
    )
    return 0 if budget.answer is Answer.YES and not short else 1


def _rows(budget: "NoiseBudget") -> dict[str, str]:
    stream, damage = budget.stream, budget.damage
    share = _mapped(stream.excess, lambda each: 0.5 + each / 2)
    drift = _mapped(stream.drift, lambda each: each / 2)
    return {
        "bits": f"{stream.bits:,}, for {stream.bits // budget.setting.bits_per_image:,} images of "
        f"{budget.setting.bits_per_image:,} bits",
        "P(1)": str(share),
        "lag-1 correlation": f"{stream.correlations[0]:+.2g} ± {stream.correlation_error:.1g}",
        "drift of P": f"{drift}, {stream.blocks:,} blocks of {stream.block:,} bits; p = {stream.drift_p_value:.2g}",
        "z, shift of an image's noise": f"{budget.z} standard deviations",
        "shift of the brightness": f"{budget.brightness} standard deviations of images",
        "growth of a normal's variance": f"{budget.inside} by correlation of the bits inside",
        "growth of that of the brightness": f"{budget.between} by correlation between normals",
        "wander from image to image": f"{budget.wander} standard deviations by drift",
        "mean pixel": f"{budget.mean_pixel} of 255; seen from {damage.seen_pixel:g}",
        "FD to fair noise": f"{budget.distance}; counts from {damage.seen_distance:g}, ruins from "
        f"{damage.ruined_distance:g}",
        "answer": str(budget.answer),
    }


def _mapped(quantity: "Quantity", change: Any) -> "Quantity":
    return quantity._replace(value=change(quantity.value), low=change(quantity.low), high=change(quantity.high))


def _json(budget: "NoiseBudget") -> dict[str, Any]:
    from mtjlab.cli.result_json import result_json

    stream = budget.stream
    return {
        "answer": str(budget.answer),
        "sentence": budget.sentence,
        "margin": budget.margin,
        "bits": stream.bits,
        "bits_to_tell": budget.bits_to_tell,
        "bits_per_image": budget.setting.bits_per_image,
        "normals_per_image": budget.setting.normals,
        "correlations": stream.correlations.tolist(),
        "drift_p_value": stream.drift_p_value,
        **result_json(
            {
                "excess": stream.excess,
                "drift": stream.drift,
                "z": budget.z,
                "brightness": budget.brightness,
                "inside": budget.inside,
                "between": budget.between,
                "wander": budget.wander,
                "mean_pixel": budget.mean_pixel,
                "distance": budget.distance,
            }
        ),
    }
