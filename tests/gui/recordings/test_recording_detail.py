"""What the pane says of a recording, as text and as a page; nothing of a file is taken for markup."""

from __future__ import annotations

import numpy as np
import pytest

pytest.importorskip("qtpy.QtWidgets", reason="needs Qt with its system libraries", exc_type=ImportError)

from mtjlab.data import ExportFormat, RecordingHead, RecordingParameter, RecordingWriter
from mtjlab.gui.recordings.detail_page import detail_page, log_page, plan_page
from mtjlab.gui.recordings.recording_detail import note_recording, read_detail
from mtjlab.gui.recordings.recording_export import export_name, export_recording

RED = "#b3362c"


@pytest.fixture
def path(tmp_path):
    """Write a bitstream with a plan, a warning, an instrument and a second segment."""
    head = RecordingHead(
        procedure="AcquireBits",
        parameters={
            "amplitude": RecordingParameter(1.25, "V", "Pulse <amplitude> & more."),
            "ceiling": RecordingParameter(None, "V", "Not set."),
        },
        columns={"voltage": "V"},
        sample={"wafer": "W3", "note": "a < b"},
        plan="[[run]]\nprocedure = 'random-bitstream'\n",
        bench="[roles.pulse_generator]\n",
    )
    path = tmp_path / "a.h5"
    with RecordingWriter.create(path, head) as writer:
        writer.add_instrument("pulse_generator", driver="keysight81160a", resource="TCPIP::1", idn="Keysight,81160A")
        writer.append(np.arange(1000) % 4 == 0, {"voltage": [0.5, 1.0]})
        writer.write_results({"rate": (250.0, 5.0, "1/s")})
        writer.log("warning", "the line <b>dropped</b>", "mtjlab.instruments")
    with RecordingWriter.resume(path) as writer:
        writer.append(np.arange(600) % 4 == 0)
    return path


def test_everything_that_is_recorded_is_told(path):
    detail = read_detail(str(path))
    told = dict(detail.overview)
    assert told["Status"] == "finished"
    assert told["Bits"] == "1,600"
    assert told["P(1)"] == "0.250 ± 0.011"  # sqrt(0.25 × 0.75 / 1600)
    assert told["Recorded for"].endswith("in 2 segments")
    assert (told["Wafer"], told["Bench"], told["Rows"]) == ("W3", "real instruments", "2")
    assert ("amplitude", "1.25", "V", "Pulse <amplitude> & more.") in detail.parameters
    assert ("ceiling", "", "V", "Not set.") in detail.parameters
    assert detail.results == [("rate", "250.0 ± 5.0 1/s")]
    assert detail.instruments == [("pulse_generator", "keysight81160a", "TCPIP::1", "Keysight,81160A")]
    assert [plot.table for plot in detail.plots] == ["data", "blocks"]
    assert detail.plan.startswith("[[run]]")


def test_pages_show_texts_of_a_file_as_they_are(path):
    detail = read_detail(str(path))
    page = detail_page(detail, RED)
    assert "Pulse &lt;amplitude&gt; &amp; more." in page
    assert "a &lt; b" in page
    assert page.index("Results") < page.index("Parameters") < page.index("Instruments")
    log = log_page(detail, RED)
    assert "the line &lt;b&gt;dropped&lt;/b&gt;" in log
    assert RED in log  # a warning is coloured
    assert "procedure = &#x27;random-bitstream&#x27;" in plan_page(detail)
    assert "[roles.pulse_generator]" in plan_page(detail)


def test_a_broken_file_has_a_page_too(path):
    path.write_bytes(path.read_bytes()[:5000])
    detail = read_detail(str(path))
    assert detail.facts.status == "broken"
    page = detail_page(detail, RED)
    assert "This file is broken" in page
    assert "is cut short at 5000 bytes" in page
    assert detail.plots == ()


def test_a_file_that_is_gone_is_an_error(path):
    path.unlink()
    with pytest.raises(OSError, match=r"a\.h5"):
        read_detail(str(path))


def test_notes_come_back_with_the_facts(path):
    facts = note_recording(str(path), ("paper",), "dry")
    assert (facts.tags, facts.remark, facts.bits) == (("paper",), "dry", 1600)
    assert any(row[2:] == ("tags", "paper") for row in read_detail(str(path)).log)


def test_exports_have_names_of_their_own(path):
    names = {
        (ExportFormat.CSV, "data"): "a.csv",
        (ExportFormat.CSV, "blocks"): "a.blocks.csv",
        (ExportFormat.ASCII, "data"): "a.txt",
        (ExportFormat.RECORDING, "data"): "a.copy.h5",
    }
    for (format_, table), name in names.items():
        assert export_name(path, format_, table) == path.with_name(name)


def test_each_kind_of_export_holds_what_was_recorded(path):
    bits = export_recording(path, path.with_name("a.txt"), "ascii", "data", False)
    assert bits.count == 1600
    assert (path.with_name("a.txt")).read_text().replace("\n", "")[:8] == "10001000"
    table = export_recording(path, path.with_name("a.csv"), "csv", "segments", False)
    assert table.count == 2
    export_recording(path, path.with_name("b.h5"), "recording", "data", False)
    assert read_detail(str(path.with_name("b.h5"))).facts.bits == 1600
    with pytest.raises(ValueError, match="exists already"):
        export_recording(path, path.with_name("a.csv"), "csv", "data", False)
    assert export_recording(path, path.with_name("a.csv"), "csv", "data", True).count == 2
