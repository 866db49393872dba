"""The reference page of the device file tells every key with the default it has."""

import re
from pathlib import Path

import pytest

from mtjlab.instruments.simulated.device.device import Device, load_device

PAGE = Path(__file__).parents[4] / "docs/reference/device-file.md"


def test_every_key_stands_in_the_reference_with_its_default() -> None:
    told, section = {}, ""
    for line in PAGE.read_text(encoding="utf-8").splitlines():
        if line.startswith("## "):
            found = re.fullmatch(r"## \[(\w+)\]", line)
            section = f"{found[1]}." if found else ""
        elif line.startswith("| ") and not line.startswith("| key "):
            key, _, default = line.split("|")[1:4]
            told[section + key.strip()] = default.strip().strip("`")
    assert {key: value if isinstance(value, str) else float(value) for key, value in Device().flat().items()} == {
        key: value if isinstance(Device().flat().get(key), str) else pytest.approx(float(value), rel=1e-12)
        for key, value in told.items()
    }


def test_the_example_of_the_reference_is_a_device(tmp_path: Path) -> None:
    (tmp_path / "w12.toml").write_text(re.search(r"```toml\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.S)[1])
    assert load_device(tmp_path / "w12.toml").diameter == 60e-9
