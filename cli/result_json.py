"""Results of a recording for programs."""

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mtjlab.core import Quantity

__all__ = ["result_json"]


def result_json(results: "Mapping[str, Quantity]") -> dict[str, dict[str, Any]]:
    """Give value, uncertainty and unit of each, and the ends of an interval; null for what is no finite number."""
    return {
        name: {"value": _finite(r.value), "uncertainty": _finite(r.uncertainty), "unit": r.unit}
        | ({"low": _finite(r.low), "high": _finite(r.high)} if r.has_ends else {})
        for name, r in results.items()
    }


def _finite(value: float) -> float | None:
    return value if math.isfinite(value) else None
