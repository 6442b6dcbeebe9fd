"""How a claimed shape fits a given one: dim by dim, under the facts, with the sizes that show where it does not."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import Enum

from shapelint.dims import Comparison, Dim, Facts, Symbol, branches, const
from shapelint.interp.events import ClaimedDim, ClaimedShape, Given
from shapelint.shapes import Shape


class Outcome(Enum):
    """What comparing gives."""

    RIGHT = "fits"
    WRONG = "does not fit"
    LABEL = "a letter that comments use as a label"
    OPEN = "cannot be told"


class Problem(Enum):
    """In what way a claim does not fit."""

    RANK = "another number of dims"
    DIMS = "other dims"
    ORDER = "the dims in another order"
    EXAMPLE = "numbers that cannot all hold"
    LAYOUT = "another layout"
    NO_ERROR = "no error"


@dataclass(frozen=True, slots=True)
class Match:
    """The outcome of comparing a claimed shape with a given one.

    `wrong` holds the positions that do not fit, `given` the shape compared with, `note` a condition under which it
    fits. The witness is found when the outcome is WRONG.
    """

    outcome: Outcome
    problem: Problem | None
    reason: str = ""
    shape: ClaimedShape | None = None
    given: Shape | None = None
    wrong: tuple[int, ...] = ()
    witness: Mapping[Symbol, int] | None = None
    letter: str | None = None
    note: str = ""


def match_shape(shape: ClaimedShape, given: Given, facts: Facts, examples: Facts) -> tuple[Match, Facts]:
    """Compare a claim with a value; the facts that its example sizes add to those of the function come back too."""
    if given.shape is None:
        return Match(Outcome.OPEN, None, given.why_unknown or "the value is not known", shape), examples
    if not given.shape.known:
        return _match_open(shape, given, facts), examples
    sizes = given.shape.dims
    pairs = _paired(shape, sizes)
    if pairs is None:
        match = Match(Outcome.WRONG, Problem.RANK, "", shape, given.shape)
        return _with_witness(match, facts, [(const(0), const(1))]), examples
    return _match_dims(shape, given.shape, pairs, facts, examples)


def _paired(shape: ClaimedShape, sizes: tuple[Dim, ...]) -> list[tuple[int, ClaimedDim, Dim]] | None:
    """Each claimed dim with its position and the size given there, None where the numbers of dims differ."""
    dims = shape.dims
    if shape.rest is None:
        if len(dims) != len(sizes):
            return None
        return [(i, dim, size) for i, (dim, size) in enumerate(zip(dims, sizes, strict=True))]
    if len(sizes) < len(dims):
        return None
    front = [(i, dims[i], sizes[i]) for i in range(shape.rest)]
    after = len(dims) - shape.rest
    back = [(len(sizes) - after + i, dims[shape.rest + i], sizes[len(sizes) - after + i]) for i in range(after)]
    return front + back


def _match_open(shape: ClaimedShape, given: Given, facts: Facts) -> Match:
    """Compare with a shape of which only some dims are seen: it can be wrong, but not right."""
    assert given.shape is not None
    if shape.rest is not None:
        return _match_rest(shape, given.shape, facts, given.why_unknown)
    if len(shape.dims) < given.shape.least_rank:
        match = Match(Outcome.WRONG, Problem.RANK, "", shape, given.shape)
        return _with_witness(match, facts, [(const(0), const(1))])
    tail = given.shape.back
    offset = len(shape.dims) - len(tail)
    wrong = []
    for i, size in enumerate(tail):
        dim = shape.dims[offset + i]
        if dim.size is not None and dim.fresh is None and dim.letter is None:
            if fits(dim, size, facts)[0] is False:
                wrong.append((offset + i, dim.size, size))
    if wrong:
        match = Match(
            Outcome.WRONG, Problem.DIMS, "", shape, given.shape, tuple(position for position, _, _ in wrong)
        )
        return _with_witness(match, facts, [(a, b) for _, a, b in wrong])
    return Match(Outcome.OPEN, None, given.why_unknown or "the number of dims is not known", shape, given.shape)


def _match_rest(shape: ClaimedShape, given: Shape, facts: Facts, why: str) -> Match:
    """Compare `(B, ..., D)` with a shape that is unknown in its middle, too."""
    assert shape.rest is not None
    lead, after = shape.dims[: shape.rest], shape.dims[shape.rest :]
    pairs = [(i, dim, size) for i, (dim, size) in enumerate(zip(lead, given.front, strict=False))]
    tail = list(zip(reversed(after), reversed(given.back), strict=False))
    pairs += [(len(shape.dims) - 1 - i, dim, size) for i, (dim, size) in enumerate(tail)]
    answers = [fits(dim, size, facts)[0] for _, dim, size in pairs]
    if len(pairs) == len(shape.dims) and all(answers):
        return Match(Outcome.RIGHT, None, "", shape, given)
    wrong = [pair for pair, answer in zip(pairs, answers, strict=True) if answer is False]
    if wrong and all(dim.letter is None and dim.fresh is None for _, dim, _ in wrong):
        match = Match(Outcome.WRONG, Problem.DIMS, "", shape, given, tuple(position for position, _, _ in wrong))
        return _with_witness(match, facts, [(dim.size, size) for _, dim, size in wrong if dim.size is not None])
    return Match(Outcome.OPEN, None, why or "the number of dims is not known", shape, given)


def fits(dim: ClaimedDim, size: Dim, facts: Facts) -> tuple[bool | None, str]:
    """Whether a claimed dim fits a size (None: cannot be told), and the condition under which it does."""
    if dim.choices:
        answers = [facts.compare(choice, size) for choice in dim.choices]
        if Comparison.EQUAL in answers:
            return True, ""
        return (None if Comparison.MAYBE in answers else False), ""
    if dim.size is None:
        return (None if dim.unresolved else True), ""
    answer = facts.compare(dim.size, size)
    if answer is Comparison.EQUAL:
        return True, ""
    if dim.exact:
        exact = facts
        for divisor, dividend in dim.exact:
            exact = exact.divides(divisor, dividend)
        if not exact.contradictory and exact.compare(dim.size, size) is Comparison.EQUAL:
            return True, "when " + " and ".join(f"{divisor} divides {dividend}" for divisor, dividend in dim.exact)
    if answer is not Comparison.MAYBE and any(
        facts.compare(dim.size, branch) is Comparison.EQUAL for branch in branches(size)
    ):
        return None, ""  # the author may know which of two sizes is the smaller one
    return (None if answer is Comparison.MAYBE else False), ""


def _match_dims(
    shape: ClaimedShape, given: Shape, pairs: list[tuple[int, ClaimedDim, Dim]], facts: Facts, examples: Facts
) -> tuple[Match, Facts]:
    wrong: list[tuple[int, ClaimedDim, Dim]] = []
    unsure: list[tuple[int, ClaimedDim, Dim]] = []
    notes: list[str] = []
    example = False
    for position, dim, size in pairs:
        if dim.size is not None and dim.size.value is not None and facts.value_of(size) is None and dim.fresh is None:
            if not all(symbol.free for symbol in size.symbols):
                unsure.append((position, dim, size))
                continue
            known = facts.also(examples)
            if known.compare(dim.size, size) is Comparison.NEVER or facts.compare(dim.size, size) is Comparison.NEVER:
                wrong.append((position, dim, size))
                example = True
            elif known.compare(dim.size, size) is not Comparison.EQUAL:
                examples = examples.equal(size, dim.size)
            continue
        answer, note = fits(dim, size, facts)
        if note:
            notes.append(note)
        if answer is False:
            wrong.append((position, dim, size))
        elif answer is None:
            unsure.append((position, dim, size))
    if wrong:
        return _mismatch(shape, given, pairs, wrong, facts, examples if example else Facts()), examples
    if unsure:
        _, dim, size = unsure[0]
        said = dim.size if dim.size is not None else "a size"
        reason = f"whether {said} is {size} could not be decided"
        return Match(Outcome.OPEN, None, reason, shape, given), examples
    return Match(Outcome.RIGHT, None, "", shape, given, note="; ".join(notes)), examples


def _mismatch(
    shape: ClaimedShape,
    given: Shape,
    pairs: list[tuple[int, ClaimedDim, Dim]],
    wrong: list[tuple[int, ClaimedDim, Dim]],
    facts: Facts,
    examples: Facts,
) -> Match:
    positions = tuple(position for position, _, _ in wrong)
    label = _label(pairs, wrong, facts)
    if label is not None:
        reason = f"the letter {label} stands for two sizes in the comments of this function"
        return Match(Outcome.LABEL, None, reason, shape, given, positions, letter=label)
    problem = Problem.ORDER if _permuted(pairs, facts) else Problem.DIMS
    known = facts.also(examples)
    against = [(dim.size, size) for _, dim, size in wrong if dim.size is not None]
    against += [(choice, size) for _, dim, size in wrong for choice in dim.choices[:1]]
    match = Match(Outcome.WRONG, problem, "", shape, given, positions)
    found = _with_witness(match, known if not known.contradictory else facts, against)
    return found


def _label(
    pairs: list[tuple[int, ClaimedDim, Dim]], wrong: list[tuple[int, ClaimedDim, Dim]], facts: Facts
) -> str | None:
    """The letter that only comments define and that was written for the axis, not for the size; None for a mistake.

    It is a mistake all the same where the letter stands twice in the comment, or where the size given is that of
    another dim of the comment: then the author has the dims in another order.
    """
    for position, dim, size in wrong:
        if dim.letter is None or dim.firm:
            return None
        for other, beside, _ in pairs:
            if other == position or beside.size is None:
                continue
            if beside.size is dim.size or facts.compare(beside.size, size) is Comparison.EQUAL:
                return None
    return wrong[0][1].letter


def _permuted(pairs: list[tuple[int, ClaimedDim, Dim]], facts: Facts) -> bool:
    """Whether the claimed dims are the given ones in another order."""
    left = [size for _, _, size in pairs]
    for _, dim, _ in pairs:
        if dim.size is None:
            return False
        found = next((i for i, size in enumerate(left) if facts.compare(dim.size, size) is Comparison.EQUAL), None)
        if found is None:
            return False
        left.pop(found)
    return True


def _with_witness(match: Match, facts: Facts, against: list[tuple[Dim, Dim]]) -> Match:
    witness = facts.witness(against, mention=_symbols(match))
    if witness is None:
        return replace(match, outcome=Outcome.OPEN, reason="no sizes were found that show it wrong")
    return replace(match, witness=witness)


def _symbols(match: Match) -> list[Symbol]:
    found: dict[Symbol, None] = {}
    dims = [dim.size for dim in match.shape.dims if dim.size is not None] if match.shape is not None else []
    for size in [*dims, *(match.given.seen() if match.given is not None else ())]:
        found.update(dict.fromkeys(sorted(size.symbols, key=lambda symbol: symbol.name)))
    return list(found)


def some_sizes(match: Match, facts: Facts) -> dict[Symbol, int] | None:
    """Sizes for the symbols of a mismatch that obey all facts."""
    found = facts.witness([(const(0), const(1))], mention=_symbols(match))
    return None if found is None else dict(found)
