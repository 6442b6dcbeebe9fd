"""Whether the size that a comment says may be meant all the same, though nothing shows that the code's is that one."""

from __future__ import annotations

from itertools import product

from shapelint.checks.verdicts.pairs import Pair, but_for_the_rest, is_unnamed
from shapelint.checks.verdicts.untied import may_be_agreed
from shapelint.dims import Dim, Facts, Symbol, const, divisions
from shapelint.interp.state.apart import Groups, is_part, without_common_factors
from shapelint.interp.state.events import ClaimedDim
from shapelint.notation.model import BATCHES

USUAL = range(2, 8)
MOST_OTHERS = 3
LONGEST_SHORT = 3  # letters of a word that is itself short for another: `dim`, `seq`


def may_be_meant(pair: Pair, pairs: list[Pair], facts: Facts, groups: Groups) -> bool:
    """Whether a size that is not always the claimed one is no mistake of the author's, as far as anyone can tell."""
    _, dim, size = pair
    return (
        _is_loose(dim, size, facts)
        or _may_be_another_name(pair, pairs, groups)
        or (
            dim.size is not None
            and may_be_agreed(dim.size, size, facts, groups)
            and not _is_batch_by_the_name_of_another(pair, pairs, facts)
            and not _is_batch_besides(pair, pairs, facts)
        )
        or _is_usual(dim, size, facts)
        or _comes_down_to_one(dim, size, facts)
        or _is_taken_apart(dim, size, facts)
        or _is_initial_of_another(pairs, facts)
    )


def _is_initial_of_another(pairs: list[Pair], facts: Facts) -> bool:
    """Whether a row is right where a letter of the code's stands for another size whose name begins with it.

    Who writes `(B, H, T, D)` of `(B, num_heads, T, D)` means the heads, though `H` is the height some lines above.
    """
    for _, dim, size in pairs:
        letter, name = dim.size.as_symbol if dim.size is not None else None, size.as_symbol
        if letter is None or name is None or not letter.name.isupper():
            continue
        words = [word for word in name.name.lower().split("_") if len(word) > LONGEST_SHORT]
        if len(letter.name) == 1 and any(word.startswith(letter.name.lower()) for word in words):
            meant = [(each.size.subs({letter: size}), at) for _, each, at in pairs if each.size is not None]
            return len(meant) == len(pairs) and all(facts.is_equal(said, at) for said, at in meant)
    return False


def _is_batch_by_the_name_of_another(pair: Pair, pairs: list[Pair], facts: Facts) -> bool:
    """Whether the batch is called as another dim of the row, which that is the right name of: `(classes, classes)`."""
    index, dim, size = pair
    if dim.size is None or not _is_batch(size) or _is_batch(facts.resolved(dim.size)):
        return False
    return any(other != index and each.size is dim.size and facts.is_equal(dim.size, at) for other, each, at in pairs)


def _is_batch_besides(pair: Pair, pairs: list[Pair], facts: Facts) -> bool:
    """Whether the batch is said of a dim of another kind, and has a place in the row: `(B, B, H, W)`, `(D, B, H, W)`.

    No module is made with the size of the batch that it is given, unless a parameter of it tells that.
    """
    index, dim, size = pair
    said = dim.size
    if said is None or not _is_batch(facts.resolved(said)) or any(_is_batch(one.dim) for one in size.symbols):
        return False
    return any(other != index and facts.is_equal(said, at) for other, _, at in pairs)


def _is_batch(size: Dim) -> bool:
    one = size.as_symbol
    return one is not None and one.name.casefold() in BATCHES


def _is_loose(dim: ClaimedDim, size: Dim, facts: Facts) -> bool:
    """Whether a name meets a size without one, or one of the two comes from what is not known, or both are attributes.

    Nothing tells then that the two are different, only that nothing says that they are the same: of the attributes of
    one configuration some may well be made from others. Two that are known to be a number apart are different, and so
    are several times a named size and this size.
    """
    if dim.size is not None and dim.size.symbols:
        own, given = without_common_factors(facts.normalize(dim.size), facts.normalize(size))
        is_multiple = not (own.symbols or given.symbols or is_unnamed(size))
        if is_multiple or facts.normalize(dim.size - size).value is not None:
            return False
    if is_unnamed(size) or (dim.by_comments and _is_of_shape(size)):
        return dim.size is None or dim.size.value is None or facts.value_of(size) is None
    said = dim.size.symbols if dim.size is not None else frozenset[Symbol]()
    if dim.size is not None and len([*filter(is_part, facts.normalize(dim.size - size).symbols)]) > 1:
        return True
    return size.opaque or any(not symbol.free for symbol in size.symbols | said)


