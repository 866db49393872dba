"""Which commands may be sent twice."""

import re

__all__ = ["is_idempotent"]

ONCE_ONLY = re.compile(
    r"\*(ESR|TST|TRG|CAL|RST|CLS)\b"  # reading clears, or begins something
    r"|:?SYST(EM)?:ERR(OR)?\b|:?STAT(US)?:QUE(UE)?\b"  # takes an error out of the queue
    r"|:?STAT(US)?:(OPER(ATION)?|QUES(TIONABLE)?|MEAS(UREMENT)?)(:EVEN(T)?)?\?"  # clears the events
    r"|:?(READ|INIT(IATE)?|MEAS(URE)?)\b",  # takes a new reading
    re.IGNORECASE,
)


def is_idempotent(command: str) -> bool:
    """Tell whether a command only asks, and asking twice gives the same answer and changes nothing.

    Examples
    --------
    >>> is_idempotent(":SOUR:VOLT?;:TRAC:DATA?")
    True
    >>> [is_idempotent(command) for command in (":READ?", "SYST:ERR?", ":INIT;*OPC?", "*ESR?")]
    [False, False, False, False]
    """
    units = [unit.strip() for unit in command.split(";") if unit.strip()]
    asked = all(unit.split(None, 1)[0].endswith("?") and not ONCE_ONLY.match(unit) for unit in units)
    return bool(units) and asked
