"""Small matrices on one thread.

OpenBLAS divides the Cholesky factor of a hundred settings among all cores, whose threads then wait for each other: on
two cores a search for the operating point takes seven times as long as on one.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any, ParamSpec, TypeVar

__all__ = ["one_blas_thread"]

Arguments = ParamSpec("Arguments")
Result = TypeVar("Result")


def one_blas_thread(function: Callable[Arguments, Result]) -> Callable[Arguments, Result]:
    """Let the linear algebra of a function run on one thread.

    Parameters
    ----------
    function
        Works on matrices of up to some hundred rows.

    Returns
    -------
    callable
        The function, which limits the threads while it runs.
    """

    @functools.wraps(function)
    def run(*arguments: Arguments.args, **named: Arguments.kwargs) -> Result:
        with _controller().limit(limits=1, user_api="blas"):
            return function(*arguments, **named)

    return run


@functools.cache
def _controller() -> Any:
    import scipy.linalg  # noqa: F401 - the controller knows the libraries that are loaded when it is made
    from threadpoolctl import ThreadpoolController

    return ThreadpoolController()
