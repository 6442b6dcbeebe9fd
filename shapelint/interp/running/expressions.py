"""Expressions that are no calls: constants, names, attributes, operators, displays."""

from __future__ import annotations

from shapelint.dims import Dim, const
from shapelint.interp.calls.attributes import attribute
from shapelint.interp.calls.subscripts import subscript
from shapelint.interp.objects.arithmetic import negative, number_of, operate
from shapelint.interp.objects.formatted import joined
from shapelint.interp.objects.handed_out import hand_to_function
from shapelint.interp.objects.iteration import bind
from shapelint.interp.objects.lookup import lookup
from shapelint.interp.objects.methods import laid_over
from shapelint.interp.objects.rows import (
    items_of,
    row_of,
    without_repeated,
)
from shapelint.interp.objects.rules import run_rule
from shapelint.interp.paths.defaults import is_module, may_stand_in, standing_in
from shapelint.interp.paths.join import (
    alternatives,
    choice,
    is_fraction,
    join_envs,
    join_values,
    join_worlds,
    mapped,
    note_stand_ins,
)
from shapelint.interp.running.comparisons import compare_values
from shapelint.interp.running.conditions import assume
from shapelint.interp.running.truth import answer, truth
from shapelint.interp.state.ground import size_of
from shapelint.interp.state.machine import Frame, evaluate, evaluates
from shapelint.interp.state.method_names import READ_OF_TENSORS, SURELY_TENSOR
from shapelint.interp.state.values import (
    Builtin,
    Choice,
    ClassValue,
    DictObject,
    External,
    FunctionValue,
    ListObject,
    MethodOf,
    Ratio,
    Value,
    unknown,
)  # fmt: skip
from shapelint.interp.state.world import World
from shapelint.ops.call import apply
from shapelint.ops.operators import UNARY_OPERATORS
from shapelint.ops.rows import Many, SizesOf
from shapelint.ops.signature import NumberType
from shapelint.ops.tensor import Tensor, Unknown
from shapelint.program import nodes
from shapelint.program.within import all_parts


@evaluates(nodes.Constant)
def constant(frame: Frame, expr: nodes.Constant) -> Value:
    """A literal; whole numbers are sizes."""
    value = expr.value
    return const(value) if type(value) is int else value


@evaluates(nodes.Name)
def name(frame: Frame, expr: nodes.Name) -> Value:
    """What a name stands for at this point."""
    return frame.world.settle(lookup(frame, expr.id, expr.at[0]))


@evaluates(nodes.Attribute)
def attribute_of(frame: Frame, expr: nodes.Attribute) -> Value:
    """`value.attr`; of what may be no tensor, one that is not called is no method: `config.dim` is a size."""
    is_called = frame.callee is expr
    value = evaluate(frame, expr.value)
    if value is None and isinstance(expr.value, nodes.Attribute) and expr.attr in SURELY_TENSOR:
        value = unknown(f"{expr.value.attr} is set somewhere else by now", expr.at[0])
        bind(frame, expr.value, value, None)
    found = frame.world.settle(attribute(frame, value, expr.attr, expr))
    if not is_called and isinstance(found, MethodOf) and isinstance(found.receiver, Unknown) and found.receiver.origin:
        return frame.world.settle(frame.part_of(found.receiver, f".{expr.attr}"))
    return found


@evaluates(nodes.Subscript)
def subscript_of(frame: Frame, expr: nodes.Subscript) -> Value:
    """`value[index]`."""
    value = evaluate(frame, expr.value)
    return subscript(frame, value, evaluate(frame, expr.index), expr)


@evaluates(nodes.Slice)
def slice_of(frame: Frame, expr: nodes.Slice) -> Value:
    """`lower:upper:step` as a slice of values."""
    parts = [None if part is None else evaluate(frame, part) for part in (expr.lower, expr.upper, expr.step)]
    for part, value in zip((expr.lower, expr.upper), parts, strict=False):
        if isinstance(part, nodes.Unary) and part.op == "-":
            _count_from_the_end(frame, value)
    return slice(*parts)


def _count_from_the_end(frame: Frame, end: Value) -> None:
    """Take it that an end written with a minus, `-h`, is none that counts from the beginning."""
    for size in alternatives(end):
        if isinstance(size, Dim) and size.value is None:
            facts = frame.world.facts.at_least(-size, 0)
            frame.world.facts = frame.world.facts if facts.contradictory else facts


@evaluates(nodes.Unary)
def unary(frame: Frame, expr: nodes.Unary) -> Value:
    """`-x`, `~x`, `not x`."""
    value = evaluate(frame, expr.operand)
    if expr.op == "not":
        known = truth(frame, value)
        return unknown("a condition", expr.at[0]) if known is None else not known
    if isinstance(value, Choice):
        return mapped(value, lambda one: _unary_of(frame, expr, one))
    return _unary_of(frame, expr, value)


