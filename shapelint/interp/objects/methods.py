"""Methods of lists, dicts, strings, tuples and rows of sizes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from shapelint.dims import Dim, const, product, symbol
from shapelint.interp.objects.formatted import filled_in
from shapelint.interp.objects.rows import any_of, backwards, row_of
from shapelint.interp.paths.join import alternatives, choice
from shapelint.interp.state.machine import Frame, evaluate
from shapelint.interp.state.values import DictObject, ListObject, Ref, Value, unknown
from shapelint.ops.needs import Context
from shapelint.ops.rows import Many, SizesOf
from shapelint.ops.tensor import Tensor, Unknown
from shapelint.program import nodes


def object_method(
    frame: Frame,
    receiver: Value,
    content: Value,
    name: str,
    args: Sequence[Value],
    kwargs: Mapping[str, Value],
    node: nodes.Call,
) -> Value:
    """A method of one of Python's own objects."""
    if isinstance(content, ListObject) and isinstance(receiver, Ref):
        return _list_method(frame, receiver, content, name, args, node)
    if isinstance(content, DictObject) and isinstance(receiver, Ref):
        return _dict_method(frame, receiver, content, name, args, kwargs, node)
    if isinstance(content, str) and name == "format" and not kwargs:
        return filled_in(frame, content, args)
    if isinstance(content, str):
        return unknown("a string", node.at[0]) if kwargs else _text_method(frame, content, name, args, node)
    if type(content) is tuple and name == "numel" and all(isinstance(item, Dim) for item in content):
        return product(content)
    if type(content) is tuple and name == "index" and args and args[0] in content:
        return unknown("an index", node.at[0])
    if isinstance(content, SizesOf) and name == "numel":
        return unknown("the number of elements of a shape that is not known", node.at[0])
    return unknown(f"unknown method {name} at line {node.at[0]}", node.at[0])


def _list_method(
    frame: Frame, ref: Ref, content: ListObject, name: str, args: Sequence[Value], node: nodes.Call
) -> Value:
    heap = frame.world.heap
    items = content.items
    if name in ("append", "add", "extend") and args and _is_one_of_many(frame, node.func):
        more = (args[0],) if name != "extend" else row_of(frame, args[0])
        heap[ref.id] = ListObject.some(any_of(frame, (*content.row, *more)))
        return None
    if name in ("append", "add") and args:
        heap[ref.id] = ListObject((*content.row, args[0]))
        return None
    if name == "extend" and args:
        heap[ref.id] = ListObject((*content.row, *row_of(frame, args[0])))
        return None
    if name == "insert" and len(args) == 2 and args[0] == const(0):
        heap[ref.id] = ListObject((args[1], *content.row))
        return None
    if name == "insert" and len(args) == 2 and items is not None:
        at = frame.world.value_of(args[0]) if isinstance(args[0], Dim) else None
        if at is not None:
            row = list(items)
            row.insert(at, args[1])
            heap[ref.id] = ListObject(tuple(row))
            return None
    if name == "pop" and items:
        at = frame.world.value_of(args[0]) if args and isinstance(args[0], Dim) else -1 if not args else None
        if at is not None and -len(items) <= at < len(items):
            row = list(items)
            taken = row.pop(at)
            heap[ref.id] = ListObject(tuple(row))
            return taken
    if name == "pop" and items is None:
        left = [
            replace(part, count=None, of=None, last=()) if isinstance(part, Many) else Many((part,))
            for part in content.row
        ]
        heap[ref.id] = ListObject(tuple(left))
        taken = any_of(frame, content.row)
        return unknown(".pop() of a list", node.at[0]) if isinstance(taken, Unknown) else taken
    if name == "copy":
        return frame.world.allocate(content)
    if name == "reverse":
        heap[ref.id] = ListObject(backwards(content.row))
        return None
    if name in ("index", "count"):
        return symbol("_", scope=next(Context.serial), free=False, minimum=0)
    heap[ref.id] = ListObject.some(unknown(f"a list changed by .{name}()", node.at[0]))
    return unknown(f".{name}() of a list", node.at[0])


