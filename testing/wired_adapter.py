"""An adapter on a protocol of bytes instead of a VISA resource."""

import contextlib
import inspect
from collections.abc import Callable
from typing import Any
from unittest.mock import patch

from mtjlab.instruments import RoleSettings, WiringSettings

__all__ = ["wired"]


def wired(
    driver: Callable[[RoleSettings, WiringSettings], Any],
    role: RoleSettings | None = None,
    wiring: WiringSettings | None = None,
) -> Callable[..., Any]:
    """Make what PyMeasure's `expected_protocol` wants of a driver that opens its resource by `open_visa`.

    Parameters
    ----------
    driver
        Class of the driver: an `Adapter`.
    role
        Section of the role; one that names no resource unless given.
    wiring
        Section of the wiring; the defaults unless given.

    Returns
    -------
    callable
        Takes PyMeasure's protocol adapter and returns the driver connected to it.

    Examples
    --------
    >>> from pymeasure.test import expected_protocol
    >>> from mtjlab.instruments import Adapter, open_visa
    >>> from pymeasure.instruments.keithley import Keithley2182
    >>> class Mine(Adapter):
    ...     def __init__(self, role, wiring):
    ...         super().__init__(Keithley2182(open_visa(role, self)), role.resource)
    >>> with expected_protocol(wired(Mine), [(b"*IDN?", b"MAKER,MINE,0,1")]) as opened:
    ...     opened.identify()
    'MAKER,MINE,0,1'
    """
    section, cables = role or RoleSettings(driver="any"), wiring or WiringSettings()

    def connect(adapter: Any, **_: Any) -> Any:
        with contextlib.ExitStack() as patched:
            for known in _namespaces(driver):
                patched.enter_context(patch.dict(known, open_visa=lambda role, driver=None: adapter))
            return driver(section, cables)

    return connect


def _namespaces(driver: Any) -> list[dict[str, Any]]:
    """Give the globals of all functions of a class and its bases that know `open_visa`."""
    functions = [inspect.unwrap(each) for kind in driver.__mro__ for each in vars(kind).values() if callable(each)]
    known = {id(found): found for each in functions if "open_visa" in (found := getattr(each, "__globals__", {}))}
    return list(known.values())
