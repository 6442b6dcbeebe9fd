"""The sizes that the code knows by a name: a local, an attribute of `self`, an item of a row, a constant."""

from __future__ import annotations

import re
from functools import lru_cache

from shapelint.dims import Dim
from shapelint.interp.inputs.symbolic import ints_in
from shapelint.interp.objects.iteration import keep_apart
from shapelint.interp.state.apart import is_part
from shapelint.interp.state.ground import size_of
from shapelint.interp.state.machine import Frame
from shapelint.interp.state.values import Choice, Instance, ListObject, Ref, Value
from shapelint.ops.tensor import Tensor, Unknown
from shapelint.program import nodes
from shapelint.program.within import all_parts, roots
from shapelint.program.written import counted_in, letters_of_no_size


def size_named(frame: Frame, name: str) -> Dim | None:
    """The size that the code knows by this name: a local, `self.name`, a parameter of `__init__`, a module constant."""
    scope: Frame | None = frame
    own = frame.statement is not None and name in frame.env and name in _asked_of_self(frame.statement)
    while scope is not None and scope is not frame.module and not own:
        if name in scope.env and not _has_counted(scope, name) and not _is_of_no_size(scope, name):
            found = _as_size(frame, scope.env[name])
            if found is not None:
                return found
        scope = scope.parent
    if "." in name or name.endswith("]"):
        return _as_size(frame, _part_named(frame, name))
    attrs = attributes_of_self(frame)
    for key in (name, f"({name})"):
        if key in attrs:
            found = _as_size(frame, attrs[key])
            if found is not None and key != name:
                _keep_parameter_apart(frame, found)
            if found is not None or isinstance(attrs[key], Choice):  # a size, or a row made of one
                return found
    if frame.function is not None and name in frame.module.of_script:
        return None
    return _as_size(frame, frame.module.env.get(name))


def _keep_parameter_apart(frame: Frame, size: Dim) -> None:
    """Note that a parameter of `__init__` stands beside the others, be it that no code uses it."""
    made = frame.evidence.constructor
    if made is not None and made.function is not None:
        keep_apart(frame, [size], ("init", made.function.at))


@lru_cache(maxsize=64)
def _asked_of_self(statement: nodes.Stmt) -> frozenset[str]:
    """The names by which a statement asks `self` for an attribute and nothing else: a comment there means these.

    `self.size` may be set to another size than the `size` of a parameter.
    """
    parts = list(all_parts(roots(statement)))
    bare = {part.id for part in parts if isinstance(part, nodes.Name)}
    of_self = (part for part in parts if isinstance(part, nodes.Attribute) and isinstance(part.value, nodes.Name))
    bound = statement.targets if isinstance(statement, nodes.Assign) else ()
    set_here = {part.attr for part in bound if isinstance(part, nodes.Attribute)}
    return frozenset(part.attr for part in of_self if getattr(part.value, "id", "") == "self") - bare - set_here


def _has_counted(scope: Frame, name: str) -> bool:
    """Whether a name counted the turns of a loop that is over: its last place is no size."""
    node = scope.function.node if scope.function is not None else None
    return name not in scope.counting and isinstance(node, nodes.Function) and name in counted_in(node)


def _is_of_no_size(scope: Frame, name: str) -> bool:
    """Whether a name is a caller's thing by one letter, of which the code shows that it is no size."""
    node = scope.function.node if scope.function is not None else None
    is_unknown = len(name) == 1 and isinstance(scope.env[name], Unknown) and isinstance(node, nodes.Function)
    return is_unknown and name in letters_of_no_size(node)


def _as_size(frame: Frame, value: Value) -> Dim | None:
    value = frame.world.settle(value)
    if isinstance(value, Dim):
        return value
    if isinstance(value, Tensor) and value.number is not None:
        return value.number
    row = _sizes_in_row(frame, value)
    if row:
        return _each_of(frame, row, of_unknown=isinstance(value, Unknown))
    if (
        isinstance(value, Unknown)
        and value.origin
        and (value.free or value.origin.endswith("]") or "." in value.origin)
    ):
        return size_of(frame.world, value)
    return None


def _sizes_in_row(frame: Frame, value: Value) -> list[Dim]:
    """The items of a row of sizes: of an unknown one those that the code has used, else what its annotation tells."""
    if isinstance(value, Unknown):
        items = [part for name, part in value.first.parts.items() if name.startswith("[")]
        used = [size for size in map(frame.world.settle, items) if isinstance(size, Dim)]
        return used or _sizes_annotated(frame, value)
    content = frame.world.heap.get(value.id) if isinstance(value, Ref) else None
    row = content.items if isinstance(content, ListObject) else value
    if not isinstance(row, tuple):
        return []
    sizes = [frame.world.settle(item) for item in row]
    return sizes if all(isinstance(size, Dim) for size in sizes) else []


def _sizes_annotated(frame: Frame, value: Unknown) -> list[Dim]:
    """The sizes in a row that a caller gives by an annotation `window_size: tuple[int, int]`."""
    params = frame.function.node.params if frame.function is not None and value.is_input else ()
    count = next((ints_in(param.annotation) for param in params if param.name == value.origin), 0)
    sizes = [size_of(frame.world, frame.part_of(value, f"[{at}]")) for at in range(count)]
    return [size for size in sizes if size is not None]


def _each_of(frame: Frame, row: list[Dim], *, of_unknown: bool) -> Dim | None:
    """What each item of a row is. Who writes the row's name for a size takes them to be alike.

    Not so where the code makes the row of sizes that a caller chooses one by one.
    """
    first, *others = row
    facts = frame.world.facts
    for other in others:
        if facts.equality(first, other):
            continue
        if not of_unknown and any(symbol.free and not is_part(symbol) for symbol in first.symbols | other.symbols):
            return None
        facts = facts.equal(first, other)
    if facts.contradictory:
        return None
    frame.world.facts = facts
    return first


def attributes_of_self(frame: Frame) -> dict[str, Value]:
    """What the attributes of `self` are, as far as they are set; none outside of a method."""
    scope: Frame | None = frame
    while scope is not None:
        receiver = scope.env.get("self")
        content = frame.world.heap.get(receiver.id) if isinstance(receiver, Ref) else None
        if isinstance(content, Instance):
            return content.attrs
        scope = scope.parent
    return {}


_PARTS = re.compile(r"\.\w+|\[-?\d+\]")


def _part_named(frame: Frame, name: str) -> Value:
    """What a name with attributes and items stands for: `cfg.width`, `window_size[0]`; None where that is not known."""
    head = re.match(r"\w*", name)
    parts = _PARTS.findall(name, head.end() if head else 0)
    if head is None or head[0] + "".join(parts) != name:
        return None
    value: Value = frame.env.get(head[0])
    if value is None:
        value = attributes_of_self(frame).get(head[0])
    for part in parts:
        value = frame.world.settle(value)
        content = frame.world.heap.get(value.id) if isinstance(value, Ref) else value
        row = content.items if isinstance(content, ListObject) else content
        if part.startswith("[") and isinstance(row, tuple):
            at = int(part[1:-1])
            value = row[at] if -len(row) <= at < len(row) else None
        elif isinstance(content, Instance):
            value = content.attrs.get(part[1:])
        elif isinstance(value, Unknown) and value.origin:
            value = frame.part_of(value, part)
        else:
            return None
    return value
