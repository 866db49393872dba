"""Device files of any kind."""

from __future__ import annotations

from pathlib import Path

from mtjlab.instruments.simulated.device.bar_parameters import BarParameters
from mtjlab.instruments.simulated.device.device import Device, load_device
from mtjlab.instruments.simulated.device.device_document import device_document, kind_of

__all__ = ["DeviceModel", "load_bar", "load_device_file"]

DeviceModel = Device | BarParameters
"""What a device file may describe; `kind` in the file says which, and a file without it describes a junction."""


def load_device_file(name_or_path: str | Path) -> DeviceModel:
    """Read a device of any kind from its TOML file.

    Parameters
    ----------
    name_or_path
        Name of a shipped device, or path of a TOML file whose keys are the fields of `Device` or, with
        `kind = "bar"`, of `BarParameters`.

    Returns
    -------
    DeviceModel
        The device, of the kind that the file says.

    Raises
    ------
    ValueError
        If there is no such device or kind of device, the file is not TOML, a key is unknown or missing or a value
        outside its range.

    Examples
    --------
    >>> load_device_file("reference").kind, load_device_file("w-cofeb").kind
    ('vcma-mtj', 'bar')
    """
    document = device_document(name_or_path)
    kind = kind_of(document)
    if kind == "bar":
        return document.validate(BarParameters)
    if kind != "vcma-mtj":
        raise document.error(("kind",), f"{kind!r} is no kind of device; give 'vcma-mtj' (a junction) or 'bar'")
    return load_device(name_or_path)


def load_bar(name_or_path: str | Path) -> BarParameters:
    """Read a bar from its device file.

    Parameters
    ----------
    name_or_path
        Name of a shipped bar, or path of a TOML file with `kind = "bar"` whose other keys are the fields of
        `BarParameters`; those left out keep the value of `w-cofeb`.

    Returns
    -------
    BarParameters
        The bar.

    Raises
    ------
    ValueError
        As `load_device_file` does, and if the file describes another kind of device.

    Examples
    --------
    >>> load_bar("pt-cofeb").torque.damping_like
    0.09
    """
    device = load_device_file(name_or_path)
    if not isinstance(device, BarParameters):
        document = device_document(name_or_path)
        raise document.error(("kind",), "the device is a junction; give one of kind 'bar', such as w-cofeb")
    return device
