"""Whether a condition holds, and what is known on the path on which it does."""

from __future__ import annotations

import operator
from collections.abc import Callable, Sequence
from dataclasses import replace

from shapelint.dims import Dim, const, symbol
from shapelint.interp.calls.call import arguments
from shapelint.interp.claims.subjects import evaluated_aside
from shapelint.interp.inputs.parameters import bind_arguments
from shapelint.interp.objects.arithmetic import as_number, number_of
from shapelint.interp.paths.cases import take_path
from shapelint.interp.paths.flags import note_answer, test_kept
from shapelint.interp.paths.join import alternatives, choice
from shapelint.interp.running.none_or import assume_none_or
from shapelint.interp.running.quantified import assume_quantified
from shapelint.interp.running.truth import answer
from shapelint.interp.state.decorators import is_wrapped
from shapelint.interp.state.ground import Ground, size_if_any, size_of
from shapelint.interp.state.kinds import is_one_of
from shapelint.interp.state.machine import MOST_DEPTH, Frame, evaluate
from shapelint.interp.state.values import (
    Builtin,
    Choice,
    External,
    FunctionValue,
    Instance,
    Ref,
    Value,
    unknown,
)  # fmt: skip
from shapelint.ops.needs import Context
from shapelint.ops.rows import SizesOf
from shapelint.ops.tensor import Tensor, Unknown
from shapelint.program import nodes
from shapelint.shapes import Shape


def assume(frame: Frame, test: nodes.Expr, holds: bool) -> None:
    """Take it that a condition holds (or does not): facts about sizes, ranks, and what is None."""
    note_answer(frame, test, holds)
    if isinstance(test, nodes.Unary) and test.op == "not":
        assume(frame, test.operand, not holds)
    elif isinstance(test, nodes.Boolean):
        parts = test.values
        if (test.op == "and") != holds:  # one of them is so: the one that is not known to be otherwise
            left = [part for part in parts if _truth_of(frame, part) is not (not holds)]
            parts = tuple(left) if len(left) == 1 else ()
            if len(left) > 1 and assume_none_or(frame, test.op, left, holds, assume):
                return
            _assume_one_of(frame, left if len(left) > 1 else (), holds)
        for part in parts:
            assume(frame, part, holds)
    elif isinstance(test, nodes.Compare):
        _assume_compare(frame, test, holds)
    elif isinstance(test, nodes.Call) and isinstance(test.func, nodes.Name) and test.func.id == "exists" and test.args:
        _assume_none(frame, test.args[0].value, not holds)
    elif isinstance(test, nodes.Call) and isinstance(test.func, nodes.Name) and test.func.id == "isinstance":
        _assume_instance(frame, test, holds)
    elif isinstance(test, nodes.Call) and isinstance(test.func, nodes.Name) and test.func.id in ("any", "all"):
        assume_quantified(frame, test, holds, assume, _truth_of)
    elif isinstance(test, nodes.Call) and isinstance(test.func, (nodes.Name, nodes.Attribute)):
        _assume_called(frame, test, holds)
    elif isinstance(test, (nodes.Name, nodes.Attribute)):
        kept = test_kept(frame, evaluate(frame, test)) if isinstance(test, nodes.Name) else None
        if kept is not None:
            assume(frame, kept, holds)
        _assume_flag(frame, test, holds)
        if holds:
            _assume_none(frame, test, False)
    elif isinstance(test, nodes.Binary) and not holds:
        _assume_divides(frame, test)
    elif isinstance(test, nodes.Binary) and test.op == "%":
        _take(frame, "!=", number_of(evaluate(frame, test)), const(0))


MOST_WAYS = 4


def _assume_one_of(frame: Frame, parts: Sequence[nodes.Expr], holds: bool) -> None:
    """`n == a or n == b`: one of several equalities of sizes holds."""
    pairs = [_sizes_equated(frame, part, holds) for part in parts[: MOST_WAYS + 1]]
    told = [pair for pair in pairs if pair is not None]
    if len(told) == len(pairs) <= MOST_WAYS:
        frame.world.facts = frame.world.facts.either(told)


