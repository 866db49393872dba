"""The words for how a test comes out."""

from __future__ import annotations

from enum import StrEnum

__all__ = ["Verdict"]


class Verdict(StrEnum):
    """How a test comes out."""

    PASSED = "passed"
    """None of its p-values is rejected."""

    FAILED = "failed"
    """At least one of its p-values is rejected."""

    NOT_APPLICABLE = "not applicable"
    """The bits do not meet what the test presupposes: neither passed nor failed."""

    REPORTED = "reported"
    """An estimate, which judges nothing."""
