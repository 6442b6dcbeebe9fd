"""Why a claim that the code contradicts may be right all the same in its author's words; it is left open then."""

from __future__ import annotations

import re

from shapelint.checks.verdicts.given_under import is_given_under_its_name
from shapelint.checks.verdicts.judged import Judged
from shapelint.checks.verdicts.matching import Outcome, Problem, match_shape
from shapelint.checks.verdicts.meant_anew import calls_one_size_otherwise, is_of_roles
from shapelint.checks.verdicts.right_for_some import (
    hold,
    holds_for_odd_sizes,
    is_cut_short,
    is_for_a_caller_to_give,
    is_left_by_a_view,
    is_left_of_a_letter,
    is_of_a_factor,
    is_of_docstrings,
    may_hold_for_a_divisor,
    takes_it_for_square,
    takes_one_item,
    wrong_sizes,
)
from shapelint.dims import Dim, Facts, Symbol, const, dim, product
from shapelint.interp.claims.names import names_in
from shapelint.interp.claims.noted import CONFLICT
from shapelint.interp.state.apart import Groups, may_be_one_name
from shapelint.interp.state.events import ClaimMet, Evidence, Needed
from shapelint.notation.model import BATCHES, Binary
from shapelint.notation.model import Name as DimName
from shapelint.ops.needs import Trouble
from shapelint.ops.window import is_taken_for_a_batch
from shapelint.program.nodes import OWN_LINE, Name, Place

BY_A_CALLERS_SIZE = "it holds for one of the sizes that may be given for the division"
ONE_NAME = "a letter of the comments may be what the code calls so"
TWO_SIZES = "the code calls two sizes by one name"
TWO_MEANINGS = "a letter of it was a size that this comment calls otherwise"
NAMED_BELOW = "its names stand for these sizes below"
SAME_UNDER_TWO_NAMES = "the comments may call a size of the code by a name of their own"


def why_excused(judged: Judged, event: ClaimMet, facts: Facts, evidence: Evidence) -> str:
    """Why a claim is open though no sizes of the code are those that it says; "" where it is a mistake."""
    if event.is_input or _reads_the_same(judged):
        return CONFLICT
    if _is_of_a_later_step(judged, event, evidence):
        return "a comment that says the same may speak of a later line than the next"
    if _leaves_out_what_may_be_no_batch(judged):
        return "whether there is a batch is not known"
    if _may_be_a_product(judged):
        return "its letters may be a product"
    if _is_either(judged):
        return "a stroke between two names may say that it is the one or the other"
    if _is_one_number(judged):
        return "a tensor of one number may be called a scalar"
    if _is_a_placeholder(judged):
        return "a tensor without elements may stand for none"
    if _holds_for_a_number(judged, facts, evidence):
        return "a letter of the comments may stand for a number"
    if _is_spelled_otherwise(judged, evidence.groups) or _is_in_other_letters(judged, facts, evidence.groups):
        return SAME_UNDER_TWO_NAMES
    if _is_what_an_input_has_to_be(judged, evidence):
        return SAME_UNDER_TWO_NAMES
    if calls_one_size_otherwise(judged):
        return TWO_MEANINGS
    if is_of_roles(judged, evidence.groups):
        return "what goes into a layer and comes out of it is another size for each"
    if is_given_under_its_name(judged, evidence):
        return SAME_UNDER_TWO_NAMES
    if _is_in_names_bound_below(judged, facts, evidence):
        return NAMED_BELOW
    if _holds_for_the_codes_names(judged, facts, evidence):
        return ONE_NAME
    if _holds_under_one_name(judged, facts, evidence):
        return TWO_SIZES
    if _is_of_one_output(judged, evidence.groups):
        return BY_A_CALLERS_SIZE
    if is_for_a_caller_to_give(judged, facts) or may_hold_for_a_divisor(judged, facts):
        return BY_A_CALLERS_SIZE
    if is_of_a_factor(judged, evidence.groups) or is_left_by_a_view(judged, facts):
        return SAME_UNDER_TWO_NAMES
    if holds_for_odd_sizes(judged, facts, evidence.groups):
        return "it holds for every odd size"
    if is_left_of_a_letter(judged, facts, evidence.groups):
        return BY_A_CALLERS_SIZE
    if is_cut_short(judged, facts):
        return "a slice may end before all that it asks for"
    if event.conditional and takes_one_item(judged):
        return "it may be said of a batch of one"
    if takes_it_for_square(judged):
        return "it may be said of square pictures"
    return CONFLICT if event.attached.place is Place.DOCSTRING and _is_vague(evidence) else ""


