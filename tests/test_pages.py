"""The code and the commands printed in the documentation run, one after the other."""

import re
import shlex
import shutil
import tomllib
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from mtjlab.cli.main import main
from mtjlab.data.recording import Recording
from mtjlab.instruments.simulated import load_bar

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
ON_A_BITSTREAM = ("reference/recording.md", "how-to/export.md", "how-to/sp800-22.md", "how-to/recordings-browser.md")
ELSEWHERE = {
    "how-to/add-a-role.md": "instruments/test_roles_of_others.py",
    "how-to/compare.md": "cli/test_compare.py",
    "how-to/add-an-instrument.md": "instruments/test_bench_pages.py",
    "how-to/extend.md": "test_pages.py",
    "how-to/noise-for-your-code.md": "test_pages.py",
    "how-to/read-without-mtjlab.md": "data/test_recording_elsewhere.py",
    "how-to/write-a-procedure.md": "test_pages.py",
    "tutorials/spin-orbit-torque.md": "test_pages.py",
    "tutorials/python.md": "procedures/running/test_documented_plans.py",
}
"""Pages whose code needs more than running from top to bottom, and the tests that run all of it."""
NOT_RUN = {"how-to/fit-again.md": "the fit of a map takes half a minute; test_refit.py makes such fits again"}
"""Pages whose code is compiled only, and why."""
PAGES = (
    "explanations/bar.md",
    "how-to/budget.md",
    "how-to/add-a-simulated-instrument.md",
    "how-to/energy.md",
    "how-to/extract.md",
    "how-to/memory-array.md",
    "how-to/physics-of-a-stream.md",
    "how-to/pulse-by-pulse.md",
    "how-to/report.md",
    "how-to/sp800-90b.md",
    "reference/simulated-instruments.md",
    "how-to/set-up-a-run.md",
    "reference/values.md",
    "how-to/test-a-driver-or-procedure.md",
)


@pytest.mark.parametrize("page", PAGES)
def test_the_code_of_a_page_runs(page):
    text = (DOCS / page).read_text(encoding="utf-8")
    blocks = [
        (match.start(1), match[1]) for match in re.finditer(r"^```python\n(.*?)^```", text, re.DOTALL | re.MULTILINE)
    ]
    assert blocks
    names: dict[str, object] = {}
    for start, code in blocks:
        # Empty lines before it, so that an error names the line of the page.
        exec(compile("\n" * text.count("\n", 0, start) + code, str(DOCS / page), "exec"), names)


def python_of(page):
    """Give the pieces of Python on a page."""
    return re.findall(r"^```python\n(.*?)^```", page.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE)


def test_the_code_of_every_page_is_run_or_said_not_to_be():
    coded = {
        page
        for page in DOCS.rglob("*.md")
        if "```python\n" in page.read_text(encoding="utf-8") and page.parent.name != "api"  # docstrings, run as such
    }
    assert {str(page.relative_to(DOCS).as_posix()) for page in coded} == {*PAGES, *ON_A_BITSTREAM, *ELSEWHERE, *NOT_RUN}
    for page, test in ELSEWHERE.items():
        assert Path(page).name in (ROOT / "tests" / test).read_text(encoding="utf-8")
    for page in NOT_RUN:
        for code in re.findall(
            r"^```python\n(.*?)^```", (DOCS / page).read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE
        ):
            compile(code, page, "exec")


