"""What `any(x > 0 for x in row)` and `all(...)` tell of the items of a row, where they hold and where they do not."""

from __future__ import annotations

from collections.abc import Callable

from shapelint.interp.claims.subjects import evaluated_aside
from shapelint.interp.objects.rows import items_of
from shapelint.interp.state.machine import Frame
from shapelint.program import nodes

MOST_ITEMS = 16


def assume_quantified(
    frame: Frame,
    test: nodes.Call,
    holds: bool,
    assume: Callable[[Frame, nodes.Expr, bool], None],
    truth_of: Callable[[Frame, nodes.Expr], bool | None],
) -> None:
    """Take it that a condition holds of an item of a row, or of all: of each, or of the only one of which it may."""
    made = test.args[0].value if len(test.args) == 1 else None
    if not isinstance(made, nodes.Comprehension) or made.value is not None or len(made.generators) != 1:
        return
    each = made.generators[0]
    if each.conditions or not isinstance(each.target, nodes.Name):
        return
    items, _ = items_of(frame, frame.world.settle(evaluated_aside(frame, each.iterable)))
    if items is None or len(items) > MOST_ITEMS:
        return
    assert isinstance(test.func, nodes.Name)
    outer = frame.env
    of_each = (test.func.id == "all") == holds
    meant = []
    for item in items:
        frame.env = {**outer, each.target.id: item}
        if of_each or truth_of(frame, made.element) is not (not holds):
            meant.append(item)
    for item in meant if of_each or len(meant) == 1 else ():
        frame.env = {**outer, each.target.id: item}
        assume(frame, made.element, holds)
    frame.env = outer
