"""What a caller's dict holds under a key, asked for by `get` or taken out by `pop`: the same as by an index."""

from __future__ import annotations

from collections.abc import Sequence

from shapelint.interp.paths.join import choice
from shapelint.interp.state.machine import Frame, evaluate
from shapelint.interp.state.values import Value
from shapelint.ops.tensor import Unknown
from shapelint.program import nodes


def got(frame: Frame, node: nodes.Call, args: Sequence[Value]) -> Value | None:
    """`batch.get("image")` of what a caller gives: `batch["image"]`, or what stands in for it; else None."""
    func = node.func
    if not isinstance(func, nodes.Attribute) or func.attr not in ("get", "pop") or not 1 <= len(args) <= 2:
        return None
    if not isinstance(args[0], (str, Unknown)) or not isinstance(func.value, (nodes.Name, nodes.Attribute)):
        return None
    whole = frame.world.settle(evaluate(frame, func.value))
    if not isinstance(whole, Unknown) or not whole.origin or not (whole.is_input or whole.of_input):
        return None
    if isinstance(args[0], Unknown):  # under a key that is not known there may be anything of a caller's
        part: Value = Unknown(f"an entry of {whole.origin}", given=True)
    else:
        part = frame.world.settle(frame.part_of(whole, f"[{args[0]!r}]"))
    default = args[1] if len(args) == 2 else None
    return part if default is None else choice([part, default])
