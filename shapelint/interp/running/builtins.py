"""Python's builtin functions on abstract values."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from shapelint.dims import Dim, const, maximum, symbol
from shapelint.interp.calls.attributes import attribute
from shapelint.interp.calls.classes import class_attribute
from shapelint.interp.calls.functions import call_function
from shapelint.interp.inputs.cut_numbers import take_shares
from shapelint.interp.inputs.symbolic import is_flag_of_caller
from shapelint.interp.objects.arithmetic import as_number, number_of, operate
from shapelint.interp.objects.combined_rows import summed
from shapelint.interp.objects.external_names import is_not_seen, kinds_of_recurrence
from shapelint.interp.objects.formatted import attribute_under, set_by_name
from shapelint.interp.objects.handed_out import set_on_any
from shapelint.interp.objects.iteration import set_attribute_of
from shapelint.interp.objects.iterators import iterator, next_item
from shapelint.interp.objects.methods import laid_over
from shapelint.interp.objects.rows import (
    Parts,
    are_alike,
    backwards,
    columns_of,
    count_of,
    items_of,
    length_of,
    numbered,
    row_of,
    without_repeated,
    zipped,
)
from shapelint.interp.objects.rules import run_rule
from shapelint.interp.paths.join import alternatives, choice, mapped
from shapelint.interp.running.expressions import conditional, key_of
from shapelint.interp.running.in_order import extreme_of, in_order
from shapelint.interp.running.truth import truth
from shapelint.interp.state.apart import root_of
from shapelint.interp.state.ground import Ground
from shapelint.interp.state.kinds import TYPE_OF_NONE, is_one_of
from shapelint.interp.state.machine import Frame, calls, invoke
from shapelint.interp.state.remaking import repeated
from shapelint.interp.state.turns import Moment
from shapelint.interp.state.values import (
    Builtin,
    Choice,
    DictObject,
    External,
    Formatted,
    FunctionValue,
    Instance,
    ListObject,
    OfClass,
    Partial,
    Range,
    Ratio,
    Ref,
    Value,
    unknown,
)  # fmt: skip
from shapelint.ops.call import apply
from shapelint.ops.needs import Context
from shapelint.ops.rows import Many
from shapelint.ops.signature import NumberType
from shapelint.ops.tensor import UNSEEN, Tensor, Unknown
from shapelint.program import nodes
from shapelint.program.written import text_of
from shapelint.shapes import Shape

Function = Callable[[Frame, Sequence[Value], Mapping[str, Value], nodes.Call], Value]


@calls(Builtin)
def builtin_call(
    frame: Frame, callee: Builtin, args: Sequence[Value], kwargs: Mapping[str, Value], node: nodes.Call
) -> Value:
    """A builtin function or type, called."""
    function = FUNCTIONS.get(callee.name)
    if callee.name == "zip" and not args and "*" in kwargs and (columns := columns_of(frame, tuple(kwargs["*"]))):
        return _columns(frame, columns)
    if function is None or "*" in kwargs:
        result = unknown(f"{callee.name}()", node.at[0])
        rows = [one for part in kwargs.get("*", ()) for one in (part.group if isinstance(part, Many) else (part,))]
        is_given = bool(rows) and all(isinstance(one, Unknown) and one.given for one in map(frame.world.settle, rows))
        result.given = callee.name == "zip" and is_given  # `zip(*batch)`
        return result
    return function(frame, [frame.world.settle(value) for value in args], kwargs, node)


def _range(frame: Frame, args: Sequence[Value], kwargs: Mapping[str, Value], node: nodes.Call) -> Value:
    place = next((place for place, value in enumerate(args) if isinstance(value, Choice)), None)
    if place is not None:
        return mapped(args[place], lambda one: _range(frame, [*args[:place], one, *args[place + 1 :]], {}, node))
    sizes = [_size(frame, value) for value in args]
    if any(size is None for size in sizes) or not sizes:
        return unknown("a range of unknown length", node.at[0])
    start, stop = (const(0), sizes[0]) if len(sizes) == 1 else (sizes[0], sizes[1])
    assert start is not None and stop is not None
    step = sizes[2] if len(sizes) > 2 and sizes[2] is not None else const(1)
    return Range(start, stop, step)


def _size(frame: Frame, value: Value) -> Dim | None:
    from shapelint.interp.state.ground import size_of

    if isinstance(value, Tensor) and value.shape == Shape():
        return value.number or symbol("_", scope=next(Context.serial), free=False)
    return size_of(frame.world, value) if isinstance(value, Unknown) else number_of(value)


def _int(frame: Frame, args: Sequence[Value], kwargs: Mapping[str, Value], node: nodes.Call) -> Value:
    value = args[0] if args else const(0)
    if isinstance(value, Choice):
        return mapped(value, lambda one: _int(frame, [one], {}, node))
    if is_flag_of_caller(frame, value) and node.args:
        one, zero = nodes.Constant(node.at, 1), nodes.Constant(node.at, 0)
        return conditional(frame, nodes.Conditional(node.at, node.args[0].value, one, zero))
    take_shares(frame, value)
    value = as_number(frame, node, value)
    if isinstance(value, Ratio):
        return _cut(frame, value, node)
    if isinstance(value, float) and value == value and abs(value) < 1e15:
        return const(int(value))
    if isinstance(value, str) and value.isdigit():
        return const(int(value))
    if isinstance(value, NumberType):
        root = root_of(frame.world.facts.normalize(value.square)) if value.square is not None else None
        if root is not None:
            return root
        whole = Ground(frame.world).fresh(frame.hint or "n")  # a whole number that has this name from here on
        if value.square is not None:
            frame.machine.roots[whole] = value.square
        return whole
    if isinstance(value, Tensor) and value.number is not None:
        return value.number
    size = _size(frame, value)
    least = 0 if _is_share(value) else -(2**31)
    return size if size is not None else Ground(frame.world).fresh(frame.hint or "_", minimum=least)


def _is_share(value: Value) -> bool:
    """Whether a number is a share of a size, `n * (1 - ratio)`: no less than 0."""
    op, *sides = value.calculated if isinstance(value, Unknown) and value.calculated is not None else ("",)
    return op in ("*", "/") and any(isinstance(side, Dim) for side in sides)


def _cut(frame: Frame, value: Ratio, node: nodes.Call) -> Value:
    """The whole number towards 0, as `int` has it."""
    above, below, facts = value.numerator, value.denominator, frame.world.facts
    least, most = facts.lower(above), facts.upper(above)
    if (facts.lower(below) or 0) > 0:
        if least is not None and least >= 0:
            return above // below
        if most is not None and most <= 0:
            return -(-above // below)
    return unknown("int() of a number that may be negative", node.at[0])


def _float(frame: Frame, args: Sequence[Value], kwargs: Mapping[str, Value], node: nodes.Call) -> Value:
    value = args[0] if args else 0.0
    if isinstance(value, (float, Ratio)):
        return value
    size = number_of(value)
    if size is not None:
        return Ratio(size, const(1))
    if isinstance(value, str):
        try:
            return float(value)
        except ValueError:
            return unknown("float() of a string", node.at[0])
    return NumberType("float32")


def _sum(frame: Frame, args: Sequence[Value], kwargs: Mapping[str, Value], node: nodes.Call) -> Value:
    items, each = items_of(frame, args[0]) if args else (None, None)
    if items is None and isinstance(each, Tensor) and are_alike(row_of(frame, args[0])):
        items = [each]  # as large as each of them
    if items is None and isinstance(each, Tensor) and len(row := row_of(frame, args[0])) == 1 and len(args) == 1:
        items = summed(frame, row)
    if items is None and isinstance(each, Dim):
        row = row_of(frame, args[0])
        if are_alike(row) and (count := count_of(row)) is not None:
            return each * count
        return Ground(frame.world).fresh("_", minimum=-(2**31))
    if not items:
        return unknown("sum() of a row of unknown length", node.at[0])
    total = items[0]
    for item in items[1:]:
        total = operate(frame, node, "+", total, item)
    return total


def _len(frame: Frame, args: Sequence[Value], kwargs: Mapping[str, Value], node: nodes.Call) -> Value:
    content = frame.world.heap.get(args[0].id) if args and isinstance(args[0], Ref) else None
    own = class_attribute(content.type, "__len__") if isinstance(content, Instance) else None
    if isinstance(own, FunctionValue) and isinstance(length := call_function(frame, own, [args[0]], {}, node), Dim):
        return length
    return length_of(frame, args[0]) if args else unknown("len()", node.at[0])


def _zip(frame: Frame, args: Sequence[Value], kwargs: Mapping[str, Value], node: nodes.Call) -> Value:
    return frame.world.allocate(ListObject(zipped(frame, [row_of(frame, value) for value in args])))


def _enumerate(frame: Frame, args: Sequence[Value], kwargs: Mapping[str, Value], node: nodes.Call) -> Value:
    start = number_of(args[1] if len(args) > 1 else kwargs.get("start", const(0))) or const(0)
    return frame.world.allocate(ListObject(numbered(row_of(frame, args[0]) if args else (), start)))


def _reversed(frame: Frame, args: Sequence[Value], kwargs: Mapping[str, Value], node: nodes.Call) -> Value:
    return frame.world.allocate(ListObject(backwards(row_of(frame, args[0])) if args else ()))


def _list(frame: Frame, args: Sequence[Value], kwargs: Mapping[str, Value], node: nodes.Call) -> Value:
    return frame.world.allocate(ListObject(row_of(frame, args[0]) if args else ()))


def _set(frame: Frame, args: Sequence[Value], kwargs: Mapping[str, Value], node: nodes.Call) -> Value:
    return frame.world.allocate(without_repeated(frame, row_of(frame, args[0]) if args else ()))


def _tuple(frame: Frame, args: Sequence[Value], kwargs: Mapping[str, Value], node: nodes.Call) -> Value:
    if args and isinstance(args[0], Choice):  # of tensors, or of rows: each is one
        ways = [(_tuple(frame, [frame.world.settle(one)], {}, node), path) for one, path in args[0].each()]
        return choice([one for one, _ in ways], [path for _, path in ways])
    if args and not isinstance(args[0], (Ref, tuple, Range, str, Tensor)):
        return args[0]
    row = row_of(frame, args[0]) if args else ()
    return frame.world.allocate(ListObject(row)) if any(isinstance(part, Many) for part in row) else row


def _dict(frame: Frame, args: Sequence[Value], kwargs: Mapping[str, Value], node: nodes.Call) -> Value:
    entries: dict[object, Value] = {}
    is_open = False
    if args:
        content = frame.world.heap.get(args[0].id) if isinstance(args[0], Ref) else None
        if isinstance(content, DictObject):
            entries.update(content.entries)
            is_open = is_open or content.open
        else:
            items, _ = items_of(frame, args[0])
            pairs = [item for item in items or () if type(item) is tuple and len(item) == 2]
            entries.update({key_of(frame, key): value for key, value in pairs if key_of(frame, key) is not None})
            is_open = is_open or items is None or len(entries) < len(items)
    if "**" in kwargs:
        entries, is_open = laid_over(entries, None)
    entries.update({key: value for key, value in kwargs.items() if key != "**"})
    return frame.world.allocate(DictObject(entries, is_open))


def _isinstance(frame: Frame, args: Sequence[Value], kwargs: Mapping[str, Value], node: nodes.Call) -> Value:
    if len(args) != 2:
        return unknown("a condition", node.at[0])
    if args[0] is None and isinstance(node.args[0].value, nodes.Attribute):  # somebody else may set it before
        return unknown("a condition", node.at[0])
    answers = {is_one_of(frame, one, args[1]) for one in alternatives(args[0])}
    answer = answers.pop() if len(answers) == 1 else None
    return unknown("a condition", node.at[0]) if answer is None else answer


def _hasattr(frame: Frame, args: Sequence[Value], kwargs: Mapping[str, Value], node: nodes.Call) -> Value:
    return unknown("a condition", node.at[0])  # who asks knows of instances that have it not


def _getattr(frame: Frame, args: Sequence[Value], kwargs: Mapping[str, Value], node: nodes.Call) -> Value:
    kinds = kinds_of_recurrence(args[0], text_of(node.args[1].value)) if len(args) == 2 == len(node.args) else []
    if kinds and isinstance(args[1], Unknown):
        return choice(kinds)
    if len(args) < 2 or not isinstance(args[1], (str, Formatted)):
        whole = args[0] if args else None
        unseen = isinstance(whole, External) and is_not_seen(whole.name)
        given = isinstance(whole, Unknown) and whole.given
        why = f"getattr() of a module{UNSEEN}" if unseen else "getattr() of a name that is not known"
        return Unknown(why, line=node.at[0], given=given)
    if isinstance(args[1], Formatted):
        under = attribute_under(frame, args[0], args[1])
        return unknown("getattr() of a name that is not known", node.at[0]) if under is None else under
    if len(args) == 3:
        content = frame.world.heap.get(args[0].id) if isinstance(args[0], Ref) else None
        if not isinstance(content, Instance) or args[1] not in content.attrs:
            is_taken = isinstance(args[0], Unknown) and args[0].given
            given = is_taken and not isinstance(args[2], (Tensor, Ref, Choice))
            return Unknown(f"the attribute {args[1]}", line=node.at[0], given=given)
    return attribute(frame, args[0], args[1], node)


def _setattr(frame: Frame, args: Sequence[Value], kwargs: Mapping[str, Value], node: nodes.Call) -> Value:
    if len(args) == 3 and isinstance(args[1], str) and not node.args[0].star:
        set_on_any(frame, alternatives(args[0]), node.args[0].value, args[1])
    if len(args) == 3 and isinstance(args[1], str):
        set_attribute_of(frame, args[0], args[1], args[2], node)
    elif len(args) == 3 and isinstance(args[0], Ref):
        set_by_name(frame, args[0], args[1], args[2], node.at[0])
    return None


def _columns(frame: Frame, columns: Sequence[Parts]) -> Value:
    """The columns of `zip(*rows)`, each a tuple; of rows whose number is not known, a list that holds as many."""
    found: list[Value] = []
    for column in columns:
        is_open = any(isinstance(part, Many) for part in column)
        found.append(frame.world.allocate(ListObject(column)) if is_open else column)
    return frame.world.allocate(ListObject(tuple(found)))


def _map(frame: Frame, args: Sequence[Value], kwargs: Mapping[str, Value], node: nodes.Call) -> Value:
    if len(args) < 2:
        return unknown("map()", node.at[0])
    rows = [items_of(frame, value) for value in args[1:]]
    known = [items for items, _ in rows if items is not None]
    if len(known) == len(rows) and len(known[0]) <= 64:
        results = [invoke(frame, args[0], list(row), {}, node) for row in zip(*known, strict=False)]
        return frame.world.allocate(ListObject(tuple(results)))
    elements = [element if items is None else choice(items) if items else None for items, element in rows]
    since = Moment()
    counts = {count_of(row_of(frame, value)) for value in args[1:]}
    result = invoke(frame, args[0], elements, {}, node)
    many = repeated(frame.world, [result], counts.pop() if len(counts) == 1 else None, since)
    return frame.world.allocate(ListObject((many,)))


def _quantified(name: str) -> Function:
    def quantified(frame: Frame, args: Sequence[Value], kwargs: Mapping[str, Value], node: nodes.Call) -> Value:
        items, _ = items_of(frame, args[0]) if args and not isinstance(args[0], Tensor) else (None, None)
        if items is None:
            return unknown("a condition", node.at[0])
        answers = [truth(frame, item) for item in items]
        if name == "all":
            return False if False in answers else True if None not in answers else unknown("a condition", node.at[0])
        return True if True in answers else False if None not in answers else unknown("a condition", node.at[0])

    return quantified


def _on_tensor(operator: str, on_number: Callable[[Dim], Value]) -> Function:
    def function(frame: Frame, args: Sequence[Value], kwargs: Mapping[str, Value], node: nodes.Call) -> Value:
        if args and any(isinstance(one, Tensor) for one in alternatives(args[0])):
            return run_rule(frame, node, lambda a, k: apply(operator, a, k), args, {}, operator)
        size = number_of(args[0]) if args else None
        return on_number(size) if size is not None else args[0] if args else unknown("a number", node.at[0])

    return function


def _absolute(size: Dim) -> Value:
    return maximum(size, -size)


def _round(frame: Frame, args: Sequence[Value], kwargs: Mapping[str, Value], node: nodes.Call) -> Value:
    if args:
        take_shares(frame, args[0])
    value = as_number(frame, node, args[0]) if args else None
    if isinstance(value, (Ratio, NumberType)) and len(args) == 1:
        return Ground(frame.world).fresh(frame.hint or "n")
    if isinstance(value, Ratio):
        return unknown("round() of a number that is not known", node.at[0])
    if isinstance(value, float):
        return const(round(value)) if len(args) == 1 else round(value, 6)
    return value if value is not None else unknown("round()", node.at[0])


def _divmod(frame: Frame, args: Sequence[Value], kwargs: Mapping[str, Value], node: nodes.Call) -> Value:
    if len(args) != 2:
        return unknown("divmod()", node.at[0])
    return (operate(frame, node, "//", *args), operate(frame, node, "%", *args))


def _locals(frame: Frame, args: Sequence[Value], kwargs: Mapping[str, Value], node: nodes.Call) -> Value:
    """The names of a function by now, as a dict of its own."""
    is_whole = frame.function is not None and not args and not kwargs
    return frame.world.allocate(DictObject(dict(frame.env))) if is_whole else unknown("locals()", node.at[0])


def _same(frame: Frame, args: Sequence[Value], kwargs: Mapping[str, Value], node: nodes.Call) -> Value:
    return args[0] if args else unknown("a builtin without arguments", node.at[0])


def _static(frame: Frame, args: Sequence[Value], kwargs: Mapping[str, Value], node: nodes.Call) -> Value:
    return Partial(args[0], (), ()) if args else _same(frame, args, kwargs, node)  # which is given no receiver


def _of_class(frame: Frame, args: Sequence[Value], kwargs: Mapping[str, Value], node: nodes.Call) -> Value:
    return OfClass(args[0]) if args else _same(frame, args, kwargs, node)


def _nothing(frame: Frame, args: Sequence[Value], kwargs: Mapping[str, Value], node: nodes.Call) -> Value:
    return None


def _slice(frame: Frame, args: Sequence[Value], kwargs: Mapping[str, Value], node: nodes.Call) -> Value:
    return slice(*args) if 1 <= len(args) <= 3 else unknown("slice()", node.at[0])


def _type(frame: Frame, args: Sequence[Value], kwargs: Mapping[str, Value], node: nodes.Call) -> Value:
    content = frame.world.heap.get(args[0].id) if args and isinstance(args[0], Ref) else None
    if args and args[0] is None:
        return TYPE_OF_NONE
    return content.type if isinstance(content, Instance) else unknown("type()", node.at[0])


def _text(frame: Frame, args: Sequence[Value], kwargs: Mapping[str, Value], node: nodes.Call) -> Value:
    """`str(mode)` of a text is the text itself, that of a number its digits."""
    value = frame.world.settle(args[0]) if args else ""
    if isinstance(value, Choice):
        return choice([_text(frame, [one], {}, node) for one in value.values], value.paths)
    number = frame.world.value_of(value) if isinstance(value, Dim) else None
    if number is not None:
        return str(number)
    is_text = isinstance(value, (str, Formatted))
    return value if is_text else Formatted(Formatted.GAP) if isinstance(value, Dim) else unknown("a text", node.at[0])


def _bool(frame: Frame, args: Sequence[Value], kwargs: Mapping[str, Value], node: nodes.Call) -> Value:
    known = truth(frame, args[0]) if args else False
    return unknown("a condition", node.at[0]) if known is None else known


FUNCTIONS: dict[str, Function] = {
    "range": _range, "int": _int, "float": _float, "max": extreme_of("max"), "min": extreme_of("min"), "sum": _sum,
    "len": _len, "zip": _zip, "enumerate": _enumerate, "reversed": _reversed, "list": _list, "set": _set,
    "tuple": _tuple, "dict": _dict, "isinstance": _isinstance, "hasattr": _hasattr, "getattr": _getattr,
    "setattr": _setattr, "map": _map, "all": _quantified("all"), "any": _quantified("any"), "print": _nothing,
    "abs": _on_tensor("torch.abs", _absolute), "round": _round, "divmod": _divmod, "sorted": in_order,
    "next": next_item, "iter": iterator, "slice": _slice, "type": _type, "bool": _bool, "staticmethod": _static,
    "classmethod": _of_class, "frozenset": _set, "str": _text, "property": _same, "locals": _locals,
}  # fmt: skip
