"""Why a claim that the code contradicts may be right all the same in its author's words; it is left open then."""

from __future__ import annotations

import re
from collections.abc import Sequence

from shapelint.checks.judged import Judged
from shapelint.checks.matching import Outcome, Problem, match_shape
from shapelint.dims import Dim, Facts, Symbol, as_fraction, const, dim, divisions, polynomial_quotient, product
from shapelint.interp.apart import Groups, may_be_one_name
from shapelint.interp.claimed_values import CONFLICT
from shapelint.interp.events import ClaimMet, Evidence, Needed
from shapelint.interp.names import names_in
from shapelint.ops.needs import Trouble
from shapelint.program.nodes import Name, Place

RUNS_SO = "it holds wherever the code runs at all"
BY_A_CALLERS_SIZE = "it holds for one of the sizes that may be given for the division"
ONE_NAME = "a letter of the comments may be what the code calls so"
TWO_SIZES = "the code calls two sizes by one name"
NAMED_BELOW = "its names stand for these sizes below"
SAME_UNDER_TWO_NAMES = "the comments may call a size of the code by a name of their own"


def why_excused(judged: Judged, event: ClaimMet, facts: Facts, evidence: Evidence) -> str:
    """Why a claim is open though no sizes of the code are those that it says; "" where it is a mistake."""
    if _holds_where_it_runs(judged, facts, evidence):
        return RUNS_SO
    if event.is_input or _reads_the_same(judged):
        return CONFLICT
    if _may_be_a_product(judged):
        return "its letters may be a product"
    if _is_a_placeholder(judged):
        return "a tensor without elements may stand for none"
    if _holds_for_a_number(judged, facts, evidence):
        return "a letter of the comments may stand for a number"
    if _is_spelled_otherwise(judged, evidence.groups) or _is_in_other_letters(judged, facts, evidence.groups):
        return SAME_UNDER_TWO_NAMES
    if _is_what_an_input_has_to_be(judged, evidence):
        return SAME_UNDER_TWO_NAMES
    if _is_in_names_bound_below(judged, facts, evidence):
        return NAMED_BELOW
    if _holds_for_the_codes_names(judged, facts, evidence):
        return ONE_NAME
    if _holds_under_one_name(judged, facts, evidence):
        return TWO_SIZES
    if _is_for_a_caller_to_give(judged, facts):
        return BY_A_CALLERS_SIZE
    if _is_of_a_factor(judged, evidence.groups) or _is_left_by_a_view(judged, facts):
        return SAME_UNDER_TWO_NAMES
    if _holds_for_odd_sizes(judged, facts, evidence.groups):
        return "it holds for every odd size"
    if _is_left_of_a_letter(judged, facts, evidence.groups):
        return BY_A_CALLERS_SIZE
    if _is_cut_short(judged, facts):
        return "a slice may end before all that it asks for"
    if event.conditional and _takes_one_item(judged):
        return "it may be said of a batch of one"
    if _takes_it_for_square(judged):
        return "it may be said of square pictures"
    return CONFLICT if event.attached.place is Place.DOCSTRING and _is_vague(evidence) else ""


def _holds_where_it_runs(judged: Judged, facts: Facts, evidence: Evidence) -> bool:
    """Whether a docstring is right where two sizes are equal that an operation asks to be, as is told of that."""
    if judged.attached.place is not Place.DOCSTRING:
        return False
    apart = [event.apart for event in evidence.events if isinstance(event, Needed) and event.apart is not None]
    for left, right in apart:
        facts = facts.equal(left, right)
    said = _wrong_sizes(judged) if apart else []
    return bool(said) and all(own is not None and facts.equality(own, size) is True for own, size in said)


def _holds_for_the_codes_names(judged: Judged, facts: Facts, evidence: Evidence) -> bool:
    """Whether a claim is right where what a comment calls C, before the code has a C, is the C of the code.

    `low = wavelet(x)  # (B, C, H/2, W/2)` over `B, C, H, W = x.shape`.
    """
    of_code = {size for _, _, size in evidence.named}
    by_name = {name: size for name, _, size in evidence.named}
    letters = [dim(one) for one in facts.mentioned if one.name in by_name and dim(one) not in of_code]
    for letter in letters:
        facts = facts.equal(letter, by_name[str(letter)])
    wrong = _wrong_sizes(judged)
    return bool(letters and wrong) and _hold(facts, wrong)


