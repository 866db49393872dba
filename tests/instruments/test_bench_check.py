"""What `mtjlab bench check` says of settings that the bench does not allow."""

import pytest

from mtjlab.instruments.bench.check import check_bench
from mtjlab.instruments.bench.file import BenchFile

SAFE = {"output": "False"}


@pytest.fixture
def bench(tmp_path, whole_text, make_bench):
    path = tmp_path / "whole.toml"
    path.write_text(whole_text(), encoding="utf-8")
    with make_bench(BenchFile.load(path)) as bench:
        for instrument in bench.instruments.values():
            instrument.answers = {"identify": "MAKER,MODEL,1,2", "errors": [], "settings": SAFE}
        yield bench


@pytest.mark.parametrize(
    ("role", "settings", "message"),
    [
        ("pulse_generator", {"limit_high": 2.5}, "limit_high = 2.5 V, and the bench allows 1.79991 V"),
        ("pulse_generator", {"limit_low": -2.5}, "limit_low = -2.5 V, and the bench allows 1.79991 V"),
        ("pulse_generator", {"limit": 7.5}, "limit = 7.5 V, and the bench allows 1.79991 V"),
        ("source_meter", {"source_voltage": -0.3}, "source_voltage = -0.3 V, and the bench allows 0.2 V"),
        ("source_meter", {"compliance_current": 1e-3}, "compliance_current = 0.001 A, and the bench allows 0.0001 A"),
        ("current_source", {"source_current": 2e-5}, "source_current = 2e-05 A, and the bench allows 1e-05 A"),
        ("current_source", {"source_compliance": 100.0}, "source_compliance = 100 V, and the bench allows 10 V"),
        ("temperature_controller", {"setpoint": 400.0}, "setpoint = 400 K, and the bench allows 350 K"),
        ("coil", {"source_level": -0.2, "coil_constant": 0.5}, "field = -0.1 T, and the bench allows 0.05 T"),
        ("source_meter", {"source_voltage": float("nan")}, "source_voltage = nan V, and the bench allows 0.2 V"),
        ("coil", {"output": "True"}, "its output is on"),
    ],
)
def test_a_setting_beyond_a_limit_is_told(bench, role, settings, message):
    bench.instruments[role].answers["settings"] = {**SAFE, **settings}
    reports = check_bench(bench)
    assert {name: report.beyond for name, report in reports.items() if report.beyond} == {role: [message]}


def test_settings_at_the_limits_are_not_beyond_and_the_error_queue_is_read_first(bench):
    bench.instruments["source_meter"].answers |= {
        "errors": ["-222, Data out of range"],
        "settings": {**SAFE, "source_voltage": 0.2, "compliance_current": 1e-4},
    }
    bench.instruments["pulse_generator"].answers["settings"] = {**SAFE, "limit_high": 1.79991, "limit_low": -1.79991}
    bench.instruments["coil"].answers["settings"] = {**SAFE, "source_level": 0.1, "coil_constant": 0.5}
    reports = check_bench(bench)
    assert [report.beyond for report in reports.values()] == [[]] * len(reports)
    assert reports["source_meter"].errors == ["-222, Data out of range"]
    assert reports["source_meter"].idn == "MAKER,MODEL,1,2"
    assert [call[1] for call in bench.calls if call[0] == "source_meter"] == ["errors", "identify", "settings"]
