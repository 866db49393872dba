"""Normals of a source as a tensor of any type, on any device."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import torch

from mtjlab.analysis.noise import NoiseSource
from mtjlab.core import InputError

__all__ = ["normal_tensor"]


def normal_tensor(
    source: NoiseSource,
    shape: Sequence[int],
    *,
    dtype: torch.dtype | None = None,
    device: torch.device | str | int | None = None,
) -> torch.Tensor:
    """Draw normals into a new tensor.

    Parameters
    ----------
    source
        Where they come from.
    shape
        Shape of the tensor.
    dtype
        Its type, a floating one or a complex one, whose parts have variance one half each, as torch has it; by default
        torch's default type. The normals themselves are float32.
    device
        Where it is to lie; by default torch's default device.

    Returns
    -------
    torch.Tensor
        The normals, in the order in which the source gives them, row by row.

    Raises
    ------
    InputError
        If the type is neither floating nor complex; and what the source raises, where bits run out.
    """
    dtype = dtype or torch.get_default_dtype()
    device = torch.get_default_device() if device is None else torch.device(device)
    if dtype.is_complex:
        pairs = torch.from_numpy(source.normal((*shape, 2))) / math.sqrt(2)
        return torch.view_as_complex(pairs.to(device=device, dtype=dtype.to_real()))
    if not dtype.is_floating_point:
        raise InputError(f"dtype = {dtype}: normals are floating-point or complex numbers")
    return torch.from_numpy(np.asarray(source.normal(tuple(shape)))).to(device=device, dtype=dtype)
