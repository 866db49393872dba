r"""The Fokker-Planck operator of a macrospin in real spherical harmonics.

A macrospin in the field B = (Bx, 0, Bk mz) turns and is damped,

    dm/dt = -γ' [m×B + α m×(m×B)],   γ' = γ/(1+α²),

and its thermal field spreads it with the diffusion D = αγ'/μ, μ = Ms·Vol/kT (W. F. Brown, Phys. Rev. 130, 1677, 1963).
What an observable f(m) will be is given by the backward equation ∂f/∂t = L f. With the rotations R_k = (e_k×m)·∇ and
the energy e = -Bx mx - Bk mz²/2,

    L = γ' (Bx R_x + Bk mz R_z) - αγ' ∇e·∇ + D∇²,   ∇e·∇f = [∇²(ef) - e∇²f - f∇²e]/2.

The torque of a tunnelling current adds the field a m×ẑ (J. C. Slonczewski, J. Magn. Magn. Mater. 159, L1, 1996), which
is γ'a (∇mz·∇ - α R_z).

Spherical harmonics are eigenfunctions of ∇², rotations and multiplications by mx and mz are known between them, so L is
a sparse matrix, Bx·A + Bk·B + D·C + a·T. Turned about x by π, L stays what it is but for the torque, and P becomes AP:
half of the functions are odd under that turn, and without a torque they alone are needed.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

__all__ = ["FreeLayerOperator", "free_layer_operator"]


class FreeLayerOperator(NamedTuple):
    """Sparse parts of the backward operator among all functions, or those that are odd under a turn about x by π."""

    degrees: NDArray[np.int_]
    """n of each function, shape (N,)."""
    orders: NDArray[np.int_]
    """m of each, 0 to n; shape (N,)."""
    sines: NDArray[np.bool_]
    """Whether it goes as sin mφ rather than cos mφ, shape (N,)."""
    precession: tuple[Any, Any]
    """R_x and mz R_z, sparse matrices of shape (N, N)."""
    damping: tuple[Any, Any]
    """-∇e·∇ for the energies -mx and -mz²/2, sparse matrices of shape (N, N)."""
    torque: tuple[Any, Any]
    """∇mz·∇ and R_z, sparse matrices of shape (N, N); zero among odd functions."""


@lru_cache(maxsize=4)
def free_layer_operator(largest: int, whole: bool = False) -> FreeLayerOperator:
    """Make the parts.

    Parameters
    ----------
    largest
        Largest degree n.
    whole
        Whether all functions are wanted, as a torque does, and not the odd ones alone.

    Returns
    -------
    FreeLayerOperator
        Matrices, exact but for the cut at the largest degree.
    """
    from scipy.sparse import diags

    every = _harmonics(largest + 2)
    degree = np.array([n for n, _ in every], float)
    order = np.array([m for _, m in every], float)
    z, plus = _multiply_by_z(every), _multiply_by_plus(every)
    x = (plus + plus.conj().T) / 2
    raising = _raise(every)
    turn_x, turn_z = 0.5j * (raising + raising.T), diags(1j * order)
    laplace = diags(-degree * (degree + 1))
    square = z @ z
    down_x = (laplace @ x - x @ laplace + 2 * x) / 2
    push_z = (laplace @ z - z @ laplace + 2 * z) / 2
    down_z = (laplace @ square - square @ laplace - 2 * diags(np.ones(len(every))) + 6 * square) / 4
    basis, chosen = _real_functions(every, largest, whole)

    def real(matrix: Any) -> Any:
        small = (basis.conj() @ matrix @ basis.T).tocsr()
        small.data[np.abs(small.data) < 1e-12] = 0
        small.eliminate_zeros()
        return small.real

    return FreeLayerOperator(
        np.array([n for n, _, _ in chosen]),
        np.array([m for _, m, _ in chosen]),
        np.array([sine for _, _, sine in chosen]),
        (real(turn_x), real(z @ turn_z)),
        (real(down_x), real(down_z)),
        (real(push_z), real(turn_z)),
    )


def _harmonics(largest: int) -> list[tuple[int, int]]:
    return [(n, m) for n in range(largest + 1) for m in range(-n, n + 1)]


def _matrix(every: list[tuple[int, int]], entries: list[tuple[tuple[int, int], tuple[int, int], float]]) -> Any:
    from scipy.sparse import csr_matrix

    place = {each: i for i, each in enumerate(every)}
    kept = [(place[to], place[at], value) for to, at, value in entries if to in place and value]
    rows, columns, values = zip(*kept, strict=True)
    return csr_matrix((values, (rows, columns)), shape=(len(every), len(every)))


def _multiply_by_z(every: list[tuple[int, int]]) -> Any:
    """Multiply by cosθ: it changes n by one."""
    entries = []
    for n, m in every:
        up = np.sqrt(((n + 1) ** 2 - m**2) / ((2 * n + 1) * (2 * n + 3)))
        entries += [((n + 1, m), (n, m), up)]
        if n > abs(m):
            entries += [((n - 1, m), (n, m), np.sqrt((n**2 - m**2) / ((2 * n - 1) * (2 * n + 1))))]
    return _matrix(every, entries)


def _multiply_by_plus(every: list[tuple[int, int]]) -> Any:
    """Multiply by sinθ exp(iφ): it changes n by one and m by +1."""
    entries = []
    for n, m in every:
        up = -np.sqrt((n + m + 1) * (n + m + 2) / ((2 * n + 1) * (2 * n + 3)))
        entries += [((n + 1, m + 1), (n, m), up)]
        if n - 1 >= abs(m + 1):
            entries += [((n - 1, m + 1), (n, m), np.sqrt((n - m) * (n - m - 1) / ((2 * n - 1) * (2 * n + 1))))]
    return _matrix(every, entries)


def _raise(every: list[tuple[int, int]]) -> Any:
    """Apply L+ = Lx + iLy."""
    return _matrix(every, [((n, m + 1), (n, m), np.sqrt((n - m) * (n + m + 1))) for n, m in every])


def _real_functions(every: list[tuple[int, int]], largest: int, whole: bool) -> tuple[Any, list[tuple[int, int, bool]]]:
    """Give all real functions, or the odd ones, as rows over the complex ones.

    Turned about x by π, θ → π - θ and φ → -φ: Pₗₘ(cosθ) cos mφ takes the sign (-1)^(n+m), with the sine the other one.
    """
    from scipy.sparse import csr_matrix

    place = {each: i for i, each in enumerate(every)}
    rows: list[int] = []
    columns: list[int] = []
    values: list[complex] = []
    chosen: list[tuple[int, int, bool]] = []
    names = [(n, m, sine) for n in range(largest + 1) for m in range(n + 1) for sine in (False, True)]
    for n, m, sine in names:
        if (m == 0 and sine) or not (whole or sine == ((n + m) % 2 == 0)):
            continue
        sign = (-1) ** m
        if m == 0:
            parts = [((n, 0), 1.0 + 0j)]
        elif sine:  # √2 Im Yₗₘ
            parts = [((n, m), -1j / np.sqrt(2)), ((n, -m), sign * 1j / np.sqrt(2))]
        else:  # √2 Re Yₗₘ
            parts = [((n, m), 1 / np.sqrt(2) + 0j), ((n, -m), sign / np.sqrt(2) + 0j)]
        for which, value in parts:
            rows.append(len(chosen))
            columns.append(place[which])
            values.append(value)
        chosen.append((n, m, sine))
    return csr_matrix((values, (rows, columns)), shape=(len(chosen), len(every))), chosen
