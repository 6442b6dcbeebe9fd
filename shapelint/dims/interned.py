"""The tables by which equal sizes, and equal atoms, are one object; what nothing else holds is dropped from them."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Any
from weakref import ref

if TYPE_CHECKING:
    from shapelint.dims.expr import Dim
    from shapelint.dims.symbols import Atom, Monomial

dims: dict[frozenset[tuple[Monomial, int]], Dim] = {}
"""The sizes by their terms, but for numbers, and for those that are an atom, which holds them itself."""

atoms: dict[tuple[Any, ...], Atom] = {}
"""The atoms by what they are made of, which stands before them."""


class _Kept:
    """How many atoms and sizes were left when some were dropped, and how many atoms when all were looked at."""

    atoms = dims = of_all = 0


def drop_unused() -> None:
    """Drop what nothing else holds, so that a long run forgets the sizes of files that it has done with.

    Those made since the last time are looked at, and all once they are twice as many. The latest come first, for they
    may hold others. What is dropped is gone at once, and leaves nothing to the collector.
    """
    if len(atoms) > 2 * _Kept.of_all:
        _Kept.atoms = _Kept.dims = 0
    sizes = [ref(dims.pop(key)) for key in list(islice(reversed(dims), len(dims) - _Kept.dims))]
    left, held = [*islice(reversed(atoms), len(atoms) - _Kept.atoms)][::-1], []
    while left:
        key = left.pop()  # which holds what the atom is made of
        known = _let_go(atoms.pop(key))
        if (atom := known()) is not None:
            held.append((key, atom))
    atoms.update(reversed(held))
    for known_size in reversed(sizes):
        if (size := known_size()) is not None:
            dims[frozenset(size.terms.items())] = size
    if not _Kept.atoms:
        _Kept.of_all = len(atoms)
    _Kept.atoms, _Kept.dims = len(atoms), len(dims)


def _let_go(atom: Atom) -> ref[Atom]:
    atom.let_go()
    return ref(atom)
