"""Which settings of the instruments are known: made through the interlock, and confirmed, since nothing was known."""

import contextlib
import threading
from collections import Counter
from collections.abc import Iterator

from mtjlab.core.errors import InputError
from mtjlab.instruments.instrument_error import InstrumentError
from mtjlab.instruments.limit_error import LimitError

__all__ = ["KnownSettings"]

MADE_BY = {
    "set-up": "recover",
    "pulse": "set_pulse",
    "arming": "arm_manual or arm_external",
    "bias": "set_bias",
    "integration": "set_integration",
    "train": "prepare_block",
    "current": "set_current",
    "field": "set_field",
    "temperature": "set_temperature",
    "junction": "select",
}
"""Method that makes a setting."""
AT_OPENING = frozenset(
    {
        ("pulse_generator", "set-up"),
        ("current_source", "set-up"),
        ("source_meter", "set-up"),
        ("coil", "set-up"),
        ("perpendicular_coil", "set-up"),
        ("temperature_controller", "set-up"),
        ("source_meter", "bias"),
        ("source_meter", "integration"),
        ("current_source", "current"),
        ("coil", "field"),
        ("perpendicular_coil", "field"),
        ("multiplexer", "junction"),
    }
)
"""What the set-up of an instrument that was just opened leaves at zero, or at its shortest."""


class KnownSettings:
    """Settings by role. What was lost, interrupted or refused by the instrument in the middle is not known."""

    def __init__(self) -> None:
        # The last resort may come in this thread, at any line.
        self._lock = threading.RLock()
        self._known: set[tuple[str, str]] = set(AT_OPENING)
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
        missing = [MADE_BY[setting] for setting in settings if not self.knows(role, setting)]
        if missing:
            raise InstrumentError(
                f"{refused}: nothing was set since it was opened, lost or recovered, so what it would send is not "
                f"known; call {' and '.join(missing)} first"
            )
