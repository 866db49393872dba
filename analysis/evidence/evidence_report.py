"""The report of a comparison: one HTML page. The margin stands before the results, as it was fixed before them."""

import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from mtjlab.analysis.diffusion import write_image_grid
from mtjlab.analysis.evidence.findings import Evidence
from mtjlab.analysis.evidence.verdict import Verdict
from mtjlab.analysis.plots import arm_distance_plot
from mtjlab.analysis.reports import HtmlReport, Picture, Table

__all__ = ["write_evidence_report"]

COLUMNS, SIDE_BY_SIDE = 6, 3
"""Images of an arm in a row of the picture, and arms beside each other."""


def write_evidence_report(evidence: Evidence, path: Path, fid: Mapping[str, Sequence[float]] | None = None) -> None:
    """Write the page.

    Parameters
    ----------
    evidence
        What was found.
    path
        The file; one of that name is replaced.
    fid
        Standard FID of each seed of each arm, where Inception weights were given.

    Raises
    ------
    FileError
        If it cannot be written.
    """
    settings = evidence.comparison.settings
    trial = "TRIAL, too small for a claim: " if settings.trial else ""
    names = ", ".join(arm.name for arm in evidence.comparison.arms)
    eta = "" if settings.share_renewed is None else f", eta {settings.share_renewed:g}"
    report = HtmlReport(
        f"{trial}Images from {names}",
        {
            "Images": f"{settings.images:,} of each of {settings.seeds} seeds an arm",
            "Sampler": f"{settings.sampler}, {settings.steps} steps{eta}",
            "Noise": f"initial noise by {'software, shared' if settings.shared_start else settings.start}, steps by "
            f"{settings.renewal}",
            "Compared with": evidence.comparison.arms[0].name,
            "Proves something": evidence.caveat or "yes: every control was found to be different",
        },
    )
    _add_question(report, evidence)
    _add_answers(report, evidence)
    _add_scores(report, evidence, fid)
    _add_direct(report, evidence)
    _add_images(report, evidence)
    report.write(path)


def _add_question(report: HtmlReport, evidence: Evidence) -> None:
    settings = evidence.comparison.settings
    known = (
        f"With it, equal arms are shown to be equivalent with a probability of {evidence.power:.2f} (from a pilot)."
        if evidence.power is not None
        else "It was given without a pilot; the power that follows from the scatter found stands beside each answer."
    )
    test = (
        "Seed s of every arm has the same initial noise, by software: seeds are pairs, and the paired test is made."
        if settings.shared_start
        else "Seed s of one arm has nothing in common with seed s of another: Welch's test is made, not the paired one."
    )
    report.add(
        "The question, and the margin",
        f"The margin was fixed beforehand: {evidence.margin:.3g} FD. {known} {test} An arm is equivalent to "
        f"{evidence.comparison.arms[0].name} if its FD to real images is shown to differ by less than the margin, by "
        "two one-sided tests at level 0.05, and the direct distance of both arms is below the margin as well.",
        Table(
            "The arms",
            [[arm.name, arm.words, "control" if arm.is_control else ""] for arm in evidence.comparison.arms],
            ["arm", "bits", ""],
        ),
    )


def _add_answers(report: HtmlReport, evidence: Evidence) -> None:
    rows = []
    for verdict in evidence.verdicts:
        low, high = verdict.fd.interval()
        rows.append(
            [
                verdict.arm,
                verdict.answer,
                f"{verdict.fd.value:+.3g} ({low:+.3g} to {high:+.3g})",
                _p(verdict.equivalence_p),
                _p(verdict.better_p),
                _p(min(verdict.difference_p.values())),
                f"{verdict.power:.2f}",
                _seeds(verdict),
            ]
        )
    control = evidence.caveat or "The control failed, as it must: a difference of its size is seen."
    report.add(
        "Answers",
        control[0].upper() + control[1:],
        Table(
            "FD less that of the first arm, with its 90 % interval; p-values of the two one-sided tests, of a lower FD "
            "(better), and of no difference (smallest of four, after Holm); power with the scatter found; seeds an arm "
            "with which equal arms would be shown to be equivalent, and arms that differ as found",
            rows,
            ["arm", "answer", "FD difference", "p equivalent", "p better", "p same", "power", "seeds needed"],
        ),
    )


