"""nn.Sequential, ModuleList, ModuleDict, ParameterList and ParameterDict: made, called, and changed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from shapelint.interp.iteration import items_of
from shapelint.interp.join import choice
from shapelint.interp.machine import Frame, invoke
from shapelint.interp.values import Container, DictObject, ListObject, Ref, Value, unknown
from shapelint.program import nodes

KINDS = frozenset("Sequential ModuleList ModuleDict ParameterList ParameterDict".split())


def make_container(frame: Frame, kind: str, args: Sequence[Value], kwargs: Mapping[str, Value]) -> Value:
    """A new container with the parts that its constructor is given."""
    if "*" in kwargs:
        return frame.world.allocate(Container(kind, None, unknown("a part of a container")))
    if not args:
        return frame.world.allocate(Container(kind, ()))
    first = args[0]
    content = frame.world.heap.get(first.id) if isinstance(first, Ref) else None
    if isinstance(content, DictObject):
        if content.open:
            return frame.world.allocate(Container(kind, None, content.element or unknown("a part of a container")))
        return frame.world.allocate(Container(kind, tuple((str(k), v) for k, v in content.entries.items())))
    if kind == "Sequential":
        return frame.world.allocate(Container(kind, _numbered(args)))
    items, element = items_of(frame, first)
    if items is None:
        return frame.world.allocate(Container(kind, None, element))
    return frame.world.allocate(Container(kind, _numbered(items)))


def _numbered(items: Sequence[Value], start: int = 0) -> tuple[tuple[str, Value], ...]:
    return tuple((str(start + i), item) for i, item in enumerate(items))


def call_container(
    frame: Frame, content: Container, args: Sequence[Value], kwargs: Mapping[str, Value], node: nodes.Call
) -> Value:
    """nn.Sequential, applied: each part to what the one before it gives."""
    if content.kind != "Sequential":
        return unknown(f"a call of a {content.kind}", node.at[0])
    if content.parts is None:
        return unknown("a Sequential of unknown length", node.at[0])
    values = list(args)
    for _, part in content.parts:
        values = [frame.world.settle(invoke(frame, part, values, kwargs, node))]
        kwargs = {}
    return values[0] if values else unknown("a Sequential without input", node.at[0])


def container_method(
    frame: Frame, ref: Ref, content: Container, name: str, args: Sequence[Value], node: nodes.Call
) -> Value:
    """A method of a container."""
    if name in ("append", "add_module", "register_module", "insert", "extend"):
        return _grow(frame, ref, content, name, args)
    if name in ("values", "children", "modules", "parameters"):
        if content.parts is None:
            return frame.world.allocate(ListObject(None, content.element))
        return frame.world.allocate(ListObject(tuple(content.values())))
    if name in ("items", "named_children"):
        if content.parts is None:
            return frame.world.allocate(ListObject(None, (unknown("a name"), content.element)))
        return frame.world.allocate(ListObject(tuple(content.parts)))
    if name == "keys" and content.parts is not None:
        return frame.world.allocate(ListObject(tuple(key for key, _ in content.parts)))
    if name in ("forward", "__call__"):
        return call_container(frame, content, args, {}, node)
    if name in ("to", "cuda", "cpu", "eval", "train", "apply", "half", "float", "requires_grad_"):
        return ref
    if name == "pop" and content.parts:
        frame.world.heap[ref.id] = Container(content.kind, content.parts[:-1])
        return content.parts[-1][1]
    return unknown(f"{content.kind}.{name}()", node.at[0])


def _grow(frame: Frame, ref: Ref, content: Container, name: str, args: Sequence[Value]) -> Value:
    parts = content.parts
    if name == "extend" and args:
        new, element = items_of(frame, args[0])
        new = [element] if new is None else new
        uncertain = new is None
    else:
        new, uncertain = list(args[-1:]), False
    if parts is None or uncertain:
        known = [content.element] if content.element is not None else []
        frame.world.heap[ref.id] = Container(content.kind, None, choice([*known, *(new or [])]))
    elif name in ("add_module", "register_module") and isinstance(args[0], str):
        frame.world.heap[ref.id] = Container(content.kind, (*parts, (args[0], args[-1])))
    elif name == "insert":
        frame.world.heap[ref.id] = Container(content.kind, None, choice([*content.values(), *new]))
    elif name in ("add_module", "register_module"):
        frame.world.heap[ref.id] = Container(content.kind, (*parts, (f"?{len(parts)}", args[-1])))
    else:
        frame.world.heap[ref.id] = Container(content.kind, (*parts, *_numbered(new, len(parts))))
    return ref
