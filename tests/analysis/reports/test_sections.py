"""What each section says of a recording, and when there is none."""

from dataclasses import replace

import numpy as np
import pytest

from mtjlab.analysis.reports.energy_section import ENERGY
from mtjlab.analysis.reports.file_section import FILE
from mtjlab.analysis.reports.measurement_section import MEASUREMENT, words_of
from mtjlab.analysis.reports.report_parts import Picture, Table
from mtjlab.analysis.reports.report_section import sections_of
from mtjlab.analysis.reports.report_subject import ProcedureKnowledge, ReportSubject
from mtjlab.analysis.reports.results_section import MOST_ROWS, RESULTS
from mtjlab.analysis.reports.stream_section import STREAM
from mtjlab.analysis.reports.use_section import USE
from mtjlab.analysis.reports.verdict_section import TESTS, VERDICT
from mtjlab.core import InputError, Quantity
from mtjlab.data.recording import Recording


@pytest.fixture
def subject(quick):
    def open_it(path, **changes):
        return ReportSubject(Recording(path), replace(quick, **changes))

    return open_it


@pytest.mark.parametrize(
    ("value", "said"),
    [(1_000_000, "1,000,000"), (1e-8, "1e-08"), (1.25, "1.25"), (True, "True"), ("none", "none"), (3e7, "30,000,000")],
)
def test_values_are_written_for_people(value, said):
    assert words_of(value) == said


def test_what_was_measured_names_sample_bench_and_duration(record, fair_bits, subject):
    section = MEASUREMENT.make(subject(record(bits=fair_bits)))
    assert section.facts["Wafer"] == "W07"
    assert section.facts["Operator"] == "Ada"
    assert section.facts["Bench"] == "real instruments"
    assert section.facts["Bits"] == "50,000"
    assert section.texts == {"Plan": "[[runs]]\n", "Bench file": 'name = "test"\n'}
    parameters = next(part for part in section.parts if part.caption.startswith("Parameters"))
    assert list(parameters.rows) == [("amplitude", "Pulse amplitude.", "1.5", "V")]


def test_a_sample_that_nobody_stated_is_said_to_be_so(record, fair_bits, subject):
    section = MEASUREMENT.make(subject(record(bits=fair_bits, sample={}, plan=None, simulated=True)))
    assert section.facts["Sample"] == "not stated"
    assert section.facts["Bench"].startswith("simulated")
    assert "Plan" not in section.texts


def test_rows_without_bits_have_no_section_about_bits(record, subject):
    path = record(rows={"time": np.arange(9.0), "resistance": np.arange(9.0)})
    asked = subject(path)
    assert asked.streams == ()
    assert [kind.make(asked) for kind in (VERDICT, TESTS, STREAM, USE, ENERGY)] == [None] * 5
    facts = MEASUREMENT.make(asked).facts
    assert "Bits" not in facts
    assert facts["Rows"] == "9"


def test_bits_are_good_for_images_or_not(record, subject):
    biased = (np.random.default_rng(6).random(200_000) < 0.3).astype(np.uint8)
    (table,) = USE.make(subject(record(bits=biased))).parts
    raw, conditioned = table.rows
    assert raw[0] == "as recorded"
    assert raw[1] == "200,000"
    assert ": no, bias" in raw[-1]
    assert int(conditioned[1].replace(",", "")) == pytest.approx(200_000 * 0.3 * 0.7, rel=0.03)
    assert ": no" not in conditioned[-1]


def test_bits_that_an_extractor_keeps_none_of_are_said_to_be_gone(record, subject):
    (table,) = USE.make(subject(record(bits=np.ones(4000, np.uint8)))).parts
    assert table.rows[1][-1] == "no bits are left"


def test_ten_questions_are_answered_in_a_table_and_drawn(record, fair_bits, subject):
    section = STREAM.make(subject(record(bits=fair_bits)))
    table = section.parts[0]
    assert isinstance(table, Table)
    answers = {row[0]: row[3] for row in table.rows}
    assert answers["Bias"] == "not decided by it"
    assert answers["Resistance and temperature"] == "not applicable"
    pictures = [part for part in section.parts if isinstance(part, Picture)]
    assert {picture.caption for picture in pictures} == {row[0] for row in table.rows if row[3] != "not applicable"}
    assert all(len(picture.alt) > len(picture.caption) for picture in pictures)