def _is_of_shape(size: Dim) -> bool:
    """Whether a size is one of an input that the code asks for in passing, `k.shape[1]`: nobody has given it a name."""
    return size.as_symbol is not None and ".shape[" in size.as_symbol.name


def _may_be_another_name(pair: Pair, pairs: list[Pair], groups: Groups) -> bool:
    """Whether an expression in letters of the comments meets a size under names that have nothing to do with them.

    `F*D` of a comment and `input_dim*emb_D` of the code may be one size. Where one of the names stands elsewhere in the
    comment or in the shape, the two are told apart by it, and the dim is a mistake; but a name of the code alone may be
    said to be an expression in the others: `b, t, n = x.shape  # (b, t, 2*t - 1)`. Of `B*spks` and `B*num_spks` the
    first factor tells nothing.
    """
    index, dim, size = pair
    if dim.size is None or dim.size.as_symbol is not None or not size.symbols:
        return False
    own, other = but_for_the_rest(dim.size, size)
    if own.as_symbol is not None and groups.get(own, set()) & groups.get(other, set()):
        return False  # `2*C` of `2*T`, which one comment tells apart
    bare = size.as_symbol is not None
    left, size = without_common_factors(dim.size, size)
    if not left.symbols and not size.symbols:
        return False  # `2*C` of what is C
    by_comments = dim.by_comments or (left.as_symbol is not None and left.as_symbol.name == dim.letter)
    if not by_comments and not (bare and dim.letter is not None):
        return False
    said, found = left.symbols, size.symbols
    given = {symbol for other, _, beside in pairs if other != index for symbol in beside.symbols}
    claimed = {
        s for other, beside, _ in pairs if other != index and beside.size is not None for s in beside.size.symbols
    }
    return not (said & found or (said & given and not bare) or found & claimed)


def _is_usual(dim: ClaimedDim, size: Dim, facts: Facts) -> bool:
    """Whether usual sizes of what the claim does not name make the size the claimed one, whatever the rest is.

    `T + 2*padding - k + 1` is T for a kernel of 5 and a padding of 2, and `T - (k + 1) % 2` for every odd kernel: who
    writes T there knows of such a choice. `r*T` and `T//r` are T only for 1, which is no usual one.
    """
    if dim.size is None or dim.size.value is not None:
        return False
    said, given = facts.normalize(dim.size), facts.normalize(size)
    under = frozenset(one for divisor, _ in divisions(said) for one in divisor.symbols)
    own, others = sorted(said.symbols, key=str), sorted(given.symbols - said.symbols, key=str)
    if not own or not others or len(others) > MOST_OTHERS or said.symbols.isdisjoint(given.symbols):
        return False
    return any(
        _agree(said, given, dict(zip(others, chosen, strict=True)), own, under)
        for chosen in product(USUAL, repeat=len(others))
    )


def _agree(
    said: Dim, given: Dim, chosen: dict[Symbol, int], own: list[Symbol], under: frozenset[Symbol] = frozenset()
) -> bool:
    """Whether two sizes are equal for these sizes of the others, and several ones, with many divisors, of their own.

    Those that stand `under` a division are small.
    """
    for multiple in (1, 2, 3):
        sizes = {
            **chosen,
            **{one: 1 + multiple if one in under else 420 * (multiple + place) for place, one in enumerate(own)},
        }
        try:
            if said.evaluate(sizes) != given.evaluate(sizes) or given.evaluate(sizes) == 0:
                return False
        except (LookupError, ZeroDivisionError):
            return False
    return True


def _comes_down_to_one(dim: ClaimedDim, size: Dim, facts: Facts) -> bool:
    """Whether a 1 is what is left of a size where its author takes away all but one: `T - 6` for windows of 7."""
    if dim.size is None or dim.size.value != 1 or size.as_symbol is not None or divisions(size):
        return False
    equal = facts.equal(facts.normalize(size), const(1))
    sizes = None if equal.contradictory else equal.witness([(const(0), const(1))], mention=list(size.symbols))
    return sizes is not None and all(value > 1 for value in sizes.values())


def _is_taken_apart(dim: ClaimedDim, size: Dim, facts: Facts) -> bool:
    """Whether a claim is made of parts of the size, exact ones: `n_heads*d` where d is `D//n_heads` and the size D."""
    if dim.size is None or divisions(facts.resolved(size)):
        return False
    exact = facts
    for divisor, numerator in divisions(facts.resolved(dim.size)):
        exact = exact.divides(divisor, numerator)
    return exact is not facts and not exact.contradictory and exact.is_equal(dim.size, size)