def _is_of_a_later_step(judged: Judged, event: ClaimMet, evidence: Evidence) -> bool:
    """Whether a comment over some statements tells in the same row what they come to, and not what the first gives.

    `rearrange to [h, w, b, c]` over a view and the permutation of what it gives.
    """
    row = judged.match.shape.spec.items if judged.match is not None and judged.match.shape is not None else ()
    return any(
        isinstance(other, ClaimMet)
        and other.attached is not event.attached
        and other.attached.place in OWN_LINE
        and _REORDERS.search(other.attached.text) is not None
        and any(one.spec.items == row and any(each.fresh for each in one.dims) for one in other.alternatives)
        for other in evidence.events
    )


_REORDERS = re.compile(r"\b(?:rearrange|reorder|permute|transpose|swap)", re.IGNORECASE)


def _holds_for_the_codes_names(judged: Judged, facts: Facts, evidence: Evidence) -> bool:
    """Whether a claim is right where what a comment calls C, before the code has a C, is the C of the code.

    `low = wavelet(x)  # (B, C, H/2, W/2)` over `B, C, H, W = x.shape`.
    """
    of_code = {size for _, _, size in evidence.named}
    by_name = {name: size for name, _, size in evidence.named}
    letters = [dim(one) for one in facts.mentioned if one.name in by_name and dim(one) not in of_code]
    for letter in letters:
        facts = facts.equal(letter, by_name[str(letter)])
    wrong = wrong_sizes(judged)
    return bool(letters and wrong) and hold(facts, wrong)


def _may_be_a_product(judged: Judged) -> bool:
    """Whether a row of letters alone, `BHW` or `[B x T]`, is said of a tensor of one dim: it may mean their product."""
    match, shape = judged.match, judged.given.shape if judged.given is not None else None
    if match is None or match.shape is None or match.problem is not Problem.RANK or shape is None or not shape.known:
        return False
    items, text = match.shape.spec.items, match.shape.spec.text
    is_glued = text == "".join(getattr(item, "text", " ") for item in items)
    return len(shape.dims) == 1 and (is_glued or _CROSSED.fullmatch(text) is not None)


_CROSSED = re.compile(r"[(\[]\s*[A-Za-z_]\w*(?:\s*[x\u00d7*]\s*[A-Za-z_]\w*)+\s*[)\]]")


def _is_either(judged: Judged) -> bool:
    """Whether all that does not fit is a quotient of two sizes of a kind, `ng1/ng2`, one of which the code gives."""
    match = judged.match
    items = match.shape.spec.items if match is not None and match.shape is not None and match.shape.rest is None else ()
    wrong = match.wrong if match is not None and items else ()
    return bool(wrong) and all(_is_one_of_two(items[index], size) for index, size in wrong)


def _is_one_of_two(item: object, size: Dim) -> bool:
    if not isinstance(item, Binary) or item.op != "/" or size.as_symbol is None:
        return False
    names = [side.text for side in (item.left, item.right) if isinstance(side, DimName)]
    kinds = {re.sub(r"\d+", "", name) for name in names}
    return len(names) == 2 and len(kinds) == 1 and names[0] != names[1] and size.as_symbol.name in names


