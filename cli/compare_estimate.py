"""How long a comparison will take, said before it begins."""

import argparse
import dataclasses
import math
import os
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mtjlab.analysis.evidence import Comparison
    from mtjlab.cli.output import Output

__all__ = ["say_estimate"]

TRIED = 64
"""Images of the arm that is tried: one batch."""


def say_estimate(comparison: "Comparison", arguments: argparse.Namespace, output: "Output") -> None:
    """Make one batch of images here, and say what all of them take.

    Parameters
    ----------
    comparison
        What is asked for.
    arguments
        Those of `mtjlab compare`.
    output
        Where to say it.
    """
    from mtjlab.analysis.evidence import Arm, CellJob, make_cell

    settings = comparison.settings
    few = dataclasses.replace(settings, images=TRIED, seeds=2)
    job = CellJob(Arm("estimate"), settings.first_seed, few)
    make_cell(dataclasses.replace(job, settings=dataclasses.replace(few, images=8)))  # opens the denoiser
    began = time.perf_counter()
    cell = make_cell(job)
    each = cell.sampling / TRIED
    took = time.perf_counter() - began
    left = [job for job in comparison.jobs() if not (arguments.output / "cells" / f"{job.stem}.npz").is_file()]
    workers = min(arguments.workers or os.cpu_count() or 1, max(1, len(left)))
    rounds = math.ceil(len(left) / workers)
    hours = rounds * settings.images * each / 3600
    bits = settings.images * settings.bits_per_image()
    rows = {
        "cells to make": f"{len(left)} of {len(comparison.jobs())}, {settings.images:,} images each",
        "bits of a cell": f"{bits:,}",
        "an image": f"{1e3 * each:.1f} ms of one thread ({TRIED} were tried, {took:.1f} s)",
        f"time with {workers} processes": f"{hours:.2f} h, if a processor is free for each; a bench adds its pulses",
    }
    output.table("Estimate", rows)
    output.json({"cells": len(left), "bits_per_cell": bits, "seconds_per_image": each, "hours": hours})