def _sizes_equated(frame: Frame, test: nodes.Expr, holds: bool) -> tuple[Dim, Dim] | None:
    """The two sizes of which a test says that they are equal."""
    if not isinstance(test, nodes.Compare) or test.ops != ("==" if holds else "!=",):
        return None
    left, right = (number_of(evaluated_aside(frame, one)) for one in (test.left, test.comparators[0]))
    return None if left is None or right is None else (left, right)


def _truth_of(frame: Frame, test: nodes.Expr) -> bool | None:
    return answer(frame, test, evaluated_aside(frame, test))


def _assume_flag(frame: Frame, test: nodes.Name | nodes.Attribute, holds: bool) -> None:
    """A flag that tells which case it is, `is_batched` of `is_batched = x.dim() == 4`; a number that is 0, or not."""
    value = evaluate(frame, test)
    if isinstance(value, Dim) and value not in frame.machine.optional:
        _take(frame, "!=" if holds else "==", value, const(0))
    paths = [path for one, path in value.each() if one is holds] if isinstance(value, Choice) else []
    if len(paths) == 1 and paths[0] is not None:
        take_path(frame, paths[0])


def _assume_called(frame: Frame, test: nodes.Call, holds: bool) -> None:
    """What a function of the program that is no more than a test returns: `def is_batched(x): return x.dim() == 3`."""
    function = frame.world.settle(evaluate(frame, test.func))
    if not isinstance(function, FunctionValue) or not isinstance(function.node, nodes.Function):
        return
    body = [each for each in function.node.body if not _is_docstring(each)]
    if len(body) != 1 or not isinstance(body[0], nodes.Return) or body[0].value is None or is_wrapped(function.node):
        return
    if frame.depth >= MOST_DEPTH:
        return
    inner = Frame(frame.machine, function.frame.module, parent=function.frame, function=function, cls=function.owner)
    inner.guarded, inner.depth = frame.guarded + 1, frame.depth + 1
    if not bind_arguments(inner, function, *arguments(frame, test)):
        assume(inner, body[0].value, holds)


def _is_docstring(statement: nodes.Stmt) -> bool:
    return isinstance(statement, nodes.Expression) and isinstance(statement.value, nodes.Constant)


def _assume_compare(frame: Frame, test: nodes.Compare, holds: bool) -> None:
    left = test.left
    for op, right in zip(test.ops, test.comparators, strict=True):
        if not holds and len(test.ops) > 1:
            return
        if op in ("is", "is not", "==", "!=") and isinstance(right, nodes.Constant) and right.value is None:
            _assume_none(frame, left, (op in ("is", "==")) == holds)
        elif isinstance(right, nodes.Constant) and isinstance(right.value, str):
            if (op == "==") == holds and op in ("==", "!="):
                _assume_text(frame, left, right.value)
        else:
            _assume_order(frame, NEGATED[op] if not holds else op, left, right)
        left = right


def _assume_text(frame: Frame, target: nodes.Expr, text: str) -> None:
    """A named unknown is this text on this path, wherever it was put."""
    value = frame.world.settle(evaluate(frame, target))
    if isinstance(value, Unknown) and value.origin:
        frame.world.resolved[value] = text


NEGATED = {
    "==": "!=", "!=": "==", "<": ">=", ">=": "<", ">": "<=", "<=": ">", "in": "not in", "not in": "in",
    "is": "is not", "is not": "is",
}  # fmt: skip


