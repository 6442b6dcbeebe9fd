"""Where the names of a program's functions are used: by calls that the program shows, or in other ways."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field, fields, is_dataclass
from typing import Any

from shapelint.program import nodes


@dataclass(slots=True)
class Uses:
    """The calls of what goes by a name (`f(x)`, `self.f(x)`), and whether it is used in any other way.

    `followed` are the ids of those calls of which it is known what they give.
    """

    calls: list[nodes.Call] = field(default_factory=list)
    otherwise: bool = False
    followed: set[int] = field(default_factory=set)


def uses_of(names: Collection[str], body: Iterable[nodes.Stmt]) -> dict[str, Uses]:
    """How each of these names is used within statements. As a text, `getattr(self, "f")`, it is used otherwise."""
    found = {name: Uses() for name in names}
    called: set[int] = set()
    for node in every_node(body):
        if isinstance(node, nodes.Call):
            for part in (node.func, *(arg.value for arg in node.args)):  # `checkpoint(self.f, x)` calls it, too
                name = _name_of(part)
                if name in found:
                    found[name].calls.append(node)
                    called.add(id(part))
        elif isinstance(node, (nodes.Name, nodes.Attribute)):
            name = _name_of(node)
            if name in found and id(node) not in called:
                found[name].otherwise = True
        elif isinstance(node, nodes.Constant) and node.value in found:
            found[str(node.value)].otherwise = True
    return found


def _name_of(expr: nodes.Expr) -> str:
    return expr.id if isinstance(expr, nodes.Name) else expr.attr if isinstance(expr, nodes.Attribute) else ""


def every_node(body: Iterable[object]) -> Iterator[Any]:
    """Each statement and expression of a program, a call before what is called."""
    stack: list[Any] = [*body][::-1]
    while stack:
        node = stack.pop()
        if isinstance(node, tuple):
            stack.extend(reversed(node))
        elif is_dataclass(node) and not isinstance(node, nodes.Notes):
            yield node
            stack.extend(getattr(node, name) for name in _parts_of(type(node)))


_PARTS: dict[type, tuple[str, ...]] = {}


def _parts_of(kind: type) -> tuple[str, ...]:
    """The fields in which a kind of node may hold others, last first."""
    if kind not in _PARTS:
        names = [one.name for one in fields(kind) if one.name not in ("at", "notes", "described", "missing")]
        _PARTS[kind] = tuple(reversed(names))
    return _PARTS[kind]
