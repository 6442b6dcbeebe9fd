"""`if x is not None and x.ndim == 2` where it does not hold: x is None, or it is a tensor of other dims."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from shapelint.interp.paths.join import join_envs, join_worlds
from shapelint.interp.state.machine import Frame
from shapelint.program import nodes
from shapelint.program.within import all_parts


def assume_none_or(
    frame: Frame,
    op: str,
    parts: Sequence[nodes.Expr],
    holds: bool,
    assume: Callable[[Frame, nodes.Expr, bool], None],
) -> bool:
    """Take it that the first of some operands decides, which asks whether a name is None, or that the others do.

    What is known in either case is known after; False where the first asks something else.
    """
    name = asked_for_none(parts[0])
    if not name or name not in {part.id for part in all_parts(list(parts[1:])) if isinstance(part, nodes.Name)}:
        return False
    env, world = frame.env, frame.world
    ends = []
    for first_decides in (True, False):
        frame.env, frame.machine.world = dict(env), world.fork()
        assume(frame, parts[0], holds if first_decides else not holds)
        if not first_decides:
            rest = parts[1] if len(parts) == 2 else nodes.Boolean(parts[1].at, op, tuple(parts[1:]))
            assume(frame, rest, holds)
        ends.append((frame.env, frame.world))
    (one, here), (other, there) = ends
    frame.env, frame.machine.world = join_envs(one, other, (here, there)), join_worlds(here, there)
    return True


def asked_for_none(test: nodes.Expr) -> str:
    """The name that `x is not None`, `exists(x)` asks of whether it is None; "" where something else is asked."""
    asked: nodes.Expr | None = None
    if isinstance(test, nodes.Compare) and test.ops in (("is",), ("is not",)):
        right = test.comparators[0]
        asked = test.left if isinstance(right, nodes.Constant) and right.value is None else None
    elif isinstance(test, nodes.Call) and isinstance(test.func, nodes.Name) and test.func.id == "exists" and test.args:
        asked = test.args[0].value
    return asked.id if isinstance(asked, nodes.Name) else ""
