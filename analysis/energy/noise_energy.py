"""The energy of a normal and of the noise of an image, by converter and sampler."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from mtjlab.analysis.diffusion import Sampler, normals_per_image
from mtjlab.analysis.energy.bit_energy import SCOPES, BitEnergy
from mtjlab.analysis.noise import AnyConverter

__all__ = ["ImageNoise", "bits_of_image", "energy_by_scope"]


class ImageNoise(NamedTuple):
    """Bits of the noise of an image."""

    normals: int
    """Normals of an image."""
    renewals: int
    """Steps that take noise."""
    bits: float
    """Bits for all of them."""

    def as_dict(self, bit: BitEnergy) -> dict[str, Any]:
        """Give it with its energy in each scope, for programs.

        Parameters
        ----------
        bit
            What a bit takes.
        """
        return {**self._asdict(), "energy": energy_by_scope(bit, self.bits)}


def bits_of_image(sampler: Sampler, start: AnyConverter, renewal: AnyConverter) -> ImageNoise:
    """Count the bits of an image's noise.

    Parameters
    ----------
    sampler
        The rule of the steps.
    start
        Converter for the initial noise.
    renewal
        Converter for the noise of the steps.

    Returns
    -------
    ImageNoise
        With the mean number of bits, where a converter takes now more, now fewer.
    """
    normals = normals_per_image(sampler)
    pixels = normals // (1 + sampler.renewals)
    bits = pixels * (start.bits_per_normal + sampler.renewals * renewal.bits_per_normal)
    return ImageNoise(normals, sampler.renewals, bits)


def energy_by_scope(bit: BitEnergy, bits: float) -> Mapping[str, float]:
    """Give the energy of some bits in each scope [J].

    Parameters
    ----------
    bit
        What a bit takes.
    bits
        How many: bits of a normal, or of an image.
    """
    return {scope: bits * bit.bit(scope) for scope in SCOPES}
