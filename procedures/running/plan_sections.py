"""The sections of a plan: what is on the table, and each procedure with its parameters, sweeps and repeats."""

import pydantic

from mtjlab.procedures.running.stopping import StopConditions
from mtjlab.procedures.running.sweep import MOST, Scalar, Sweep

__all__ = ["PlanSection", "RunSection", "Sample"]


class PlanSection(pydantic.BaseModel):
    """A table of a plan: a key that it does not know is an error."""

    model_config = pydantic.ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)


class Sample(PlanSection):
    """What is on the table, for every recording; the device's name is the bench file's unless it is given."""

    wafer: str = ""
    die: str = ""
    device: str = ""
    operator: str = ""
    note: str = ""


class RunSection(PlanSection):
    """A procedure with its parameters, and what they go through."""

    procedure: str
    """Name of a procedure, or ``FILE.py:Class`` (relative to the plan)."""
    name: str = "{plan}-{run:03}"
    """Names of the recordings: fields are the parameters, plan, procedure, run and repeat (numbers from one)."""
    parameters: dict[str, Scalar | list[Scalar]] = {}
    """Parameters in SI units."""
    sweep: list[Sweep] = []
    """Parameters that change from run to run: those of one sweep together, those of several each with each."""
    repeats: int = pydantic.Field(default=1, ge=1, le=MOST)
    """How often all of it is gone through."""
    stop: StopConditions = StopConditions()
    """Conditions that end one run."""
