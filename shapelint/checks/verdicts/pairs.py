"""A dim that a comment says beside the size that it says it of, and what their row tells of one of them."""

from __future__ import annotations

from typing import TypeAlias

from shapelint.dims import Dim, Facts, const
from shapelint.interp.state.apart import Groups, is_part, may_be_one_name
from shapelint.interp.state.events import ClaimedDim, ClaimedShape
from shapelint.notation.model import BATCHES

Pair: TypeAlias = tuple[int, ClaimedDim, Dim]
"""The place in the shape, what is said there, the size that the code gives."""


def is_unnamed(size: Dim) -> bool:
    """Whether a size is one that neither the code nor a comment gives a name."""
    return any(symbol.name == "_" for symbol in size.symbols)


def is_of_a_caller(dim: ClaimedDim, size: Dim, pairs: list[Pair]) -> bool:
    """Whether a letter that this row defines makes two sizes equal which come of sizes without names of a caller.

    `[B, width, grid, grid]` of patches tells that pictures are square.
    """
    if dim.letter is None or dim.size is None or not any(each.fresh == dim.letter for _, each, _ in pairs):
        return False
    unnamed = [{one for one in each.symbols if one.name == "_"} for each in (dim.size, size)]
    return all(unnamed) and all(one.free for each in unnamed for one in each)


def is_left_to_a_caller(dim: ClaimedDim, size: Dim, pairs: list[Pair]) -> bool:
    """Whether a size of the comment stands beside one in which a caller chooses a size without a name: it tells that.

    `3*E` beside `2*E + _` says what the last one is.
    """
    if dim.size is None or is_number(dim) or any(at is dim.size for _, _, at in pairs):
        return False
    chosen = [one for one in size.symbols if one.free and one.name == "_"]
    if len(chosen) != 1 or chosen[0] in dim.size.symbols:
        return False
    return (size - chosen[0].dim).symbols.isdisjoint(chosen)


def is_of_the_turn(dim: ClaimedDim, size: Dim) -> bool:
    """Whether a size of a letter is the given one with another size without a name in its place: T+1 beside _+1."""
    if dim.size is None or dim.letter is None or dim.size.as_symbol is not None:
        return False
    letters = [one for one in dim.size.symbols - size.symbols if one.name == dim.letter]
    others = [one for one in size.symbols - dim.size.symbols if one.name == "_"]
    return len(letters) == len(others) == 1 and dim.size.subs({letters[0]: others[0].dim}) is size


def but_for_the_rest(said: Dim, size: Dim) -> tuple[Dim, Dim]:
    """The two names of sizes that are made of them alike, `2*C` and `2*T`; the sizes where they are not."""
    if len(said.symbols) != 1 or len(size.symbols) != 1:
        return said, size
    own, other = next(iter(said.symbols)), next(iter(size.symbols))
    return (own.dim, other.dim) if said.subs({own: other.dim}) is size else (said, size)


def is_told_of_an_input(dim: ClaimedDim, size: Dim) -> bool:
    """Whether a name stands beside a size of an input without one, `x.shape[1]`: it says what a caller gives."""
    named = size.as_symbol
    return not is_number(dim) and dim.size is not None and named is not None and named.free and ".shape[" in named.name


def is_example(dim: ClaimedDim, pairs: list[Pair]) -> bool:
    """Whether a dim is a number that may stand for a size of the example at hand: no letter, no 1 among names."""
    if not is_number(dim):
        return False
    return dim.size != const(1) or all(is_number(each) for _, each, _ in pairs)


def is_number(dim: ClaimedDim) -> bool:
    """Whether a comment says a number, be it written as one or by a name that stands for it."""
    return dim.size is not None and dim.size.value is not None and dim.fresh is None


def is_exchanged(pair: Pair, pairs: list[Pair]) -> bool:
    """Whether a number of the comment stands where the code has no number, and a name where the code has this one.

    `(H, 2, W)` beside a pair for each of n*n points, (n, n, 2), whatever n is.
    """
    _, dim, size = pair
    if not is_number(dim) or dim.size is None or dim.size.value == 1 or size.value is not None:
        return False
    return any(each.size is not None and not is_number(each) and at is dim.size for _, each, at in pairs)


def is_number_of_another(pair: Pair, pairs: list[Pair], groups: Groups) -> bool:
    """Whether a comment with letters says a number of a size that the author names, and of the dim that has it, too.

    `(N, 3, 3)` beside (N, L, 3), whatever L is. In a row of numbers alone each may be one of an example.
    """
    index, dim, size = pair
    if not is_number(dim) or dim.size is None or dim.size.value in (0, 1) or not groups.get(size):
        return False
    return any(not is_number(each) for _, each, _ in pairs) and any(
        other != index and each.size is dim.size is at for other, each, at in pairs
    )


def is_again_at_a_one(pair: Pair, pairs: list[Pair], facts: Facts) -> bool:
    """Whether a name of the comment that is right at its own place stands at a 1, too: `(B, B, D)` beside (B, 1, D)."""
    index, dim, size = pair
    said = dim.size
    if said is None or said.as_symbol is None or is_unnamed(said) or size.value != 1:
        return False
    is_right = any(each.size is said is at for other, each, at in pairs if other != index)
    return is_right and not facts.is_equal(said, size)