def _seeds(verdict: Verdict) -> str:
    same, found = verdict.seeds_if(0.0), verdict.seeds_if(verdict.fd.value)
    return f"{same or 'none'}, {found or 'none is enough'}"


def _add_scores(report: HtmlReport, evidence: Evidence, fid: Mapping[str, Sequence[float]] | None) -> None:
    rows = []
    for arm in evidence.comparison.arms:
        means = evidence.means(arm.name)
        shares = np.mean([cell.images.class_shares for cell in evidence.cells[arm.name]], axis=0)
        rows.append(
            [
                arm.name,
                *(f"{mean:.4g} ± {deviation:.2g}" for mean, deviation in means.values()),
                " ".join(f"{100 * share:.1f}" for share in shares),
            ]
        )
    controls = frozenset(arm.name for arm in evidence.comparison.arms if arm.is_control)
    values = {arm.name: [cell.scores.fd for cell in evidence.cells[arm.name]] for arm in evidence.comparison.arms}
    report.add(
        "Distance to real images",
        "By 64 features of a classifier of Fashion-MNIST: no FID, to be compared at the same number of images only.",
        Picture(arm_distance_plot(values, evidence.margin, controls), "FD of each seed, and the mean of each arm"),
        Table(
            "Mean over seeds ± standard deviation of a seed; shares of the ten garments in %",
            rows,
            ["arm", "FD", "KID", "precision", "recall", "mean pixel", "shares"],
        ),
        *([] if fid is None else [_fid(fid)]),
    )


def _fid(fid: Mapping[str, Sequence[float]]) -> Table:
    rows = [[name, f"{np.mean(each):.4g} ± {np.std(each, ddof=1):.2g}"] for name, each in fid.items()]
    return Table("Standard FID, by the Inception weights that were given", rows, ["arm", "FID"])


def _add_direct(report: HtmlReport, evidence: Evidence) -> None:
    rows = []
    for verdict in evidence.verdicts:
        for name, found in (("FD", verdict.direct_fd), ("KID", verdict.direct_kid)):
            upper = f"{found.upper:.3g}" if found.seeds >= 3 else "–"
            means = f"{found.between:.4g}", f"{found.within:.4g}", f"{found.excess:+.3g}"
            rows.append([verdict.arm, name, *means, upper, _p(found.p)])
    report.add(
        "Distance of the arms to each other",
        "Two arms can be equally far from real images and still differ. Within is the mean distance of two seeds of "
        "one arm: what no difference looks like.",
        Table(
            "p: share of the ways to deal the sets into two arms whose excess is as large",
            rows,
            ["arm", "distance", "between", "within", "excess", "95 % upper limit", "p"],
        ),
    )


def _add_images(report: HtmlReport, evidence: Evidence) -> None:
    arms = evidence.comparison.arms
    pictures = []
    for first in range(0, len(arms), SIDE_BY_SIDE):
        row = arms[first : first + SIDE_BY_SIDE]
        names = ", ".join(arm.name for arm in row)
        grid = _grid([evidence.cells[arm.name][0].shown for arm in row])
        pictures.append(Picture(grid, f"From left to right: {names}; the first images"))
    report.add("Images", "Nothing was chosen.", *pictures)


def _grid(arms: list[NDArray[np.uint8]]) -> bytes:
    """Lay out the images of arms beside each other, with an empty column between two arms."""
    count = min(map(len, arms)) // COLUMNS * COLUMNS
    parts = []
    for images in arms:
        rows = images[:count].reshape(-1, COLUMNS, *images.shape[1:])
        parts += [rows, np.zeros_like(rows[:, :1])]
    page = np.concatenate(parts[:-1], axis=1)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "grid.png"
        write_image_grid(path, page.reshape(-1, *page.shape[2:]), columns=page.shape[1], scale=2, gap=4)
        return path.read_bytes()


def _p(value: float) -> str:
    return f"{value:.3f}" if value >= 0.001 else f"{value:.1e}"
