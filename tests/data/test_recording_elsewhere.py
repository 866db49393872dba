"""Other programs read a recording: xarray, NeXus viewers, plain h5py and pandas as the how-to says."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import h5py
import numpy as np
import pytest

from mtjlab.cli.main import main
from mtjlab.data.contents.layout import GROUPS
from mtjlab.data.recording import Recording
from mtjlab.data.recording_writer import RecordingWriter
from mtjlab.data.writing.blocks import Blocks

HOW_TO = Path(__file__).parents[2] / "docs" / "how-to" / "read-without-mtjlab.md"


@pytest.fixture
def path(begin, tmp_path, fair_bits) -> Path:
    """Record five blocks, with resistances, a row each, and a result."""
    with begin(tmp_path / "run.h5", resistance=True) as writer:
        for number in range(5):
            bits = fair_bits[1003 * number :][:1003]
            row = {"time": [number / 3], "probability": [bits.mean()], "resistance": [3e3]}
            writer.append(Blocks(bits, resistance=3e3 * (1 + bits), amplitude=1.25, width=1e-8), row)
        writer.write_results({"field": (0.0255, 0.0003, "T")})
    return tmp_path / "run.h5"


def test_xarray_finds_named_dimensions_and_units(path, fair_bits):
    xarray = pytest.importorskip("xarray", reason="needs xarray")
    pytest.importorskip("h5netcdf", reason="needs h5netcdf")
    with xarray.open_dataset(path, group="data", engine="h5netcdf") as data:
        assert dict(data.sizes) == {"time": 5}
        assert data["probability"].dims == ("time",)
        assert {name: data[name].attrs["units"] for name in data.variables} == {
            "time": "s",
            "probability": "",
            "resistance": "Ω",
            "row_time": "s",
        }
        assert data["row_time"].dims == ("time",)
        assert data["probability"].sel(time=1 / 3).item() == fair_bits[1003:2006].mean()
    with xarray.open_dataset(path, group="bits", engine="h5netcdf") as bits:
        assert dict(bits.sizes) == {"byte": 627, "bit": 5015}
        np.testing.assert_array_equal(bits["resistance"], 3e3 * (1 + fair_bits[:5015]))
    with xarray.open_dataset(path, engine="h5netcdf") as tables:
        assert dict(tables.sizes) == {"block_number": 5}
    with xarray.open_dataset(path, group="results", engine="h5netcdf") as results:
        assert dict(results.sizes) == {"time": 1}
        assert results["name"].values.tolist() == [b"field"]


def test_the_nexus_rules_of_a_default_plot_are_kept(path):
    # NeXus manual, "Find the default plottable data" version 3, and NXdata: the root names a group, that group its
    # signal and one axis for each dimension of the signal; all are fields of one length in the group.
    with h5py.File(path) as file:
        text = {name: value.decode() for name, value in file.attrs.items() if isinstance(value, bytes)}
        assert text["NX_class"] == "NXroot"
        assert {name: file[name].attrs["NX_class"].decode() for name in GROUPS} == GROUPS
        data = file[text["default"]]
        assert data.attrs["NX_class"] == b"NXdata"
        signal, axes = data[data.attrs["signal"]], [data[name] for name in data.attrs["axes"]]
        others = [data[name] for name in data.attrs["auxiliary_signals"]]
        assert len(axes) == signal.ndim
        for field in (signal, *axes, *others):
            assert field.shape == signal.shape
            assert isinstance(field.attrs["units"], bytes)
            assert field.attrs["long_name"]
        assert "row_time" not in (*data.attrs["axes"], *data.attrs["auxiliary_signals"])  # it would flatten them


def test_silx_plots_it_by_its_attributes(path):
    nxdata = pytest.importorskip("silx.io.nxdata", reason="needs silx")
    with h5py.File(path) as file:
        plot = nxdata.get_default(file)
        assert (plot.is_valid, plot.issues) == (True, [])
        assert (plot.signal_name, plot.axes_dataset_names) == ("probability", ["time"])


READERS = {
    "netCDF4": """
import netCDF4
def walk(group):
    for variable in group.variables.values():
        variable[...]
    for inner in group.groups.values():
        walk(inner)
with netCDF4.Dataset(path) as file:
    walk(file)
    print(sorted(file.groups))
""",
    "xarray with netCDF4": """
import xarray
xarray.open_dataset(path, engine="netcdf4").load()
groups = xarray.open_datatree(path, engine="netcdf4").load().groups
print(sorted(each.strip("/") for each in groups if each.count("/") == 1 != len(each)))
""",
    "xarray with h5netcdf": """
import xarray
xarray.open_dataset(path, engine="h5netcdf").load()
groups = xarray.open_datatree(path, engine="h5netcdf").load().groups
print(sorted(each.strip("/") for each in groups if each.count("/") == 1 != len(each)))
""",
    "tables": """
import tables
with tables.open_file(path) as file:
    for node in file.walk_nodes("/"):
        if hasattr(node, "read"):
            node.read()
    print(sorted(group._v_name for group in file.root._f_iter_nodes("Group")))
""",
}


@pytest.mark.parametrize("reader", READERS)
def test_other_programs_read_all_of_it(path, reader):
    # In a process of its own: netCDF-4 takes the whole process down at what it does not take.
    for module in {"tables": ["tables"], "netCDF4": ["netCDF4"]}.get(reader, ["xarray", *reader.split()[2:]]):
        pytest.importorskip(module, reason=f"needs {module}")
    with RecordingWriter.resume(path) as writer:
        writer.log("info", "a text with Δ and Ω", "tests")
    code = f"path = {str(path)!r}\n{READERS[reader]}"
    read = subprocess.run([sys.executable, "-W", "ignore", "-c", code], capture_output=True, text=True, check=False)
    assert (read.returncode, read.stderr) == (0, "")
    assert eval(read.stdout) == sorted([*GROUPS, "fits", "log", "results", "segments"])


def blocks_of_code() -> list[str]:
    """Return the pieces of Python in the how-to, in order."""
    return [piece.split("```")[0] for piece in HOW_TO.read_text(encoding="utf-8").split("```python\n")[1:]]


def test_what_the_how_to_says_works(tmp_path, monkeypatch):
    # The recording of a procedure as a reader of the page has it, and not one made for this test.
    pytest.importorskip("h5netcdf", reason="needs h5netcdf")
    pytest.importorskip("xarray", reason="needs xarray")
    monkeypatch.chdir(tmp_path)
    assert main(["run", "random-bitstream", "--set", "bits=5000", "--seed", "1", "--output", "run.h5"]) == 0
    names: dict[str, object] = {}
    for piece in blocks_of_code():
        exec(compile(piece, str(HOW_TO), "exec"), names)
    recording = Recording(tmp_path / "run.h5")
    np.testing.assert_array_equal(names["bits"], recording.bits[:])
    assert names["blocks"].equals(recording.blocks().drop(columns=[]))
    shares = recording.frame()["P(1)"].tolist()
    assert names["rows"]["P(1)"].tolist() == names["share"].values.tolist() == shares
    assert names["amplitude"] == 1.25
    assert names["results"].loc["misclassification", "value"] == 0
