"""A row of samples as one value: what is written once is done to all lanes, in the processor's widest registers.

The compiler turns a loop over lanes into wide registers, too, but keeps each step of it waiting for the one before, and
first asks whether rows overlap. A row as one value has neither: every operation is done for all lanes before the next,
so none waits, and nothing in between goes to memory. On Zen 5 that halves the time of a draw.

A value holds ``LANES`` numbers of one kind (int32, uint32, float32). ``+ - * & | ^ >>`` work between two of one kind,
or a value and a number of that kind; comparisons are :func:`below` and :func:`at_most`. How many registers a value
takes, and what they can do, is the compiler's business: the code is the same for every processor.
"""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import Any

from llvmlite import ir  # type: ignore[import-untyped]
from numba import types
from numba.core.extending import intrinsic, models, overload, register_model

LANES = 128
"""Samples that are computed side by side."""

Built = tuple[Any, Callable[..., Any]]
_INT, _LONG, _REAL, _BIT = ir.IntType(32), ir.IntType(64), ir.FloatType(), ir.IntType(1)
_KINDS = {types.int32: _INT, types.uint32: _INT, types.float32: _REAL, types.boolean: _BIT}


def _built(rule: Callable[..., Built]) -> Any:
    """An operation on rows: its type, and what is built for it."""
    return intrinsic(rule)


class Wide(types.Type):
    """The type of a row of ``kind``."""

    def __init__(self, kind: Any, lanes: int = LANES) -> None:
        self.kind, self.lanes = kind, lanes
        super().__init__(f"Wide({kind}, {lanes})")


@register_model(Wide)
class _Model(models.PrimitiveModel):
    def __init__(self, manager: Any, kind: Wide) -> None:
        super().__init__(manager, kind, _row(_KINDS[kind.kind], kind.lanes))  # type: ignore[no-untyped-call]


def _row(element: Any, lanes: int = LANES) -> Any:
    return ir.VectorType(element, lanes)


_WHOLE, _UNSIGNED, _REALS, _WHICH = (Wide(kind) for kind in _KINDS)
_OF = {wide.kind: wide for wide in (_WHOLE, _UNSIGNED, _REALS)}


# From and to arrays ----------------------------------


def _place(context: Any, builder: Any, types_: Any, rows: Any, i: Any) -> Any:
    """Where row ``i`` of the array begins; it is contiguous, its last axis the lanes."""
    array = context.make_array(types_[0])(context, builder, rows)
    first = builder.mul(context.cast(builder, i, types_[1], types.uint64), ir.Constant(_LONG, LANES))
    return builder.bitcast(builder.gep(array.data, [first]), _row(_KINDS[types_[0].dtype]).as_pointer())


@_built
def row(_context: Any, rows: Any, i: Any) -> Built:
    """Row ``i`` of ``rows`` (…, LANES)."""

    def build(context: Any, builder: Any, signature: Any, given: Any) -> Any:
        return builder.load(_place(context, builder, signature.args, *given), align=4)

    return _OF[rows.dtype](rows, i), build


@_built
def put(_context: Any, rows: Any, i: Any, value: Any) -> Built:
    """Make ``value`` row ``i`` of ``rows`` (…, LANES)."""

    def build(context: Any, builder: Any, signature: Any, given: Any) -> Any:
        builder.store(given[2], _place(context, builder, signature.args, *given[:2]), align=4)
        return context.get_dummy_value()

    return types.void(rows, i, value), build


def _everywhere(lanes: int) -> Any:
    @_built
    def everywhere(_context: Any, number: Any) -> Built:
        def build(_context: Any, builder: Any, _signature: Any, given: Any) -> Any:
            none = ir.Constant(_row(_KINDS[number], lanes), ir.Undefined)
            one = builder.insert_element(none, given[0], ir.Constant(_INT, 0))
            return builder.shuffle_vector(one, none, ir.Constant(_row(_INT, lanes), [0] * lanes))

        return Wide(number, lanes)(number), build

    return everywhere