def _may_be_a_product(judged: Judged) -> bool:
    """Whether a row of letters alone, `BHW` or `[B x T]`, is said of a tensor of one dim: it may mean their product."""
    match, shape = judged.match, judged.given.shape if judged.given is not None else None
    if match is None or match.shape is None or match.problem is not Problem.RANK or shape is None or not shape.known:
        return False
    items, text = match.shape.spec.items, match.shape.spec.text
    is_glued = text == "".join(getattr(item, "text", " ") for item in items)
    return len(shape.dims) == 1 and (is_glued or _CROSSED.fullmatch(text) is not None)


_CROSSED = re.compile(r"[(\[]\s*[A-Za-z_]\w*(?:\s*[x\u00d7*]\s*[A-Za-z_]\w*)+\s*[)\]]")


def _is_a_placeholder(judged: Judged) -> bool:
    """Whether the code gives a tensor without elements where letters are said, `torch.zeros(0, 0, 0)` for a cache."""
    shape = judged.given.shape if judged.given is not None else None
    if shape is None or not shape.known or not shape.dims or any(size.value != 0 for size in shape.dims):
        return False
    said = judged.match.shape.spec.items if judged.match is not None and judged.match.shape is not None else ()
    return any(names_in(item) for item in said)


def _holds_for_a_number(judged: Judged, facts: Facts, evidence: Evidence) -> bool:
    """Whether a claim is right where a letter of comments alone, which no tensor has for a dim, is a number.

    `centre + n` of an input may be what `n + 1` is of what is taken from it.
    """
    wrong = [(_as_in_comments(own, size, facts, evidence), size) for own, size in _wrong_sizes(judged)]
    known = facts
    for own, size in wrong:
        lacking = own - size if own is not None else size
        told = size.symbols - own.symbols if own is not None else frozenset()
        letter = next(iter(told), None)
        if (
            own is None
            or not own.symbols
            or own.symbols - size.symbols
            or letter is None
            or len(told) != 1
            or not _is_no_dim(letter, evidence)
        ):
            return False
        number = (lacking + dim(letter)).value
        if number is None or number < 1:
            return False
        known = known.equal(dim(letter), const(number))
    return bool(wrong) and _hold(known, wrong)


def _as_in_comments(own: Dim | None, size: Dim, facts: Facts, evidence: Evidence) -> Dim | None:
    """A claimed size in which a name stands for what comments call so, where the code has the name for another size."""
    for name, _, named in evidence.named:
        letter = next((one for one in size.symbols if one.name == name and dim(one) is not named), None)
        beyond = facts.normalize(own - named).value if own is not None and letter is not None else None
        if letter is not None and beyond is not None:
            return dim(letter) + beyond
    return own


def _is_no_dim(letter: Symbol, evidence: Evidence) -> bool:
    """Whether nothing but comments speaks of a letter, and in none of them it is a dim by itself."""
    places = evidence.groups.get(dim(letter), set())
    if any(not place.startswith(("('claim'", "('docstring'")) for place in places):
        return False
    claims = (event for event in evidence.events if isinstance(event, ClaimMet))
    shapes = [shape for event in claims for shape in event.alternatives]
    is_written = any(letter.name in names_in(item) for shape in shapes for item in shape.spec.items)
    return is_written and all(each.size is not dim(letter) for shape in shapes for each in shape.dims)


def _reads_the_same(judged: Judged) -> bool:
    """Whether a claim is word for word what the code gives: its names stand for other sizes in the code than in what
    is said of the inputs."""
    shape = judged.given.shape if judged.given is not None else None
    match = judged.match
    if shape is None or not shape.known or match is None or match.shape is None:
        return False
    if match.problem not in (Problem.DIMS, Problem.ORDER):
        return False
    names = [str(size) for size in shape.dims]
    said = [dim.size for dim in match.shape.dims]
    is_told_apart = len({*names}) == len(names)
    return is_told_apart and names == [
        str(size) if size is not None and len(size.symbols) > 1 else getattr(item, "text", "")
        for size, item in zip(said, match.shape.spec.items, strict=False)
    ]


