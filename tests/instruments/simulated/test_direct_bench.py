"""What a procedure reads without the wires is what it reads over them."""

import pytest

from mtjlab.instruments import open_bench
from mtjlab.instruments.instrument_error import InstrumentError
from mtjlab.instruments.safety.limits import LimitError
from mtjlab.instruments.simulated.direct_bench import open_direct_bench


def readings(bench):
    meter, coil = bench.source_meter, bench.perpendicular_coil
    meter.set_bias(0.02, 1e-5)
    meter.set_integration(0.1)
    meter.switch_on()
    coil.switch_on()
    seen = []
    for field in (0.06, -0.05, -0.06, -0.07):
        coil.set_field(field)
        seen += [meter.read().current for _ in range(3)]
    return [*seen, bench.time]


def test_readings_in_fields_are_the_same_numbers():
    with open_bench("simulated-loops", seed=5) as wired, open_direct_bench("simulated-loops", seed=5) as direct:
        assert readings(direct) == readings(wired)


def block(bench):
    bench.pulse_generator.set_pulse(1.25, 10e-9)
    bench.source_meter.set_bias(0.05, 2e-5)
    bench.source_meter.set_integration(0.01)
    bench.source_meter.prepare_block(100, 1e-6)
    bench.pulse_generator.arm_external()
    bench.source_meter.switch_on()
    bench.pulse_generator.switch_on()
    bench.source_meter.start_block()
    return bench.source_meter.fetch_block().tolist()


def test_a_block_of_pulses_is_the_same_numbers():
    with open_bench("simulated", seed=5) as wired, open_direct_bench("simulated", seed=5) as direct:
        assert block(direct) == block(wired)


def test_the_interlock_is_there_and_a_short_is_noticed():
    with open_direct_bench("simulated-loops", seed=1) as bench:
        with pytest.raises(LimitError, match="field"):
            bench.coil.set_field(0.5)
        bench.source_meter.set_bias(0.4, 1e-7)
        bench.source_meter.switch_on()
        with pytest.raises(InstrumentError, match="compliance"):
            bench.source_meter.read()
