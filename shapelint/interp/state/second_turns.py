"""What goes on as often as nobody knows, and cannot go on: a loop, or layers in a row, whose second turn cannot run."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from shapelint.dims import Dim
from shapelint.interp.state.events import Event, Failed, Needed, Suspected, Suspicion


def stops_after_one(
    of_second: Sequence[Event], of_first: Sequence[Event], conditions: int, *, what: str
) -> Iterator[Suspected]:
    """What surely cannot run in the second turn of `what`, where the first one could.

    It stands under no more than so many open conditions. What runs there only when two names are equal that the author
    keeps apart is told, too.
    """
    told = {id(event.blame) for event in of_first if isinstance(event, Failed | Needed) and _is_told(event)}
    for event in of_second:
        if not isinstance(event, Failed | Needed) or event.conditions > conditions or id(event.blame) in told:
            continue
        if any(map(_is_of_a_turn, _sizes(event))):
            continue  # what one turn has of its own may be another size in the next
        if isinstance(event, Failed):
            reason = f"a second turn of {what} cannot run: {_in_names(event)}"
            yield Suspected(event.at, event.blame, Suspicion.AGAIN, reason, event.facts, None, event.sources)
        elif event.apart is not None:
            left, right = event.apart
            reason = f"a second turn of {what} runs only when {left} == {right}: {event.reason}"
            yield Suspected(event.at, event.blame, Suspicion.AGAIN, reason, event.before, event.apart, event.sources)


def _sizes(event: Failed | Needed) -> list[Dim]:
    """The sizes that do not fit, made of what they are known to be."""
    if isinstance(event, Failed):
        return [event.facts.resolved(size) for size in event.pair or ()]
    return [event.before.resolved(size) for size in (event.left, event.right, *(event.apart or ()))]


def _is_of_a_turn(size: Dim) -> bool:
    return any(symbol.name == "_" or not symbol.free for symbol in size.symbols)


def _in_names(event: Failed) -> str:
    """The reason, with what its sizes are made of in the place of those that are the turn's own."""
    reason = event.reason
    for size in event.pair or ():
        if any(symbol.name == "_" for symbol in size.symbols):
            reason = reason.replace(str(size), str(event.facts.resolved(size)))
    return reason


def _is_told(event: Failed | Needed) -> bool:
    return isinstance(event, Failed) or event.apart is not None
