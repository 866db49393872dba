"""Draw the pictures of docs/explanations/architecture.md: who may import whom, and the way from a byte to a pixel.

    python docs/images/architecture.py

The first is read from the contracts in pyproject.toml.
"""

import tomllib
from pathlib import Path

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.figure import Figure

FOLDER = Path(__file__).resolve().parent
ROOT = FOLDER.parents[1]
SAYS = {
    "cli": "the command",
    "testing": "for those who write drivers and procedures",
    "gui": "the window (Qt)",
    "procedures": "measurements; .running: runs, plans, queue",
    "analysis": "a face a topic: fits, randomness, noise, diffusion, plots",
    "instruments": "roles, drivers, bench, interlock; .simulated: the same of software",
    "data": "recordings, files of bits",
    "core": "errors, constants, registries, files, TOML with line numbers",
}
BLUE, GREY = "#3b6ea5", "#777777"
CHAIN = (
    ("SCPI bytes", "Connection.query_block", "instruments"),
    ("currents [A]", "SourceMeter.fetch_block", "instruments"),
    ("states", "StateLevels.states", "analysis.readout"),
    ("bits", "JunctionBits.take: exclusive or", "procedures"),
    ("Block", "BlockEvent", "procedures"),
    ("packed bits", "RecordingWriter.append", "data"),
    ("file", "Recording.packed_bits", "data"),
    ("bits, conditioned", "Extractor.condition", "analysis.extraction"),
    ("normals", "BitNoise.normal", "analysis.noise"),
    ("pixels", "Sampler, Denoiser", "analysis.diffusion"),
)


def layers() -> list[list[str]]:
    """Give the rooms from the top down; rooms in one row do not know each other."""
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"][
        "contracts"
    ]
    rows = next(each["layers"] for each in contracts if each["name"] == "who may know whom")
    return [[room.strip().removeprefix("mtjlab.") for room in row.split("|")] for row in rows]


def _box(axes: Axes, x: float, y: float, width: float, height: float, lines: tuple[str, ...]) -> None:
    axes.add_patch(mpl.patches.FancyBboxPatch((x, y), width, height, boxstyle="round,pad=0.02", fc="#eef3f9", ec=BLUE))
    axes.text(x + width / 2, y + height * 0.72, lines[0], ha="center", va="center", weight="bold")
    for number, line in enumerate(lines[1:]):
        axes.text(
            x + width / 2, y + height * (0.42 - 0.24 * number), line, ha="center", va="center", fontsize=8, color=GREY
        )


def draw_rooms() -> Figure:
    """Draw the rooms as layers: each may import the faces of all below it."""
    rows = layers()
    figure = Figure(figsize=(10, 0.95 * len(rows) + 0.3), layout="constrained")
    axes = figure.add_subplot()
    for number, row in enumerate(reversed(rows)):
        width = 12 / len(row)
        for place, room in enumerate(row):
            _box(axes, place * width + 0.1, number, width - 0.2, 0.7, (f"mtjlab.{room}", SAYS[room]))
        if number:
            axes.annotate("", (6, number - 0.27), (6, number - 0.03), arrowprops={"arrowstyle": "->", "color": GREY})
    axes.set(xlim=(0, 12), ylim=(-0.1, len(rows)))
    axes.set_axis_off()
    return figure


def draw_chain() -> Figure:
    """Draw what passes from the instrument to the image: what it is, what makes it, and in which room."""
    figure = Figure(figsize=(10, 3.4), layout="constrained")
    axes = figure.add_subplot()
    half = len(CHAIN) // 2
    for number, lines in enumerate(CHAIN):
        row, place = divmod(number, half)
        x, y = place * 2.4, 1.5 * (1 - row)
        _box(axes, x + 0.1, y, 2.1, 1.0, (lines[0], lines[1], lines[2]))
        if place:
            axes.annotate("", (x + 0.08, y + 0.5), (x - 0.18, y + 0.5), arrowprops={"arrowstyle": "->", "color": GREY})
    axes.plot((10.75, 10.75, 1.15, 1.15), (1.45, 1.27, 1.27, 1.15), color=GREY, lw=1)
    axes.annotate("", (1.15, 1.02), (1.15, 1.2), arrowprops={"arrowstyle": "->", "color": GREY})
    axes.set(xlim=(0, 12), ylim=(-0.1, 2.6))
    axes.set_axis_off()
    return figure


if __name__ == "__main__":
    draw_rooms().savefig(FOLDER / "architecture-rooms.png", dpi=110, metadata={"Software": None})
    draw_chain().savefig(FOLDER / "architecture-chain.png", dpi=110, metadata={"Software": None})
