"""Templates that cannot overlap themselves."""

from __future__ import annotations

from functools import lru_cache

__all__ = ["aperiodic_templates"]


@lru_cache
def aperiodic_templates(m: int) -> tuple[int, ...]:
    """Return the templates of `m` bits of which no beginning equals an end, in ascending order.

    >>> [f"{template:03b}" for template in aperiodic_templates(3)]
    ['001', '011', '100', '110']
    """
    return tuple(
        template
        for template in range(1 << m)
        if all(template >> shift != template & ((1 << (m - shift)) - 1) for shift in range(1, m))
    )
