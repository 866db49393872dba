"""The processor's energy counter is read where there is one, over its wrap, and stated power is used where not."""

import pytest

from mtjlab.analysis.energy.processor import EnergyCounter, converted_normals, software_normals
from mtjlab.analysis.noise.inverse_cdf16 import INVERSE_CDF16

RANGE = 262_143_328_850


@pytest.fixture
def powercap(tmp_path):
    """Make the folder of a machine with two packages, of which the first has two parts."""

    def package(name, words, energy):
        folder = tmp_path / name
        folder.mkdir()
        (folder / "name").write_text(words + "\n")
        (folder / "max_energy_range_uj").write_text(f"{RANGE}\n")
        (folder / "energy_uj").write_text(f"{energy}\n")
        return folder / "energy_uj"

    (tmp_path / "intel-rapl").mkdir()
    return (
        tmp_path,
        package("intel-rapl:0", "package-0", 1_000_000),
        package("intel-rapl:1", "package-1", RANGE - 500_000),
        package("intel-rapl:0:0", "core", 0),
    )


def test_packages_are_added_and_their_parts_are_not(powercap):
    folder, first, _, core = powercap

    def work():
        first.write_text("4000000\n")
        core.write_text("9000000\n")
        return 7.0

    assert EnergyCounter(folder).measure(work) == (7.0, pytest.approx(3.0))


def test_a_counter_that_begins_again_is_followed(powercap):
    folder, _, second, _ = powercap

    def work():
        second.write_text("1500000\n")
        return 1.0

    assert EnergyCounter(folder).measure(work)[1] == pytest.approx(2.0)


def test_a_machine_without_a_counter_has_none(tmp_path):
    for folder in (tmp_path, tmp_path / "missing"):
        counter = EnergyCounter(folder)
        assert not counter.readable
        assert counter.measure(lambda: 1.0) == (1.0, None)


def test_a_counter_that_only_the_administrator_reads_is_left(powercap):
    folder, first, second, _ = powercap
    for each in (first, second):
        each.unlink()
        each.mkdir()  # cannot be read by anybody, the administrator included
    assert not EnergyCounter(folder).readable


def test_stated_power_gives_the_energy_of_a_normal(tmp_path):
    cost = software_normals(10.0, shortest=0.0, counter=EnergyCounter(tmp_path))
    assert cost.energy == pytest.approx(10.0 * cost.time)
    assert cost.time > 0
    assert "10 W" in cost.how


def test_a_counter_gives_the_energy_of_a_normal(powercap):
    folder, first, _, _ = powercap
    counter = EnergyCounter(folder)

    class Counted:
        """Converts as the table does, and moves the counter by a joule each time."""

        bits_per_normal, shift = 16, INVERSE_CDF16.shift
        joules = 1

        def convert(self, bits):
            self.joules += 1
            first.write_text(f"{self.joules * 1_000_000}\n")
            return INVERSE_CDF16.convert(bits)

    converter = Counted()
    cost = converted_normals(converter, 10.0, shortest=0.0, counter=counter)
    assert "RAPL" in cost.how
    assert cost.energy * 2**15 == pytest.approx(1.0)  # one batch is counted, the one before is to warm up