def _assume_order(frame: Frame, op: str, left: nodes.Expr, right: nodes.Expr) -> None:
    if op == "==" and _assume_rank(frame, left, right):
        return
    _choose_by_rank(frame, op, left, right)
    if op == "==" and isinstance(right, nodes.Constant) and right.value == 0 and _assume_divides(frame, left):
        return
    first, second = evaluate(frame, left), evaluate(frame, right)
    if op not in ("is", "is not", "in", "not in"):
        first, second = _sizes_by_use(frame, first, second)
    if op == "in" and type(second) is tuple:
        sizes = [number_of(one) for one in second]
        size = number_of(first)
        if size is not None and len(sizes) <= MOST_WAYS and None not in sizes:
            frame.world.facts = frame.world.facts.either([(size, one) for one in sizes if one is not None])
        return
    if type(first) is tuple and type(second) is tuple and op == "==" and len(first) == len(second):
        for x, y in zip(first, second, strict=True):
            _take(frame, "==", number_of(x), number_of(y))
        return
    if op == "==" and isinstance(first, SizesOf) and isinstance(second, SizesOf):
        if first.shape.run is not None and not first.shape.seen() and first.shape.run != second.shape.run:
            Ground(frame.world).fill(first.shape.run, frame.world.settle_shape(second.shape))
        return
    if op == "==" and (isinstance(first, SizesOf) or isinstance(second, SizesOf)):
        whole, sizes = (first, second) if isinstance(first, SizesOf) else (second, first)
        if type(sizes) is tuple:
            _fill(frame, whole.shape, sizes)
        return
    if op == "==" and isinstance(first, Unknown) and isinstance(second, Dim) and (second.value or 0) > 0:
        _take(frame, op, size_if_any(frame.world, first), second)  # no size by that, but this one if it is one
        return
    _take(frame, op, number_of(first), number_of(second))


def _sizes_by_use(frame: Frame, first: Value, second: Value) -> tuple[Value, Value]:
    """Names that are compared with each other or with a size, taken for sizes.

    What sums up to less than there are of them counts flags: `sum([use_mean, use_max]) == 1`.
    """
    for one, other in ((first, second), (second, first)):
        number = other.value if isinstance(other, Dim) else None
        if number is not None and 0 < number < _summed(one):
            return first, second
    named = [isinstance(one, Unknown) and (one.calculated or (one.origin and one.free)) for one in (first, second)]
    if named[0] and (named[1] or isinstance(second, Dim)):
        first = size_of(frame.world, first) or first
    if named[1] and isinstance(first, Dim):
        second = size_of(frame.world, second) or second
    return first, second


def _summed(value: Value) -> int:
    """How many unknown values a sum is made of."""
    if not isinstance(value, Unknown):
        return 0
    if value.calculated is None or value.calculated[0] != "+":
        return 1
    return sum(map(_summed, value.calculated[1:]))


def _fill(frame: Frame, shape: Shape, sizes: tuple[Value, ...]) -> None:
    inner = sizes[len(shape.front) : len(sizes) - len(shape.back)]
    if shape.run is not None and len(sizes) >= shape.least_rank and all(isinstance(s, Dim) for s in inner):
        frame.world.fill(shape.run, Shape(inner))


def _take(frame: Frame, op: str, a: Dim | None, b: Dim | None) -> None:
    if a is None or b is None:
        return
    facts = frame.world.facts
    if op == "==":
        facts = facts.equal(a, b)
    elif op == "!=":
        facts = facts.unequal(a, b)
    elif op in (">=", ">"):
        facts = facts.at_least(a, b if op == ">=" else b + 1)
    elif op in ("<=", "<"):
        facts = facts.at_most(a, b if op == "<=" else b - 1)
    frame.world.facts = facts


def _assume_divides(frame: Frame, test: nodes.Expr) -> bool:
    """`a % b`, which is 0 on this path: b divides a."""
    if not isinstance(test, nodes.Binary) or test.op != "%":
        return False
    evaluate(frame, test)  # names used as sizes become sizes
    sides = (as_number(frame, test, evaluate(frame, side)) for side in (test.left, test.right))
    size, divisor = (number_of(side) for side in sides)
    if size is not None and divisor is not None:
        frame.world.facts = frame.world.facts.divides(divisor, size)
    return True


