"""What the bits are good for: images, by the noise budget."""

from __future__ import annotations

from mtjlab.analysis.diffusion import Ddim
from mtjlab.analysis.extraction import von_neumann_packed
from mtjlab.analysis.noise import BIT_SUM_1, INVERSE_CDF16
from mtjlab.analysis.noise_budget import NoiseBudget, SamplerSetting
from mtjlab.analysis.reports.report_parts import Section, Table
from mtjlab.analysis.reports.report_section import ReportSection
from mtjlab.analysis.reports.report_subject import ReportSubject

__all__ = ["USE"]

MOST = 1 << 26
"""Bits that the budget is made of, at most: the first ones."""


def _section(subject: ReportSubject) -> Section | None:
    bits = subject.summary.bits
    if not bits:
        return None
    raw = subject.recording.packed_bits(0, min(bits, MOST))
    setting = SamplerSetting(Ddim(50, 0.0), INVERSE_CDF16, BIT_SUM_1)
    rows = []
    for name, each in (("as recorded", raw), ("after von Neumann's extractor", von_neumann_packed(raw))):
        if not len(each):
            rows.append([name, "0", "", "", "no bits are left"])
            continue
        budget = NoiseBudget.of(each, setting)
        images = budget.stream.bits // setting.bits_per_image
        rows.append([name, f"{len(each):,}", f"{images:,}", str(budget.mean_pixel), budget.sentence])
    first = f" The first {MOST:,} bits were taken." if bits > MOST else ""
    return Section(
        "What this stream is good for",
        "Images made by a diffusion model take their noise from bits. The noise budget predicts from bias, correlation "
        f"and drift whether such images are harmed, before bits are spent on them.{first}",
        (
            Table(
                f"Noise budget, {setting.words}",
                rows,
                ("bits", "number", "images", "shift of the mean pixel, of 255", "answer"),
            ),
        ),
    )


USE = ReportSection(make=_section, place=600)
