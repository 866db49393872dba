"""All that can be said of the energy and area of one source of bits, beside others."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from mtjlab.analysis.diffusion import Sampler, SamplerKind
from mtjlab.analysis.energy.bit_energy import BitEnergy
from mtjlab.analysis.energy.energy_inputs import EnergyInput
from mtjlab.analysis.energy.generators import CLAIM, CLAIMED_BY, Generator
from mtjlab.analysis.energy.noise_energy import ImageNoise, bits_of_image, energy_by_scope
from mtjlab.analysis.energy.processor import EnergyCounter, NormalCost, converted_normals, software_normals
from mtjlab.analysis.energy.ratios import DEFINITIONS, Ratio, compared, measures_by_scope, ratios_to
from mtjlab.analysis.noise import AnyConverter
from mtjlab.core import InputError

__all__ = ["PROCESSOR", "EnergyReport"]

PROCESSOR = "this processor, numpy float32 normals"
"""What the software generator is called in ratios."""
MEASURED_FOR = 0.1
"""Least time [s] for each of the processor's figures."""


@dataclasses.dataclass(frozen=True)
class EnergyReport:
    """Energy and area of a bit, a normal and the noise of an image, beside other generators and this processor."""

    inputs: Mapping[str, EnergyInput]
    """What it is calculated from."""
    bit: BitEnergy
    """Of a bit."""
    converters: Mapping[str, float]
    """Bits of a normal, by converter."""
    images: Sequence[tuple[str, float, str, str, ImageNoise]]
    """Sampler, eta, converter of the start, converter of the steps, and the noise of an image."""
    steps: int
    """Steps of an image."""
    step_converter: str
    """Converter for the noise of the steps that is counted with each other one."""
    software: NormalCost
    """What a software normal takes on this processor."""
    conversions: Mapping[str, NormalCost]
    """What the conversion of bits to a normal takes on this processor, by converter."""
    generators: tuple[Generator, ...]
    """Others."""
    ratios: Sequence[Ratio]
    """Of bits to other generators' bits, and of normals to this processor's."""

    @classmethod
    def of(
        cls,
        inputs: Mapping[str, EnergyInput],
        *,
        raw_per_bit: float,
        settings: Sequence[tuple[float, float, float]] | None,
        generators: tuple[Generator, ...],
        converters: Mapping[str, AnyConverter],
        samplers: Mapping[str, SamplerKind],
        steps: int,
        eta: float,
        step_converter: str,
        counter: EnergyCounter | None = None,
        progress: Callable[[float, float], None] = lambda done, total: None,
    ) -> EnergyReport:
        """Calculate it; the processor's figures are measured now, which takes a tenth of a second each.

        Parameters
        ----------
        inputs
            All inputs, as `chosen_inputs` gives them.
        raw_per_bit
            Raw bits for one that is used.
        settings
            Settings of the pulses, as of `RecordedPulses`; None for the one of the inputs.
        generators
            Others to compare with.
        converters, samplers
            By name.
        steps, eta
            Of the samplers; each is also counted at eta 0.
        step_converter
            Name of a converter for the noise of the steps; each is also counted with the converter of its start.
        counter
            Energy counter of the processor; by default this machine's.
        progress
            Called with the processor's figures that are there and their number.

        Returns
        -------
        EnergyReport
            All of it.

        Raises
        ------
        InputError
            If a pulse is impossible.
        """
        bit = BitEnergy.of(inputs, raw_per_bit, settings)
        power, area = inputs["processor_power"].value, inputs["processor_area"].value
        read = counter or EnergyCounter()
        software = software_normals(power, shortest=MEASURED_FOR, counter=read)
        costs = {}
        for number, (name, converter) in enumerate(converters.items(), 1):
            costs[name] = converted_normals(converter, power, shortest=MEASURED_FOR, counter=read)
            progress(number, len(converters))
        sizes = {name: float(converter.bits_per_normal) for name, converter in converters.items()}
        processor = Generator(
            name=PROCESSOR, energy=software.energy, area=area, rate=1 / software.time, kind="assumed",
            citation=f"{software.how}; area {inputs['processor_area'].origin}: {inputs['processor_area'].source}",
        )  # fmt: skip
        ratios = compared(bit, generators)
        for name, bits in sizes.items():
            ratios += ratios_to(measures_by_scope(bit, bits), processor, f"normal of {name}")
        images = [
            (name, sampled_eta, start, renewal, bits_of_image(sampler, converters[start], converters[renewal]))
            for name, sampled_eta, sampler in _samplers(samplers, steps, eta)
            for start in converters
            for renewal in dict.fromkeys((step_converter, start))
        ]
        return cls(inputs, bit, sizes, images, steps, step_converter, software, costs, generators, ratios)

    def as_dict(self) -> dict[str, Any]:
        """Give all of it for programs."""
        return {
            "inputs": {name: each.as_dict() for name, each in self.inputs.items()},
            "bit": self.bit.as_dict(),
            "normals": {
                name: {
                    "bits_per_normal": bits,
                    "energy": energy_by_scope(self.bit, bits),
                    "conversion": self.conversions[name].as_dict(),
                }
                for name, bits in self.converters.items()
            },
            "software_normal": self.software.as_dict(),
            "images": [
                {"sampler": name, "steps": self.steps, "eta": eta, "converter": start, "step_converter": renewal}
                | noise.as_dict(self.bit)
                | {"software_energy": noise.normals * self.software.energy}
                for name, eta, start, renewal, noise in self.images
            ],
            "generators": [each.model_dump() for each in self.generators],
            "definitions": {name: each._asdict() for name, each in DEFINITIONS.items()},
            "claim": {"factor": CLAIM, "citation": CLAIMED_BY},
            "ratios": [each.as_dict() for each in self.ratios],
            "claim_reached": self.claim_reached(),
        }

    def claim_reached(self) -> list[dict[str, str]]:
        """Name the scopes and definitions under which the claimed factor is reached, generator by generator."""
        return [
            {"of": each.of, "generator": each.generator, "scope": each.scope, "definition": each.definition}
            | {"citation": each.citation}
            for each in self.ratios
            if each.reached
        ]

    def largest_area(self, generator: Generator, scope: str) -> float | None:
        """Give the area up to which energy times area is a thousandth of another generator's [m²].

        Parameters
        ----------
        generator
            The other one.
        scope
            One of `SCOPES`, for the energy of a bit.

        Returns
        -------
        float or None
            None where the other one's area is not known.
        """
        if generator.area is None:
            return None
        return generator.energy * generator.area / (CLAIM * self.bit.bit(scope))


def _samplers(kinds: Mapping[str, SamplerKind], steps: int, eta: float) -> Iterable[tuple[str, float, Sampler]]:
    """Give each sampler without and with renewed noise, as far as its kind has both."""
    for name, kind in kinds.items():
        for each in sorted({0.0, eta}):
            try:
                yield name, each, kind(steps, each)
            except InputError:
                continue