def _is_spelled_otherwise(judged: Judged, groups: Groups) -> bool:
    """Whether all that does not fit is a size by another spelling of its name.

    `B` and `Batch` of a docstring, `NT` and `N*T`, and `dk`, as the code calls it, where a docstring alone has `d`.
    """
    match = judged.match
    if match is None or match.shape is None or not match.wrong:
        return False
    in_docstring = judged.attached.place is Place.DOCSTRING
    pairs = [(match.shape.dims[index].size, size) for index, size in match.wrong]
    for own, size in pairs:
        a, b = own.as_symbol if own is not None else None, size.as_symbol
        if a is None:
            return False
        if b is None:
            if not _is_written_together(a.name, size):
                return False
        elif len(a.name) == 1 and b.name.endswith(f"_{a.name}"):
            continue  # `T` of `target_T`
        elif not (in_docstring and may_be_one_name(a.name, b.name)) and not (
            a.name != b.name and a.name.startswith(b.name) and _is_of_docstrings(size, groups)
        ):
            return False
    return True


def _is_written_together(name: str, size: Dim) -> bool:
    """Whether a name is those of the factors of a product, `NT` of `N*T`."""
    factors = "".join(symbol.name for symbol in size.symbols)
    is_product = len(size.symbols) > 1 and size is product([dim(symbol) for symbol in size.symbols])
    return is_product and sorted(name.lower()) == sorted(factors.lower())


def _is_of_docstrings(size: Dim, groups: Groups) -> bool:
    """Whether nothing but docstrings speaks of a size."""
    places = groups.get(size, set())
    return bool(places) and all(place.startswith("('docstring'") for place in places)


def _is_in_other_letters(judged: Judged, facts: Facts, groups: Groups) -> bool:
    """Whether all that does not fit is a product for which a docstring alone has letters: `Mh*Mw` of its `Wh*Ww`."""
    wrong = _wrong_sizes(judged)
    return bool(wrong) and all(own is not None and _is_of_a_docstring(size, own, facts, groups) for own, size in wrong)


def _is_of_a_docstring(size: Dim, own: Dim, facts: Facts, groups: Groups) -> bool:
    """Whether a size is a product of letters of which nothing but a docstring speaks, and none of the claim's own."""
    is_product = len(size.symbols) > 1 and len(size.sorted_terms) == 1
    return _is_of_docstrings(size, groups) and is_product and size.symbols.isdisjoint(own.symbols | facts.mentioned)


def _is_what_an_input_has_to_be(judged: Judged, evidence: Evidence) -> bool:
    """Whether all that does not fit is a size of the constructor, for which the docstring has a letter.

    `(B, idim, T)` of an `x` that is described as (B, T, H): where nothing that is known of the code has a size `idim`,
    the two comments call one size by two names.
    """
    wrong = _wrong_sizes(judged)
    for own, size in wrong:
        if own is None or own.as_symbol is None or size.as_symbol is None:
            return False
        mine, its = evidence.groups.get(own, set()), evidence.groups.get(size, set())
        is_of_init = any(place.startswith("('init'") for place in mine)
        of_comments = all(place.startswith(("('docstring'", "('claim'")) for place in its)
        of_docstring = of_comments and any(place.startswith("('docstring'") for place in its)
        if not is_of_init or mine & its or not of_docstring:
            return False
        if _is_met(own.as_symbol, evidence):
            return False
    return bool(wrong)


def _is_met(symbol: Symbol, evidence: Evidence) -> bool:
    """Whether a value that a claim speaks of, or what an operation asks, has a size in it."""
    for event in evidence.events:
        if isinstance(event, Needed) and symbol in event.left.symbols | event.right.symbols:
            return True
        if isinstance(event, ClaimMet) and any(
            symbol in size.symbols for given in event.given if given.shape is not None for size in given.shape.seen()
        ):
            return True
    return False


def _is_in_names_bound_below(judged: Judged, facts: Facts, evidence: Evidence) -> bool:
    """Whether names of a claim are bound anew to the sizes that the code gives: `# B C H W` over `H = x.size(2)`."""
    return any(_bound_below(judged, facts, evidence))


def holds_in_names_below(judged: Judged, facts: Facts, evidence: Evidence) -> bool:
    """Whether that is so of all names that do not fit as they stand: then the claim is right as its author means it."""
    return all(_bound_below(judged, facts, evidence))


def _bound_below(judged: Judged, facts: Facts, evidence: Evidence) -> list[bool]:
    """Of each dim that does not fit, whether its name is bound anew below to the size that the code gives."""
    match, below = judged.match, judged.attached.at[0]
    if match is None or match.shape is None or match.shape.rest is not None:
        return []
    above = {name for name, line, _ in evidence.named if line <= below}
    anew = [(name, size) for name, line, size in evidence.named if line > below and name in above]
    return [
        any(
            getattr(match.shape.spec.items[place], "text", "") == name and facts.equality(size, found) is True
            for name, found in anew
        )
        for place, size in match.wrong
    ]


