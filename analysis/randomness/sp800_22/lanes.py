"""Eight numbers side by side, as a type of numba: what runs in lanes does not hang on what the compiler notices.

>>> from numba import njit
>>> @njit
... def squares(numbers):
...     lanes = load(numbers, 0)
...     store(numbers, 0, lanes * lanes)
>>> import numpy as np
>>> numbers = np.arange(8, dtype=np.float32)
>>> squares(numbers)
>>> numbers.tolist()
[0.0, 1.0, 4.0, 9.0, 16.0, 25.0, 36.0, 49.0]
"""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import Any

from llvmlite import ir
from numba import types
from numba.extending import intrinsic, lower_builtin, models, register_model, type_callable

__all__ = ["LANES", "load", "store", "spread", "shifted_left", "shifted_right", "where_negative"]

LANES = 8
"""Two registers of most machines for words, one for floats."""


class Lanes(types.Type):  # type: ignore[misc]
    """The type of eight numbers."""

    def __init__(self, element: Any, llvm: ir.Type) -> None:
        self.align = element.bitwidth // 8
        self.vector = ir.VectorType(llvm, LANES)
        super().__init__(name=f"Lanes({element})")


@register_model(Lanes)
class _LanesModel(models.PrimitiveModel):  # type: ignore[misc]
    def __init__(self, manager: Any, lanes: Lanes) -> None:
        super().__init__(manager, lanes, lanes.vector)  # type: ignore[no-untyped-call]


FLOATS = Lanes(types.float32, ir.FloatType())
WORDS = Lanes(types.uint64, ir.IntType(64))
_OF = {types.float32: FLOATS, types.uint64: WORDS}

Values = list[Any]


def _place(context: Any, builder: ir.IRBuilder, array_type: Any, array: Any, index: Any) -> Any:
    data = context.make_array(array_type)(context, builder, array).data
    return builder.bitcast(builder.gep(data, [index]), _OF[array_type.dtype].vector.as_pointer())


def _load(typing: Any, array: Any, index: Any) -> Any:
    """Take the numbers of a contiguous array from `index` on."""
    lanes = _OF[array.dtype]

    def generate(context: Any, builder: ir.IRBuilder, signature: Any, arguments: Values) -> Any:
        value = builder.load(_place(context, builder, signature.args[0], *arguments))
        value.align = lanes.align
        return value

    return lanes(array, types.intp), generate


def _store(typing: Any, array: Any, index: Any, value: Any) -> Any:
    """Put the numbers into a contiguous array from `index` on."""
    lanes = _OF[array.dtype]

    def generate(context: Any, builder: ir.IRBuilder, signature: Any, arguments: Values) -> Any:
        place = _place(context, builder, signature.args[0], *arguments[:2])
        builder.store(arguments[2], place).align = lanes.align
        return context.get_dummy_value()

    return types.void(array, types.intp, lanes), generate


def _spread(typing: Any, number: Any) -> Any:
    """Repeat one float32 or uint64 in all lanes."""
    lanes = _OF[number]

    def generate(context: Any, builder: ir.IRBuilder, signature: Any, arguments: Values) -> Any:
        nothing = ir.Constant(lanes.vector, ir.Undefined)
        first = builder.insert_element(nothing, arguments[0], ir.Constant(ir.IntType(32), 0))
        return builder.shuffle_vector(first, nothing, ir.Constant(ir.VectorType(ir.IntType(32), LANES), [0] * LANES))

    return lanes(number), generate


load: Any = intrinsic(_load)
store: Any = intrinsic(_store)
spread: Any = intrinsic(_spread)


def _same(lanes: Lanes, count: int) -> ir.Constant:
    return ir.Constant(lanes.vector, [count] * LANES)


def _of_words(build: Callable[[ir.IRBuilder, Any], Any], said: str) -> Any:
    def function(typing: Any, lanes: Any) -> Any:
        def generate(context: Any, builder: ir.IRBuilder, signature: Any, arguments: Values) -> Any:
            return build(builder, arguments[0])

        return WORDS(WORDS), generate

    function.__doc__ = said
    return intrinsic(function)


shifted_left = _of_words(lambda builder, a: builder.shl(a, _same(WORDS, 1)), "Shift each word by one bit to the left.")
shifted_right = _of_words(
    lambda builder, a: builder.lshr(a, _same(WORDS, 63)), "Bring the first bit of each to its end."
)
where_negative = _of_words(
    lambda builder, a: builder.sext(builder.icmp_signed("<", a, _same(WORDS, 0)), WORDS.vector),
    "Give words of ones where the first bit is set, of zeros elsewhere.",
)


def _allow(symbol: Any, lanes: Lanes, build: Callable[[ir.IRBuilder, Any, Any], Any]) -> None:
    """Let the operator work on lanes."""

    @type_callable(symbol)  # type: ignore[untyped-decorator]
    def say_type(context: Any) -> Any:
        return lambda a, b: lanes if a == lanes and b == lanes else None

    @lower_builtin(symbol, lanes, lanes)  # type: ignore[untyped-decorator, no-untyped-call]
    def generate(context: Any, builder: ir.IRBuilder, signature: Any, arguments: Values) -> Any:
        return build(builder, *arguments)


# "contract" lets a product and a sum become one instruction, which is more exact, not less.
_allow(operator.add, FLOATS, lambda builder, a, b: builder.fadd(a, b, flags=("contract",)))
_allow(operator.sub, FLOATS, lambda builder, a, b: builder.fsub(a, b, flags=("contract",)))
_allow(operator.mul, FLOATS, lambda builder, a, b: builder.fmul(a, b, flags=("contract",)))
_allow(operator.sub, WORDS, lambda builder, a, b: builder.sub(a, b))
_allow(operator.and_, WORDS, lambda builder, a, b: builder.and_(a, b))
_allow(operator.or_, WORDS, lambda builder, a, b: builder.or_(a, b))
_allow(operator.xor, WORDS, lambda builder, a, b: builder.xor(a, b))
