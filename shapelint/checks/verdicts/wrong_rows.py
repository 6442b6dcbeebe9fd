"""What kind of mistake the wrong dims of a row are: a letter as a label, another order, or right for usual sizes."""

from __future__ import annotations

from shapelint.checks.verdicts.pairs import Pair, is_unnamed
from shapelint.dims import Dim, Facts, const, divisions
from shapelint.interp.state.events import ClaimedDim


def fitting_elsewhere(pairs: list[Pair], wrong: list[Pair], facts: Facts) -> Facts:
    """The facts, and that the other dims are as they are said to be, so that the sizes shown differ in the wrong ones.

    The facts alone where they cannot be so.
    """
    places = {index for index, _, _ in wrong}
    alike = facts
    for index, dim, size in pairs:
        is_of_a_name = size.as_symbol is not None and not is_unnamed(size)  # which the author may keep apart
        if index in places or dim.size is None or is_of_a_name or facts.equality(dim.size, size) is not None:
            continue
        alike = alike.equal(dim.size, size)
    return facts if alike.contradictory else alike


def is_expression(size: Dim) -> bool:
    """Whether more than the letter makes a size, so that the rest of it may be what differs."""
    return size.as_symbol is None and size.value is None


def may_come_out_equal(said: Dim, size: Dim, facts: Facts) -> bool:
    """Whether a size made of the letter's own is that very size for usual sizes of the rest.

    `T + 2*padding - kernel_size + 1` is T for some of them, and so is `8*(T//8)`; `r*T` is T only where r is 1.
    """
    said, size = facts.normalize(said), facts.normalize(size)
    if not said.symbols & size.symbols:
        return False
    if any(divisor.symbols - said.symbols for divisor, _ in divisions(size)):
        return True  # what a view leaves for a -1: the author may know that the rest comes out
    if len(size.terms) > 1 and size.symbols - said.symbols:
        return True
    equal = facts.equal(said, size)
    if equal.contradictory:
        return False
    sizes = equal.witness([(const(0), const(1))], mention=[*said.symbols, *size.symbols])
    return sizes is not None and all(value != 1 for value in sizes.values())


def label_of(pairs: list[Pair], wrong: list[Pair], facts: Facts) -> str | None:
    """The letter that only comments define and that was written for the axis, not for the size; None for a mistake.

    It is a mistake all the same where the letter stands twice in the comment, or where the size given is that of
    another dim of the comment: then the author has the dims in another order.
    """
    for index, dim, size in wrong:
        if dim.letter is None or (dim.firm and not _is_of_part(dim, size)):
            return None
        for other, beside, _ in pairs:
            if other == index or beside.size is None:
                continue
            if beside.size is dim.size or facts.is_equal(beside.size, size):
                return None
    return wrong[0][1].letter


def _is_of_part(dim: ClaimedDim, size: Dim) -> bool:
    """Whether a letter of comments may stand for a part of what it stood for before: `t+1` beside `t//hop + 1`."""
    size_of_letter = next((one for one in dim.size.symbols if one.name == dim.letter), None) if dim.size else None
    if not dim.by_comments or dim.size is None or size_of_letter is None:
        return False
    part = size - (dim.size - size_of_letter.dim)
    return len(part.terms) == 1 and bool(divisions(part)) and size_of_letter in part.symbols


def is_permuted(pairs: list[Pair], facts: Facts) -> bool:
    """Whether the claimed dims are the given ones in another order."""
    left = [size for _, _, size in pairs]
    for _, dim, _ in pairs:
        if dim.size is None:
            return False
        found = next((i for i, size in enumerate(left) if facts.is_equal(dim.size, size)), None)
        if found is None:
            return False
        left.pop(found)
    return True
