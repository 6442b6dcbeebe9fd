"""Comprehensions: item by item where what they run over is known, else one item that stands for many."""

from __future__ import annotations

from shapelint.dims import Dim
from shapelint.interp.objects.iteration import bind
from shapelint.interp.objects.rows import MOST_ITEMS, any_number_of, any_of, count_of, row_of, without_repeated
from shapelint.interp.paths.join import alternatives, choice
from shapelint.interp.running.expressions import key_of
from shapelint.interp.running.truth import truth
from shapelint.interp.state.machine import Frame, evaluate, evaluates
from shapelint.interp.state.remaking import repeated, time_of
from shapelint.interp.state.turns import Moment
from shapelint.interp.state.values import DictObject, ListObject, Value
from shapelint.ops.rows import Many
from shapelint.program import nodes


@evaluates(nodes.Comprehension)
def comprehension(frame: Frame, expr: nodes.Comprehension) -> Value:
    """A comprehension: item by item where what it runs over is known, else one generic item for many."""
    outer = frame.env
    frame.env = dict(outer)
    try:
        row = _comprehend(frame, expr, 0)
    finally:
        inner, frame.env = frame.env, outer
    for key in list(inner):
        if key in outer and inner[key] is not outer[key] and key not in _targets(expr):
            outer[key] = inner[key]
    if expr.kind != "dict":
        held = without_repeated(frame, row) if expr.kind == "set" else ListObject(tuple(row))
        return frame.world.allocate(held)
    found: list[tuple[Value, Value]] = []
    for part in row:
        for pair in part.group if isinstance(part, Many) else [part]:
            found += [one for one in alternatives(pair) if type(one) is tuple]
    entries = {}
    for key, value in found:
        constant_key = key_of(frame, key)
        if constant_key is not None:
            entries[constant_key] = value
    complete = len(entries) == len(row) == len(found)
    element = choice([value for _, value in found]) if found else None
    return frame.world.allocate(DictObject(entries, not complete, element))


def _targets(expr: nodes.Comprehension) -> set[str]:
    names: set[str] = set()
    for generator in expr.generators:
        stack = [generator.target]
        while stack:
            node = stack.pop()
            if isinstance(node, nodes.Name):
                names.add(node.id)
            elif isinstance(node, nodes.Sequence):
                stack.extend(node.items)
            elif isinstance(node, nodes.Starred):
                stack.append(node.value)
    return names


def _comprehend(frame: Frame, expr: nodes.Comprehension, level: int) -> list[Value]:
    """The items that one `for` and those within it give; a pair of key and value for each where it is a dict's."""
    if level == len(expr.generators):
        element = evaluate(frame, expr.element)
        return [element if expr.value is None else (element, evaluate(frame, expr.value))]
    generator = expr.generators[level]
    over = row_of(frame, evaluate(frame, generator.iterable))
    if len(over) > MOST_ITEMS:
        over = (any_number_of(frame, over, count_of(over)),)
    row: list[Value] = []
    for part in over:
        if not isinstance(part, Many):
            row += _of_item(frame, expr, level, part)
            continue
        since = Moment()
        made = [one for item in time_of(frame.world, part) for one in _of_item(frame, expr, level, item)]
        if any(isinstance(one, Many) for one in made):
            row.append(_in_rows(frame, made, part.count, since))
        elif made:
            row.append(repeated(frame.world, made, part.count, since))
        if len(row) > MOST_ITEMS * 4:
            return [any_number_of(frame, row)]
    return row


def _of_item(frame: Frame, expr: nodes.Comprehension, level: int, item: Value) -> list[Value]:
    generator = expr.generators[level]
    bind(frame, generator.target, item, generator.target)
    surely = True
    for condition in generator.conditions:
        answer = truth(frame, evaluate(frame, condition))
        if answer is False:
            return []
        surely = surely and answer is True
    made = _comprehend(frame, expr, level + 1)
    return made if surely else [any_number_of(frame, made)] if made else []


def _in_rows(frame: Frame, made: list[Value], count: Dim | None, since: Moment) -> Many:
    """Many times what is itself many: as often as both say, where the inner number is the same each time."""
    inner = made[0] if len(made) == 1 else None
    times = inner.count if isinstance(inner, Many) else None
    if isinstance(inner, Many) and count is not None and times is not None and not since.own(frame.world, times):
        return repeated(frame.world, time_of(frame.world, inner), count * times, since)
    return repeated(frame.world, [any_of(frame, made)], None, since)