def _unary_of(frame: Frame, expr: nodes.Unary, value: Value) -> Value:
    size = number_of(value)
    if isinstance(size, Dim):
        return {"-": -size, "+": size}.get(expr.op, unknown("bits of a number", expr.at[0]))
    if isinstance(value, (NumberType, Ratio)):
        return value if expr.op == "+" or isinstance(value, NumberType) else Ratio(-value.numerator, value.denominator)
    if isinstance(value, (int, float)):
        return -value if expr.op == "-" else value
    if isinstance(value, (Tensor, Unknown)) and expr.op in UNARY_OPERATORS:
        if isinstance(value, Unknown):
            return negative(value, expr.at[0]) if expr.op == "-" else value
        operator = UNARY_OPERATORS[expr.op]
        return run_rule(frame, expr, lambda a, k: apply(operator, a, k), [value], {}, expr.op)
    return unknown(f"the operator {expr.op}", expr.at[0])


@evaluates(nodes.Binary)
def binary(frame: Frame, expr: nodes.Binary) -> Value:
    """`left op right`, on numbers, sequences or tensors."""
    return operate(frame, expr, expr.op, evaluate(frame, expr.left), evaluate(frame, expr.right))


@evaluates(nodes.Boolean)
def boolean(frame: Frame, expr: nodes.Boolean) -> Value:
    """`a and b`, `a or b`, evaluated as far as Python would.

    What may not be evaluated, as an operand before it may decide, tells nothing of what is asked in it: in
    `x.dim() == 1 or x.shape[1] == 1`, that there is a second dim.
    """
    results: list[Value] = []
    before: tuple[dict[str, Value], World] | None = None
    for part, rest in zip(expr.values, (*expr.values[1:], None), strict=True):
        value = evaluate(frame, part)
        known = truth(frame, value)
        if known is None:
            results.append(value if expr.op == "or" or rest is None else _being_false(value, expr.at[0]))
            if rest is not None and before is None and _tell_something(expr.values[1:]):
                before = frame.env, frame.world
                frame.env, frame.machine.world = dict(frame.env), frame.world.fork()
            if rest is not None and before is not None:
                assume(frame, part, expr.op == "and")
            continue
        if known == (expr.op == "or"):
            results.append(value)
            break
        if rest is None:
            results.append(value)
    if before is not None:
        results = list(map(frame.world.settle, results))
        worlds = before[1], frame.world
        frame.env, frame.machine.world = join_envs(before[0], frame.env, worlds), join_worlds(*worlds)
    first = results[0] if results else None
    if expr.op == "or" and len(results) == 2 and isinstance(first, Unknown) and is_module(frame.world, results[1]):
        given = Unknown("a module that a caller gives, or another one", line=expr.at[0], may_be_none=False)
        return standing_in(given, results[1])  # whose sizes are not those of the parameter alone
    if expr.op == "or" and isinstance(first, Unknown) and may_stand_in(frame.world, results[-1]):
        return first if first.default is not None else standing_in(first, results[-1])  # `norm or nn.LayerNorm`
    if expr.op == "or" and _is_of_caller(frame, first):
        named = [first] if isinstance(first, Unknown) else []
        named += [frame.world.used[one] for one in first.symbols] if isinstance(first, Dim) else []
        note_stand_ins(named, results[1:])
        if named:
            named[0].is_number |= is_fraction(results[-1])
        return first  # `width or dim`: what the caller gives, if it does
    return choice(results) if results else unknown("a condition", expr.at[0])


def _being_false(value: Value, line: int) -> Value:
    """What `value and other` gives where it is not the other one: of a number 0."""
    if isinstance(value, Dim):
        return const(0)
    if isinstance(value, Unknown):
        return Unknown(value.reason, line=line, given=value.given, may_be_size=False)
    return value


def _tell_something(operands: tuple[nodes.Expr, ...]) -> bool:
    """Whether evaluating these may tell something of the values in them; not so where they bind a name, too."""
    parts = list(all_parts(list(operands)))
    asks = any(isinstance(part, (nodes.Call, nodes.Subscript)) or _is_of_tensor(part) for part in parts)
    return asks and not any(isinstance(part, nodes.Walrus) for part in parts)


def _is_of_tensor(expr: nodes.Expr) -> bool:
    """Whether only what is a tensor has what is asked of it."""
    return isinstance(expr, nodes.Attribute) and expr.attr in READ_OF_TENSORS


def _is_of_caller(frame: Frame, value: Value) -> bool:
    """Whether a value is a size that a caller gives, or None."""
    return (isinstance(value, Unknown) and value.free) or (isinstance(value, Dim) and value in frame.machine.optional)


@evaluates(nodes.Compare)
def comparison(frame: Frame, expr: nodes.Compare) -> Value:
    """`a < b <= c`: a bool where it is known; a tensor where tensors are compared."""
    left = evaluate(frame, expr.left)
    result: Value = True
    for op, part in zip(expr.ops, expr.comparators, strict=True):
        right = evaluate(frame, part)
        result = compare_values(frame, expr, op, left, right)
        if result is False:
            return False
        left = right
    return result if len(expr.ops) == 1 or result is True else unknown("a condition", expr.at[0])


