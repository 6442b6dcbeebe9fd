"""A loop over the places of lists and containers, `for i in range(len(layers))`: which item stands at each of them.

Of `layers[i]` alone no more is known than that it is one of the items. Where the first and those behind it are of
different makes, the loop is run over the items in their order, as one over `enumerate(layers)` is.
"""

from __future__ import annotations

from collections.abc import Iterator

from shapelint.dims import const
from shapelint.interp.objects.held_modules import held_by
from shapelint.interp.objects.rows import Parts, count_of, numbered, row_of, zipped
from shapelint.interp.state.machine import Frame, evaluate
from shapelint.interp.state.values import Container, Instance, ListObject, Range, Ref, Value
from shapelint.ops.rows import Many
from shapelint.program import nodes
from shapelint.program.within import parts_of, roots
from shapelint.program.written import BLOCKS, text_of


def row_by_places(frame: Frame, statement: nodes.For, value: Value) -> tuple[Parts, tuple[Ref, ...]] | None:
    """The places that a loop over a range runs over, each with the items that stand there, and whose items these are.

    None where it is not the range of something that holds items of several makes, in a number that is not known.
    """
    call = statement.iterable
    is_range = isinstance(call, nodes.Call) and isinstance(call.func, nodes.Name) and call.func.id == "range"
    if not is_range or not isinstance(statement.target, nodes.Name):
        return None
    held: dict[Ref, Parts] = {}
    for indexed in _indexed_by(frame, statement, statement.target.id):
        ref = frame.world.settle(evaluate(frame, indexed))
        row = row_of(frame, ref) if _has_places(frame, ref) else ()
        is_open = len(row) > 1 and any(isinstance(part, Many) for part in row)
        if is_open and _runs_over(frame, call, value, indexed, row):
            held[ref] = row
    if not held:
        return None
    first = next(iter(held.values()))
    alike = [ref for ref, row in held.items() if _lengths(row) == _lengths(first)]
    return numbered(zipped(frame, [held[ref] for ref in alike]), const(0)), tuple(alike)


def note_places(frame: Frame, refs: tuple[Ref, ...], name: str, items: tuple[Value, ...]) -> None:
    """Note that at the place for which a name stands each of these has its item."""
    for ref, item in zip(refs, items, strict=True):
        frame.machine.placed[ref, frame.env[name]] = frame.world.heap.get(ref.id), item


def item_at(frame: Frame, ref: Ref, place: Value) -> Value | None:
    """The item of a list or container that is known to stand at a place, as long as nothing has changed there."""
    content, item = frame.machine.placed.get((ref, place), (None, None))
    return item if content is not None and frame.world.heap.get(ref.id) is content else None


def _has_places(frame: Frame, value: Value) -> bool:
    content = frame.world.heap.get(value.id) if isinstance(value, Ref) else None
    if isinstance(content, Instance):
        content = held_by(frame, content)
    return isinstance(content, ListObject) or (isinstance(content, Container) and not content.kind.endswith("Dict"))


def _runs_over(frame: Frame, call: nodes.Expr, value: Value, indexed: nodes.Expr, row: Parts) -> bool:
    """Whether a range is `range(len(indexed))`, or of a number that is the length of its row."""
    assert isinstance(call, nodes.Call)
    of = call.args[0].value if len(call.args) == 1 else None
    if isinstance(of, nodes.Call) and text_of(of.func) == "len" and len(of.args) == 1:
        return text_of(of.args[0].value) == text_of(indexed)
    if not isinstance(value, Range) or value.start.value != 0 or value.step.value != 1:
        return False
    count = count_of(row)
    return count is not None and frame.world.facts.is_equal(count, value.stop)


def _lengths(row: Parts) -> list[object]:
    return [(part.count, len(part.group)) if isinstance(part, Many) else 1 for part in row]


def _indexed_by(frame: Frame, statement: nodes.For, name: str) -> list[nodes.Expr]:
    """The names and attributes of which a loop takes the item at the place that a name stands for, each once."""
    known = frame.machine.indexed.get(id(statement))
    if known is None:
        found = {text_of(expr.value): expr.value for expr in _subscripts(statement.body) if _is_at(expr, name)}
        known = frame.machine.indexed[id(statement)] = list(found.values())
    return known


def _is_at(expr: nodes.Subscript, name: str) -> bool:
    chain = expr.value
    while isinstance(chain, nodes.Attribute):
        chain = chain.value
    return isinstance(expr.index, nodes.Name) and expr.index.id == name and isinstance(chain, nodes.Name)


def _subscripts(body: tuple[nodes.Stmt, ...]) -> Iterator[nodes.Subscript]:
    stack: list[object] = list(body)
    while stack:
        node = stack.pop()
        if isinstance(node, nodes.Subscript):
            yield node
        if not isinstance(node, (nodes.Function, nodes.Class)):
            stack += [*parts_of(node), *roots(node)]  # type: ignore[arg-type]
            blocks = [getattr(node, block, None) for block in BLOCKS]
            stack += [inner for block in blocks if isinstance(block, tuple) for inner in block]
