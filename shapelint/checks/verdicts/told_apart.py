"""What the rows of a function's other comments tell of a dim that nothing else decides.

Beside `(1, W, C)` of (1, target_w, width), `(1, C, W)` of the same sizes is wrong, whatever they are: one row of the
author's has a name for each of the two, and the other one has these names in each other's places. So is `(C, C)` of
(n, C) beside `(N, C)`.
"""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass, replace

from shapelint.checks.model import Verdict
from shapelint.checks.verdicts.judged import Judged, is_own_line
from shapelint.checks.verdicts.matching import Match, Outcome, Problem, with_wrong
from shapelint.checks.verdicts.right_for_some import takes_it_for_square, takes_one_item
from shapelint.dims import Dim, Facts, const
from shapelint.interp.claims.names import names_in
from shapelint.interp.state.apart import may_be_one_name
from shapelint.interp.state.events import ClaimedDim, ClaimedShape, ClaimMet, Evidence, Given
from shapelint.notation.model import Binary, DimSpec, Name, Num, Rest, Role


@dataclass(frozen=True, slots=True)
class _Row:
    """What is written for each dim of a value, beside its size; how much it weighs against another row."""

    items: tuple[DimSpec, ...]
    sizes: tuple[Dim, ...]
    claim: Judged | None = None
    weight: int = 0

    @property
    def is_refuted(self) -> bool:
        """Whether the comment does not fit, which may come of what one above it has made its letters mean."""
        match = self.claim.match if self.claim is not None else None
        return match is not None and match.outcome in (Outcome.WRONG, Outcome.LABEL)

    @property
    def line(self) -> int:
        """The line of the comment."""
        return self.claim.attached.at[0] if self.claim is not None else 0


ENOUGH = 2
"""What rows weigh that tell a dim apart: one that is right does, and two of which that is not known."""
BY_OTHERS = "it is right in the names of other comments"


def with_names_told_apart(judged: list[Judged], evidence: Evidence) -> list[Judged]:
    """The verdicts; a claim is refuted where rows of other comments have its names elsewhere, and nothing else tells.

    So is one that gives letters their first meaning where two below it have another one, which are open then.
    """
    waiting = [one for one in judged if _is_open(one)]
    if not waiting:
        return judged
    rows = [row for one in judged for row in _rows_of(one)]
    changed: dict[int, Judged] = {}
    for one in waiting:
        if id(one) in changed:
            continue
        refuted, by = _decided(one, rows, evidence)
        if refuted is None:
            continue
        changed[id(one)] = refuted
        rows = [row for row in rows if row.claim is not one]
        for other in by:
            if other.verdict is Verdict.REFUTED:
                changed[id(other)] = replace(other, verdict=Verdict.OPEN, reason=BY_OTHERS, witness={})
            elif other.letter is not None:
                changed[id(other)] = replace(other, letter=None)
    return [changed.get(id(one), one) for one in judged]


def _is_open(claim: Judged) -> bool:
    """Whether nothing but sizes are left open in a comment on a line, or it is right as it gives letters a meaning, or
    a number of an example."""
    event, match = claim.event, claim.match
    if not isinstance(event, ClaimMet) or match is None or match.shape is None or event.doubt or event.any_of:
        return False
    if is_own_line(claim.attached) or event.attached.claim.role not in (Role.RESULT, Role.INPUT, Role.LINK):
        return False
    if event.is_input or len(event.alternatives) != 1 or match.shape.rest is not None:
        return False
    if claim.verdict is Verdict.OPEN:
        return match.unsure and claim.reason == match.reason
    return claim.verdict is Verdict.PROVED and (_is_of_an_example(match.shape) or _defines(match.shape))


def _is_of_an_example(shape: ClaimedShape) -> bool:
    numbers = [item for item in shape.spec.items if isinstance(item, Num)]
    return len({*numbers}) < len(numbers)


def _defines(shape: ClaimedShape) -> bool:
    """Whether letters are said first here, of several dims."""
    return sum(dim.fresh is not None for dim in shape.dims) > 1