@evaluates(nodes.Conditional)
def conditional(frame: Frame, expr: nodes.Conditional) -> Value:
    """`body if test else orelse`: one of them where the test is known, else either."""
    known = answer(frame, expr.test, evaluate(frame, expr.test))
    if known is not None:
        return evaluate(frame, expr.body if known else expr.orelse)
    machine, env, world = frame.machine, frame.env, frame.world
    machine.world = world.fork()
    machine.world.conditions += 1
    frame.env = dict(env)
    assume(frame, expr.test, True)
    body, env_a, world_a = evaluate(frame, expr.body), frame.env, machine.world
    machine.world = world.fork()
    machine.world.conditions += 1
    frame.env = dict(env)
    assume(frame, expr.test, False)
    orelse, env_b, world_b = evaluate(frame, expr.orelse), frame.env, machine.world
    machine.world = join_worlds(world_a, world_b)
    machine.world.conditions = world.conditions
    frame.env = env if env_a == env and env_b == env else join_envs(env_a, env_b, (world_a, world_b))
    return join_values(world_a.settle(body), world_b.settle(orelse), worlds=(world_a, world_b))


@evaluates(nodes.Sequence)
def sequence(frame: Frame, expr: nodes.Sequence) -> Value:
    """A tuple, list or set display."""
    row: list[Value] = []
    for item in expr.items:
        if isinstance(item, nodes.Starred):
            spread = evaluate(frame, item.value)
            if isinstance(spread, SizesOf):
                return _row_of_sizes(frame, expr)
            row.extend(row_of(frame, spread))
            continue
        row.append(evaluate(frame, item))
    if expr.kind == "tuple" and not any(isinstance(part, Many) for part in row):
        return tuple(row)
    held = without_repeated(frame, row) if expr.kind == "set" else ListObject(tuple(row))
    return frame.world.allocate(held)


def _row_of_sizes(frame: Frame, expr: nodes.Sequence) -> Value:
    """A display with one row of sizes of unknown length spread in it: `(*x.shape[:-1], n)`."""
    parts: list[nodes.Expr] = list(expr.items)
    value: Value = ()
    for part in parts:
        inner = part.value if isinstance(part, nodes.Starred) else part
        piece = evaluate(frame, inner)
        if not isinstance(part, nodes.Starred):
            size = size_of(frame.world, piece) if isinstance(piece, Unknown) else None
            piece = (piece if size is None else size,)
        value = operate(frame, expr, "+", value, piece)
    return value


@evaluates(nodes.Dict)
def dictionary(frame: Frame, expr: nodes.Dict) -> Value:
    """A dict display."""
    entries: dict[object, Value] = {}
    is_open = False
    for key, part in zip(expr.keys, expr.values, strict=True):
        value = evaluate(frame, part)
        if key is None:
            content = frame.world.heap.get(value.id) if hasattr(value, "id") else None
            entries, is_more = laid_over(entries, content)
            is_open = is_open or is_more
            continue
        constant_key = key_of(frame, evaluate(frame, key))
        if constant_key is None:
            is_open = True
        else:
            entries[constant_key] = value
    return frame.world.allocate(DictObject(entries, is_open))


def key_of(frame: Frame, value: Value) -> object:
    """A dict's key as Python has it, None where it is no known constant, and no class."""
    if isinstance(value, Dim):
        return frame.world.value_of(value)
    return value if isinstance(value, (str, bool, int, float, External, Builtin, ClassValue)) else None


@evaluates(nodes.Starred)
def starred(frame: Frame, expr: nodes.Starred) -> Value:
    """`*value` where nothing spreads it."""
    evaluate(frame, expr.value)
    return unknown("a starred value", expr.at[0])


@evaluates(nodes.Lambda)
def function_literal(frame: Frame, expr: nodes.Lambda) -> Value:
    """A lambda, with its defaults evaluated here."""
    defaults = {p.name: evaluate(frame, p.default) for p in expr.params if p.default is not None}
    hand_to_function(frame, expr)
    return FunctionValue(expr, frame, None, defaults)


@evaluates(nodes.Walrus)
def walrus(frame: Frame, expr: nodes.Walrus) -> Value:
    """`name := value`."""
    value = evaluate(frame, expr.value)
    bind(frame, expr.target, value, expr.value)
    return value


@evaluates(nodes.FString)
def formatted(frame: Frame, expr: nodes.FString) -> Value:
    """An f-string: its text, with gaps where a part is no known constant."""
    return joined(frame, [evaluate(frame, part) for part in expr.parts])


@evaluates(nodes.Yield)
def produced(frame: Frame, expr: nodes.Yield) -> Value:
    """`yield value` adds to what the generator gives; `await value` is its value."""
    value = None if expr.value is None else evaluate(frame, expr.value)
    if expr.kind == "await":
        return value
    if expr.kind == "yield from":
        items, element = items_of(frame, value)
        frame.yields.extend(items if items is not None else [element])
        return unknown("what a generator returns", expr.at[0])
    frame.yields.append(value)
    return unknown("what is sent to a generator", expr.at[0])
