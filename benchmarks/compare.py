"""What `mtjlab compare` adds to the sampling that it asks for.

    nice -n 10 python benchmarks/compare.py [--images N] [--steps S] [--tried N]

Two arms, software noise and the biased control, two seeds each, of as many images as a claim needs. Everything but the
sampling is done in full: noise bits, features, distances, precision and recall, files, tests, report. The time that it
takes is that of the whole less that of the sampler, whose time is measured in the same run: of one step for every
image, and of all steps for some images, as the time of an image is the same in every batch.

Printed: seconds outside the sampler, seconds in it, and their ratio in %, of processor time in one thread.
"""

import argparse
import dataclasses
import tempfile
import time
from pathlib import Path

from mtjlab.analysis.evidence import (
    Arm,
    BiasedBits,
    CellJob,
    Comparison,
    Evidence,
    Settings,
    make_cell,
    write_evidence_report,
)
from mtjlab.core import one_blas_thread


@one_blas_thread
def main() -> None:
    """Measure, and print the ratio."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--images", type=int, default=5000, help="images of a seed (5000)")
    parser.add_argument("--steps", type=int, default=50, help="denoising steps (50)")
    parser.add_argument("--tried", type=int, default=256, help="images that all steps are made of (256)")
    arguments = parser.parse_args()
    settings = Settings(images=arguments.images, seeds=2, steps=1)
    comparison = Comparison((Arm("software"), Arm("control", BiasedBits(0.495))), settings)
    tried = CellJob(Arm("tried"), 1, dataclasses.replace(settings, images=arguments.tried, steps=arguments.steps))
    with tempfile.TemporaryDirectory() as name:
        make_cell(dataclasses.replace(tried, settings=dataclasses.replace(settings, images=64)))  # opens the networks
        began, wall = time.process_time(), time.perf_counter()
        cells = comparison.run(Path(name))
        write_evidence_report(Evidence.of(comparison, cells, 1.0), Path(name) / "report.html")
        share = (time.process_time() - began) / (time.perf_counter() - wall)  # of a processor that others use as well
        whole = time.perf_counter() - wall
        inside = sum(cell.sampling for arm in cells.values() for cell in arm)
        sampling = make_cell(tried).sampling / arguments.tried * 4 * arguments.images
    outside = whole - inside
    print(f"4 cells of {arguments.images:,} images, {arguments.steps} steps (processor share {share:.2f}):")
    print(f"  outside the sampler {outside:.1f} s, in it {sampling:.0f} s: {100 * outside / sampling:.2f} % added")


if __name__ == "__main__":
    main()