def _rows_of(claim: Judged) -> list[_Row]:
    """What a claim tells of the values that it speaks of, unless it is surely wrong by itself."""
    event, match = claim.event, claim.match
    if not isinstance(event, ClaimMet) or len(event.alternatives) != 1 or claim.note or event.doubt or event.any_of:
        return []
    is_right = claim.verdict in (Verdict.PROVED, Verdict.ASSUMED)
    is_of_letters = match is not None and (match.unsure or match.outcome is Outcome.LABEL or _is_of_dims(match))
    weight = ENOUGH if is_right else 1 if is_of_letters and not is_own_line(claim.attached) else 0
    shape = event.alternatives[0]
    said = tuple(dim.size for dim in shape.dims)
    rows = [_row(shape, given.dims) for one in event.given if (given := one.shape) is not None and given.known]
    if None not in said and is_right:
        rows.append(_row(shape, tuple(size for size in said if size is not None)))
    return [replace(row, claim=claim, weight=weight) for row in rows if row is not None and weight]


def _is_of_dims(match: Match) -> bool:
    return match.outcome is Outcome.WRONG and match.problem in (Problem.DIMS, Problem.ORDER)


def _row(shape: ClaimedShape, sizes: tuple[Dim, ...]) -> _Row | None:
    items = tuple(item for item in shape.spec.items if not isinstance(item, Rest))
    fits = shape.rest is None and len(items) == len(sizes) == len(shape.dims)
    return _Row(items, sizes) if fits else None


def _decided(claim: Judged, rows: Sequence[_Row], evidence: Evidence) -> tuple[Judged | None, list[Judged]]:
    """The claim refuted, and the claims by which it is; None where it is not."""
    event, match = claim.event, claim.match
    assert isinstance(event, ClaimMet) and match is not None and match.shape is not None
    is_example = _is_of_an_example(match.shape)
    defines = any(dim.fresh is not None for dim in match.shape.dims)
    is_right = claim.verdict is Verdict.PROVED and not is_example
    others = [
        row
        for row in rows
        if row.line != claim.attached.at[0]
        and not (is_right and row.weight >= ENOUGH)
        and (not row.is_refuted or (defines and row.line > claim.attached.at[0]))
    ]
    facts = event.facts.also(evidence.facts)
    found: list[tuple[Given, Match]] = []
    by: list[Judged] = []
    for given in event.given:
        known = facts if given.path is None else facts.also(given.path)
        if known.contradictory:
            continue
        one = _misplaced(match.shape, given, others, known, by)
        if one is None or one.outcome is not Outcome.WRONG:
            return None, []
        found.append((given, one))
    if not found:
        return None, []
    given, wrong = found[0]
    refuted = replace(
        claim, verdict=Verdict.REFUTED, reason="", given=given, match=wrong, witness=wrong.witness or {}, note=""
    )
    is_excused = (event.conditional and takes_one_item(refuted)) or takes_it_for_square(refuted)
    return (None, []) if is_excused else (refuted, by)


def _misplaced(
    shape: ClaimedShape, given: Given, others: Sequence[_Row], facts: Facts, by: list[Judged]
) -> Match | None:
    """The match of a claim in which others' rows have names elsewhere; None where they have not."""
    if given.shape is None or not given.shape.known or (row := _row(shape, given.shape.dims)) is None:
        return None
    meant = {
        index: size for index in range(len(row.items)) if (size := _meant(index, row, others, facts, by)) is not None
    }
    if not meant or _is_an_example(row, meant) or (_says_numbers(row, meant) and any(map(_is_an_example, others))):
        return None
    dims = tuple(ClaimedDim(meant.get(index, size)) for index, size in enumerate(row.sizes))
    wrong = tuple((index, row.sizes[index]) for index in meant)
    return with_wrong(replace(shape, dims=dims), given.shape, wrong, facts)


def _says_numbers(row: _Row, meant: Container[int]) -> bool:
    return any(isinstance(item, Num) and place in meant for place, item in enumerate(row.items))


