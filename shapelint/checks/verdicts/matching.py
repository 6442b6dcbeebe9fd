"""How a claimed shape fits a given one: dim by dim, under the facts, with the sizes that show where it does not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import Enum

from shapelint.checks.verdicts.by_names import reads_as
from shapelint.checks.verdicts.exactness import when_odd, where_odd
from shapelint.checks.verdicts.exchanged_names import with_exchanged_letters
from shapelint.checks.verdicts.fitting import is_no_fit, surely_fits
from shapelint.checks.verdicts.meant import may_be_meant
from shapelint.checks.verdicts.pairs import (
    Pair,
    but_for_the_rest,
    is_again_at_a_one,
    is_example,
    is_exchanged,
    is_exchanged_for_others,
    is_left_to_a_caller,
    is_misplaced,
    is_number_of_another,
    is_of_a_caller,
    is_of_other_letters,
    is_of_the_turn,
    is_repeated,
    is_told_of_an_input,
    is_unnamed,
)
from shapelint.checks.verdicts.wording import PLAIN, TOO_LONG
from shapelint.checks.verdicts.wrong_rows import (
    fitting_elsewhere,
    is_expression,
    is_permuted,
    label_of,
    may_come_out_equal,
)
from shapelint.dims import Dim, Facts, Symbol, const
from shapelint.interp.state.apart import NO_GROUPS, Groups
from shapelint.interp.state.events import ClaimedDim, ClaimedShape, Given
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

    `wrong` holds the claimed dims that do not fit, by index, each with the size given in its place; `given` is the
    shape compared with, `note` a condition under which it fits, `odd` the sizes that are odd by it. The witness is
    found when the outcome is WRONG.
    """

    outcome: Outcome
    problem: Problem | None
    reason: str = ""
    shape: ClaimedShape | None = None
    given: Shape | None = None
    wrong: tuple[tuple[int, Dim], ...] = ()
    witness: Mapping[Symbol, int] | None = None
    letter: str | None = None
    note: str = ""
    odd: tuple[Dim, ...] = ()
    but_for_rank: bool = False  # whether it fits as far as dims are seen, and nothing but their number is open
    but_for_letters: bool = False  # whether letters of comments tell all that is open, of sizes of a caller, too
    but_for_the_turn: bool = False  # whether it fits where a letter of comments is a size that each turn of a loop has
    unsure: bool = False  # whether nothing is open but whether sizes are those that are said


NOT_RIGHT = Match(Outcome.OPEN, None, "it does not surely fit")
"""What a match is of which nobody asks but whether it is right."""


def match_shape(
    shape: ClaimedShape,
    given: Given,
    facts: Facts,
    examples: Facts,
    groups: Groups = NO_GROUPS,
    *,
    only_right: bool = False,
) -> tuple[Match, Facts]:
    """Compare a claim with a value; the facts that its example sizes add to those of the function come back too.

    With `only_right` nothing is sought of a claim that does not surely fit: it is open.
    """
    if given.shape is None:
        return Match(Outcome.OPEN, None, given.why_unknown or "the value is not known", shape), examples
    why = given.why_unknown or "the number of dims is not known"
    count = len(shape.dims)
    if _rank_differs(shape, given.shape):
        if only_right:
            return NOT_RIGHT, examples
        match = Match(Outcome.WRONG, Problem.RANK, "", shape, given.shape)
        return _with_witness(match, _as_called_alike(match, facts), [(const(0), const(1))]), examples
    shape = with_exchanged_letters(shape, given.shape, facts)
    pairs = _paired(shape, given.shape)
    whole = given.shape.known or (shape.rest is not None and len(pairs) == count)
    if only_right and not whole:
        return NOT_RIGHT, examples
    row = _Row(pairs, facts, examples, groups, only_right)
    return _match_dims(shape, given.shape, row, "" if whole else why)


def _rank_differs(shape: ClaimedShape, given: Shape) -> bool:
    count = len(shape.dims)
    if shape.rest is not None:
        return given.known and given.least_rank < count
    return given.least_rank != count if given.known else given.least_rank > count


