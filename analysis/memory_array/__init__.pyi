from .flip_curve import FlipCurve as FlipCurve

__all__ = [
    "FlipCurve",
]
