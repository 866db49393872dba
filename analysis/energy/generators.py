"""Generators of random bits that others published, with what they take and who says so."""

from __future__ import annotations

from importlib import resources
from pathlib import Path
from typing import Literal

import pydantic

from mtjlab.core import TomlDocument

__all__ = ["CLAIM", "CLAIMED_BY", "Generator", "published_generators"]

CLAIM = 1e3
"""How many times less energy per bit and area hardware noise is claimed to take than software's."""
CLAIMED_BY = "arXiv:2407.12261"
"""Who claims it."""


class Generator(pydantic.BaseModel):
    """A generator of random bits, as its authors describe it."""

    model_config = pydantic.ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    name: str = pydantic.Field(min_length=1)
    """What it is called here."""
    energy: float = pydantic.Field(gt=0)
    """Energy of a bit [J]."""
    area: float | None = pydantic.Field(default=None, gt=0)
    """Area [m²]; None where its authors do not say."""
    rate: float | None = pydantic.Field(default=None, gt=0)
    """Bits in a second [1/s]; None where its authors do not say."""
    kind: Literal["measured", "model", "bound", "assumed"]
    """Measured, a model, a model that gives an upper bound only, or measured times something assumed."""
    citation: str = pydantic.Field(min_length=1)
    """Who says so, and where."""


class _Published(pydantic.BaseModel):
    model_config = pydantic.ConfigDict(extra="forbid")

    generators: tuple[Generator, ...] = pydantic.Field(min_length=1)


def published_generators(path: Path | None = None) -> tuple[Generator, ...]:
    """Read a list of generators.

    Parameters
    ----------
    path
        TOML file with a table ``[[generators]]`` for each; by default the list that comes with mtjlab.

    Returns
    -------
    tuple of Generator
        In the order of the file.

    Raises
    ------
    InputError
        If the file is missing or wrong; the message names the line.

    Examples
    --------
    >>> published_generators()[0].name
    'Intel 45 nm TRNG'
    """
    if path is None:
        text = (resources.files("mtjlab.analysis.energy") / "generators.toml").read_text(encoding="utf-8")
        document = TomlDocument("generators.toml", text)
    else:
        document = TomlDocument.read(path, "give the path of a list of generators (TOML)")
    return document.validate(_Published).generators
