"""A comment that is taken at its word, and the names by which the code unpacks what it speaks of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from shapelint.dims import Dim, symbol
from shapelint.interp.state.events import ClaimMet, Evidence, Given, Source
from shapelint.shapes import Shape


def as_unpacked(event: ClaimMet, evidence: Evidence) -> ClaimMet | None:
    """The claim met with what the code unpacks, `B, C, H, W = x.shape`, where it has these names in another order.

    None where it has not: other names are no news, of a name that a comment says twice none is known to be wrong, and
    where the code has them in this order in another place, it unpacks several kinds of inputs.
    """
    if len(event.alternatives) != 1 or event.alternatives[0].rest is not None or event.doubt:
        return None
    said = [dim.size for dim in event.alternatives[0].dims]
    letters = [_letter(size, place) for place, size in enumerate(said)]
    rows = [(one, [name.casefold() for name in one.names]) for one in evidence.unpacked if [*one.sizes] == said]
    for one, names in rows:
        if not _is_exchange(letters, names):
            continue
        if any(
            all(mine == name for mine, name in zip(letters, other, strict=True) if mine in names) for _, other in rows
        ):
            return None
        sizes = dict(zip(letters, one.sizes, strict=True))
        row = Shape(tuple(sizes.get(key) or symbol(name, scope=-1) for key, name in zip(names, one.names, strict=True)))
        given = Given(row, named_at=one.line)
        source = Source(one.source, row, one.line)
        return replace(event, given=(given,), sources=(source,), is_input=False, believed=False)
    return None


def _letter(size: Dim | None, place: int) -> str:
    """What a comment calls a dim, `b` for `B`; of what is no name alone something that no name is."""
    name = size.as_symbol if size is not None else None
    return name.name.casefold() if name is not None and name.name != "_" else f"#{place}"


def _is_exchange(letters: Sequence[str], names: Sequence[str]) -> bool:
    """Whether two names of a row stand in each other's places in the other one, and none stands twice in one.

    Who unpacks `w, h` of what is said to be `(H, W)`, as everybody has it, has them the wrong way round in the code.
    """
    told = [name for name in names if name.strip("_")]
    if len({*letters}) < len(letters) or len({*told}) < len(told):
        return False
    moved = [letters[place] for place, name in enumerate(names) if name in letters and letters[place] != name]
    return any(letter in told for letter in moved) and moved != ["h", "w"]