def _is_one_number(judged: Judged) -> bool:
    """Whether a tensor of one element, (1,) or (1, 1), is called a scalar in a word, or one without dims `(1)`."""
    shape, match = judged.given.shape if judged.given is not None else None, judged.match
    text = match.shape.spec.text.lower() if match is not None and match.shape is not None else ""
    if shape is None or text not in ("scalar", "(1)"):
        return False
    return (shape.least_rank > 0) is (text == "scalar") and all(size.value == 1 for size in shape.seen())


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
    wrong = [(_as_in_comments(own, size, facts, evidence), size) for own, size in wrong_sizes(judged)]
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
    return bool(wrong) and hold(known, wrong)


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
            a.name != b.name and a.name.startswith(b.name) and is_of_docstrings(size, groups)
        ):
            return False
    return True


def _leaves_out_what_may_be_no_batch(judged: Judged) -> bool:
    """Whether a claim has all dims but the first, which is a batch that an input was only taken to have.

    One that begins with a batch itself leaves out another dim.
    """
    match = judged.match
    if match is None or match.problem is not Problem.RANK or match.shape is None or match.given is None:
        return False
    given, said = match.given, match.shape.spec.items
    is_one_less = given.known and len(said) == given.rank - 1
    begins = said[0].text.casefold() if said and isinstance(said[0], DimName) else ""
    return is_one_less and begins not in BATCHES | {"n"} and is_taken_for_a_batch(given.dims[0])


def _is_written_together(name: str, size: Dim) -> bool:
    """Whether a name is those of the factors of a product, `NT` of `N*T`."""
    factors = "".join(symbol.name for symbol in size.symbols)
    is_product = len(size.symbols) > 1 and size is product([dim(symbol) for symbol in size.symbols])
    return is_product and sorted(name.lower()) == sorted(factors.lower())


def _is_in_other_letters(judged: Judged, facts: Facts, groups: Groups) -> bool:
    """Whether all that does not fit is a product for which a docstring alone has letters: `Mh*Mw` of its `Wh*Ww`."""
    wrong = wrong_sizes(judged)
    return bool(wrong) and all(own is not None and _is_of_a_docstring(size, own, facts, groups) for own, size in wrong)


def _is_of_a_docstring(size: Dim, own: Dim, facts: Facts, groups: Groups) -> bool:
    """Whether a size is a product of letters of which nothing but a docstring speaks, and none of the claim's own."""
    is_product = len(size.symbols) > 1 and len(size.sorted_terms) == 1
    return is_of_docstrings(size, groups) and is_product and size.symbols.isdisjoint(own.symbols | facts.mentioned)


def _is_what_an_input_has_to_be(judged: Judged, evidence: Evidence) -> bool:
    """Whether all that does not fit is a size of the constructor, for which the docstring has a letter.

    `(B, idim, T)` of an `x` that is described as (B, T, H): where nothing that is known of the code has a size `idim`,
    the two comments call one size by two names.
    """
    wrong = wrong_sizes(judged)
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
            getattr(match.shape.spec.items[place], "text", "") == name and facts.is_equal(size, found)
            for name, found in anew
        )
        for place, size in match.wrong
    ]


def _holds_under_one_name(judged: Judged, facts: Facts, evidence: Evidence) -> bool:
    """Whether a claim is right where sizes are equal that the code unpacks under one name, `B` of two inputs."""
    wrong = wrong_sizes(judged)
    asked = frozenset[Symbol]().union(*(size.symbols for _, size in wrong))
    first: dict[str, Dim] = {}
    before = facts
    for name, line, found in evidence.named:
        if line > judged.attached.at[0] or found.as_symbol is None:
            continue
        other = first.setdefault(name, found)
        if other is not found and not asked.isdisjoint(other.symbols | found.symbols):
            facts = facts.equal(other, found)
    return facts is not before and hold(facts, wrong)


def _is_of_one_output(judged: Judged, groups: Groups) -> bool:
    """Whether a docstring has 1 where the constructor is told how many outputs there are: `(B, 1, T)` of one that makes
    sound, be its `out_channels` what they may."""
    wrong = wrong_sizes(judged) if judged.attached.place is Place.DOCSTRING else []
    return bool(wrong) and all(
        own is not None
        and own.value == 1
        and size.as_symbol is not None
        and re.match(r"(?:n_|num_)?out", size.as_symbol.name) is not None
        and any(place.startswith("('init'") for place in groups.get(size, ()))
        for own, size in wrong
    )


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
