"""Formats that a user chooses by name."""

from __future__ import annotations

from enum import StrEnum
from typing import Self

from mtjlab.core.errors import InputError

__all__ = ["NamedFormat"]


class NamedFormat(StrEnum):
    """Base of the formats that a user names."""

    @classmethod
    def named(cls, name: str) -> Self:
        """Return the format of this name.

        Parameters
        ----------
        name
            Name of the format.

        Raises
        ------
        ValueError
            If there is none; the message lists them.
        """
        try:
            return cls(name)
        except ValueError:
            raise InputError(f"unknown format {name!r:.40}: expected one of {', '.join(cls)}") from None
