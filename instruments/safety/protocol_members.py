"""What a Protocol asks for, by name."""

from typing import Protocol

__all__ = ["protocol_members"]


def protocol_members(protocol: type) -> frozenset[str]:
    """Name the public members of a Protocol; `typing.get_protocol_members` is of Python 3.13.

    Parameters
    ----------
    protocol
        A class that derives from `typing.Protocol` directly, or from others that do.

    Returns
    -------
    frozenset of str
        Methods, properties and annotated attributes.

    Examples
    --------
    >>> class Valve(Protocol):
    ...     name: str
    ...     def shut(self) -> None: ...
    >>> sorted(protocol_members(Valve))
    ['name', 'shut']
    """
    names: set[str] = set()
    for base in protocol.__mro__:
        if base is not Protocol and getattr(base, "_is_protocol", False):
            names.update(vars(base), vars(base).get("__annotations__", {}))
    return frozenset(name for name in names if not name.startswith("_"))