every, _every_half = _everywhere(LANES), _everywhere(LANES // 2)
"""A number in every lane."""


# Half a row whose numbers are two each ----------------------------------


@_built
def first_half(_context: Any, rows: Any) -> Built:
    """The first half of an array of LANES."""

    def build(context: Any, builder: Any, signature: Any, given: Any) -> Any:
        array = context.make_array(signature.args[0])(context, builder, given[0])
        return builder.load(builder.bitcast(array.data, _row(_INT, LANES // 2).as_pointer()), align=4)

    return Wide(rows.dtype, LANES // 2)(rows), build


@_built
def apart(_context: Any, pairs: Any) -> Built:
    """Of half a row the lower 16 bits of each number, then the upper ones: a row."""

    def build(_context: Any, builder: Any, _signature: Any, given: Any) -> Any:
        half = given[0].type
        lower = builder.and_(given[0], ir.Constant(half, [0xFFFF] * (LANES // 2)))
        upper = builder.lshr(given[0], ir.Constant(half, [16] * (LANES // 2)))
        return builder.shuffle_vector(lower, upper, ir.Constant(_row(_INT), list(range(LANES))))

    return _UNSIGNED(pairs), build


# Arithmetic ----------------------------------


def _between(whole: str, real: str = "", unsigned: str = "") -> Any:
    """An operation on two rows of one kind, by the builder's names for it."""

    @_built
    def between(_context: Any, a: Any, b: Any) -> Built:
        name = {types.float32: real, types.uint32: unsigned or whole}.get(a.kind, whole)

        def build(_context: Any, builder: Any, _signature: Any, given: Any) -> Any:
            return getattr(builder, name)(*given)

        return a(a, b), build

    return between


def _operator(sign: Any, between: Any) -> None:
    @overload(sign, jit_options={"forceinline": True})
    def _(a, b):  # type: ignore[no-untyped-def]
        if not isinstance(a, Wide):
            return None
        if a == b:
            return lambda a, b: between(a, b)
        return (lambda a, b: between(a, every(b))) if a.lanes == LANES else (lambda a, b: between(a, _every_half(b)))


for _sign, _names in (
    (operator.add, ("add", "fadd")),
    (operator.sub, ("sub", "fsub")),
    (operator.mul, ("mul", "fmul")),
    (operator.and_, ("and_",)),
    (operator.or_, ("or_",)),
    (operator.xor, ("xor",)),
    (operator.rshift, ("ashr", "", "lshr")),
):
    _operator(_sign, _between(*_names))


def _called(name: str) -> Any:
    """An operation of the compiler's own on one real row."""

    @_built
    def called(_context: Any, a: Any) -> Built:
        def build(_context: Any, builder: Any, _signature: Any, given: Any) -> Any:
            return _call(builder, f"llvm.{name}.v{LANES}f32", given)

        return a(a), build

    return called


def _call(builder: Any, name: str, given: Any, into: Any = None) -> Any:
    kind = ir.FunctionType(into or given[0].type, [one.type for one in given])
    return builder.call(builder.module.declare_intrinsic(name, fnty=kind), given)


root, size = _called("sqrt"), _called("fabs")


@_built
def fused(_context: Any, a: Any, b: Any, c: Any) -> Built:
    """``a · b + c`` of real rows, rounded once where the processor can."""

    def build(_context: Any, builder: Any, _signature: Any, given: Any) -> Any:
        return _call(builder, f"llvm.fmuladd.v{LANES}f32", given)

    return a(a, b, c), build


@_built
def real(_context: Any, a: Any) -> Built:
    """Whole numbers as real ones."""

    def build(_context: Any, builder: Any, _signature: Any, given: Any) -> Any:
        return builder.sitofp(given[0], _row(_REAL))

    return _REALS(a), build


@_built
def whole(_context: Any, a: Any) -> Built:
    """Real numbers cut to whole ones; they must lie where int32 does."""

    def build(_context: Any, builder: Any, _signature: Any, given: Any) -> Any:
        return builder.fptosi(given[0], _row(_INT))

    return _WHOLE(a), build


# Choices ----------------------------------


def _compared(sign: str) -> Any:
    @_built
    def compared(_context: Any, a: Any, b: Any) -> Built:
        def build(_context: Any, builder: Any, _signature: Any, given: Any) -> Any:
            return _compare(builder, a.kind, sign, given)

        return _WHICH(a, b), build

    return compared


def _compare(builder: Any, kind: Any, sign: str, given: Any) -> Any:
    return (builder.fcmp_ordered if kind == types.float32 else builder.icmp_signed)(sign, *given)


below, at_most = _compared("<"), _compared("<=")


@_built
def chosen(_context: Any, which: Any, a: Any, b: Any) -> Built:
    """``a`` where ``which``, else ``b``."""

    def build(_context: Any, builder: Any, _signature: Any, given: Any) -> Any:
        return builder.select(*given)

    return a(which, a, b), build


def _one_of(sign: str) -> Any:
    @_built
    def one_of(_context: Any, a: Any, b: Any) -> Built:
        def build(_context: Any, builder: Any, _signature: Any, given: Any) -> Any:
            return builder.select(_compare(builder, a.kind, sign, given), *given)

        return a(a, b), build

    return one_of


lesser, greater = _one_of("<"), _one_of(">")


# All lanes together ----------------------------------


def _over(name: str) -> Any:
    @_built
    def over(_context: Any, a: Any) -> Built:
        def build(_context: Any, builder: Any, _signature: Any, given: Any) -> Any:
            return _call(builder, f"llvm.vector.reduce.{name}.v{LANES}i32", given, _INT)

        return types.int32(a), build

    return over


least, most, total = _over("smin"), _over("smax"), _over("add")


@_built
def product(_context: Any, a: Any, b: Any) -> Built:
    """The sum of ``a · b`` of real rows over all lanes, added half to half: the same wherever it is compiled in."""

    def build(_context: Any, builder: Any, _signature: Any, given: Any) -> Any:
        sums, lanes = builder.fmul(*given), LANES
        while lanes > 1:
            lanes //= 2
            halves = (ir.Constant(_row(_INT, lanes), list(range(first, first + lanes))) for first in (0, lanes))
            sums = builder.fadd(*(builder.shuffle_vector(sums, sums, half) for half in halves))
        return builder.extract_element(sums, ir.Constant(_INT, 0))

    return types.float32(a, b), build


@_built
def lanes_of(_context: Any, which: Any) -> Built:
    """In how many lanes ``which`` holds."""

    def build(_context: Any, builder: Any, _signature: Any, given: Any) -> Any:
        bits = builder.bitcast(given[0], ir.IntType(LANES))
        return builder.trunc(_call(builder, f"llvm.ctpop.i{LANES}", [bits]), _LONG)

    return types.int64(which), build