def _holds_under_one_name(judged: Judged, facts: Facts, evidence: Evidence) -> bool:
    """Whether a claim is right where sizes are equal that the code unpacks under one name, `B` of two inputs."""
    wrong = _wrong_sizes(judged)
    asked = frozenset[Symbol]().union(*(size.symbols for _, size in wrong))
    first: dict[str, Dim] = {}
    before = facts
    for name, line, found in evidence.named:
        if line > judged.attached.at[0] or found.as_symbol is None:
            continue
        other = first.setdefault(name, found)
        if other is not found and not asked.isdisjoint(other.symbols | found.symbols):
            facts = facts.equal(other, found)
    return facts is not before and _hold(facts, wrong)


def _is_of_a_factor(judged: Judged, groups: Groups) -> bool:
    """Whether all that does not fit is a letter beside a multiple of it, where no tensor is told to have it for a dim.

    `(..., C, C)` of what the docstring tells to be `(..., (taps + 1) * C, (taps + 1) * C)`.
    """
    match = judged.match
    if match is None or match.shape is None or match.problem is not Problem.DIMS or not match.wrong:
        return False
    pairs = [(match.shape.dims[index], size) for index, size in match.wrong]
    return all(
        said.by_comments
        and said.size is not None
        and said.size.as_symbol is not None
        and not any(not place.startswith("('claim'") for place in groups.get(said.size, ()))
        and polynomial_quotient(size, said.size) is not None
        for said, size in pairs
    )


def _is_left_by_a_view(judged: Judged, facts: Facts) -> bool:
    """Whether a claim is right where two sizes are equal, by one of which a view divides what it leaves for its -1.

    `x.reshape(num_graphs, -1)  # (B, N*D)` of an `x` of (B, N, D): who wrote it takes them for one.
    """
    wrong = _wrong_sizes(judged)
    divisors = {divisor for _, size in wrong for divisor, _ in divisions(size)}
    taken = [(own, size) for own, size in wrong if size in divisors and own is not None and own.as_symbol is not None]
    for own, size in taken:
        facts = facts.equal(own, size)
    return bool(taken) and not facts.contradictory and _hold(facts, wrong)


def _is_left_of_a_letter(judged: Judged, facts: Facts, groups: Groups) -> bool:
    """Whether a claim is right for some size of an input for which a docstring alone has a letter, and of which a view
    makes rows: `points.reshape(n, -1)` is (n, n) where a caller gives n*n of them."""
    wrong = _wrong_sizes(judged)
    for own, size in wrong:
        above, below = as_fraction(size) or (size, const(1))
        if own is None or above.as_symbol is None or not below.symbols or not _is_of_docstrings(above, groups):
            return False
        facts = facts.equal(above, own * below)
    return bool(wrong) and _hold(facts, wrong)


def _holds_for_odd_sizes(judged: Judged, facts: Facts, groups: Groups) -> bool:
    """Whether a claim is right where its sizes are odd: what is half of a width on both sides, and one between them."""
    wrong = _wrong_sizes(judged)
    for own, _ in wrong:
        if own is None or own.as_symbol is None or any("axes" in place for place in groups.get(own, ())):
            return False
        facts = facts.divides(2, own - 1)
    return bool(wrong) and _hold(facts, wrong)


def _is_cut_short(judged: Judged, facts: Facts) -> bool:
    """Whether a claim has a number of an example where a slice asks for more places: Python cuts that short."""
    match = judged.match
    if match is None or match.shape is None or match.given is None or match.problem is not Problem.DIMS:
        return False
    said, reached = Facts(), list(facts.reached())
    sizes = match.given.dims if match.given.known and len(match.given.dims) == len(match.shape.dims) else ()
    for each, size in zip(match.shape.dims, sizes, strict=False):
        if each.size is not None and each.size.value is not None and size.value is None:
            said = said.equal(size, each.size)
    for index, size in match.wrong:
        own = match.shape.dims[index].size
        if own is not None and own.value is not None and size.value is not None and own.value < size.value:
            return any(end is size for _, end in reached)
    return not said.contradictory and any((said.upper(size - end) or 0) < 0 for size, end in reached)