def _is_an_example(row: _Row, meant: Container[int] = ()) -> bool:
    """Whether a row has a number, 1 aside, for a size that is none, and none by mistake: `(2, 3, 3)` of (n, k, 3)."""
    return any(
        isinstance(item, Num) and item.value != 1 and at.value is None and place not in meant
        for place, (item, at) in enumerate(zip(row.items, row.sizes, strict=True))
    )


def _is_made_of_it(dim: ClaimedDim, size: Dim) -> bool:
    """Whether a size is made of the one that is said: `T` of `min(T, 512)`, which the author may know to be T."""
    return dim.size is not None and size.as_symbol is None and not dim.size.symbols.isdisjoint(size.symbols)


def _meant(index: int, row: _Row, others: Sequence[_Row], facts: Facts, by: list[Judged]) -> Dim | None:
    """The size that this row, or other ones, call so, where other rows have another name for the size in its place."""
    said, size = row.items[index], row.sizes[index]
    number = const(said.value) if isinstance(said, Num) else None
    own = [at for other in others for item, at in zip(other.items, other.sizes, strict=True) if item == said]
    if any(_is_same(at, size, facts) for at in own):
        return None
    own += [number] if number is not None and not own else []
    naming = [(other, names) for other in others if (names := _names_of(size, other, facts, number is not None))]
    names = [name for _, its in naming for name in its]
    weights = {other.line: other.weight for other, _ in naming}
    if sum(weights.values()) < ENOUGH or not all(_are_unlike(said, name) for name in names):
        return None
    by_place = [(item, at) for place, (item, at) in enumerate(zip(row.items, row.sizes, strict=True)) if place != index]
    beside = [at for item, at in by_place if item == said and not _is_same(at, size, facts)]
    here = [one for one in own if any(_is_same(at, one, facts) for _, at in by_place)]
    is_exchanged = here and any(item in names and not _is_same(at, size, facts) for item, at in by_place)
    if beside and not here:  # what the name means here is another size, too, if it has a name of its own
        here = [at for at in beside if own or _is_called_otherwise(at, names, others, facts)]
    if not is_exchanged and not (beside and here and _has_a_name(row, weights)):
        return None
    by += [other.claim for other, _ in naming if other.claim is not None]
    return here[0]


def _is_called_otherwise(size: Dim, names: Sequence[DimSpec], others: Sequence[_Row], facts: Facts) -> bool:
    """Whether rows have names for a size, all of which are other ones."""
    found = [name for other in others for name in _names_of(size, other, facts, True)]
    return bool(found) and all(_are_unlike(one, name) for one in found for name in names)


def _names_of(size: Dim, row: _Row, facts: Facts, of_parts: bool) -> list[DimSpec]:
    """What a row calls a size; or all that this is made of, if a number is said of it: no example is at hand then."""
    names = [item for item, at in zip(row.items, row.sizes, strict=True) if _is_same(at, size, facts)]
    if names or not of_parts:
        return names
    parts = [
        (item, one) for item, at in zip(row.items, row.sizes, strict=True) for one in size.symbols if at is one.dim
    ]
    return [item for item, _ in parts] if {one for _, one in parts} == size.symbols else []


def _has_a_name(row: _Row, weights: Mapping[int, int]) -> bool:
    """Whether a row has a number above 1, or a name: each dim of `(1, 1, 1)` may be that of a batch of one, unless
    several rows have a name for it."""
    return any(item != Num(1) for item in row.items) or sum(weights.values()) > ENOUGH


def _is_same(one: Dim, other: Dim, facts: Facts) -> bool:
    return one is other or facts.is_equal(one, other)


def _are_unlike(one: DimSpec, other: DimSpec) -> bool:
    """Whether two items of comments are surely not meant as one: two names, or a name and a number."""
    if isinstance(one, Name) and isinstance(other, Name):
        return one.text.casefold() != other.text.casefold() and not may_be_one_name(one.text, other.text)
    if isinstance(one, Binary) or isinstance(other, Binary):
        return set(names_in(one)).isdisjoint(names_in(other))
    return isinstance(one, (Name, Num)) and isinstance(other, (Name, Num)) and one != other
