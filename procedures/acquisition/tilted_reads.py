"""What is told of the tilt of the free layer and of the leads, where a procedure's numbers are those of neither."""

import math
from typing import ClassVar

from pymeasure.experiment import FloatParameter

from mtjlab.analysis.junction import KnownTilt
from mtjlab.instruments import BenchFile
from mtjlab.procedures.measurements.table_procedure import TableProcedure

__all__ = ["TiltedReads"]

UNKNOWN = 1e3
"""Bias that cancels the anisotropy [V] which stands for one that is not known: the default."""


class TiltedReads(TableProcedure):
    """A procedure that reads both states, and is told what it knows of their tilt and of the leads.

    Errors are relative standard uncertainties. What is not told counts as unknown, with the spread that junctions have
    (`KnownTilt`), and widens the uncertainties accordingly; with an error of 0 as well it counts as not there.
    """

    leads = FloatParameter("Resistance of the leads in the readings", units="Ω", default=0.0, minimum=0.0, maximum=1e6)
    stability = FloatParameter("Thermal stability factor, 0 if unknown", default=0.0, minimum=0.0, maximum=1e3)
    tilting = FloatParameter("In-plane field over anisotropy field", default=0.0, minimum=-0.99, maximum=0.99)
    cancelling = FloatParameter("Bias that cancels the anisotropy", units="V", default=1e3, minimum=-1e3, maximum=1e3)
    leads_error = FloatParameter("Relative uncertainty of the leads", default=0.2, minimum=0.0, maximum=3.0)
    stability_error = FloatParameter("Relative uncertainty of the stability", default=0.2, minimum=0.0, maximum=3.0)
    tilting_error = FloatParameter("Relative uncertainty of the tilting", default=0.2, minimum=0.0, maximum=3.0)
    cancelling_error = FloatParameter("Relative uncertainty of that bias", default=0.2, minimum=0.0, maximum=3.0)

    fit_settings: ClassVar[tuple[str, ...]] = (
        "leads", "leads_error", "stability", "stability_error", "tilting", "tilting_error", "cancelling",
        "cancelling_error",
    )  # fmt: skip

    bench_file: BenchFile | None = None
    """Bench file of the recording whose fit is made again."""

    @property
    def known_tilt(self) -> KnownTilt:
        """Tilt and leads as told; leads that are not told are those of the bench's wiring."""
        # A recording that is drawn has no bench: its picture leaves out leads that were not told.
        file = self.bench_file or (self.bench.file if hasattr(self, "bench") else None)
        meter = file.roles.source_meter if file else None
        return KnownTilt.of(
            stability=self.stability,
            stability_error=self.stability_error,
            tilting=self.tilting,
            tilting_error=self.tilting_error,
            cancelling=self.cancelling if 0 < abs(self.cancelling) < UNKNOWN else math.inf,
            cancelling_error=self.cancelling_error,
            leads=self.leads or (file.wiring.lead_resistance if file else 0.0),
            leads_error=self.leads_error,
            four_wires=meter is not None and meter.wires == 4,
        )
