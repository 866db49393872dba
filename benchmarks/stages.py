"""Clocks around the stages of a loop, for the benchmarks beside this file."""

import contextlib
import time
from collections import defaultdict
from collections.abc import Iterator

__all__ = ["Stages"]


class Stages:
    """Clocks around the stages of the acquiring thread."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = defaultdict(float)
        self._inside: list[tuple[str, float]] = []

    @contextlib.contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Time a stage; a stage inside another takes its time away from it."""
        began = time.perf_counter()
        self._inside.append((name, 0.0))
        try:
            yield
        finally:
            took = time.perf_counter() - began
            _, within = self._inside.pop()
            self.seconds[name] += took - within
            if self._inside:
                outer, inside = self._inside[-1]
                self._inside[-1] = (outer, inside + took)

    def wrap(self, owner: object, method: str, name: str) -> None:
        """Time a method of an object."""
        call = getattr(owner, method)

        def timed(*arguments, **named):  # type: ignore[no-untyped-def]
            with self.stage(name):
                return call(*arguments, **named)

        setattr(owner, method, timed)
