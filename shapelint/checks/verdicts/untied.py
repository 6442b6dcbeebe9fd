"""Sizes of inputs that nothing in the code ties to another size, so that a caller may well have to make them equal."""

from __future__ import annotations

from shapelint.dims import Dim, Facts, Relation, Symbol, dim, numerator_and_denominator, polynomial_quotient
from shapelint.interp.state.apart import Groups, is_one_of, is_part

_BY_COMMENTS = ("('docstring'", "('claim'")


def may_be_agreed(said: Dim, found: Dim, facts: Facts, groups: Groups) -> bool:
    """Whether two sizes are one where a caller gives an input the size that the module is made with.

    `F*D` of an input with F features is `input_dim*emb_D` where it has `input_dim` of them. Nothing shows that it has
    not, unless some operation tells what F is, or the author names the two at one place. A letter of comments alone is
    short for what a parameter tells.
    """
    if _is_numbered(said, found, groups) and facts.equality(said, found) is not False:
        return True
    if _places(said, facts, groups) & _places(found, facts, groups):
        return False
    if any(_is_of_an_input(one, facts, groups) for one in (said, found)) and facts.equality(said, found) is not False:
        return True
    left, right = _without_divisions(facts.normalize(said), facts.normalize(found))
    difference = left - right
    for one in sorted(difference.symbols, key=lambda symbol: symbol.order):
        places = groups.get(dim(one), set())
        is_name = facts.resolved(dim(one)) is not dim(one)  # of a size of the code, `N = H*W`: no caller chooses it
        if one.name == "_" or is_name or _is_made(one, groups) or _is_tied(one, facts, groups):
            continue
        other = _solved(difference, one)
        if other is None or other.value is not None or other is dim(one):
            continue
        if any(groups.get(dim(each), set()) & places for each in other.symbols):
            continue
        made = [_is_made(each, groups) for each in other.symbols]
        by_comments = bool(places) and _is_told_by_comments(one, groups)
        if all(made) or (by_comments and any(made)):
            return True
        name = other.as_symbol
        if (
            by_comments
            and name is not None
            and _is_told_by_comments(name, groups)
            and _is_short_for(one.name, name.name)
        ):
            return True
    return False


def _is_of_an_input(size: Dim, facts: Facts, groups: Groups) -> bool:
    """Whether a size is one of a tensor that a caller gives, to which nobody gave a name, and nothing ties it."""
    one = size.as_symbol
    return one is not None and ".shape[" in one.name and facts.resolved(size) is size and not groups.get(size)


def _places(size: Dim, facts: Facts, groups: Groups) -> set[str]:
    """The places at which the author gives a size a name, whatever its name there."""
    whole = facts.resolved(size)
    return {place for name, places in groups.items() if facts.resolved(name) is whole for place in places}


def _is_numbered(said: Dim, found: Dim, groups: Groups) -> bool:
    """Whether one of two sizes has the other's name with a number, and may all the same be that one.

    Who writes `(..., C_1, C_2) x (..., C_2, C_3)` to tell which dims meet, and `(..., C, C)` beside it, means one C. So
    may who unpacks another tensor as `B2, C2, P = y.shape`, and goes on to speak of `(B, C, P)`.
    """
    a, b = said.as_symbol, found.as_symbol
    if a is None or b is None or not (is_one_of(a.name, b.name) or is_one_of(b.name, a.name)):
        return False
    if is_one_of(b.name, a.name) and groups.get(found) and not groups.get(found, set()) & groups.get(said, set()):
        return True
    return _is_told_by_comments(a, groups) or _is_told_by_comments(b, groups)


def _is_told_by_comments(one: Symbol, groups: Groups) -> bool:
    """Whether no code names a size together with others: no unpacking, and no signature of a constructor."""
    return all(place.startswith(_BY_COMMENTS) for place in groups.get(dim(one), set()))


def _is_short_for(letter: str, name: str) -> bool:
    """Whether a comment's letter may stand for what a parameter tells: `B` for `batch_size` or `bsz`."""
    return len(letter) < len(name) and name.lower().startswith(letter.lower())


def _without_divisions(left: Dim, right: Dim) -> tuple[Dim, Dim]:
    """Both sides multiplied so that none of them is a quotient."""
    (a, b), (c, d) = numerator_and_denominator(left), numerator_and_denominator(right)
    return a * d, c * b


def _solved(difference: Dim, one: Symbol) -> Dim | None:
    """What a size must be for a difference to be 0, if it comes out and stands under no division."""
    if any(atom is not one and one in atom.symbols for atom in difference.atoms):
        return None
    rest = difference.subs({one: dim(0)})
    factor = difference.subs({one: dim(1)}) - rest
    if difference is not factor * dim(one) + rest or factor.value == 0:
        return None
    return polynomial_quotient(-rest, factor)


def _is_made(one: Symbol, groups: Groups) -> bool:
    """Whether a size is one that the module was made with."""
    is_chosen = is_part(one) and ".shape[" not in one.name  # the size of an input is no argument
    return is_chosen or any(place.startswith("('init'") for place in groups.get(dim(one), set()))


def _is_tied(one: Symbol, facts: Facts, groups: Groups) -> bool:
    """Whether an operation, or an assertion, ties a size to one that the module is made with."""
    return any(
        known.relation is Relation.EQUAL
        and one in known.symbols
        and any(other is not one and _is_made(other, groups) for other in known.symbols)
        for known in facts
    )
