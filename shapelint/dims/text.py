"""Sizes as text in the author's names, in a form that reads back as the same size."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache

from shapelint.dims.atoms import CUT, Extremum, Opaque, Quotient
from shapelint.dims.bounds import split
from shapelint.dims.division import polynomial_quotient
from shapelint.dims.expr import Dim
from shapelint.dims.symbols import Atom, Monomial, Symbol

Names = Mapping[Symbol, str]

NAMELESS = "_"
"""How a size is called that nobody named; several of them may differ, as they may in a comment."""


def text_of(d: Dim) -> str:
    """`d` as text; two symbols of one name are told apart by primes."""
    return _sum(d, names_of([d]))


def format_dims(dims: Iterable[Dim]) -> str:
    """A shape as text: "(B, H*W)", "(B,)", "()"; two symbols of one name are told apart by primes throughout."""
    return _format_row(tuple(dims))


@lru_cache(maxsize=4096)
def _format_row(row: tuple[Dim, ...]) -> str:
    names = names_of(row)
    if len(row) == 1:
        return f"({_sum(row[0], names)},)"
    return f"({', '.join(_sum(d, names) for d in row)})"


def names_of(dims: Iterable[Dim]) -> dict[Symbol, str]:
    """A name for each symbol, each name used once: later symbols of the same name get primes, but for `_`."""
    symbols: set[Symbol] = set()
    for d in dims:
        symbols |= d.symbols
    taken: set[str] = set()
    names: dict[Symbol, str] = {}
    for symbol in sorted(symbols, key=lambda symbol: symbol.order):
        name = symbol.name
        while name in taken and name != NAMELESS:
            name += "'"
        taken.add(name)
        names[symbol] = name
    return names


def _sum(d: Dim, names: Names) -> str:
    if d.value is not None:
        return str(d.value)
    pieces = _pieces(d, names)
    lead = next((at for at, (sign, _) in enumerate(pieces) if sign > 0), 0)
    pieces = [pieces[lead], *pieces[:lead], *pieces[lead + 1 :]]
    sign, text = pieces[0]
    if sign < 0:
        text = f"-({text})" if _binds_loosely(text) else f"-{text}"
    return text + "".join(("-" if sign < 0 else "+") + piece for sign, piece in pieces[1:])


def _binds_loosely(text: str) -> bool:
    """A minus before `text` would take only its first operand: -H//2 is (-H)//2."""
    depth = 0
    for character in text:
        depth += (character == "(") - (character == ")")
        if depth == 0 and character in "/%":
            return True
    return False


def _pieces(d: Dim, names: Names) -> list[tuple[int, str]]:
    """Signed texts whose sum is `d`."""
    found = _as_mod(d)
    if found is not None:
        factor, atom, rest = found
        mod = f"{_factor(atom.numerator, names)}%{_factor(atom.denominator, names)}"
        if factor.value == 1 or factor.value == -1:
            first = (factor.value, mod)
        else:
            first = (1, f"{_factor(factor, names)}*({mod})")
        return [first, *(_pieces(rest, names) if rest.terms else [])]
    return [_term(monomial, coefficient, names) for monomial, coefficient in d.sorted_terms]


def _as_mod(d: Dim) -> tuple[Dim, Quotient, Dim] | None:
    """(c, n//k, rest) with d == c*(n % k) + rest where writing it so is shorter."""
    for atom in sorted(d.atoms, key=lambda atom: atom.order):
        if not isinstance(atom, Quotient):
            continue
        factor, rest = split(d, atom)
        if atom in factor.atoms:
            continue
        times = polynomial_quotient(-factor, atom.denominator)
        if times is None:
            continue
        left = rest - times * atom.numerator
        if len(left.terms) < len(rest.terms):
            return times, atom, left
    return None


def _term(monomial: Monomial, coefficient: int, names: Names) -> tuple[int, str]:
    sign, size = (1, coefficient) if coefficient > 0 else (-1, -coefficient)
    factors = [] if size == 1 and monomial else [str(size)]
    at = 0
    while at < len(monomial):
        atom = monomial[at]
        power = 1
        while at + power < len(monomial) and monomial[at + power] is atom:
            power += 1
        text = _atom(atom, names, alone=len(monomial) == 1 and size == 1)
        if power > 1:
            text += f"**{power}"
        factors.append(text)
        at += power
    return sign, "*".join(factors)


def _atom(atom: Atom, names: Names, alone: bool) -> str:
    if isinstance(atom, Symbol):
        return names.get(atom, atom.name)
    if isinstance(atom, Quotient):
        text = f"{_factor(atom.numerator, names)}//{_factor(atom.denominator, names)}"
        return text if alone else f"({text})"
    if isinstance(atom, Extremum):
        return f"{'max' if atom.greatest else 'min'}({', '.join(_sum(part, names) for part in atom.parts)})"
    if isinstance(atom, Opaque):
        if not atom.args or atom.label == CUT:
            return atom.label
        if _is_operator(atom):
            text = atom.label.join(_factor(arg, names) for arg in atom.args)
            return text if alone else f"({text})"
        return f"{atom.label}({', '.join(_sum(arg, names) for arg in atom.args)})"
    raise TypeError(atom)


def _is_operator(atom: Atom) -> bool:
    """Whether what is not followed is one of Python's operators, `2**i` or `n & m`."""
    return isinstance(atom, Opaque) and len(atom.args) == 2 and not (atom.label.isidentifier() or atom.label == CUT)


def _factor(d: Dim, names: Names) -> str:
    """`d` as an operand: in parentheses unless it is one name, call or number."""
    text = _sum(d, names)
    if d.as_symbol is not None or (d.value is not None and d.value >= 0):
        return text
    if len(d.terms) == 1:
        ((monomial, coefficient),) = d.terms.items()
        if coefficient == 1 and (
            (len(monomial) == 1 and isinstance(monomial[0], Extremum | Opaque) and not _is_operator(monomial[0]))
            or (len(set(monomial)) == 1 and isinstance(monomial[0], Symbol))  # a power binds tighter than any other
        ):
            return text
    return f"({text})"
