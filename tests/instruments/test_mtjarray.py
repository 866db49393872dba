"""The array of junctions on the bench: through its tester, behind the interlock."""

from types import SimpleNamespace

import numpy as np
import pytest

from mtjlab.instruments import (
    BenchFile,
    InstrumentError,
    JunctionArraySettings,
    LimitError,
    WiringSettings,
    open_bench,
)
from mtjlab.instruments.drivers.mtjarray import ArrayTesterJunctionArray
from mtjlab.instruments.simulated.clock import Clock
from mtjlab.instruments.simulated.dialects.instrument_context import InstrumentContext
from mtjlab.instruments.simulated.dialects.simulated_mtjarray import SimulatedMtjArray
from mtjlab.instruments.simulated.scpi.scpi_server import ScpiServer

WIDTH = 1.5e-9
SMALL = (
    BenchFile.load("simulated-array")
    .text.replace("rows = 112", "rows = 37")
    .replace("columns = 28", "columns = 83")
    .replace(
        "vcma_spread = 0.02\nstability_spread = 0.02",
        "vcma_spread = 0.0\nstability_spread = 0.0\nstuck = 0.0\nweak = 0.0\nread_error = 0.0\nhalf_select = false",
    )
)


@pytest.fixture(scope="module")
def file(tmp_path_factory):
    path = tmp_path_factory.mktemp("bench") / "array.toml"
    path.write_text(SMALL, encoding="utf-8")
    return str(path)


@pytest.fixture
def bench(file):
    with open_bench(file, seed=1) as bench:
        yield bench


@pytest.fixture
def array(bench):
    return bench.junction_array


def test_a_pattern_comes_back_bit_by_bit(array):
    # 37 x 83 bits are no whole number of bytes; all bytes are among them, newlines too.
    pattern = np.random.default_rng(1).integers(0, 2, array.shape, dtype=np.uint8)
    array.write_pattern(pattern)
    assert np.array_equal(array.read_pattern(), pattern)
    array.write_pattern(1 - pattern)
    assert np.array_equal(array.read_pattern(), 1 - pattern)


def test_only_selected_cells_are_pulsed_and_all_are_counted(array):
    array.write_pattern(np.zeros(array.shape, np.uint8))
    array.switch_on()
    cells = np.random.default_rng(2).random(array.shape) < 0.3
    array.send_pulse(1.3, WIDTH, cells)
    switched = array.read_pattern() == 1
    assert not (switched & ~cells).any()
    assert switched[cells].mean() > 0.7
    array.send_levels(np.where(cells, 0, 1), [1.3, 1.0], WIDTH)
    assert array.pulses_of_cells.sum() == cells.sum() + cells.size
    assert array.pulses_of_cells[cells].max() == 2


def test_the_interlock_stands_before_the_array(bench, array):
    array.switch_on()
    with pytest.raises(LimitError, match=r"array amplitude = 1.9 V is refused: the bench allows .* 1.8 V"):
        array.send_pulse(1.9, WIDTH)
    with pytest.raises(LimitError, match="array width = 2e-07 s is refused"):
        array.send_pulse(1.2, 2e-7)
    with pytest.raises(LimitError, match=r"array amplitude = 1.9 V"):
        array.send_levels(np.zeros(array.shape, int), [1.2, 1.9], WIDTH)
    assert not array.pulses_of_cells.any()
    with pytest.raises(ValueError, match="expected uint8 0 and 1"):
        array.write_pattern(np.full(array.shape, 2, np.uint8))
    with pytest.raises(ValueError, match="expected bool"):
        array.send_pulse(1.2, WIDTH, np.ones((2, 2), bool))
    with pytest.raises(ValueError, match="-1 to 0"):
        array.send_levels(np.ones(array.shape, int), [1.2], WIDTH)


def test_a_safe_bench_has_its_drivers_disconnected_and_sends_nothing(bench, array):
    array.write_pattern(np.zeros(array.shape, np.uint8))
    array.switch_on()
    assert array.settings()["output"] == "True"
    bench.make_safe()
    assert array.settings()["output"] == "False"
    with pytest.raises(InstrumentError, match=r"-221|switched"):
        array.send_pulse(1.3, WIDTH)
    assert not array.read_pattern().any()


def test_an_array_of_another_size_is_refused_when_it_is_opened():
    context = InstrumentContext(
        SimpleNamespace(clock=Clock()),
        "junction_array",
        JunctionArraySettings(driver="mtjarray", rows=3, columns=4),
        WiringSettings(),
        seed=1,
    )
    server = ScpiServer(SimulatedMtjArray(context))
    wrong = JunctionArraySettings(driver="mtjarray", resource=server.resource, rows=4, columns=4)
    with pytest.raises(InstrumentError, match=r"has \(3, 4\) cells and the bench file says rows = 4, columns = 4"):
        ArrayTesterJunctionArray(wrong, WiringSettings())
    server.close()
