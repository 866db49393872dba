"""Drivers that are not of this package: what they must have, and that off is shown and never presumed."""

from importlib import metadata

import pytest

from mtjlab.instruments import open_bench
from mtjlab.instruments.bench.file import DRIVERS
from mtjlab.instruments.instrument_error import InstrumentError
from mtjlab.instruments.roles.role_table import ROLES
from mtjlab.instruments.roles.temperature_controller import TemperatureController
from mtjlab.instruments.safety.protocol_members import protocol_members
from mtjlab.instruments.simulated.direct_bench import DirectPulseGenerator, DirectSourceMeter

BENCH = """\
name = "foreign"
[roles.pulse_generator]
driver = "keysight81160a"
resource = "nowhere"
[roles.temperature_controller]
driver = "foreign"
resource = "nowhere"
{heater}
[limits]
pulse_amplitude = 1
pulse_width = 1e-6
pulse_energy = 1e-12
temperature = 350
[device]
name = "d"
resistance = 5e4
"""


class Heater:
    """Plays a temperature controller without being an `Adapter`."""

    def __init__(self, role, wiring):
        self.on = False

    def identify(self):
        return "LAB,HEATER,1,1"

    def temperature(self):
        return 300.0

    def set_temperature(self, temperature):
        pass

    def switch_on(self):
        self.on = True

    def switch_off(self):
        self.on = False

    def settings(self):
        return {"output": str(self.on)}

    def errors(self):
        return []

    def recover(self):
        self.switch_off()

    def close(self):
        pass


class Deaf(Heater):
    """Ignores being switched off."""

    def switch_off(self):
        pass


class Silent(Heater):
    """Does not tell whether it is on."""

    def settings(self):
        return {"setpoint": 300.0}


class Other(Heater):
    """Stands for any other instrument of the bench; writes down that it was opened."""

    opened = 0

    def __init__(self, role, wiring):
        super().__init__(role, wiring)
        type(self).opened += 1

    def __getattr__(self, name):
        return lambda *_: None


for member in protocol_members(ROLES["pulse_generator"].protocol) - set(vars(Heater)):
    setattr(Other, member, lambda self, *_: None)


@pytest.fixture
def open_with(monkeypatch, tmp_path):
    """Open a bench whose heater is of the lab's own kind."""
    opened = []

    def make(kind, heater="heater_off_at_end = true"):
        drivers = {"keysight81160a": Other, "foreign": kind}
        monkeypatch.setattr(DRIVERS, "names", lambda: list(drivers))
        monkeypatch.setattr(DRIVERS, "load", drivers.__getitem__)
        monkeypatch.setenv("MTJLAB_STATE", str(tmp_path))
        Other.opened = 0
        path = tmp_path / "foreign.toml"
        path.write_text(BENCH.format(heater=heater), encoding="utf-8")
        opened.append(open_bench(path))
        return opened[-1]

    yield make
    for bench in opened:
        bench.close()


@pytest.mark.parametrize("lacking", sorted(protocol_members(TemperatureController)))
def test_a_driver_that_lacks_a_member_is_refused_by_its_name_before_anything_is_opened(open_with, lacking):
    members = {name: value for name, value in vars(Heater).items() if name != lacking}
    with pytest.raises(ValueError, match=rf"'foreign' can ?not play this role: it has no {lacking}$"):
        open_with(type("Lacking", (), members))
    assert Other.opened == 0


def test_a_member_that_was_taken_away_is_lacking(open_with):
    with pytest.raises(ValueError, match=r"can ?not play this role: it has no recover"):
        open_with(type("Without", (Heater,), {"recover": None}))


def test_a_driver_that_does_not_tell_whether_it_is_on_does_not_open(open_with):
    with pytest.raises(InstrumentError, match=r"temperature_controller: its driver does not report whether .* is on"):
        open_with(Silent)


@pytest.mark.parametrize("off", ["off", 0, "False", False])
def test_off_may_be_told_in_several_words(open_with, off, caplog):
    told = type("Told", (Heater,), {"settings": lambda self: {"output": off}})
    bench = open_with(told)
    bench.temperature_controller.switch_off()  # raises where the instrument says that it is on
    bench.make_safe()
    assert "could not be switched off" not in caplog.text


def test_a_heater_that_ignores_off_is_reported(open_with, caplog):
    bench = open_with(Deaf)
    bench.temperature_controller.set_temperature(310.0)
    bench.temperature_controller.switch_on()
    with pytest.raises(InstrumentError, match="temperature_controller does not switch off: disconnect it by hand"):
        bench.temperature_controller.switch_off()
    bench.make_safe()
    assert "temperature_controller could not be switched off" in caplog.text


def test_every_shipped_driver_has_what_its_role_asks_for():
    for entry in metadata.entry_points(group="mtjlab.drivers"):
        driver = entry.load()
        fits = [
            role.name
            for role in ROLES.values()
            if all(getattr(driver, name, None) is not None for name in protocol_members(role.protocol))
        ]
        assert fits, f"{entry.name} plays no role"


def test_roles_of_the_direct_bench_have_it_too():
    for role, driver in (("pulse_generator", DirectPulseGenerator), ("source_meter", DirectSourceMeter)):
        asked = protocol_members(ROLES[role].protocol) - ROLES[role].guard.optional
        assert [name for name in asked if not hasattr(driver, name)] == []


def test_what_is_on_after_opening_is_switched_off_and_a_heater_is_left_alone(open_with):
    class Warm(Heater):
        def __init__(self, role, wiring):
            super().__init__(role, wiring)
            self.on = True

    bench = open_with(Warm, heater="")
    assert bench.temperature_controller.settings() == {"output": "True"}
    assert bench.pulse_generator.settings() == {"output": "False"}
