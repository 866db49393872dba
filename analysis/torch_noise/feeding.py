"""Torch code, anybody's, whose normals come from a noise source."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import torch
from torch.utils._python_dispatch import TorchDispatchMode

from mtjlab.analysis.noise import NoiseSource
from mtjlab.analysis.torch_noise.normal_tensor import normal_tensor
from mtjlab.core import InputError

__all__ = ["FedTorch", "feeding_torch"]


class FedTorch(TorchDispatchMode):  # type: ignore[no-untyped-call]
    """Torch while its normals come from a noise source: what `feeding_torch` gives.

    Parameters
    ----------
    source
        Where the normals come from.
    """

    def __init__(self, source: NoiseSource) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.source = source
        """Where the normals come from."""
        self.normals = 0
        """Normals given so far; a complex one counts as two."""
        self.left_to_torch: Counter[str] = Counter()
        """How often which other random operation was torch's own, by name: ``rand``, ``randint``, ``bernoulli_``."""

    def __torch_dispatch__(
        self, func: Any, types: Sequence[type], args: Sequence[Any] = (), kwargs: Mapping[str, Any] | None = None
    ) -> Any:
        """Answer an operation of torch."""
        named = dict(kwargs or {})
        answer = _ANSWERS.get(func.overloadpacket)
        if answer is not None:
            return answer(self, _by_name(func, args) | named)
        if torch.Tag.nondeterministic_seeded in func.tags and _draws(func, _by_name(func, args) | named):
            self.left_to_torch[func.overloadpacket.__name__] += 1
        return func(*args, **named)

    def draw(self, shape: Sequence[int], dtype: torch.dtype | None, device: torch.device | None) -> torch.Tensor:
        """Draw normals, and count them.

        Parameters
        ----------
        shape, dtype, device
            What the tensor is to be; see `normal_tensor`.

        Returns
        -------
        torch.Tensor
            The normals.
        """
        if device is not None and device.type == "meta":  # only the shape is asked for
            return torch.empty(tuple(shape), dtype=dtype, device=device)
        drawn = normal_tensor(self.source, shape, dtype=dtype, device=device or torch.device("cpu"))
        self.normals += drawn.numel() * (1 + drawn.is_complex())
        return drawn


def feeding_torch(source: NoiseSource) -> FedTorch:
    """Let the normals of any torch code come from a noise source: ``with feeding_torch(source) as fed: ...``.

    Every normal that torch draws in this thread inside the ``with`` is the source's: those of ``torch.randn``,
    ``randn_like``, ``normal``, ``Tensor.normal_``, ``torch.nn.init``, ``torch.distributions.Normal``, and those of
    libraries over torch, as of the pipelines and schedulers of diffusers. Type, device and ``out`` are as asked for. A
    ``generator`` is not drawn from. Other random numbers, uniform ones and integers say, are torch's own still, and
    `FedTorch.left_to_torch` counts the operations that drew them.

    Parameters
    ----------
    source
        Where the normals come from.

    Returns
    -------
    FedTorch
        To be used in a ``with``; says how many normals were drawn.

    Notes
    -----
    A dispatch mode of torch: it sees each operation below autograd, whoever calls it, in Python or in C++. Other
    threads, such as a data loader's, are not fed, nor are other processes. What the source raises where its bits end
    is raised by the operation that asked.

    Examples
    --------
    >>> from mtjlab.analysis.noise import BIT_SUM_1, BitNoise
    >>> with feeding_torch(BitNoise([1, 0, 0, 1], BIT_SUM_1)) as fed:
    ...     torch.randn(3), fed.normals
    (tensor([ 1., -1., -1.]), 3)
    """
    return FedTorch(source)


def _by_name(func: Any, args: Sequence[Any]) -> dict[str, Any]:
    return dict(zip((each.name for each in func._schema.arguments), args, strict=False))


def _draws(func: Any, given: dict[str, Any]) -> bool:
    """Whether an operation that may draw random numbers does; attention does for its dropout alone."""
    has_dropout = any(each.name == "dropout_p" for each in func._schema.arguments)
    return not has_dropout or given.get("dropout_p", 0.0) > 0


def _randn(fed: FedTorch, given: dict[str, Any]) -> torch.Tensor:
    out = given.get("out")
    if out is not None:
        return _into(out.resize_(given["size"]), fed.draw(given["size"], out.dtype, out.device))
    return _pinned(fed.draw(given["size"], given.get("dtype"), given.get("device")), given)


def _randn_like(fed: FedTorch, given: dict[str, Any]) -> torch.Tensor:
    out = given.get("out")
    if out is None:
        names = ("dtype", "layout", "device", "pin_memory", "memory_format")
        out = torch.empty_like(given["self"], **{name: given[name] for name in names if name in given})
    return _into(out, fed.draw(given["self"].shape, out.dtype, out.device))


def _normal_in_place(fed: FedTorch, given: dict[str, Any]) -> torch.Tensor:
    return _into(given["self"], _normal_as(fed, given))


def _normal_as(fed: FedTorch, given: dict[str, Any]) -> torch.Tensor:
    like = given["self"]
    drawn = fed.draw(like.shape, like.dtype, like.device)
    return _moved(drawn, given.get("mean", 0.0), given.get("std", 1.0))


def _normal(fed: FedTorch, given: dict[str, Any]) -> torch.Tensor:
    mean, std, out = given.get("mean", 0.0), given.get("std", 1.0), given.get("out")
    tensors = [each for each in (mean, std) if isinstance(each, torch.Tensor)]
    if tensors:
        shape = torch.broadcast_tensors(*tensors)[0].shape  # type: ignore[no-untyped-call]
        like = tensors[0] if out is None else out
        drawn = _moved(fed.draw(shape, like.dtype, like.device), mean, std)
    else:
        dtype, device = (given.get("dtype"), given.get("device")) if out is None else (out.dtype, out.device)
        drawn = _pinned(_moved(fed.draw(given["size"], dtype, device), mean, std), given)
    return drawn if out is None else _into(out.resize_(drawn.shape), drawn)


def _moved(drawn: torch.Tensor, mean: Any, std: Any) -> torch.Tensor:
    """Give standard normals another mean and standard deviation."""
    if bool((std < 0).any()) if isinstance(std, torch.Tensor) else std < 0:
        raise InputError(f"std = {std if isinstance(std, float) else std.min().item():g}: expected 0 or more")
    return drawn.mul_(std).add_(mean)


def _into(target: torch.Tensor, drawn: torch.Tensor) -> torch.Tensor:
    target.copy_(drawn)
    return target


def _pinned(drawn: torch.Tensor, given: dict[str, Any]) -> torch.Tensor:
    return drawn.pin_memory() if given.get("pin_memory") else drawn


_ANSWERS: dict[Any, Callable[[FedTorch, dict[str, Any]], torch.Tensor]] = {
    torch.ops.aten.randn: _randn,
    torch.ops.aten.randn_like: _randn_like,
    torch.ops.aten.normal_: _normal_in_place,
    torch.ops.aten.normal_functional: _normal_as,
    torch.ops.aten.normal: _normal,
}
"""What answers each operation of torch that draws normals, whatever its overload; takes the arguments by name."""
