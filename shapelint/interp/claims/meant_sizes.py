"""Which size of the code a letter of comments is where the two meet: by its name, or because only that comes out."""

from __future__ import annotations

from shapelint.dims import Dim, Facts, as_fraction, const, polynomial_quotient, product
from shapelint.interp.state.apart import is_one_name
from shapelint.interp.state.machine import Frame

BATCH = frozenset("b bs bsz batch batch_size n_batch nbatch batchsize num_batch".split())


def means_it(frame: Frame, name: str, size: Dim, given: Dim, *, own: bool) -> bool:
    """Whether a name is that of the size that it meets; `own` where only comments say what it stands for."""
    return _is_called_alike(frame, name, size, given) if own else _is_spelled_out(frame, name, given)


def _is_called_alike(frame: Frame, letter: str, size: Dim, given: Dim) -> bool:
    """Whether a letter that only comments define meets the size that the code calls so, be it in other words.

    Nothing but their name ties the letters of comments on what is not known to the code: `B` is its `batch_size`.
    """
    if size is given or given.as_symbol is None:
        return False
    groups = frame.evidence.groups
    name = given.as_symbol.name.split(".")[-1]
    are_batches = letter.lower() in BATCH and name.lower() in BATCH
    shared = groups.get(size, set()) & groups.get(given, set())
    if shared:  # a docstring has the batch under two names: `x [B, T]`, `lengths [Batch]`
        return are_batches and all(place.startswith("('docstring'") for place in shared)
    if letter == name or are_batches:
        return True
    return len(letter) > 1 and len(name) > 1 and is_one_name(letter, name)


def with_initials(facts: Facts, size: Dim, given: Dim) -> Facts:
    """What is known once a letter that only comments define is the name of the code that begins with it.

    So it is where that alone makes a size that both stand in come out: `r*(T//r)` is the code's `rate*(T//r)`.
    """
    if size is given or size.symbols.isdisjoint(given.symbols):
        return facts
    letters = sorted((one for one in size.symbols if len(one.name) == 1), key=lambda one: one.order)
    meant = [
        (letter.dim, name.dim)
        for letter in letters
        for name in sorted(given.symbols - size.symbols, key=lambda one: one.order)
        if _begins_with(name.name.split(".")[-1], letter.name)
        and facts.is_equal(size.subs({letter: name.dim}), given.subs({letter: name.dim}))
    ]
    return with_equal(facts, *meant[0]) if len(meant) == 1 else facts


def _begins_with(name: str, letter: str) -> bool:
    return len(name) > 1 and name[0].lower() == letter.lower()


def _is_spelled_out(frame: Frame, word: str, given: Dim) -> bool:
    """Whether a size that the code calls `NM` meets the product of the letters N and M of the comments."""
    letters = frame.letters.bound
    if not (len(word) > 1 and word.isalpha() and word.isupper() and all(letter in letters for letter in word)):
        return False
    return frame.world.facts.is_equal(product([letters[letter] for letter in word]), given)


def solved_for(letter: Dim, size: Dim, given: Dim) -> Dim | None:
    """What a letter is where a size in which it stands is the given one: B in `B*ch` for batch*ch, if it comes out."""
    (name,) = letter.symbols
    if any(atom is not name and name in atom.symbols for atom in size.atoms):
        return None  # a divisor, or under one: there is no one size that makes it come out
    rest = size.subs({name: const(0)})
    factor = size.subs({name: const(1)}) - rest
    if size is not factor * letter + rest or factor.value == 0:
        return None
    return polynomial_quotient(given - rest, factor)


def found_in(facts: Facts, letter: Dim, size: Dim, given: Dim) -> Dim | None:
    """The one name in the given size that the letter may be short for: r in `T//r` for T//reduction_factor."""
    (name,) = letter.symbols
    others = sorted(given.symbols - size.symbols, key=lambda one: one.order)
    found = [one.dim for one in others if facts.is_equal(size.subs({name: one.dim}), given)]
    return found[0] if len(found) == 1 else None


def divided_as(letter: Dim, size: Dim, given: Dim) -> Dim | None:
    """The size without a name that is divided in the given one by what the letter is divided by."""
    said, found = as_fraction(size), as_fraction(given)
    if said is None or found is None or said[0] is not letter or said[1] is not found[1] or said[1].value in (None, 1):
        return None
    unnamed = found[0].as_symbol
    return found[0] if unnamed is not None and unnamed.free and unnamed.name == "_" else None


def with_equal(facts: Facts, a: Dim, b: Dim) -> Facts:
    """The facts and a == b, unless that contradicts them."""
    extended = facts.equal(a, b)
    return facts if extended.contradictory else extended