def _assume_none(frame: Frame, target: nodes.Expr, is_none: bool) -> None:
    """A name (or attribute of self) is None on this path, or is not."""
    value = evaluate(frame, target)
    kept = [each for each in value.each() if (each[0] is None) == is_none] if isinstance(value, Choice) else []
    if len(kept) == 1 and kept[0][1] is not None and not any(isinstance(one, Unknown) for one in alternatives(value)):
        take_path(frame, kept[0][1])
    narrowed: Value = None
    if is_none:
        had = {size for one in alternatives(value) if isinstance(one, Tensor) for size in one.shape.seen()}
        idle = [size.as_symbol for size in had if size.as_symbol in frame.letters.of_optional]
        frame.world.idle |= frozenset(symbol for symbol in idle if symbol is not None)
        _bind_narrowed(frame, target, None)
        return
    if isinstance(value, Choice):
        narrowed = choice([one for one, _ in kept], [path for _, path in kept]) if kept else value
    elif isinstance(value, Unknown) and value.may_be_none and value.origin:
        narrowed = Unknown(
            value.reason,
            value.origin,
            value.line,
            free=value.free,
            minimum=value.minimum,
            may_be_none=False,
            of_sizes=value.of_sizes,
            may_be_size=value.may_be_size,
            given=value.given,
            unset=value.unset,
        )
        narrowed.before = value
    elif value is None:  # somebody else sets it before: a subclass, or whoever calls this
        narrowed = unknown("what is None until somebody sets it")
    else:
        return
    _bind_narrowed(frame, target, narrowed)


def _bind_narrowed(frame: Frame, target: nodes.Expr, narrowed: Value) -> None:
    """A name or an attribute of an object stands for this on this path."""
    if isinstance(target, nodes.Name):
        frame.env[target.id] = narrowed
    elif isinstance(target, nodes.Attribute):
        receiver = evaluate(frame, target.value)
        content = frame.world.heap.get(receiver.id) if isinstance(receiver, Ref) else None
        if isinstance(content, Instance) and isinstance(receiver, Ref):
            frame.world.heap[receiver.id] = Instance(
                content.type, {**content.attrs, target.attr: narrowed}, content.open
            )


def _assume_instance(frame: Frame, test: nodes.Call, holds: bool) -> None:
    """`isinstance(x, int)`: x is a size on this path, or a tensor; of several values it is one that is so or is not."""
    target = test.args[0].value if len(test.args) == 2 else None
    if not isinstance(target, (nodes.Name, nodes.Attribute)):
        return
    value, kind = frame.world.settle(evaluate(frame, target)), evaluate(frame, test.args[1].value)
    if isinstance(value, Choice):
        kept = [(one, path) for one, path in value.each() if is_one_of(frame, one, kind) is not (not holds)]
        if not holds and kept and all(one is None for one, _ in kept):
            # who asks this of a tensor or None has yet something else in mind: a list of numbers
            _bind_narrowed(frame, target, Unknown("what is no tensor", given=True))
        elif 0 < len(kept) < len(value.values):
            _bind_narrowed(frame, target, choice([one for one, _ in kept], [path for _, path in kept]))
            if len(kept) == 1 and kept[0][1] is not None:
                take_path(frame, kept[0][1])
    elif holds and value is None:  # somebody else sets it before
        _bind_narrowed(frame, target, unknown("what is None until somebody sets it"))
    elif holds and isinstance(value, Unknown) and kind == External("torch.Tensor"):
        Ground(frame.world).as_tensor(value)
    elif holds and isinstance(value, Unknown) and value.origin and kind == Builtin("int"):
        size = symbol(value.origin, scope=next(Context.serial), free=value.free, minimum=value.minimum)
        _bind_narrowed(frame, target, size)