def _paired(shape: ClaimedShape, given: Shape) -> list[Pair]:
    """Each claimed dim with the size that stands in its place, as far as both are seen."""
    dims, count = shape.dims, len(shape.dims)
    lead = count if shape.rest is None else shape.rest
    pairs = [(i, dims[i], size) for i, size in enumerate(given.front[:lead])]
    tail = given.back if given.run is not None else given.front if shape.rest is not None else ()
    after = count if shape.rest is None else count - shape.rest
    pairs += [(count - 1 - i, dims[count - 1 - i], size) for i, size in enumerate(reversed(tail)) if i < after]
    return pairs


@dataclass(slots=True)
class _Row:
    """The dims of a claim beside those of a value, and what each that was compared so far came to."""

    pairs: list[Pair]
    facts: Facts
    examples: Facts
    groups: Groups
    only_right: bool
    wrong: list[Pair] = field(default_factory=list)
    unsure: list[Pair] = field(default_factory=list)
    apart: list[tuple[Dim, Dim]] = field(default_factory=list)  # of the wrong ones, those that need no caller's choice
    notes: list[str] = field(default_factory=list)
    odd: list[Dim] = field(default_factory=list)
    of_example: bool = False  # whether a number of an example is wrong


def _match_dims(shape: ClaimedShape, given: Shape, row: _Row, why_open: str) -> tuple[Match, Facts]:
    for pair in row.pairs:
        _match_dim(shape, pair, row)
        if row.only_right and (row.wrong or row.unsure):
            return NOT_RIGHT, row.examples
    fitting = _fitting_by_example(row.wrong, row.facts, row.examples)
    row.unsure += fitting
    row.wrong = [pair for pair in row.wrong if pair not in fitting]
    return _match_of(shape, given, row, why_open), row.examples


def _match_dim(shape: ClaimedShape, pair: Pair, row: _Row) -> None:
    """Put the dim where it belongs in the row: among those that are wrong, or not sure, or fit."""
    _, dim, size = pair
    pairs, facts = row.pairs, row.facts
    if is_of_other_letters(pair, pairs, facts):
        row.unsure.append(pair)
    elif dim.size is not None and (
        is_exchanged(pair, pairs)
        or is_exchanged_for_others(pair, pairs, facts)
        or is_number_of_another(pair, pairs, row.groups)
        or is_again_at_a_one(pair, pairs, facts)
    ):
        row.apart.append((dim.size, size))
        row.wrong.append(pair)
    elif is_example(dim, pairs) and facts.value_of(size) is None:
        _match_example(pair, row)
    else:
        _match_size(shape, pair, row)


def _match_example(pair: Pair, row: _Row) -> None:
    """A number that may be one of the example at hand; the row's example says so from here on.

    Beside one that a caller chooses it is told of a size that nobody chooses, too, but nothing is wrong by that alone.
    """
    _, dim, size = pair
    only_ones = all(each.size == const(1) for _, each, _ in row.pairs)  # 1 alone is no example of a batch
    is_chosen = _is_chosen(size)
    beside_one = any(is_example(each, row.pairs) and at.symbols and _is_chosen(at) for _, each, at in row.pairs)
    if dim.size is None or only_ones or not (is_chosen or beside_one):
        row.unsure.append(pair)
        return
    known = row.facts.also(row.examples)
    if known.equality(dim.size, size) is False or row.facts.equality(dim.size, size) is False:
        if is_chosen:
            row.wrong.append(pair)
            row.of_example = True
        else:
            row.unsure.append(pair)
    elif not known.is_equal(dim.size, size):
        row.examples = row.examples.equal(size, dim.size)


def _is_chosen(size: Dim) -> bool:
    """Whether a size is made of nothing but what a caller chooses."""
    return all(symbol.free for symbol in size.symbols)


