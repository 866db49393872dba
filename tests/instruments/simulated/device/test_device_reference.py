"""The reference page of the device file tells every key with the default it has."""

import re
from pathlib import Path

import pytest

from mtjlab.instruments.simulated.device.bar_parameters import BarParameters
from mtjlab.instruments.simulated.device.bar_sections import ReadJunction
from mtjlab.instruments.simulated.device.device import Device, load_device
from mtjlab.instruments.simulated.device.device_file import load_bar

PAGE = Path(__file__).parents[4] / "docs/reference/device-file.md"
JUNCTION, BAR = PAGE.read_text(encoding="utf-8").split("\n# A bar\n")


@pytest.mark.parametrize(
    ("page", "device"), [(JUNCTION, Device()), (BAR, BarParameters(junction=ReadJunction()))], ids=["junction", "bar"]
)
def test_every_key_stands_in_the_reference_with_its_default(page: str, device: Device | BarParameters) -> None:
    told, section = {}, ""
    for line in page.splitlines():
        if line.startswith("## "):
            found = re.match(r"## \[(\w+)\]", line)
            section = f"{found[1]}." if found else ""
        elif line.startswith("| ") and not line.startswith("| key "):
            key, _, default = line.split("|")[1:4]
            told[section + key.strip()] = default.strip().strip("`")
    assert {key: value if isinstance(value, str) else float(value) for key, value in device.flat().items()} == {
        key: value if isinstance(device.flat().get(key), str) else pytest.approx(float(value), rel=1e-12)
        for key, value in told.items()
    }


def test_the_examples_of_the_reference_are_devices(tmp_path: Path) -> None:
    for page in (JUNCTION, BAR):
        (tmp_path / "w12.toml").write_text(re.search(r"```toml\n(.*?)```", page, re.S)[1])
        if page is JUNCTION:
            assert load_device(tmp_path / "w12.toml").diameter == 60e-9
        else:
            assert load_bar(tmp_path / "w12.toml").torque.damping_like == -0.3
