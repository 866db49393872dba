"""A role, and what all roles share."""

import dataclasses
from collections.abc import Callable, Mapping
from typing import Any, Generic, Protocol, TypeVar

from mtjlab.instruments.safety.guard import Guarded, Switched
from mtjlab.instruments.safety.limits import BenchLimit, LimitSettings, limits_of
from mtjlab.instruments.settings.role_settings import RoleSettings

__all__ = ["GuardedSetting", "InstrumentRole", "NullInstrument", "OutputRole", "Role"]

AnyGuard = TypeVar("AnyGuard", bound=Guarded, covariant=True)


class InstrumentRole(Protocol):
    """What a bench asks of every instrument."""

    def identify(self) -> str:
        """Answer to ``*IDN?``."""

    def settings(self) -> Mapping[str, float | str]:
        """Read the settings back; where the role has an output, ``output`` says whether it is on: True or False."""

    def errors(self) -> list[str]:
        """Empty the instrument's error queue.

        Returns
        -------
        list of str
            One line an entry, the oldest first; empty where there is none.
        """

    def recover(self) -> None:
        """Make the connection again after a fault, and the settings that it is opened with."""

    def close(self) -> None:
        """Give the connection back."""


class OutputRole(InstrumentRole, Protocol):
    """What a bench asks of an instrument with an output; its guard is a `Switched`."""

    def switch_on(self) -> None:
        """Connect the output."""

    def switch_off(self) -> None:
        """Disconnect the output, at once."""


class NullInstrument:
    """Null twin of a role: takes everything, does nothing, answers None."""

    def settings(self) -> dict[str, str]:
        """Nothing is ever on.

        Returns
        -------
        dict
            The one setting ``output``, ``"False"``.
        """
        return {"output": "False"}

    def __getattr__(self, name: str) -> Any:
        return lambda *values, **options: None


@dataclasses.dataclass(frozen=True)
class GuardedSetting:
    """A setting that the interlock keeps track of: whether it was made and confirmed since the instrument was lost."""

    name: str
    """Name under which the guard makes it."""
    method: str
    """Method that makes it, for messages."""
    known_when_opened: bool = False
    """Whether an instrument that was just set up has it at zero, or at its least."""
    before_on: bool = False
    """Whether the output may be switched on only when it is known."""


@dataclasses.dataclass(frozen=True)
class Role(Generic[AnyGuard]):
    """A role of the bench: all that its bench file, its limits, its guard and its documentation are made of.

    Examples
    --------
    >>> from mtjlab.instruments.roles.coil import COIL
    >>> COIL.name, COIL.protocol.__name__, sorted(COIL.stated_limits)
    ('coil', 'Coil', ['field'])
    """

    name: str
    """Name in the bench file: ``[roles.NAME]``."""
    about: str
    """What it does, as one sentence."""
    guard: type[AnyGuard]
    """What stands between a procedure and the instrument; its `plays` is the role's Protocol."""
    safe_order: int
    """Place in the order in which a bench is made safe, the lowest first. Those that ship have 10 (pulse generator) to
    90 (temperature controller); 60 is the multiplexer, and what drives the device comes before it."""
    settings: type[RoleSettings] = RoleSettings
    """Model of its section of the bench file."""
    limits: type[LimitSettings] | None = None
    """Limits that it is held to, which join the section ``[limits]``."""
    also_held: tuple[str, ...] = ()
    """Limits of other roles that it is held to in what it can do beside its own work; a bench that does not want that
    need not state them."""
    guarded: tuple[GuardedSetting, ...] = ()
    """Settings that must be known before something is done."""
    drives_device: bool = True
    """Whether its output is connected to the device: no junction is then connected while it may be on."""
    kind: str = ""
    """What it is called where several roles are instruments of the same kind; its name unless given."""
    null: Callable[[], Any] = NullInstrument
    """Makes its null twin, for a bench that is only asked whether it allows something."""
    example: Mapping[str, Any] = dataclasses.field(default_factory=dict)
    """What its section in the template of a bench file says where the model has no default."""
    in_first_bench: bool = False
    """Whether the template of a bench file has it; otherwise its section stands there as a comment."""

    @property
    def protocol(self) -> type:
        """Protocol of the role."""
        return self.guard.plays

    @property
    def has_output(self) -> bool:
        """Whether it can be switched on."""
        return issubclass(self.guard, Switched)

    @property
    def words(self) -> str:
        """Its name as a message says it."""
        return self.name.replace("_", " ")

    @property
    def limit_facts(self) -> Mapping[str, BenchLimit]:
        """The limits that it is held to, by name."""
        return {} if self.limits is None else limits_of(self.limits)

    def is_held_to(self, limit: str) -> bool:
        """Tell whether a limit bounds something that the role does.

        Parameters
        ----------
        limit
            Name of the limit in the bench file.
        """
        return limit in self.limit_facts or limit in self.also_held

    @property
    def stated_limits(self) -> tuple[str, ...]:
        """Limits that a bench with this role must state."""
        return tuple(name for name, limit in self.limit_facts.items() if limit.stated)