def _match_size(shape: ClaimedShape, pair: Pair, row: _Row) -> None:
    _, dim, size = pair
    pairs, facts, groups = row.pairs, row.facts, row.groups
    note = surely_fits(dim, size, facts)
    kernels = where_odd(dim, size, facts) if note is None else []
    if kernels:
        note = when_odd(kernels)
        row.odd += kernels
    if note:
        row.notes.append(note)
    if note is None and row.only_right:
        row.unsure.append(pair)
        return
    slip = note is None and is_no_fit(dim, size, facts) and not may_be_meant(pair, pairs, facts, groups)
    if dim.size is not None and is_misplaced(dim.size, pair, pairs, facts, groups):
        row.apart.append((dim.size, size))
        row.wrong.append(pair)
    elif (slip and not (_is_defined_by_no_value(dim) and size.value != 1)) or is_repeated(
        shape, pair, pairs, facts, groups
    ):
        row.wrong.append(pair)
    elif note is None:
        row.unsure.append(pair)


def _match_of(shape: ClaimedShape, given: Shape, row: _Row, why_open: str) -> Match:
    """What the dims of a row come to together; `why_open` says why the value may have others, too."""
    others = (dim.letter is not None or dim.size in given.front for _, dim, _ in row.wrong)
    if row.wrong and all(others) and reads_as(shape, given, [place for place, _, _ in row.wrong]):
        reason = "it is right by the names that a comment gives, which the code has for other sizes"
        return Match(Outcome.OPEN, None, reason, shape, given)
    if row.wrong:
        match = _mismatch(shape, given, row)
        if match.outcome is Outcome.LABEL and why_open:
            return replace(match, outcome=Outcome.OPEN, reason=why_open, letter=None)
        return match
    if why_open:
        told = all(is_told_of_an_input(dim, size) for _, dim, size in row.unsure)
        return Match(Outcome.OPEN, None, why_open, shape, given, but_for_rank=told)
    if row.unsure:
        _, dim, size = row.unsure[0]
        of_letters = all(_is_told_by_letters(pair, row.pairs) for pair in row.unsure)
        of_turns = all(is_of_the_turn(dim, at) for _, dim, at in row.unsure)
        reason = _undecided(dim.size, size)
        return Match(
            Outcome.OPEN,
            None,
            reason,
            shape,
            given,
            but_for_letters=of_letters,
            but_for_the_turn=of_turns,
            unsure=True,
        )
    note = "; ".join(dict.fromkeys(row.notes))
    return Match(Outcome.RIGHT, None, "", shape, given, note=note, odd=tuple(row.odd))


def _is_told_by_letters(pair: Pair, pairs: list[Pair]) -> bool:
    """Whether a dim is not sure only because its letter, or a caller, says what its size is."""
    _, dim, size = pair
    is_new = dim.unresolved and dim.fresh is not None
    return is_new or is_of_a_caller(dim, size, pairs) or is_left_to_a_caller(dim, size, pairs)


def _is_defined_by_no_value(dim: ClaimedDim) -> bool:
    """Whether a letter stands for itself where a comment says it first: the code has one of several sizes there."""
    own = dim.size.as_symbol if dim.size is not None and dim.letter is None else None
    return own is not None and dim.fresh is not None and own.name == dim.fresh


def _undecided(said: Dim | None, given: Dim) -> str:
    """Why a claim is open, as a sentence that can be read: no size in it is long, or has no name."""
    left = "a size" if said is None or is_unnamed(said) else PLAIN.brief_size(said)
    right = "what the code gives" if is_unnamed(given) else PLAIN.brief_size(given)
    right = {left: f"another {right}", TOO_LONG: "what the code gives"}.get(right, right)
    return f"whether {'a size' if left == TOO_LONG else left} is {right} could not be decided"


def _fitting_by_example(wrong: list[Pair], facts: Facts, examples: Facts) -> list[Pair]:
    """The dims that fit where the sizes are those of the example that other dims of the comment tell.

    `(K // 64, 64)` of `(K // width, width)` speaks of a width of 64.
    """
    known = facts.also(examples)
    if known is facts or known.contradictory:
        return []
    return [pair for pair in wrong if pair[1].size is not None and known.is_equal(pair[1].size, pair[2])]


