"""Running statements one after the other, and the two ways that a condition leaves open."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from shapelint.interp.paths.idle_letters import agree
from shapelint.interp.paths.join import join_envs, join_worlds
from shapelint.interp.state.machine import Frame, execute
from shapelint.interp.state.values import Value
from shapelint.interp.state.world import World
from shapelint.program import nodes

Way = tuple["str | None", dict[str, Value], World]


def run_block(frame: Frame, body: Sequence[nodes.Stmt]) -> str | None:
    """Run statements in order; how they leave the block, None where they run to its end.

    Under a condition that a call leaves open, what cannot run is not gone on from: it is not what the call gives.
    Comments below a `return` speak of what there is before it.
    """
    for place, statement in enumerate(body):
        below = body[place + 1] if isinstance(statement, nodes.Return) and place + 1 < len(body) else None
        if isinstance(below, nodes.Comment):
            execute(frame, below)
        stopped = frame.stopped
        how = execute(frame, statement)
        if how is not None:
            return how
        if frame.stopped > stopped:
            frame.stopped = stopped  # this block ends by it, not those around it
            if frame.world.conditions > frame.entered:
                frame.dropped = True
                return "raise"
    return None


def leave(frame: Frame, how: str) -> str:
    """Note the state in which this path leaves by `how`."""
    frame.exits.append((how, frame.env, frame.world))
    return how


def go(
    frame: Frame, prepare: Callable[[], None], body: Sequence[nodes.Stmt], env: dict[str, Value], world: World
) -> Way:
    """Run a body from a state of its own, under a condition that the code leaves open; where it ends up."""
    frame.env, frame.machine.world = dict(env), world.fork()
    frame.machine.world.conditions += 1
    prepare()
    how = run_block(frame, body)
    return how, frame.env, frame.machine.world


def meet(frame: Frame, ways: Sequence[Way], conditions: int) -> str | None:
    """Go on with what several paths leave behind; how they leave where none of them goes on."""
    open_ways = [(env, world) for how, env, world in ways if how is None]
    if not open_ways:
        return ways[0][0]
    env, world = open_ways[0]
    for other_env, other_world in open_ways[1:]:
        agree(env, other_env, (world, other_world))
        env, world = join_envs(env, other_env, (world, other_world)), join_worlds(world, other_world)
    frame.env, frame.machine.world = env, world
    world.conditions = conditions
    return None
