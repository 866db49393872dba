"""A package that mtjlab knows nothing of adds a role: one module and an entry point."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from mtjlab.instruments.roles.coil import COIL
from mtjlab.instruments.roles.role_table import SHIPPED, with_roles_of_others

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs/how-to/add-a-role.md").read_text(encoding="utf-8")
ROLE = re.findall(r"^```python\n(.*?)^```", PAGE, re.DOTALL | re.MULTILINE)[0]
ENTRY_POINTS = """\
[mtjlab.roles]
rf_source = my_lab.rf_source:RF_SOURCE
broken = my_lab.no_such_module:ROLE

[mtjlab.drivers]
smb100a = my_lab.smb100a:Smb100a
"""
DRIVER = '''
class Smb100a:
    """Writes down what it is told, and does it."""

    calls = []

    def __init__(self, role, wiring):
        self._told("open", role.frequency)
        self.on, self.power = False, 0.0

    def _told(self, *call):
        self.calls.append(call)

    def set_power(self, power):
        self._told("set_power", power)
        self.power = power

    def set_limit(self, power):
        self._told("set_limit", power)

    def identify(self):
        return "ROHDE,SMB100A,1,2"

    def errors(self):
        return []

    def recover(self):
        self.on, self.power = False, 0.0

    def close(self):
        self._told("close")

    def switch_on(self):
        self._told("switch_on")
        self.on = True

    def switch_off(self):
        self._told("switch_off")
        self.on = False

    def settings(self):
        return {"output": str(self.on), "power": self.power}
'''
BENCH = """\
name = "RF lab"
[roles.rf_source]
driver = "smb100a"
resource = "TCPIP0::192.0.2.1::INSTR"
frequency = 2e9
[limits]
{limit}
[device]
name = "W1"
resistance = 40e3
"""
SCRIPT = """
import json
import sys

from my_lab.rf_source import RF_SOURCE, GuardedRfSource
from my_lab.smb100a import Smb100a

from mtjlab.core.errors import MtjlabError
from mtjlab.instruments import open_bench
from mtjlab.instruments.bench.check import check_bench
from mtjlab.instruments.bench.file import BenchFile
from mtjlab.instruments.bench.null_bench import unplugged_bench
from mtjlab.instruments.bench.reference import bench_reference
from mtjlab.instruments.bench.schema import bench_schema
from mtjlab.instruments.bench.template import bench_template


def refusal(call):
    try:
        call()
    except MtjlabError as error:
        return f"{type(error).__name__}: {error}"
    return None


found = {"refused": {}}
with open_bench(sys.argv[1]) as bench:
    source = bench.role("rf_source")
    found["guard"] = isinstance(source, GuardedRfSource) and bench.role(RF_SOURCE) is source
    found["opened"], Smb100a.calls[:] = list(Smb100a.calls), []
    found["refused"]["unknown power"] = refusal(source.switch_on)
    for name, power in {"too much": 2e-4, "negative": -1e-9, "not a number": float("nan"), "words": "much"}.items():
        found["refused"][name] = refusal(lambda power=power: source.set_power(power))
    found["sent while refused"], Smb100a.calls[:] = list(Smb100a.calls), []
    source.set_power(1e-4)
    source.switch_on()
    found["on"], Smb100a.calls[:] = list(Smb100a.calls), []
    source._instrument.power = 3e-4  # somebody at the front panel
    report = check_bench(bench)["rf_source"]
    found["check"] = [report.idn, report.driver, report.beyond]
    Smb100a.calls.clear()
    bench.make_safe()
    found["made safe"] = Smb100a.calls[0], source.settings()["output"]
    source.switch_on()
    Smb100a.calls.clear()