def _is_for_a_caller_to_give(judged: Judged, facts: Facts) -> bool:
    """Whether the first dim does not fit, is what is left by a size that no tensor has, and all would be right for one
    such size.

    `x.view(-1, self.flat)` of a `(B, C, H, W)` is `(B, flat)` where a caller gives `C*H*W` for it.
    """
    match = judged.match
    if match is None or match.shape is None or match.problem is not Problem.DIMS or not match.wrong:
        return False
    pairs = [(match.shape.dims[index].size, size) for index, size in match.wrong]
    own, fraction = pairs[0][0], as_fraction(pairs[0][1])
    if match.wrong[0][0] or own is None or fraction is None:
        return False
    above, below = fraction
    for symbol in below.symbols - above.symbols - own.symbols:
        rest = polynomial_quotient(below, dim(symbol))
        given = polynomial_quotient(above, own * rest) if rest is not None else None
        if given is not None and given.symbols and _hold(facts.equal(dim(symbol), given), pairs[1:]):
            return True
    return False


def _wrong_sizes(judged: Judged) -> list[tuple[Dim | None, Dim]]:
    """The claimed sizes that do not fit, each with the one of the code; none where more than sizes does not fit."""
    match = judged.match
    if match is None or match.shape is None or match.problem is not Problem.DIMS:
        return []
    return [(match.shape.dims[index].size, size) for index, size in match.wrong]


def _hold(facts: Facts, pairs: Sequence[tuple[Dim | None, Dim]]) -> bool:
    """Whether sizes that do not contradict each other are those that are said."""
    return not facts.contradictory and all(own is not None and facts.equality(own, size) is True for own, size in pairs)


def _takes_one_item(judged: Judged) -> bool:
    """Whether nothing but the batch does not fit, for which a comment within a branch writes 1: `(1, out_dim)` where
    a model is asked for one sequence."""
    match = judged.match
    if match is None or match.shape is None or match.problem is not Problem.DIMS or len(match.shape.dims) < 2:
        return False
    own = match.shape.dims[0].size
    is_first = [index for index, _ in match.wrong] == [0] and match.shape.rest is None
    return is_first and own is not None and own.value == 1 and match.wrong[0][1].as_symbol is not None


def _takes_it_for_square(judged: Judged) -> bool:
    """Whether all that does not fit is a letter of comments that stands for both sides of a plane, `(B, grid, grid)`
    of `H//patch` and `W//patch`: its author takes pictures to be square."""
    match = judged.match
    if match is None or match.shape is None or not match.wrong:
        return False
    if not all(match.shape.said_again(index) for index, _ in match.wrong):
        return False
    pairs = [(match.shape.dims[index], size) for index, size in match.wrong]
    return all(
        dim.letter is not None
        and dim.size is not None
        and (_are_alike(dim.size, size) or _are_sides_of(dim.letter, dim.size, size))
        for dim, size in pairs
    )


def _are_sides_of(name: str, one: Dim, other: Dim) -> bool:
    """Whether two sizes are called after a name: `size_h` and `size_w` of a `size`."""
    return all(side.as_symbol is not None and side.as_symbol.name.startswith(f"{name}_") for side in (one, other))


def _are_alike(one: Dim, other: Dim) -> bool:
    """Whether two sizes are made in the same way of one size each, beside what both are made of."""
    mine, its = one.symbols - other.symbols, other.symbols - one.symbols
    if one.as_symbol is not None or len(mine) != 1 or len(its) != 1:
        return False
    return one.subs({next(iter(mine)): dim(next(iter(its)))}) is other


def _is_vague(evidence: Evidence) -> bool:
    """Whether the descriptions of a function disagree about its inputs, or give several results without order.

    They disagree with the code where tensors broadcast only if a letter is another size, which the code names.
    """
    results = 0
    letters: set[Dim] = set()
    for event in evidence.events:
        if isinstance(event, Needed) and event.trouble is Trouble.BROADCAST:
            sides = {event.left, event.right}
            if sides & letters and all(size.as_symbol is not None and size.as_symbol.name != "_" for size in sides):
                return True
        if not isinstance(event, ClaimMet):
            continue
        if event.is_input and event.attached.place is Place.DOCSTRING:
            dims = [dim for shape in event.alternatives for dim in shape.dims]
            letters |= {dim.size for dim in dims if dim.size is not None and dim.fresh is not None}
        if event.is_input and any(
            match_shape(shape, given, event.facts, Facts())[0].outcome is Outcome.WRONG
            for shape in event.alternatives
            for given in event.given
        ):
            return True
        is_named = isinstance(event.attached.subject, Name)
        is_result = event.attached.place is Place.DOCSTRING and not event.is_input and not is_named
        results += is_result and event.attached.claim.count == 1
    return results > 1