def test_the_tutorial_on_a_bar_finds_what_its_device_file_says(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    names: dict[str, Any] = {}
    for code in python_of(DOCS / "tutorials/spin-orbit-torque.md"):
        exec(compile(code, "spin-orbit-torque.md", "exec"), names)
    bar = load_bar("w-cofeb")
    turn, loops, switching = (names[each] for each in ("turn", "loops", "switching"))
    assert turn["AMR ratio"].value == pytest.approx(bar.films.amr + bar.films.smr, rel=1e-3)
    assert turn["planar Hall resistance"].value == pytest.approx(turn["AMR"].value / 4, rel=1e-3)
    assert turn["Bk"].value == pytest.approx(bar.anisotropy_field, rel=0.01)
    assert turn["misalignment found"].value == 0
    assert loops["Oersted field per ampere"].value == pytest.approx(bar.oersted_per_current, rel=1e-3)
    # What is known of the layers is exact here but for the share of the current, 1 in 1,700.
    for found, truth in (
        (loops["field per ampere"], bar.field_per_current),
        (loops["field-like field per ampere"], bar.field_like_per_current),
        (switching["Ic0"], bar.onset_current),
        (switching["thermal stability"], bar.thermal_stability),
        (switching["Jc0"], bar.onset_density),
        (switching["damping-like efficiency"], abs(bar.torque.damping_like)),
    ):
        assert abs(found.value - truth) < 4 * found.uncertainty < truth
    assert names["umr"].results["UMR ratio at the largest current"].value == pytest.approx(0.0036, rel=0.02)
    for recording in ("turn", "loops", "umr", "states", "switching"):
        assert main(["plot", f"{recording}.h5", "--output", f"{recording}.png"]) == 0


@pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")  # diffusers asks torch for arrays
def test_the_code_of_the_page_on_noise_runs(tmp_path, monkeypatch):
    page = DOCS / "how-to/noise-for-your-code.md"
    monkeypatch.chdir(tmp_path)
    names: dict[str, Any] = {}
    for code in python_of(page):
        if find_spec("diffusers") or "torch" not in code:  # neither is part of what the tests need
            exec(compile(code, str(page), "exec"), names)
    if "fed" in names:  # what its comments say
        assert (names["fed"].normals, names["start"].bits_used) == (640, 64 * (16 + 5))


def test_the_code_of_the_readme_runs_with_fewer_bits(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (code,) = re.findall(
        r"^```python\n(.*?)^```", (ROOT / "README.md").read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE
    )
    assert "bits=1_000_000" in code  # ten minutes
    names: dict[str, Recording] = {}
    exec(compile(code.replace("bits=1_000_000", "bits=5000"), "README.md", "exec"), names)
    assert names["recording"].committed == 5000


@pytest.mark.parametrize("page", ON_A_BITSTREAM)
def test_the_code_of_a_page_runs_on_a_bitstream(page, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert main(["run", "random-bitstream", "--set", "bits=20000", "--seed", "1", "--output", "bits.h5"]) == 0
    for other in ("run.h5", "cut.h5"):
        shutil.copyfile("bits.h5", other)
    test_the_code_of_a_page_runs(page)


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_the_commands_of_the_tutorial_run(tmp_path, monkeypatch):
    text = (DOCS / "tutorials/characterise.md").read_text(encoding="utf-8")
    commands = re.findall(r"^mtjlab (.*)$", text, re.MULTILINE)
    assert len(commands) >= 13
    monkeypatch.chdir(tmp_path)
    for command in commands:
        assert main(shlex.split(command)) == 0, command


def test_bits_of_the_demo_tutorial_suffice_and_bias_darkens_images(tmp_path, monkeypatch):
    text = (DOCS / "tutorials/demo.md").read_text(encoding="utf-8")
    commands = re.findall(r"^\.venv/bin/mtjlab (.*)$", text[text.index("## 4.") :], re.MULTILINE)
    assert len(commands) == 3
    monkeypatch.chdir(tmp_path)
    for command in commands:
        assert main(shlex.split(command)) == 0, command
    light = [np.load(tmp_path / name / "images.npz")["images"].mean(axis=(1, 2)) for name in ("conditioned", "raw")]
    assert light[0].mean() > light[1].mean() > 0


def test_the_procedure_of_the_page_runs_everywhere(tmp_path, monkeypatch):
    text = (DOCS / "how-to/write-a-procedure.md").read_text(encoding="utf-8")
    own, script = re.findall(r"^```python\n(.*?)^```", text, re.DOTALL | re.MULTILINE)
    (plan,) = re.findall(r"^```toml\n(.*?)^```", text, re.DOTALL | re.MULTILINE)
    (tmp_path / "iv.py").write_text(own, encoding="utf-8")
    (tmp_path / "plan.toml").write_text(plan, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    for command in [*re.findall(r"^mtjlab (.*)$", text, re.MULTILINE), "run plan.toml"]:
        assert main(shlex.split(command)) == 0, command
    names: dict[str, object] = {}
    exec(own + script, names)
    for path in ("iv.h5", "again.h5", "biases/0.02V.h5", "biases/0.05V.h5"):
        recording = Recording(tmp_path / path)
        assert recording.status == "finished"
        found = recording.results["resistance"]
        volts, amperes = recording.frame().to_numpy(float).T
        # The slope of a straight line, computed in another way.
        assert 1 / found.value == pytest.approx(
            np.polyfit(volts, amperes, 1)[0] if path != "iv.h5" else (volts @ amperes) / (volts @ volts), rel=1e-9
        )


def test_what_the_page_adds_is_seen_by_the_commands(installed, tmp_path, monkeypatch, capsys):
    page = (DOCS / "how-to/extend.md").read_text(encoding="utf-8")
    (project,) = re.findall(r"^```toml\n(.*?)^```", page, re.DOTALL | re.MULTILINE)
    *parts, own_command = re.findall(r"^```python\n(.*?)^```", page, re.DOTALL | re.MULTILINE)
    groups = tomllib.loads(project)["project"]["entry-points"]
    lines = [(f"[{group}]", *(f"{name} = {value}" for name, value in known.items())) for group, known in groups.items()]
    entries = "\n".join(line for lines_of_group in lines for line in lines_of_group)
    installed("mylab", entries, mylab="".join(parts), mylab_ones=own_command)
    monkeypatch.chdir(tmp_path)
    Path("bits.bin").write_bytes(np.random.default_rng(2).bytes(20_000))
    assert main(["ones", "0110"]) == 0
    assert capsys.readouterr().out == "2\n"
    assert main(["randomness", "bits.bin", "--format", "packed", "--extract", "parity"]) == 0
    said = capsys.readouterr().out
    assert "parity of pairs keeps 80,000 of them." in said
    assert "ones in a row" in said
    words = ["randomness", "bits.bin", "--format", "packed", "--suite", "sp800-22", "--tests", "halves,frequency"]
    assert main([*words, "--sequence-length", "20000"]) == 0
    assert "halves" in capsys.readouterr().out
    words = ["sample", "bits.bin", "--format", "packed", "--images", "2", "--steps", "3", "--output", "images"]
    assert main([*words, "--sampler", "half-renewed", "--converter", "triangle", "--step-converter", "triangle"]) == 0
    assert f"{2 * 3 * 784:,}" in capsys.readouterr().out  # bits of an image: two for each of 3 normals a pixel
