"""Atoms, and the simplest of them: a symbol, which is a size by its name."""

from __future__ import annotations

from collections.abc import Callable
from itertools import count
from typing import TYPE_CHECKING, Any, Protocol, TypeAlias
from weakref import ref

from shapelint.dims.interned import atoms as _atoms

if TYPE_CHECKING:
    from shapelint.dims.expr import Dim

_orders = count()


class Sizes(Protocol):
    """A size for each symbol; raises LookupError for what it has none for."""

    def __getitem__(self, symbol: Any, /) -> int: ...


class Remembering(dict[Any, int]):
    """Sizes that keep what the atoms made of them come to, too. Who changes a size forgets these."""

    def forget(self) -> None:
        """Drop all but the sizes of symbols."""
        for atom in [atom for atom in self if type(atom) is not Symbol]:
            del self[atom]


class Atom:
    """A factor that ring laws cannot take apart. Interned: equal atoms are one object."""

    __slots__ = ("__weakref__", "depth", "dim", "inner", "opaque", "order", "symbols", "weight")

    dim: Dim  # the size that is exactly this atom
    order: int
    inner: tuple[Dim, ...]  # the sizes it is made of
    symbols: frozenset[Symbol]
    depth: int
    weight: int
    opaque: bool

    def _register(self, parts: tuple[Dim, ...], symbols: frozenset[Symbol] | None = None, opaque: bool = False) -> None:
        self.order = next(_orders)
        self.inner = parts
        self.depth = 1 + max((part.depth for part in parts), default=0)
        self.weight = 1 + sum(part.weight for part in parts)
        self.opaque = opaque or any(part.opaque for part in parts)
        self.symbols = frozenset().union(*(part.symbols for part in parts)) if symbols is None else symbols

    def _key(self) -> tuple[Any, ...]:
        """The arguments that identify it."""
        raise NotImplementedError

    def __reduce__(self) -> tuple[Callable[..., Atom], tuple[Any, ...]]:
        return intern_atom, (type(self), *self._key())

    if not TYPE_CHECKING:

        def __getattr__(self, name: str) -> Dim | frozenset[Symbol]:
            """The size that is this atom, or the symbol that it is, which are made when they are first asked for."""
            if name == "dim":
                from shapelint.dims.expr import Dim

                self.dim = Dim({(self,): 1})
                return self.dim
            if name == "symbols":
                self.symbols = frozenset((self,))
                return self.symbols
            raise AttributeError(name)

    def let_go(self) -> None:
        """Hold the size that is this atom no longer, unless something else does: each of the two holds the other."""
        try:
            held = ref(object.__getattribute__(self, "dim"))
        except AttributeError:  # nothing has asked for it
            return
        del self.dim
        if (size := held()) is not None:
            self.dim = size

    def rebuilt(self, change: Callable[[Dim], Dim]) -> Dim:
        """The size made of the same operation on changed parts."""
        raise NotImplementedError

    def evaluated(self, env: Sizes) -> int:
        """The value under `env`. Raises LookupError where a symbol or an opaque value has none."""
        raise NotImplementedError

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.dim}>"


class Symbol(Atom):
    """A named size, made by `symbol`: displayed as `name`, told apart by `scope`."""

    __slots__ = ("free", "meaning", "minimum", "name", "scope")

    def __init__(self, name: str, scope: int, free: bool, minimum: int, meaning: Dim | None = None) -> None:
        self.name, self.scope, self.free, self.minimum = name, scope, free, minimum
        self.meaning = meaning  # for the tool's own symbols: what they stand for in the author's names
        self._register((), frozenset((self,)))

    def _key(self) -> tuple[Any, ...]:
        return self.name, self.scope, self.free, self.minimum, *(() if self.meaning is None else (self.meaning,))

    def let_go(self) -> None:
        super().let_go()
        _ = self.symbols
        del self.symbols  # which hold itself

    def rebuilt(self, change: Callable[[Dim], Dim]) -> Dim:
        return self.dim

    def evaluated(self, env: Sizes) -> int:
        return env[self]


Monomial: TypeAlias = "tuple[Atom, ...]"


def symbol(name: str, *, scope: int = 0, free: bool = True, minimum: int = 1) -> Dim:
    """The size that is the symbol `name` of `scope`; equal arguments give the same one.

    `free`: any caller may choose it; if not, it is an unknown int, which may always equal something else. `minimum`
    is its least value. Symbols that differ in any of the four are different.
    """
    return intern_atom(Symbol, name, scope, free, minimum).dim


def intern_atom(kind: type[Atom], *key: Any) -> Atom:
    """The one atom `kind(*key)`."""
    full_key = (kind, *key)
    found = _atoms.get(full_key)
    if found is None:
        found = _atoms[full_key] = kind(*key)
    return found
