"""P(1) against resistance and temperature: the intervals cover, and a recording gives what it holds."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.signal import lfilter
from scipy.stats import pearsonr, spearmanr

from mtjlab.analysis.bitstream.correlations import Correlation, correlation
from mtjlab.analysis.bitstream.findings import stream_findings
from mtjlab.analysis.bitstream.not_applicable import NotApplicable
from mtjlab.analysis.bitstream.physics_of_stream import stream_physics
from mtjlab.analysis.bitstream.recorded_conditions import RecordedConditions, Stretches
from mtjlab.core import InputError
from mtjlab.data import Blocks, Recording, RecordingHead, RecordingParameter, RecordingWriter

Series = NDArray[np.float64]


def wandering(rng: np.random.Generator, memory: float, count: int, of: int) -> Series:
    """Draw series whose values remember the one before; shape (of, count)."""
    drawn: Series = lfilter([1.0], [1.0, -memory], rng.standard_normal((of, count + 200)), axis=1)[:, 200:]
    return drawn


def test_coefficients_are_those_of_scipy() -> None:
    rng = np.random.default_rng(41)
    x = rng.standard_normal(300)
    y = 0.4 * x + rng.standard_normal(300)
    found = correlation(x, y)
    assert found.pearson.value == pytest.approx(pearsonr(x, y).statistic, rel=1e-12)
    assert found.spearman.value == pytest.approx(spearmanr(x, y).statistic, rel=1e-12)
    # Independent pairs are worth what they are, up to the scatter of their autocorrelations.
    assert 250 < found.independent <= 300
    assert found.pearson.low < 0.4 / np.sqrt(1.16) < found.pearson.high


def test_intervals_of_series_that_remember_cover_what_they_should() -> None:
    rng = np.random.default_rng(42)
    x, y = wandering(rng, 0.9, 400, 300), wandering(rng, 0.9, 400, 300)
    found = [correlation(*pair) for pair in zip(x, y, strict=True)]
    inside = np.mean([each.pearson.low < 0 < each.pearson.high for each in found])
    plain = np.mean([pearsonr(*pair).pvalue > 0.05 for pair in zip(x, y, strict=True)])
    # Taken as independent, half of these pairs would be called correlated.
    assert plain < 0.6
    # 95 %, with a deviation of 0.013 over 300 pairs; n' is estimated, which costs some percent.
    assert 0.88 < inside <= 1.0
    assert np.median([each.independent for each in found]) == pytest.approx(400 * (1 - 0.81) / 1.81, rel=0.4)


def test_pairs_that_are_not_finite_have_no_part() -> None:
    rng = np.random.default_rng(43)
    x, y = rng.standard_normal((2, 50))
    with_gaps = np.append(x, [np.nan, np.inf, 1.0]), np.append(y, [1.0, 2.0, np.nan])
    assert correlation(*with_gaps).pearson == correlation(x, y).pearson


@pytest.mark.parametrize(
    ("x", "y", "says"),
    [
        (np.arange(9.0), np.arange(9.0), "at least 10"),
        (np.ones(20), np.arange(20.0), "constant"),
        (np.arange(20.0), np.ones(20), "constant"),
        (np.arange(20.0), np.arange(21.0), "shapes"),
    ],
)
def test_what_has_no_correlation_is_refused_in_one_line(x: Series, y: Series, says: str) -> None:
    with pytest.raises(InputError, match=says) as error:
        correlation(x, y)
    assert "\n" not in str(error.value)


BLOCKS, SIZE, PERIOD = 120, 1000, 1e-3


@pytest.fixture
def record(tmp_path: Path) -> Callable[..., Recording]:
    """Record blocks whose P follows the temperature; keywords change the head, `rows` makes the rows."""

    def record(rows: Callable[[int, float], dict[str, float]], columns: dict[str, str], **head: Any) -> Recording:
        rng = np.random.default_rng(44)
        path = tmp_path / "bits.h5"
        with RecordingWriter.create(path, RecordingHead("Bits", columns=columns, **head)) as writer:
            for block in range(BLOCKS):
                kelvin = 300 + np.sin(block / 7) + rng.normal(0, 0.7)
                bits = rng.random(SIZE) < 0.5 + 0.05 * (kelvin - 300)
                begun = 1e9 + block * SIZE * PERIOD
                writer.append(
                    Blocks(bits, start=begun), rows={name: [value] for name, value in rows(block, kelvin).items()}
                )
        return Recording(path)

    return record


def test_a_recording_tells_with_what_p_goes(record: Callable[..., Recording]) -> None:
    recording = record(
        lambda block, kelvin: {
            "Temperature": kelvin,
            "Parallel current": 0.05 / (1000 + block % 5),
            "Antiparallel current": 0.05 / (2000 - 3 * (kelvin - 300)),
        },
        {"Temperature": "K", "Parallel current": "A", "Antiparallel current": "A"},
        parameters={"bias": RecordingParameter(0.05, "V")},
    )
    found = stream_physics(recording)
    assert found.period == pytest.approx(PERIOD)
    assert set(found.correlations) == {"Temperature", "parallel resistance", "antiparallel resistance"}
    pearson = {name: each.pearson for name, each in found.correlations.items() if isinstance(each, Correlation)}
    assert pearson["Temperature"].low > 0.5
    assert pearson["antiparallel resistance"].high < -0.5
    assert pearson["parallel resistance"].low < 0 < pearson["parallel resistance"].high
    says = stream_findings(found)["correlations"]
    assert "P(1) follows" in says.says
    assert says.junction is None
    # The wave of the temperature, 44 blocks long, is seen with its frequency in Hz from the times of the blocks.
    assert not isinstance(found.spectrum, NotApplicable)
    assert found.spectrum.lines[0].frequency == pytest.approx(1 / (2 * np.pi * 7 * SIZE * PERIOD), abs=1 / 120)


def test_a_recording_without_the_columns_says_so(record: Callable[..., Recording]) -> None:
    found = stream_physics(record(lambda block, kelvin: {"P(1)": 0.5}, {"P(1)": ""}))
    assert found.correlations == {
        "resistance": NotApplicable("the recording has no such column"),
        "temperature": NotApplicable("the recording has no such column"),
    }


def test_several_junctions_are_not_correlated_with_each_other(record: Callable[..., Recording]) -> None:
    recording = record(
        lambda block, kelvin: {"Temperature": kelvin},
        {"Temperature": "K"},
        parameters={"junctions": RecordingParameter("a, b", "")},
        simulated=True,
    )
    found = stream_physics(recording)
    assert isinstance(found.correlations["temperature"], NotApplicable)
    assert len(found.remarks) == 2


def test_blocks_are_joined_as_their_rows_are(record: Callable[..., Recording]) -> None:
    recording = record(lambda block, kelvin: {"Temperature": 300.0 + block}, {"Temperature": "K"})
    stretches = Stretches.of(recording, 50)
    assert stretches.joined == 3
    assert stretches.counts.tolist() == [3 * SIZE] * 40
    assert stretches.ones.sum() == recording.packed_bits().ones()
    unit, values = RecordedConditions.of(recording, stretches).values["Temperature"]
    assert unit == "K"
    assert values == pytest.approx(301.0 + 3 * np.arange(40))
    # A bit's time lies between those of the blocks around it.
    assert stretches.times(np.array([0, 1500, 119_999])) == pytest.approx([0, 1.5, 119.999])


def test_a_resumed_recording_counts_no_pause(tmp_path: Path) -> None:
    rng = np.random.default_rng(45)
    path = tmp_path / "bits.h5"
    with RecordingWriter.create(path, RecordingHead("Bits")) as writer:
        for block in range(40):
            pause = 3600.0 if block >= 20 else 0.0
            writer.append(Blocks(rng.integers(0, 2, SIZE), start=1e9 + block * SIZE * PERIOD + pause))
    found = stream_physics(Recording(path))
    assert found.period == pytest.approx(PERIOD)
    assert not isinstance(found.windows, NotApplicable)
    assert found.windows.times[-1] > 3600


def test_rows_that_are_no_blocks_are_put_to_them_by_their_times(tmp_path: Path) -> None:
    path = tmp_path / "bits.h5"
    rng = np.random.default_rng(46)
    begun = 1e9
    with RecordingWriter.create(path, RecordingHead("Bits", columns={"Temperature": "K"})) as writer:
        for block in range(20):
            writer.append(Blocks(rng.integers(0, 2, SIZE), start=begun + 10.0 * block))
        # A thermometer that is read every 4 s, and once gives nothing.
        times = np.arange(0.0, 200.0, 4.0)
        kelvin = 300 + times / 10
        kelvin[7] = np.nan
        writer.append(rows={"Temperature": kelvin}, row_times=begun + times)
    recording = Recording(path)
    _, values = RecordedConditions.of(recording, Stretches.of(recording)).values["Temperature"]
    assert values == pytest.approx(300 + np.arange(20))


def test_means_of_joined_rows_leave_out_what_is_not_finite(tmp_path: Path) -> None:
    path = tmp_path / "bits.h5"
    with RecordingWriter.create(path, RecordingHead("Bits", columns={"R": "Ω", "name": ""})) as writer:
        for ohms in (1.0, np.nan, 3.0, np.nan, np.nan, np.inf, 7.0):
            writer.append(Blocks([0, 1]), rows={"R": [ohms], "name": [0.0]})
    recording = Recording(path)
    stretches = Stretches.of(recording, 3)
    values = RecordedConditions.of(recording, stretches).values
    assert set(values) == {"R"}
    unit, ohms = values["R"]
    assert unit == "Ω"
    assert np.array_equal(ohms, [2.0, np.nan, 7.0], equal_nan=True)


def test_a_recording_without_bits_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "bits.h5"
    RecordingWriter.create(path, RecordingHead("Bits")).close()
    recording = Recording(path)
    assert Stretches.of(recording).period is None
    assert not Stretches.of(recording).rises
    with pytest.raises(InputError, match="at least one bit"):
        stream_physics(recording)


def test_blocks_of_one_time_count_pulses(tmp_path: Path) -> None:
    path = tmp_path / "bits.h5"
    with RecordingWriter.create(path, RecordingHead("Bits")) as writer:
        for _ in range(30):
            writer.append(Blocks(np.tile([0, 1, 1], 100), start=1e9))
    found = stream_physics(Recording(path))
    assert found.period is None
    assert not isinstance(found.windows, NotApplicable)
    assert found.windows.time_unit == "pulse"
    with pytest.raises(InputError, match="do not rise"):
        Stretches.of(Recording(path)).times(np.arange(3))


@pytest.mark.parametrize(
    ("parameters", "says"),
    [
        ({"mode": RecordingParameter("reset")}, "mode reset"),
        ({"extract": RecordingParameter("von-neumann")}, "extractor"),
        ({"junctions": RecordingParameter("a,b")}, "Several junctions"),
        ({"mode": RecordingParameter("toggle"), "extract": RecordingParameter("none")}, ""),
    ],
)
def test_bits_that_are_no_switches_are_remarked(
    tmp_path: Path, parameters: dict[str, RecordingParameter], says: str
) -> None:
    path = tmp_path / "bits.h5"
    with RecordingWriter.create(path, RecordingHead("Bits", parameters=parameters)) as writer:
        writer.append(Blocks([0, 1, 1, 0]))
    remarks = stream_physics(Recording(path)).remarks
    assert [says in remark for remark in remarks] == [True] * bool(says)
