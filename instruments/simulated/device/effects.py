"""Which of the device's effects act."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType

from mtjlab.core import InputError

__all__ = ["Effects"]

_SENTENCES = {
    "thermal": "thermal field on the magnetisation (Brown 1963)",
    "temperature": "Ms, Ki and ξ follow the temperature, not the thermal field alone",
    "stt": "spin-transfer torque of the tunnelling current",
    "rc": "low-pass of the generator's resistance and the pad's capacitance",
    "ringing": "overshoot and ringing of the pulse",
    "leads": "the leads' resistance takes its share of the voltage",
    "heating": "pulses heat the junction",
    "jitter": "the generator's amplitude and width differ from shot to shot",
    "resolution": "the generator rounds amplitude and width to its steps",
    "angle": "heat tilts the free layer, which a read sees",
    "johnson": "Johnson noise of a read",
    "shot": "shot noise of a read",
    "flicker": "1/f noise of a read",
    "telegraph": "random telegraph noise above a critical bias",
    "disturb": "reads and rests at a bias can flip the state",
    "breakdown": "pulses wear the barrier out",
    "drift": "resistance and P(switch) wander slowly",
    "spread": "devices differ from one another",
}


class Effects:
    """A set of effects by their names, unchangeable.

    Parameters
    ----------
    names
        Names out of `Effects.SENTENCES`.

    Raises
    ------
    ValueError
        If a name is unknown.

    Examples
    --------
    >>> effects = Effects.parse("ideal,stt")
    >>> "stt" in effects, "heating" in effects
    (True, False)
    >>> str(effects)
    'thermal,stt'
    >>> Effects.parse("full,-heating") == Effects.full().without("heating")
    True
    """

    SENTENCES: Mapping[str, str] = MappingProxyType(_SENTENCES)
    """Name of each effect → what it is; the order is that of all lists."""
    DYNAMIC = frozenset({"thermal", "temperature", "stt", "rc", "ringing", "leads", "heating", "jitter", "resolution"})
    """Those that act on the magnetisation within a pulse, and so on P(switch)."""

    __slots__ = ("_names",)

    def __init__(self, names: Iterable[str] = ()) -> None:
        self._names = frozenset(names)
        for name in sorted(self._names):
            if name not in _SENTENCES:
                raise InputError(f"unknown effect '{name}': name some of {', '.join(_SENTENCES)}; or ideal, full")

    @classmethod
    def ideal(cls) -> Effects:
        """Give the thermal field alone; a read is without noise then."""
        return cls(["thermal"])

    @classmethod
    def full(cls) -> Effects:
        """Give every effect there is."""
        return cls(_SENTENCES)

    @classmethod
    def parse(cls, words: str) -> Effects:
        """Read a list of effects.

        Parameters
        ----------
        words
            Names with commas between them, taken from left to right; `ideal` and `full` stand for what they
            hold, and a name after a minus sign is taken out. Only what is named acts: `stt` alone is without a
            thermal field, `ideal,stt` has one.

        Returns
        -------
        Effects
            Those named.

        Raises
        ------
        ValueError
            If a name is unknown.
        """
        found: set[str] = set()
        for word in filter(None, (part.strip() for part in words.split(","))):
            name = word.removeprefix("-")
            named = {"ideal": cls.ideal(), "full": cls.full()}.get(name) or cls([name])
            found = found - named._names if word.startswith("-") else found | named._names
        return cls(found)

    def without(self, *names: str) -> Effects:
        """Give the same effects but for some.

        Parameters
        ----------
        *names
            Effects to leave out.

        Returns
        -------
        Effects
            The others.
        """
        return Effects(self._names - Effects(names)._names)

    @property
    def dynamic(self) -> Effects:
        """Those of `DYNAMIC` only: what decides P(switch)."""
        return Effects(self._names & self.DYNAMIC)

    def __contains__(self, name: str) -> bool:
        if name not in _SENTENCES:
            raise InputError(f"there is no effect '{name}'")
        return name in self._names

    def __iter__(self) -> Iterator[str]:
        return (name for name in _SENTENCES if name in self._names)

    def __len__(self) -> int:
        return len(self._names)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Effects) and self._names == other._names

    def __hash__(self) -> int:
        return hash(self._names)

    def __str__(self) -> str:
        return ",".join(self)

    def __repr__(self) -> str:
        return f"Effects.parse({str(self)!r})"
