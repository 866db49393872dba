"""Which settings of the instruments are known: made through the interlock, and confirmed, since nothing was known."""

import contextlib
import threading
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from mtjlab.core import InputError
from mtjlab.instruments.instrument_error import InstrumentError
from mtjlab.instruments.safety.limits import LimitError

if TYPE_CHECKING:  # the roles know their guards, which know these
    from mtjlab.instruments.roles.role import Role

__all__ = ["SET_UP", "KnownSettings"]

SET_UP = "set-up"
"""All that an instrument with an output is opened with."""


class KnownSettings:
    """Settings by role. What was lost, interrupted or refused by the instrument in the middle is not known.

    Parameters
    ----------
    roles
        Roles with their settings. What an instrument that was just opened has at zero, or at its shortest, is known; so
        is the set-up of those with an output.
    """

    def __init__(self, roles: "Mapping[str, Role[Any]]") -> None:
        self._roles = roles
        # The emergency shutdown may come in this thread, at any line.
        self._lock = threading.RLock()
        self._known: set[tuple[str, str]] = {
            (role.name, setting)
            for role in roles.values()
            for setting in [
                *([SET_UP] if role.has_output else []),
                *(each.name for each in role.guarded if each.known_when_opened),
            ]
        }
        self._forgotten: Counter[str] = Counter()

    @contextlib.contextmanager
    def making(self, role: str, setting: str) -> Iterator[None]:
        """Take a setting as known when the body has made it, and as unknown if it ends in the middle.

        Input that is refused leaves it as it was: nothing was sent.
        """
        key = role, setting
        with self._lock:
            round_, before = self._forgotten[role], key in self._known
            self._known.discard(key)
        try:
            yield
        except (InputError, LimitError):
            self._keep(key, round_, known=before)
            raise
        self._keep(key, round_, known=True)

    def _keep(self, key: tuple[str, str], round_: int, *, known: bool) -> None:
        with self._lock:
            # Where another thread has lost the instrument meanwhile, what was made is lost too.
            if known and self._forgotten[key[0]] == round_:
                self._known.add(key)

    def forget(self, role: str, setting: str | None = None) -> None:
        """Take nothing of a role as known any more, or one setting only."""
        with self._lock:
            if setting is None:
                self._forgotten[role] += 1
            self._known = {key for key in self._known if key[0] != role or setting not in (None, key[1])}

    def knows(self, role: str, setting: str) -> bool:
        """Whether a setting was made and not lost since."""
        with self._lock:
            return (role, setting) in self._known

    def require(self, role: str, settings: tuple[str, ...], refused: str) -> None:
        """Refuse something that needs settings which are not known.

        Raises
        ------
        InstrumentError
            Naming the methods to call.
        """
        made_by = {SET_UP: "recover", **{each.name: each.method for each in self._roles[role].guarded}}
        missing = [made_by[setting] for setting in settings if not self.knows(role, setting)]
        if missing:
            raise InstrumentError(
                f"{refused}: nothing was set since it was opened, lost or recovered, or since the run began, so what "
                f"it would send is not known; call {' and '.join(missing)} first"
            )
