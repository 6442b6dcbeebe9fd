"""What the calls of a program give its private functions, noted where the code around them is judged.

A function whose name begins with `_`, or that is defined within another one, is its program's own. Where all that uses
it are calls that were followed, these tell everything that it is ever given.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from shapelint.interp.state.budget import holds_claims
from shapelint.interp.state.decorators import is_of_property, is_wrapped
from shapelint.interp.state.events import Evidence
from shapelint.interp.state.machine import Frame
from shapelint.interp.state.values import FunctionValue, Value
from shapelint.interp.state.world import World
from shapelint.program import nodes
from shapelint.program.references import Uses, every_node, uses_of

MOST_CALLS = 8
"""With what so many calls give, a function is run once more; one that is given more is left to what anyone may give."""


@dataclass(frozen=True, slots=True, eq=False)
class GivenCall:
    """What a call gives a function, and what is known where it stands."""

    function: FunctionValue
    args: Sequence[Value]
    kwargs: Mapping[str, Value]
    site: nodes.Call
    caller: Evidence
    world: World


@dataclass(slots=True)
class Private:
    """A private function, all that uses its name, and what the calls that were followed give it."""

    node: nodes.Function
    uses: Uses
    given: list[GivenCall] = field(default_factory=list)
    unsure: bool = False  # given more than is kept or can be followed, or called by other classes without being seen


def private_functions(body: Iterable[nodes.Stmt]) -> dict[int, Private]:
    """The private functions of a program that hold claims, and those that call these, by the ids of their nodes."""
    found = [node for node in _own(body) if not is_wrapped(node) and not is_of_property(node)]
    with_claims = [node for node in found if holds_claims(node)]
    if not with_claims:
        return {}
    uses = uses_of({node.name for node in found}, body)
    wanted = {id(node) for node in with_claims}
    calls = {id(node): [id(part) for part in every_node(node.body) if isinstance(part, nodes.Call)] for node in found}
    while True:
        sites = {id(site) for node in found if id(node) in wanted for site in uses[node.name].calls}
        more = {id(node) for node in found if not sites.isdisjoint(calls[id(node)])}
        if more <= wanted:
            break
        wanted |= more
    used = [node for node in found if id(node) in wanted and uses[node.name].calls and not uses[node.name].otherwise]
    return {id(node): Private(node, uses[node.name]) for node in used}


def _own(body: Iterable[nodes.Stmt], within: bool = False) -> Iterator[nodes.Function]:
    """The functions that no one but the program itself calls."""
    for statement in body:
        if isinstance(statement, nodes.Function):
            if within or (statement.name.startswith("_") and not statement.name.endswith("__")):
                yield statement
            yield from _own(statement.body, within=True)
        elif isinstance(statement, nodes.Class):
            yield from _own(statement.body)
        else:
            for block in ("body", "orelse", "handlers", "cases", "final"):
                inner = getattr(statement, block, None)
                if isinstance(inner, tuple):
                    yield from _own(inner, within)


def calls_private(tracked: Mapping[int, Private], node: nodes.Function) -> bool:
    """Whether a function's code calls a private one, of whose inputs it then tells."""
    return any(_is_within(site.at, [node.at]) for one in tracked.values() for site in one.uses.calls)


def note_call(
    frame: Frame, function: FunctionValue, args: Sequence[Value], kwargs: Mapping[str, Value], site: nodes.Call
) -> None:
    """Note what a call gives a private function, where the code that calls it is judged.

    Code of a private function is followed with what its own calls give it; what it gives others when it is given
    anything tells nothing.
    """
    tracked = frame.machine.private
    private = tracked.get(id(function.node))
    if private is None or not frame.recording:
        return
    by = frame.evidence.function
    if by is not None and id(by) in tracked and frame.evidence.given_by is None:
        return
    ancestors = function.owner.lineage[1:] if function.owner is not None else ()
    if len(private.given) >= MOST_CALLS or any(function.name in each.attrs for each in ancestors):
        private.unsure = True
        return
    private.uses.followed.add(id(site))
    private.given.append(GivenCall(function, tuple(args), dict(kwargs), site, frame.evidence, frame.world.fork()))


def that_may_be_known(tracked: Mapping[int, Private]) -> list[Private]:
    """Those of which each use may come to be a call that was followed: it is one, or stands in a function of that kind.

    All other code has been judged by now; what it calls and was not followed to will not be.
    """
    left = {key: one for key, one in tracked.items() if not one.unsure}
    while True:
        spans = [one.node.at for one in left.values()]
        kept = {
            key: one
            for key, one in left.items()
            if {id(call.caller.function) for call in one.given} & tracked.keys() <= left.keys()
            and all(id(site) in one.uses.followed or _is_within(site.at, spans) for site in one.uses.calls)
        }
        if len(kept) == len(left):
            return list(kept.values())
        left = kept


def _is_within(at: nodes.Span, spans: Iterable[nodes.Span]) -> bool:
    return any(first <= at[0] <= last for first, _, last, _ in spans)


def all_calls_known(tracked: Mapping[int, Private]) -> list[Private]:
    """Those of which each use is a call that was followed, in code followed with everything that it is given."""
    sure = {key: one for key, one in tracked.items() if one.given and not one.unsure and _is_followed(one.uses)}
    while True:
        callers = {key: {id(call.caller.function) for call in one.given} & tracked.keys() for key, one in sure.items()}
        kept = {key: one for key, one in sure.items() if callers[key] <= sure.keys()}
        if len(kept) == len(sure):
            return list(kept.values())
        sure = kept


def _is_followed(uses: Uses) -> bool:
    return all(id(site) in uses.followed for site in uses.calls)