found["closed"] = [call for call in Smb100a.calls if call[0] in ("switch_off", "close")]
null = unplugged_bench(sys.argv[1])
found["refused"]["dry run"] = refusal(lambda: null.role("rf_source").set_power(1.0))
found["refused"]["without limit"] = refusal(lambda: BenchFile.load(sys.argv[2]))
found["refused"]["no such role"] = refusal(lambda: open_bench("simulated").role("amr_bridge"))
simulated = open_bench("simulated")
found["refused"]["no such instrument"] = refusal(lambda: simulated.role("rf_source"))
simulated.close()
found["reference"] = bench_reference()
found["schema"] = bench_schema()
found["template"] = bench_template()
print(json.dumps(found))
"""


@pytest.fixture(scope="module")
def found(tmp_path_factory):
    """Install the package of the page beside mtjlab, use it, and say what happened."""
    folder = tmp_path_factory.mktemp("installed")
    package, info = folder / "my_lab", folder / "my_lab-1.dist-info"
    for each in (package, info):
        each.mkdir()
    (package / "__init__.py").touch()
    (package / "rf_source.py").write_text(ROLE, encoding="utf-8")
    (package / "smb100a.py").write_text(DRIVER, encoding="utf-8")
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: my-lab\nVersion: 1\n", encoding="utf-8")
    (info / "entry_points.txt").write_text(ENTRY_POINTS, encoding="utf-8")
    for name, limit in (("lab", "rf_power = 1e-4"), ("without", "pulse_width = 1e-7")):
        (folder / f"{name}.toml").write_text(BENCH.format(limit=limit), encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT, str(folder / "lab.toml"), str(folder / "without.toml")],
        env={
            **os.environ,
            "PYTHONPATH": str(folder),
            "MTJLAB_STATE": str(folder),
            "MTJLAB_LOCKS": str(folder / "locks"),
        },
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    return {**json.loads(done.stdout), "stderr": done.stderr}


def test_it_is_opened_from_a_bench_file_behind_its_guard_with_its_backstop(found):
    assert found["guard"]
    assert found["opened"][0] == ["open", 2e9]
    assert ["set_limit", 1e-4] in found["opened"]


@pytest.mark.parametrize(
    ("what", "message"),
    [
        ("too much", "LimitError: rf power = 0.0002 W is refused: the bench allows 0 to 0.0001 W"),
        ("negative", "LimitError: rf power = -1e-09 W is refused"),
        ("not a number", "LimitError: rf power = nan W is refused"),
        ("words", "InputError: rf power"),
        (
            "unknown power",
            "InstrumentError: rf_source is not switched on: nothing was set since .* call set_power first",
        ),
        ("dry run", "LimitError: rf power = 1 W is refused"),
        ("without limit", r"InputError: .*limits.*rf_power.* is missing; \[roles.rf_source\] needs it"),
        (
            "no such role",
            "InstrumentError: there is no role amr_bridge; there are: pulse_generator, junction_array, curr",
        ),
        ("no such instrument", r"InstrumentError: no rf source on this bench: add \[roles.rf_source\]"),
    ],
)
def test_what_is_beyond_its_limit_or_not_known_is_refused(found, what, message):
    assert re.match(message, found["refused"][what] or "nothing was refused"), found["refused"][what]


def test_nothing_is_sent_for_what_is_refused_and_what_is_allowed_is(found):
    assert found["sent while refused"] == []
    assert found["on"] == [["set_power", 1e-4], ["switch_on"]]


def test_it_is_made_safe_and_switched_off_before_it_is_given_back(found):
    assert found["made safe"] == [["switch_off"], "False"]
    assert found["closed"][0] == ["switch_off"]
    assert found["closed"][-1] == ["close"]


def test_bench_check_says_what_stands_beyond_its_limit(found):
    beyond = ["power = 0.0003 W, and the bench allows 0.0001 W", "its output is on"]
    assert found["check"] == ["ROHDE,SMB100A,1,2", "smb100a", beyond]


def test_reference_schema_and_template_have_it(found):
    assert "| rf_source | Heats the junction with radio-frequency power. |" in found["reference"]
    assert "### `[roles.rf_source]`, besides" in found["reference"]
    assert "| frequency | Hz | above 0 | 1e+09 | Carrier frequency. |" in found["reference"]
    assert "| rf_power | W | above 0 | 0 | Largest power of the RF source. |" in found["reference"]
    assert "frequency" in found["schema"]["$defs"]["RfSettings"]["properties"]
    assert "# [roles.rf_source]\n# " in found["template"]
    assert "# rf_power = 0.0001\n" in found["template"]


def test_a_role_that_does_not_load_is_left_out_and_said(found):
    assert "role 'broken' of my_lab-1 cannot be loaded (ModuleNotFoundError" in found["stderr"]


def page(**changes):
    """Run the page's module, changed here and there, and give its role."""
    code = ROLE
    for old, new in changes.values():
        assert old in code
        code = code.replace(old, new)
    names = {"__name__": "my_lab"}
    exec(code, names)
    return names["RF_SOURCE"]


SETTER = 'def set_power(self, power: float) -> None:\n        """Check'


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"name": ('name="rf_source"', 'name="coil"')}, "its name is 'coil': give the entry point's"),
        ({"setter": (SETTER, SETTER.replace("set_power", "other"))}, "GuardedRfSource does not guard set_power"),
        ({"guard": (", Switched\n", ", Guarded as Switched\n")}, "is not derived from Switched"),
    ],
)
def test_a_role_that_would_get_round_the_interlock_is_left_out(changes, why, caplog):
    roles = with_roles_of_others(SHIPPED, {"rf_source": page(**changes)})
    assert list(roles) == [role.name for role in SHIPPED]
    assert why in caplog.text


def test_nobody_takes_the_place_of_a_shipped_role_or_changes_its_limits(caplog):
    roles = with_roles_of_others(SHIPPED, {"coil": page(name=('"rf_source"', '"coil"'))})
    assert roles["coil"] is COIL
    assert "there is a role of this name already" in caplog.text
    with_roles_of_others(SHIPPED, {"rf_source": page(limit=("    rf_power:", "    field:"))})
    assert "its limit field differs from that of coil" in caplog.text


def test_roles_stand_in_the_order_in_which_they_are_made_safe():
    roles = list(with_roles_of_others(SHIPPED, {"rf_source": page()}))
    assert roles[:5] == ["pulse_generator", "junction_array", "current_source", "rf_source", "source_meter"]
    assert roles.index("rf_source") < roles.index("multiplexer")


def test_the_roles_that_ship_pass_what_is_asked_of_others(caplog):
    roles = with_roles_of_others([], {role.name: role for role in SHIPPED})
    assert list(roles) == [role.name for role in SHIPPED]
    assert not caplog.text
