"""What is installed is found by its entry point, and a broken package disturbs nobody else."""

from importlib.metadata import entry_points

import pytest

from mtjlab.core.errors import InputError
from mtjlab.core.registry import Registry


def test_the_entry_points_are_those_that_python_finds():
    groups = {group for group in entry_points().groups if group.startswith("mtjlab.")}
    assert {"mtjlab.drivers", "mtjlab.procedures"} <= groups
    for group in groups:
        expected = {(entry.name, entry.module, entry.attr or "") for entry in entry_points(group=group)}
        assert {entry[:3] for entry in Registry(group, "thing").entries().values()} == expected


def test_a_package_that_comes_later_is_found_and_loaded_when_asked_for(installed):
    things = Registry("mtjlab.things", "thing")
    assert things.names() == []
    with pytest.raises(InputError, match="thing 'one' is not known; installed: none; install mtjlab again"):
        things.load("one")
    text = (
        "# of the lab\n[other]\nx = y:z\n\n[mtjlab.things]\ntwo = reg_of_lab:Two.inner [extra]\none=reg_of_lab : ONE\n"
    )
    installed("lab", text, reg_of_lab="ONE = 1\nclass Two:\n    inner = 2\n")
    assert things.names() == ["one", "two"]
    assert (things.load("one"), things.load("two")) == (1, 2)
    with pytest.raises(InputError, match="thing 'three' is not known; installed: one, two"):
        things.load("three")


def test_a_broken_package_is_named_and_the_others_stay(installed, caplog):
    installed("good", "[mtjlab.things]\ngood = reg_good:VALUE\n", reg_good="VALUE = 3")
    installed("bad", "[mtjlab.things]\nbad = reg_bad:VALUE\n", reg_bad="import no_such_module")
    installed("odd", "[mtjlab.things]\nodd = reg_good:VALUES\n")
    things = Registry("mtjlab.things", "thing", int)
    assert things.all() == {"good": 3}
    assert (
        "thing 'bad' of bad-1.0 cannot be loaded (ModuleNotFoundError: No module named 'no_such_module')" in caplog.text
    )
    assert "thing 'odd' of odd-1.0 cannot be loaded (AttributeError" in caplog.text
    with pytest.raises(InputError, match=r"thing 'good' of good-1\.0 is no str: correct or remove that package"):
        Registry("mtjlab.things", "thing", str).load("good")


def test_no_package_takes_a_name_of_mtjlab(installed):
    procedures = Registry("mtjlab.procedures", "procedure")
    before = procedures.entries()
    installed("rival", "[mtjlab.procedures]\nretention = reg_rival:Retention\nnew = reg_rival:New\n")
    assert procedures.entries() == before | {"new": procedures.entries()["new"]}


def test_a_family_makes_the_thing_of_each_number(installed):
    text = "[mtjlab.things]\npower-K = reg_powers:power\npower-3 = reg_powers:CUBE\nwords-K = reg_powers:words\n"
    installed("powers", text, reg_powers="CUBE = 27.5\ndef power(k): return 2.0**k\ndef words(k): return str(k)\n")
    things = Registry("mtjlab.things", "thing", int | float)
    assert things.names() == ["power-3", "power-K", "words-K"]
    assert (things.load("power-5"), things.load("power-3")) == (32.0, 27.5)  # an entry point of its own comes first
    assert "power-12" in things.names()
    assert things.all() == {"power-3": 27.5}
    for name in ("power-K", "power-", "power-05", "power", "-5"):
        assert name == "power-K" or name not in things.names()
        with pytest.raises(InputError, match=f"thing '{name}' is not known; installed: power-3, power-K, words-K"):
            things.load(name)
    with pytest.raises(InputError, match=r"thing 'words-K' of powers-1\.0 is no int and no float"):
        things.load("words-5")
