"""What `mtjlab compare` compares: from the command line, or from a TOML file that it may add to.

images = 5000
seeds = 5

[arms]
software = "software"
raw = "device:reference"
control = "biased:0.495"
"""

import argparse
from pathlib import Path
from typing import Any, Literal

import pydantic

from mtjlab.analysis.evidence import Arm, Comparison, Settings
from mtjlab.cli.compare_arms import parse_arm
from mtjlab.core import TomlDocument

__all__ = ["Study", "read_study"]


class Study(pydantic.BaseModel):
    """A comparison as a TOML file has it; every key but the arms may be missing."""

    model_config = pydantic.ConfigDict(extra="forbid", frozen=True)

    arms: dict[str, str]
    """Each arm by its name; the first is what the others are compared with."""
    images: int | None = None
    seeds: int | None = None
    first_seed: int | None = None
    sampler: str | None = None
    steps: int | None = None
    eta: float | None = None
    converter: str | None = None
    step_converter: str | None = None
    seed_noise: Literal["software"] | None = None
    model: Path | None = None
    guidance: float | None = None


RENAMED = {"converter": "start", "step_converter": "renewal", "model": "denoiser"}
"""Names of the command line that `Settings` has other words for."""


def read_study(arguments: argparse.Namespace, *, control: str, pilot_seed: int) -> Comparison:
    """Make the comparison that is asked for.

    Parameters
    ----------
    arguments
        Those of `mtjlab compare`.
    control
        The control that is added where there is none.
    pilot_seed
        First seed of a pilot, unless one is given.

    Returns
    -------
    Comparison
        Arms and settings.

    Raises
    ------
    InputError
        If an arm or a setting is wrong; the message is one line.
    """
    words = arguments.arms
    values: dict[str, Any] = {}
    if len(words) == 1 and words[0].endswith(".toml"):
        document = TomlDocument.read(Path(words[0]), "give a file with a section [arms], or the arms themselves")
        study = document.validate(Study)
        values = study.model_dump(exclude={"arms"}, exclude_none=True)
        words = [f"{name}={spec}" for name, spec in study.arms.items()]
    for name in Study.model_fields:
        given = getattr(arguments, name, None)
        if name != "arms" and given is not None:
            values[name] = given
    if arguments.write_pilot is not None:
        values.setdefault("first_seed", pilot_seed)
    arms = [parse_arm(word, allow_alarms=arguments.allow_alarms) for word in words]
    if not any(arm.is_control for arm in arms):
        arms.append(_named(parse_arm(control), {arm.name for arm in arms}))
    values["shared_start"] = values.pop("seed_noise", None) == "software"
    settings = Settings(**{RENAMED.get(name, name): value for name, value in values.items()})
    return Comparison(tuple(arms), settings)


def _named(arm: Arm, taken: set[str]) -> Arm:
    return arm if arm.name not in taken else Arm(f"{arm.name}-control", arm.origin)
