"""Whether an operation equates two names that the author keeps apart."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from math import gcd
from typing import TypeAlias

from shapelint.dims import Dim, Facts, Symbol, const, dim, polynomial_quotient, product, symbol
from shapelint.dims.atoms import Opaque, numerator_and_denominator
from shapelint.dims.expr import from_terms, substitute
from shapelint.notation.model import BATCHES
from shapelint.ops.needs import Need, Trouble
from shapelint.shapes import Shape

Groups: TypeAlias = Mapping[Dim, set[str]]
"""The places at which the author gives each size a name (or a dim of its own in a comment)."""
NO_GROUPS: Groups = {}


INPUTS = "inputs"
_OF_INPUTS = ("('docstring'", f"('claim', '{INPUTS}'")
"""Places where several inputs are told of, each by itself: one name may be spelled in two ways there."""
OF_A_ROW = "('claim', ("
"""How the place of one comment begins, which is its line and column."""


def names_kept_apart(
    left: Dim,
    right: Dim,
    facts: Facts,
    groups: Groups,
    trouble: Trouble | None = None,
    asked: Sequence[Need] = (),
) -> tuple[Dim, Dim] | None:
    """The two sizes whose equality `left == right` comes down to, where the author names both at one place; else None.

    Kept apart are two axes of one tensor, two names of one docstring or comment, two parameters of one signature; and
    an axis that is named from 1, unless a layer asks for it that was made with this 1. `asked` is what the operation
    has needed before.
    """
    first, second = without_common_factors(left, right)
    roots = root_of(first), root_of(second)
    if roots[0] is not None and roots[1] is not None:  # (C, C) as (H, W, H, W)
        first, second, trouble = roots[0], roots[1], None
    if _is_contract(first, second, groups) and not (
        asked and _has_another_contract(first, second, asked, facts, groups)
    ):
        return None
    if not _apart(first, second, groups):
        first, second = _by_another_name(first, second, facts, groups) or (first, second)
    if _apart(first, second, groups) or (trouble not in _OF_NO_LAYER and _are_axes(first, second, groups)):
        return (first, second) if str(first) <= str(second) else (second, first)
    difference = _primitive(facts.normalize(left) - facts.normalize(right))
    symbols = sorted(difference.symbols, key=lambda s: s.name)
    are_named = trouble is not Trouble.LAYER_INPUT and left.value is None and right.value is None
    if len(symbols) == 1 and (trouble in _OF_NO_LAYER or _is_batch(symbols[0]) or are_named):
        only = dim(symbols[0])
        is_one = _primitive_number(difference) in (only - 1, 1 - only)
        return (only, const(1)) if is_one and _is_axis(only, groups) and not _stated(only, facts, left, right) else None
    if len(symbols) != 2:
        return None
    first, second = (dim(symbol) for symbol in symbols)
    if difference is not first - second and difference is not second - first:
        return None
    return (first, second) if _apart(first, second, groups) else None


def dims_beside_each_other(left: Dim, right: Dim, facts: Facts, laid_out: Groups) -> tuple[Dim, Dim] | None:
    """Two sizes that meet and stand beside each other in a view, `x.view(B, T, heads, width)`, or one of them a number
    in a comment, `(B, N, 3)`; else None."""
    first, second = without_common_factors(left, right)
    names = [dim(next(iter(size.symbols))) if len(size.symbols) == 1 else size for size in (first, second)]
    if first.value is None is second.value and _are_beside(
        names[0], names[1], laid_out
    ):  # `max_len` and `(dim + 1)//2` of `zeros(max_len, dim)`
        return (first, second) if str(first) <= str(second) else (second, first)
    if not _are_beside(first, second, laid_out):
        numbers = [facts.value_of(size) for size in (first, second)]
        first, second = (
            size if number is None else const(number) for size, number in zip((first, second), numbers, strict=True)
        )
        if (first.value is None) is (second.value is None) or not _are_beside(first, second, laid_out):
            return None
    if any(map(is_part, first.symbols | second.symbols)):
        return None
    in_order = sorted((first, second), key=lambda size: (size.value is not None, str(size)))
    return in_order[0], in_order[1]


def axes_of_one(need: Need, shapes: Sequence[Shape], facts: Facts, groups: Groups) -> tuple[Dim, Dim] | None:
    """An axis that a caller gives a tensor and a size of the constructor, which is another axis of it; else None.

    So it is where a layer made for `dim` features is given `(B, dim, H, W)`, or such features are added to it, and
    where a loss takes `(B, T, vocab)` for scores of T classes.
    """
    if need.trouble is Trouble.BROADCAST and _has_first_dims(shapes, facts):
        return None  # SHP311 tells
    for axis, size in ((need.left, need.right), (need.right, need.left)):
        if not _is_axis_of_caller(axis, groups) or not any(map(_is_of_constructor, groups.get(size, ()))):
            continue
        counts = [(_count(axis, shape, facts), _count(size, shape, facts)) for shape in shapes]
        others = [count for count in counts if not count[0]]
        if any(count == (1, 1) for count in counts) and all(of_size <= 1 for _, of_size in others):
            return (axis, size)
    return None


def _has_first_dims(shapes: Sequence[Shape], facts: Facts) -> bool:
    """Whether one of two tensors has the first dims of the other one, so that it is laid against the wrong ones."""
    if len(shapes) != 2 or not all(shape.known for shape in shapes):
        return False
    part, whole = sorted(shapes, key=lambda shape: shape.rank)
    return part.rank < whole.rank and all(map(lambda a, b: facts.is_equal(a, b), part.dims, whole.dims))


def _is_axis_of_caller(size: Dim, groups: Groups) -> bool:
    """Whether a size is made of axes of what a caller gives, to which no comment gives a name, and no parameter."""
    return bool(size.symbols) and all(
        symbol.free and all(place.startswith("('axes'") for place in groups.get(dim(symbol), ()))
        for symbol in size.symbols
    )


def _count(size: Dim, shape: Shape, facts: Facts) -> int:
    """How many of the dims that are known of a shape are a size."""
    dims = shape.dims if shape.known else (*shape.front, *shape.back)
    return sum(facts.is_equal(size, one) for one in dims)


def _are_beside(first: Dim, second: Dim, laid_out: Groups) -> bool:
    return first is not second and bool(laid_out.get(first, set()) & laid_out.get(second, set()))


def differing_by_default(need: Need, facts: Facts, defaults: Mapping[Dim, int]) -> tuple[Dim, Dim] | None:
    """The two sizes that a need equates, where they are never equal as all that they are made of is by default.

    A default of 0 or less stands for something else than a size.
    """
    left, right = need.left, need.right
    return _differing_by_default(need, (left, right), facts, defaults) or _differing_by_default(
        need, (facts.resolved(left), facts.resolved(right)), facts, defaults
    )


def _differing_by_default(
    need: Need, sizes: tuple[Dim, Dim], facts: Facts, defaults: Mapping[Dim, int]
) -> tuple[Dim, Dim] | None:
    left, right = sizes
    made_of: dict[Opaque | Symbol, Dim] = {
        atom: atom.dim for size in (left, right) for atom in size.atoms if isinstance(atom, Opaque)
    }
    made_of.update({one: dim(one) for one in left.symbols | right.symbols})
    numbers = {atom: const(defaults[one]) for atom, one in made_of.items() if defaults.get(one, 0) > 0}
    for atom, number in numbers.items():
        facts = facts.equal(made_of[atom], number)
    first, second = substitute(left, numbers), substitute(right, numbers)
    if not numbers or facts.contradictory or first.value is None or second.value is None or first is second:
        return None
    if need.trouble is Trouble.BROADCAST and 1 in (first.value, second.value):
        return None
    counts = {atom: symbol(atom.label, free=True) for atom in numbers if isinstance(atom, Opaque)}
    return without_common_factors(substitute(left, counts), substitute(right, counts))


def factor_to_be_1(need: Need, facts: Facts, groups: Groups, defaults: Mapping[Dim, int]) -> tuple[Dim, Dim] | None:
    """A parameter of the constructor by which a size is multiplied or divided to be itself, and 1; else None.

    So it is where `dim * ratio` features, or `dim // heads` of them, are given to a layer that was made for `dim`. One
    that is 1 by default may be there for what is to come.
    """
    resolved = facts.resolved(need.left), facts.resolved(need.right)
    if any(size.value is not None for size in (need.left, need.right, *resolved)):
        return None
    for left, right in ((need.left, need.right), resolved):
        for part, whole in ((left, right), (right, left)):
            factor = _divisor(part, whole) or _only_factor(part, whole)
            if factor is not None and _is_chosen(factor, facts, groups) and defaults.get(factor) != 1:
                return (factor, const(1))
    return None


def _divisor(part: Dim, whole: Dim) -> Dim | None:
    """By what a size is divided to be the other one: `r` of `c//r` and `c`."""
    numerator, denominator = numerator_and_denominator(part)
    return denominator if numerator is whole and denominator is not const(1) else None


def _only_factor(part: Dim, whole: Dim) -> Dim | None:
    """The name, or the count of a row, that one size has as a factor more than the other one: `r` of `c*r` and `c`."""
    difference = _primitive_number(_primitive(part - whole))
    if len(difference.terms) != 2 or abs(difference.constant) != 1:
        return None
    monomial = next(monomial for monomial in difference.terms if monomial)
    factor = monomial[0].dim
    return factor if set(monomial) == {monomial[0]} and difference.terms[monomial] == -difference.constant else None


def _is_chosen(size: Dim, facts: Facts, groups: Groups) -> bool:
    """Whether a size is a parameter of the constructor, of which nothing tells what it is."""
    return any(map(_is_of_constructor, groups.get(size, ()))) and facts.value_of(size) is None


def root_of(size: Dim) -> Dim | None:
    """The square root of a product of names, each of which stands in it an even number of times."""
    monomial, count = next(iter(size.terms.items()), ((), 0))
    if len(size.terms) != 1 or count != 1 or not monomial or any(monomial.count(atom) % 2 for atom in monomial):
        return None
    return product([atom.dim for atom in sorted(set(monomial), key=str) for _ in range(monomial.count(atom) // 2)])


def _is_contract(first: Dim, second: Dim, groups: Groups) -> bool:
    """Whether a letter of the comments meets a size of the constructor: that is what such an input has to be.

    So it is where the code unpacks the input, and gives the letter's size a name, too.
    """
    places = groups.get(first, set()), groups.get(second, set())
    if places[0] & places[1]:
        return False
    return any(
        any(map(_is_of_constructor, one)) and not any(map(_is_of_constructor, other)) and _comes_of_comments(other)
        for one, other in (places, places[::-1])
    )


def _has_another_contract(first: Dim, second: Dim, asked: Sequence[Need], facts: Facts, groups: Groups) -> bool:
    """Whether the letter of the two is to be another size of the constructor by what the same operation has asked."""
    if all({first, second}.isdisjoint((need.left, need.right)) for need in asked):
        return False
    found = _by_another_name(first, second, facts, groups)
    return found is not None and all(any(map(_is_of_constructor, groups[size])) for size in found)


def _comes_of_comments(places: set[str]) -> bool:
    """Whether a comment was the first to give a size its name."""
    said = [place for place in places if place.startswith(("('docstring'", "('claim'"))]
    return bool(said) and min(places, key=lambda place: (_line(place), place in said)) in said


def _line(place: str) -> int:
    """The line of a place; a docstring stands before all code."""
    found = re.search(r"\d+", place)
    return 0 if found is None or place.startswith("('docstring'") else int(found[0])


def _is_of_constructor(place: str) -> bool:
    return place.startswith("('init'")


def _stated(only: Dim, facts: Facts, left: Dim, right: Dim) -> bool:
    """Whether a size meets another one of which the code says that it is 1: `assert S == 1`."""
    other = right if facts.normalize(left) is only else left
    return other.as_symbol is not None and facts.normalize(other).value == 1


_OF_NO_LAYER = (Trouble.COUNT, Trouble.JOIN)


def _is_batch(symbol: Symbol) -> bool:
    """Whether a size is called the batch, of which no layer is made for one."""
    return symbol.name.lower().replace(" ", "_") in BATCHES


def _is_axis(size: Dim, groups: Groups) -> bool:
    """Whether a size is named as an axis of a tensor, in an unpacking or a comment."""
    return any(not place.startswith("('init'") for place in groups.get(size, ())) and all(
        symbol.name != "_" for symbol in size.symbols
    )


def _primitive_number(difference: Dim) -> Dim:
    """The difference without a number that all its terms have as a factor."""
    factor = gcd(*difference.terms.values()) or 1
    return from_terms({monomial: count // factor for monomial, count in difference.terms.items()})


def _by_another_name(first: Dim, second: Dim, facts: Facts, groups: Groups) -> tuple[Dim, Dim] | None:
    """Two sizes that are known to equal these and are kept apart."""
    if first.as_symbol is None or second.as_symbol is None:
        return None
    if is_one_of_a_kind(first.as_symbol.name, second.as_symbol.name):
        return None
    left, right = facts.resolved(first), facts.resolved(second)
    names: tuple[list[Dim], list[Dim]] = [], []
    for one in groups:
        whole = facts.resolved(one)
        if whole is left:
            names[0].append(one)
        if whole is right:
            names[1].append(one)
    return next(((a, b) for a in names[0] for b in names[1] if _apart(a, b, groups)), None)


def _apart(first: Dim, second: Dim, groups: Groups) -> bool:
    shared = groups.get(first, set()) & groups.get(second, set())
    if first is second or not shared:
        return False
    if any(symbol.name == "_" or is_part(symbol) for size in (first, second) for symbol in size.symbols):
        return False
    a, b = first.as_symbol, second.as_symbol
    if a is None or b is None:
        return True
    if a.name == b.name:
        return False  # who gives one name to two sizes takes them to be equal
    return not (all(place.startswith(_OF_INPUTS) for place in shared) and may_be_one_name(a.name, b.name))


def _are_axes(first: Dim, second: Dim, groups: Groups) -> bool:
    """Whether an axis of a tensor meets the product of others of its axes: `C` and `H*W` of `B, C, H, W = x.shape`."""
    one, product = (first, second) if first.as_symbol is not None else (second, first)
    is_product = list(product.terms.values()) == [1] and len(product.symbols) > 1
    if one.as_symbol is None or not is_product or one.as_symbol in product.symbols:
        return False
    names = [one, *map(dim, product.symbols)]
    shared = set.intersection(*(groups.get(name, set()) for name in names))
    return any(place.startswith(("('axes'", "('claim'")) for place in shared)


def is_part(size: Symbol) -> bool:
    """Whether a size is an attribute or an item of something: `config.width`, `window_size[0]`."""
    return "." in size.name or "[" in size.name


def is_one_name(first: str, second: str) -> bool:
    """Whether two names of a docstring are spellings of one: `freq` and `freqs`, `batch` and `batch_size`, `B`; `DS`
    and `Decoder Sequence`; `slen` and `src_len`."""
    a, b = _words(first), _words(second)
    if second.lower() in _short_forms(first) or first.lower() in _short_forms(second):
        return True
    if len(a) != 1 or len(b) != 1:
        return a == b
    short, long = sorted((a[0], b[0]), key=len)
    return short == long or (len(short) == 1 and len(long) > 3 and long.startswith(short))


def may_be_one_name(first: str, second: str) -> bool:
    """Whether two names may be meant as one: `n_dim` and `n_dimensions`, `phn` and `phoneme in phn sequence`."""
    if is_one_name(first, second) or is_one_of_a_kind(first, second):
        return True
    a, b = sorted((_words(first), _words(second)), key=len)
    if len(a) == len(b):
        return all(map(_is_shortened, a, b))
    phrase = max(first, second, key=len)
    return len(a) == 1 and len(a[0]) > 2 and " " in phrase and a[0] in b


def is_one_of_a_kind(first: str, second: str) -> bool:
    """Whether one of two names tells a kind of what the other one tells in general: `q_len` and `seq_len`."""
    a, b = _words(first), _words(second)
    return len(a) == len(b) == 2 and a[1] == b[1] and (a[0] in _GENERAL) != (b[0] in _GENERAL)


_GENERAL = frozenset(["seq", "sequence", "total"])


def _is_shortened(word: str, other: str) -> bool:
    """Whether two words are one, or one is the beginning of the other: `dim` of `dimension`."""
    short, long = sorted((word, other), key=len)
    return short == long or (len(short) > 2 and long.startswith(short))


def _short_forms(name: str) -> tuple[str, ...]:
    """How a name of several words is shortened: their first letters, and those before its last word, `slen`."""
    words = [word for word in re.split(r"[\W_]+", name.lower()) if word]
    initials = "".join(word[0] for word in words)
    return (initials, initials[:-1] + words[-1]) if len(words) > 1 else ()


def is_one_of(numbered: str, name: str) -> bool:
    """Whether a name is another one with a number: `C_1` is one of the sizes that `C` is."""
    return numbered[-1:].isdigit() and numbered.rstrip("0123456789").rstrip("_") == name


def _words(name: str) -> list[str]:
    """The words of a name but those that only say that it counts, or what part of a whole: `num_priors` is "prior",
    `micro_batch_size` is "batch"."""
    words = [word.rstrip("s") for word in re.split(r"[\W_]+", name.lower())]
    return [word for word in words if word not in ("size", "n", "num", "micro", "mini")] or words


def without_common_factors(left: Dim, right: Dim) -> tuple[Dim, Dim]:
    """Two sizes without the names that are factors of both."""
    for one in sorted(left.symbols & right.symbols, key=lambda s: s.name):
        a, b = polynomial_quotient(left, dim(one)), polynomial_quotient(right, dim(one))
        while a is not None and b is not None:
            left, right = a, b
            a, b = polynomial_quotient(left, dim(one)), polynomial_quotient(right, dim(one))
    return left, right


def _primitive(difference: Dim) -> Dim:
    for one in sorted(difference.symbols, key=lambda s: s.name):
        quotient = polynomial_quotient(difference, dim(one))
        while quotient is not None:
            difference = quotient
            quotient = polynomial_quotient(difference, dim(one))
    return difference
