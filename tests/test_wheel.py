"""What a user installs is what lies in the rooms: every module, stub and data file, and no module that was deleted."""

import shutil
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
SETTINGS = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["setuptools"]
ROOMS = sorted(SETTINGS["package-dir"].values())
BUILD = "from setuptools.build_meta import build_wheel; build_wheel('dist')"


def files(folder):
    found = (path.relative_to(folder) for room in ROOMS for path in (folder / room).rglob("*") if path.is_file())
    return {path.as_posix() for path in found if "__pycache__" not in path.parts}


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    """Build the wheel from a copy of the rooms, without network and without what an earlier build left."""
    folder = tmp_path_factory.mktemp("wheel")
    for room in ROOMS:
        shutil.copytree(ROOT / room, folder / room, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, folder / name)
    subprocess.run([sys.executable, "-c", BUILD], cwd=folder, check=True, capture_output=True)
    (path,) = (folder / "dist").iterdir()
    with zipfile.ZipFile(path) as archive:
        return set(archive.namelist())


def test_the_wheel_holds_every_file_of_the_rooms_and_no_other(wheel):
    inside = {name.removeprefix("mtjlab/") for name in wheel if name.startswith("mtjlab/")}
    assert inside == files(ROOT)


def test_nothing_is_installed_beside_the_package(wheel):
    assert {name.split("/")[0] for name in wheel} == {"mtjlab", "mtjlab-0.1.0.dist-info"}


def test_each_folder_with_modules_is_a_package_of_the_list():
    folders = {Path(name).parent for name in files(ROOT) if name.endswith(".py")}
    assert sorted(SETTINGS["packages"]) == sorted("mtjlab." + ".".join(folder.parts) for folder in folders)


def test_each_room_says_that_it_is_typed(wheel):
    # PEP 561: a namespace package has no place for the marker; its parts have one each, which holds for all below.
    assert {f"mtjlab/{room}/py.typed" for room in ROOMS} <= wheel