def test_a_generator_that_is_no_junction_is_told_so_with_the_plots_that_are_wanted(record, subject):
    path = record(bits=np.tile([0, 0, 1, 0, 1, 1, 1, 0], 2000).astype(np.uint8))
    section = STREAM.make(subject(path, plots=("runs", "nothing")))
    assert [part.caption for part in section.parts[1:]] == ["Run lengths"]
    assert "no" in [row[3] for row in section.parts[0].rows]


def test_long_tables_of_rows_are_thinned_and_not_printed(record, subject):
    rows = {"time": np.arange(1000.0), "resistance": np.arange(1000.0)}
    section = RESULTS.make(subject(record(rows=rows)))
    table = section.parts[-1]
    assert len(table.rows) == MOST_ROWS
    assert [row[0] for row in table.rows[:3]] == ["1", "6", "11"]
    assert (table.is_folded, table.printed) == (True, False)
    assert list(table.heads) == ["row", "time [s]", "resistance [Ω]"]


def test_a_poor_fit_is_warned_of(record, subject):
    results = {"Rp": Quantity(5e4, 10.0, "Ω"), "goodness (p)": Quantity(1e-9)}
    section = RESULTS.make(subject(record(rows={"time": [0.0, 1.0], "resistance": [1.0, 2.0]}, results=results)))
    assert "Warning: " in section.text


def test_the_picture_of_the_procedure_is_taken_where_it_can_be_drawn(record, fair_bits, subject):
    def draw(recording):
        return b"\x89PNG of " + recording.procedure.encode()

    def refuse(recording):
        raise InputError("it lacks a column")

    path = record(bits=fair_bits)
    taken = RESULTS.make(subject(path, knowledge=ProcedureKnowledge(picture=draw)))
    assert taken.parts[0].png == b"\x89PNG of AcquireBits"
    refused = RESULTS.make(subject(path, knowledge=ProcedureKnowledge(picture=refuse)))
    assert refused.text == "There is no picture: it lacks a column."


def test_energy_needs_the_line_and_pulses(record, fair_bits, subject):
    path = record(bits=fair_bits)
    assert ENERGY.make(subject(path)) is None
    line = ProcedureKnowledge(line=lambda recording: ((lambda resistance: 1.0), 0.0, 5e4))
    assert ENERGY.make(subject(path, knowledge=line)) is None  # nothing says how long the pulses were


def test_a_file_that_was_damaged_is_said_to_be(record, fair_bits, subject):
    path = record(bits=fair_bits)
    content = bytearray(path.read_bytes())
    place = content.find(np.packbits(fair_bits[:8000]).tobytes()[:64])
    assert place > 0
    content[place + 10] ^= 0xFF
    path.write_bytes(content)
    facts = FILE.make(subject(path)).facts
    assert facts["Check"].startswith("1 faults: ")
    assert facts["Status"] == "finished (complete)"


def test_the_log_and_the_versions_are_in_the_report(record, fair_bits, subject):
    section = FILE.make(subject(record(bits=fair_bits, messages=["a bit was stuck"]), command="mtjlab report x"))
    assert section.parts[0].rows[-1][-1] == "a bit was stuck"
    assert section.facts["Report made with"] == "mtjlab report x"
    for package in ("mtjlab 0.", "numpy ", "h5py ", "Python 3."):
        assert package in section.facts["Report made by"]


def test_a_section_that_is_left_out_is_not_made(record, fair_bits, subject):
    path = record(bits=fair_bits)
    titles = [section.title for section in sections_of(subject(path, leave_out=("stream", "use", "tests")))]
    assert titles == ["Verdict", "What was measured, on what, and how", "Results", "File and software"]


def test_progress_is_shown_under_names(record, fair_bits, subject):
    shown = {}

    def stage(name):
        return lambda done, total: shown.update({name: done / total})

    sections_of(subject(record(bits=fair_bits), stage=stage))
    assert shown == {"mtjlab's tests": 1.0, "verify": 1.0, "hash": 1.0}