def _assume_rank(frame: Frame, left: nodes.Expr, right: nodes.Expr) -> bool:
    """`x.dim() == 3`, `len(x.shape) == 3`, `sizes = x.shape; len(sizes) == 3`: x has that many dims on this path."""
    subject = _ranked(left) or _counted(left)
    wanted = evaluate(frame, right) if subject is not None else None
    count = frame.world.value_of(wanted) if isinstance(wanted, Dim) else None
    if subject is None or count is None:
        return False
    value = frame.world.settle(evaluate(frame, subject))
    if isinstance(value, SizesOf):
        value = Tensor(frame.world.settle_shape(value.shape))
    elif _ranked(left) is None:
        return False
    if isinstance(value, Choice):
        return False
    if isinstance(value, Unknown) and value.origin and not value.is_result:
        value = Ground(frame.world).as_tensor(value)
    if not isinstance(value, Tensor) or value.shape.run is None or count < value.shape.least_rank:
        return True
    missing = count - value.shape.least_rank
    frame.world.fill(value.shape.run, Shape(tuple(symbol("_", scope=next(Context.serial)) for _ in range(missing))))
    return True


def _choose_by_rank(frame: Frame, op: str, left: nodes.Expr, right: nodes.Expr) -> None:
    """`x.dim() != 3`, `len(sizes) > 2`: of the tensors or shapes that a name may be, it is one of so many dims."""
    subject = _ranked(left) or _counted(left)
    if not isinstance(subject, nodes.Name) or op not in HOLDS:
        return
    value, wanted = frame.env.get(subject.id), evaluate(frame, right)
    count = frame.world.value_of(wanted) if isinstance(wanted, Dim) else None
    is_length = _ranked(left) is None  # of a tensor that is its first size
    if not isinstance(value, Choice) or count is None or (is_length and _may_be_tensor(value)):
        return
    settled = [(frame.world.settle(one), path) for one, path in value.each()]
    kept = [(one, path) for one, path in settled if (rank := _rank_of(one)) is None or HOLDS[op](rank, count)]
    if op == "==":
        kept = [(_of_rank(one, count), path) for one, path in kept]
    if kept:
        frame.env[subject.id] = choice([one for one, _ in kept], [path for _, path in kept])
    if len(kept) == 1 and len(settled) > 1 and kept[0][1] is not None:
        take_path(frame, kept[0][1])


def _may_be_tensor(value: Choice) -> bool:
    return any(isinstance(one, Tensor) for one in value.values)


def _counted(expr: nodes.Expr) -> nodes.Expr | None:
    """`sizes` of `len(sizes)`."""
    is_len = isinstance(expr, nodes.Call) and isinstance(expr.func, nodes.Name) and expr.func.id == "len"
    return expr.args[0].value if is_len and isinstance(expr, nodes.Call) and len(expr.args) == 1 else None


def _rank_of(value: Value) -> int | None:
    """How many dims a tensor has, or how many sizes a shape is made of."""
    if isinstance(value, Tensor):
        return value.rank if value.shape.known else None
    is_shape = type(value) is tuple and all(isinstance(size, Dim) for size in value)
    return len(value) if is_shape and isinstance(value, tuple) else None


def _of_rank(value: Value, count: int) -> Value:
    """One of several values, which has so many dims if it is the one: what else has its run is not told by that."""
    if not isinstance(value, Tensor) or value.shape.run is None or count < value.shape.least_rank:
        return value
    missing = tuple(symbol("_", scope=next(Context.serial)) for _ in range(count - value.shape.least_rank))
    return replace(value, shape=value.shape.replace_run(Shape(missing)), layout=None)


HOLDS: dict[str, Callable[[int, int], bool]] = {
    "==": operator.eq, "!=": operator.ne, "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge,
}  # fmt: skip


def _ranked(expr: nodes.Expr) -> nodes.Expr | None:
    if isinstance(expr, nodes.Attribute) and expr.attr == "ndim":
        return expr.value
    if isinstance(expr, nodes.Call):
        func = expr.func
        if isinstance(func, nodes.Attribute) and func.attr in ("dim", "ndimension") and not expr.args:
            return func.value
        if isinstance(func, nodes.Name) and func.id == "len" and len(expr.args) == 1:
            inner = expr.args[0].value
            if isinstance(inner, nodes.Attribute) and inner.attr == "shape":
                return inner.value
            if isinstance(inner, nodes.Call) and isinstance(inner.func, nodes.Attribute) and inner.func.attr == "size":
                return inner.func.value
    return None