def _is_one_of_many(frame: Frame, func: nodes.Expr) -> bool:
    """Whether a method is called on one of the lists in a list, `rows[k].append`, where it is not known which.

    One list stands for all of them, and what one takes in, the others do not.
    """
    held = func.value if isinstance(func, nodes.Attribute) else None
    if not isinstance(held, nodes.Subscript):
        return False
    if isinstance(held.index, nodes.Call):
        return True
    index = evaluate(frame, held.index)
    return frame.world.value_of(index) is None if isinstance(index, Dim) else isinstance(index, (Unknown, Tensor))


def _dict_method(
    frame: Frame,
    ref: Ref,
    content: DictObject,
    name: str,
    args: Sequence[Value],
    kwargs: Mapping[str, Value],
    node: nodes.Call,
) -> Value:
    heap = frame.world.heap
    if name in ("get", "pop", "setdefault") and args:
        key = frame.world.value_of(args[0]) if isinstance(args[0], Dim) else args[0]
        if isinstance(key, (str, int)) and key in content.entries:
            if name == "pop":
                left = {k: v for k, v in content.entries.items() if k != key}
                heap[ref.id] = DictObject(left, content.open, content.element)
            return content.entries[key]
        if content.open or not isinstance(key, (str, int)):
            if name != "get":  # any of its items may be gone, or one more be there
                heap[ref.id] = DictObject({} if name == "pop" else content.entries, True, content.element)
            given = isinstance(content.element, Unknown) and content.element.given
            return Unknown("an item of a dict", line=node.at[0], given=given)
        default = args[1] if len(args) > 1 else None
        if name == "setdefault":
            heap[ref.id] = DictObject({**content.entries, key: default}, False, content.element)
        return default
    if name in ("items", "keys", "values"):
        pairs = tuple(content.entries.items())
        if content.open:
            value = content.element if content.element is not None else unknown("an item of a dict")
            element = {"items": (unknown("a key"), value), "keys": unknown("a key"), "values": value}[name]
            return frame.world.allocate(ListObject.some(element))
        rows = {"items": pairs, "keys": tuple(k for k, _ in pairs), "values": tuple(v for _, v in pairs)}[name]
        return frame.world.allocate(ListObject(rows))
    if name == "update":
        entries, is_open = dict(content.entries), content.open
        for value in args:
            others = [heap.get(one.id) if isinstance(one, Ref) else None for one in alternatives(value)]
            entries, is_more = one_laid_over(entries, others)
            is_open = is_open or is_more
        if "**" in kwargs:
            entries, is_open = laid_over(entries, None)
        entries.update({k: v for k, v in kwargs.items() if k not in ("*", "**")})
        heap[ref.id] = DictObject(entries, is_open, content.element)
        return None
    if name == "copy":
        return frame.world.allocate(content)
    heap[ref.id] = DictObject({}, name != "clear")
    return None if name == "clear" else unknown(f".{name}() of a dict", node.at[0])


def one_laid_over(entries: Mapping[object, Value], others: Sequence[Value]) -> tuple[dict[object, Value], bool]:
    """Entries with those of one of several dicts over them: what only some of them hold may be there."""
    ways = [laid_over(entries, other) for other in others]
    if len(ways) == 1:
        return ways[0]
    keys = dict.fromkeys(key for found, _ in ways for key in found)
    held = {key: [found[key] for found, _ in ways if key in found] for key in keys}
    is_open = any(is_more for _, is_more in ways) or any(len(values) < len(ways) for values in held.values())
    return {key: choice(values) for key, values in held.items()}, is_open


def laid_over(entries: Mapping[object, Value], more: Value) -> tuple[dict[object, Value], bool]:
    """Entries with those of another dict over them, and whether there may be more: what is not known of it may stand
    in the place of any."""
    if isinstance(more, DictObject) and not more.open:
        return {**entries, **more.entries}, False
    either = {key: choice([value, unknown("an item of a dict")]) for key, value in entries.items()}
    return {**either, **(more.entries if isinstance(more, DictObject) else {})}, True


TEXT_METHODS = frozenset("lower upper strip startswith endswith replace split isnumeric isdigit isalpha".split())


def _text_method(frame: Frame, content: str, name: str, args: Sequence[Value], node: nodes.Call) -> Value:
    if name in TEXT_METHODS and all(isinstance(value, str) for value in args):
        result = getattr(content, name)(*args)
        return frame.world.allocate(ListObject(tuple(result))) if isinstance(result, list) else result
    if name == "join":
        return unknown("a joined string", node.at[0])
    return unknown("a string", node.at[0])