def is_exchanged_for_others(pair: Pair, pairs: list[Pair], facts: Facts) -> bool:
    """Whether dims of the comment stand in each other's places: `(k, 1)` beside (1, k), `(b, c, a)`, whatever they are.

    Who writes them in one row does not take them for one size; nor does who writes `(width, N)` beside (_, width).
    """
    index, dim, size = pair
    said = dim.size
    if said is None or facts.is_equal(said, size) or not (said.symbols or size.symbols):
        return False
    passed = {index}
    while (following := _place_of(said, pairs, passed, facts)) is not None:
        passed.add(following[0])
        is_new = following[1].fresh not in (None, dim.letter) and dim.fresh is None
        unlike = (
            is_unnamed(size)
            if dim.by_comments or dim.letter
            else _is_left_by(said, size)
            or _goes_by_another(said, size)
            or _is_for_the_batch(said, size, following[1].fresh)
        )
        if is_new and (unlike or _is_initial(following[1].fresh, size)):
            return True  # a letter that this row defines has the place of the name, and the name that of the letter
        said = following[1].size
        if said is None:
            return False
        if facts.is_equal(said, size):
            return True
    return False


def _is_left_by(said: Dim, size: Dim) -> bool:
    """Whether a size is one that a caller chooses, without a name, and the code has a word for the one that is said.

    A letter may have two meanings: N of the code for channels, and of a comment for tokens.
    """
    own, one = said.as_symbol, size.as_symbol
    return one is not None and one.free and one.name == "_" and (own is None or len(own.name) > 1)


def _is_for_the_batch(said: Dim, size: Dim, letter: str | None) -> bool:
    """Whether the batch's letter has the place of a size for which the code has a word of several letters, and that
    word stands for a size that is no attribute's: `(n_items, B)` beside (n, self.n_items), whatever gave the n."""
    own, one = said.as_symbol, size.as_symbol
    if own is None or one is None or letter is None or letter.casefold() not in BATCHES:
        return False
    name = own.name.split(".")[-1]
    return len(name) > 1 and name.casefold() not in BATCHES and not is_part(one) and name != one.name


def _is_initial(letter: str | None, size: Dim) -> bool:
    """Whether a letter is the first one of what the code calls a size: D of `d_model`."""
    one = size.as_symbol
    if one is None or letter is None or len(letter) > 1:
        return False
    name = one.name.split(".")[-1]
    return len(name) > 1 and name[0].casefold() == letter.casefold()


def _goes_by_another(said: Dim, size: Dim) -> bool:
    """Whether the code has two names for two sizes, of which the one is not short for the other: H and `dim`."""
    one, other = said.as_symbol, size.as_symbol
    if one is None or other is None or is_unnamed(said):
        return False
    if not (one.free and other.free) and (len(one.name) == 1 or is_part(one) or is_part(other)):
        return False  # attributes of one configuration may be made from others, and a letter may have two meanings
    return one.name[:1].casefold() != other.name[:1].casefold() and not may_be_one_name(one.name, other.name)


def _place_of(said: Dim, pairs: list[Pair], passed: set[int], facts: Facts) -> Pair | None:
    """Where the code has this size, at a place that was not passed yet."""
    return next((each for each in pairs if each[0] not in passed and facts.is_equal(said, each[2])), None)


def is_of_other_letters(pair: Pair, pairs: list[Pair], facts: Facts) -> bool:
    """Whether a letter meets another size, and the comment has another letter for the size that it is elsewhere.

    `[B, N, L]` of `(N, H, L)` below a docstring in which N is the batch: who writes B for the batch means another N.
    """
    index, dim, size = pair
    if dim.letter is None or dim.size is None or facts.is_equal(dim.size, size):
        return False
    return any(
        other != index
        and at is dim.size
        and (each.fresh or each.letter) not in (None, dim.letter)
        and not _is_initial(each.fresh, size)
        and each.size is not None
        and facts.is_equal(each.size, at)
        for other, each, at in pairs
    )


def is_repeated(shape: ClaimedShape, pair: Pair, pairs: list[Pair], facts: Facts, groups: Groups) -> bool:
    """Whether a name of the comment stands at two places, one of which has another name that is kept apart from it.

    `(B, B)` where another comment calls the same two dims `(B, N)`.
    """
    index, dim, size = pair
    if dim.size is None or dim.size.as_symbol is None or not is_unnamed(size):
        return False
    if not shape.said_again(index) or not any(at is dim.size for _, each, at in pairs if each.size is dim.size):
        return False
    places = groups.get(dim.size, set())
    return any(
        name is not dim.size and not is_unnamed(name) and own & places and facts.is_equal(name, size)
        for name, own in groups.items()
    )


def _places_of(said: Dim, groups: Groups) -> set[str]:
    """Where the author names a size, and where all that it is made of, C of `2*C`."""
    return groups.get(said, set()) | set.intersection(*(groups.get(one.dim, set()) for one in said.symbols))


def is_misplaced(said: Dim, pair: Pair, pairs: list[Pair], facts: Facts, groups: Groups) -> bool:
    """Whether a name of the comment is that of another dim of this shape, and the author keeps the two apart.

    `(B, W, H)` beside (B, H, W), `(B, H, H)` or `(B, 2*H, 2*H)`, whatever nobody knows of H and W; and so is a name in
    the place of one that the comment has at another place, which is not its own: `(D, T, B)` beside (_, T, D).
    """
    index, _, size = pair
    if said is size or not said.symbols or facts.is_equal(said, size):
        return False
    here = [(each.size, at) for other, each, at in pairs if other != index]
    is_named = any(own is size for own, _ in here)
    is_lost = any(own is size and not facts.is_equal(own, at) for own, at in here)
    apart = len(_places_of(said, groups) & groups.get(size, set())) - is_named  # this comment is no other place
    return apart > 0 and (is_lost or any(at is said for _, at in here))