def _mismatch(shape: ClaimedShape, given: Shape, row: _Row) -> Match:
    pairs, wrong, facts = row.pairs, row.wrong, row.facts
    places = tuple((index, size) for index, _, size in wrong)
    label = label_of(pairs, wrong, facts)
    if label is not None:
        size = next(size for _, dim, size in wrong if dim.letter == label)
        said = next(dim.size for _, dim, _ in wrong if dim.letter == label)
        unsure = is_unnamed(size) or size.value == 1 or said is None or is_expression(but_for_the_rest(said, size)[0])
        if unsure or (said is not None and may_come_out_equal(said, size, facts)):
            return Match(Outcome.OPEN, None, _undecided(said, size), shape, given, unsure=True)
        reason = f"the letter {label} stands for two sizes in the comments of this function"
        return Match(Outcome.LABEL, None, reason, shape, given, places, letter=label)
    problem = Problem.ORDER if is_permuted(pairs, facts) else Problem.DIMS
    known = facts.also(row.examples) if row.of_example else facts
    against = [(dim.size, size) for _, dim, size in wrong if dim.size is not None]
    against += [(choice, size) for _, dim, size in wrong for choice in dim.choices[:1]]
    match = Match(Outcome.WRONG, problem, "", shape, given, places)
    known = known if not known.contradictory else facts
    alike = fitting_elsewhere(pairs, wrong, known)
    found = match if alike is known else _with_witness(match, alike, against)
    return found if found.witness is not None else _with_witness(match, known, against, row.apart)


def _as_called_alike(match: Match, facts: Facts) -> Facts:
    """The facts, and that two sizes of one name are one, where they can be: a wrong number of dims is wrong for any."""
    first: dict[str, Symbol] = {}
    alike = facts
    for symbol in _symbols(match):
        other = first.setdefault(symbol.name, symbol)
        if other is not symbol and symbol.name != "_":
            alike = alike.equal(other.dim, symbol.dim)
    return facts if alike.contradictory else alike


def _with_witness(
    match: Match, facts: Facts, against: list[tuple[Dim, Dim]], apart: Sequence[tuple[Dim, Dim]] = ()
) -> Match:
    """The match with sizes that show it wrong: of two that the author keeps `apart` any do, a caller chooses others."""
    witness = facts.witness(against, mention=_symbols(match))
    if witness is not None and _is_empty(match, witness):
        full = _with_elements(match, facts).witness(against, mention=_symbols(match))
        numbers = any(None not in (left.value, right.value) and left != right for left, right in against)
        witness = witness if full is None and numbers else full  # numbers differ, be there elements or not
    if witness is None and apart:
        witness = facts.instance(apart, mention=_symbols(match))
    if witness is None:
        return replace(match, outcome=Outcome.OPEN, reason="no sizes were found that show it wrong")
    return replace(match, witness=witness)


def with_wrong(shape: ClaimedShape, given: Shape, wrong: tuple[tuple[int, Dim], ...], facts: Facts) -> Match:
    """The match of a claim that is wrong in these dims, with sizes that show it; it is open where there are none."""
    pairs = list(zip(range(len(shape.dims)), shape.dims, given.dims, strict=True))
    problem = Problem.ORDER if is_permuted(pairs, facts) else Problem.DIMS
    against = [(own, size) for place, size in wrong if (own := shape.dims[place].size) is not None]
    return _with_witness(Match(Outcome.WRONG, problem, "", shape, given, wrong), facts, against, against)


def _is_empty(match: Match, witness: Mapping[Symbol, int]) -> bool:
    """Whether the value has no elements under a witness."""
    given = match.given.seen() if match.given is not None else ()
    return any(_is_none_of(size, witness) for size in given)


def _is_none_of(size: Dim, witness: Mapping[Symbol, int]) -> bool:
    try:
        return size.value is None and size.evaluate(witness) < 1
    except ZeroDivisionError:  # by a size that nobody else speaks of
        return True
    except KeyError:  # of something opaque
        return False


def _with_elements(match: Match, facts: Facts) -> Facts:
    """The facts, and that each dim of the value has at least one element."""
    for size in match.given.seen() if match.given is not None else ():
        facts = facts.at_least(size, 1) if size.as_symbol is None and size.value is None else facts
    return facts


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
