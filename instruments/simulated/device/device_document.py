"""A device file before it is known what kind of device it describes."""

from __future__ import annotations

import tomllib
from pathlib import Path

from mtjlab.core import TomlDocument

__all__ = ["device_document", "kind_of"]

_SHIPPED = Path(__file__).with_name("devices")


def device_document(name_or_path: str | Path) -> TomlDocument:
    """Read the text of a device file.

    Parameters
    ----------
    name_or_path
        Name of a shipped device, or path of a TOML file.

    Raises
    ------
    ValueError
        If there is no such device, or the file is no text.
    """
    shipped = {path.stem: path for path in sorted(_SHIPPED.glob("*.toml"))}
    remedy = f"name a shipped device ({', '.join(shipped)}) or a TOML file"
    return TomlDocument.read(shipped.get(str(name_or_path), Path(name_or_path)), remedy)


def kind_of(document: TomlDocument) -> str:
    """Tell the kind of device that a file says; a junction's where it says none or is no TOML.

    Parameters
    ----------
    document
        Text of the file.
    """
    try:
        return str(tomllib.loads(document.text).get("kind", "vcma-mtj"))
    except (ValueError, RecursionError):  # the model that the text is made into says what is wrong with it
        return "vcma-mtj"
