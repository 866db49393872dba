"""Every room has a face: what it lists can be had, and nothing is loaded before it is used."""

import importlib
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
FACES = sorted(
    "mtjlab." + ".".join(stub.parent.relative_to(ROOT).parts)
    for stub in ROOT.glob("*/**/__init__.pyi")
    if not stub.is_relative_to(ROOT / ".venv") and not stub.is_relative_to(ROOT / "build")
)


def test_every_room_has_a_face():
    rooms = {"analysis", "core", "data", "instruments", "instruments.simulated", "procedures", "procedures.running"}
    topics = {f"analysis.{each.parent.name}" for each in (ROOT / "analysis").glob("*/__init__.py")}
    assert {f"mtjlab.{each}" for each in rooms | topics} - {"mtjlab.analysis"} <= {*FACES, "mtjlab.analysis"}


@pytest.mark.parametrize("face", FACES)
def test_each_name_of_a_face_can_be_had(face):
    if face in ("mtjlab.analysis.torch_noise", "mtjlab.analysis.training"):
        pytest.importorskip("torch", reason="these need torch")
    module = importlib.import_module(face)
    assert len(set(module.__all__)) == len(module.__all__) > 0
    for name in module.__all__:
        assert getattr(module, name) is not None
        assert name in dir(module)


@pytest.mark.parametrize("face", FACES)
def test_a_face_loads_nothing_before_it_is_asked(face):
    # In a process of its own: what a room is made of comes in with the first name that needs it.
    asked = f"import sys, {face}; print(sorted(m for m in sys.modules if m.startswith({face!r} + '.')))"
    done = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_an_unknown_name_is_refused():
    import mtjlab.data

    with pytest.raises(AttributeError, match="Recordings"):
        mtjlab.data.Recordings  # noqa: B018
