"""Whether a size is the claimed one where the divisions in it come out, and which of them must."""

from __future__ import annotations

from collections.abc import Iterable

from shapelint.dims import Dim, Facts, const, divisions
from shapelint.interp.state.events import ClaimedDim


def when_exact(coming_out: Iterable[tuple[Dim, Dim]]) -> str:
    """The condition that all of these divisions come out, for a note."""
    said = {f"{divisor} divides {dividend}" for divisor, dividend in coming_out}
    return "when " + " and ".join(sorted(said, key=lambda text: (len(text), text)))


MOST_ROUNDS = 3


def exact_divisions(dim: ClaimedDim, size: Dim, facts: Facts) -> list[tuple[Dim, Dim]]:
    """The divisions (divisor, dividend) that make a size the claimed one where all are exact; none where they do not.

    Their author may know that they come out: `2*(H//2)` is H for pictures of an even height, `2*((d+3)//4)` is `d/2`
    for the d that heads have, and `2*(h//2) + 2*(w//2)` is h+w.
    """
    size = facts.normalize(size)
    if dim.size is None:
        return []
    if any(factor < 0 for factor in size.terms.values()) and dim.size.as_symbol is None:
        return []  # `N - N//2` is another size than `N//2`, and is written for its being so; `x[half:]` is not
    coming_out = _all_within(dim.size, dim.exact, size, facts) or _all_within(
        dim.size, dim.exact, size, facts, inside_first=True
    )
    for one in sorted(coming_out, key=_long_first):
        others = [each for each in coming_out if each is not one]
        if all_exact(facts, others).is_equal(dim.size, size):
            coming_out = others  # it follows from these, or takes no part
    return coming_out


def _all_within(
    said: Dim, own: Iterable[tuple[Dim, Dim]], size: Dim, facts: Facts, *, inside_first: bool = False
) -> list[tuple[Dim, Dim]]:
    """The divisions in a size, where it is the claimed one if all of them come out.

    Those inside others come out first, or with them: `(d - 1)//(d//h)` is `h - 1` where h divides d.
    """
    coming_out = list(own)
    exact = all_exact(facts, coming_out)
    for _ in range(MOST_ROUNDS):  # what comes out may leave other divisions than were there before
        left = [one for one in divisions(_written_out(size, exact)) if one[1].symbols and one not in coming_out]
        inner = [one for one in left if not any(divisions(exact.normalize(part)) for part in one)]
        left = inner if inside_first and inner else left
        exact = all_exact(exact, left)
        coming_out += left
        if not left or exact.contradictory:
            break
        if inside_first and exact.is_equal(said, size):
            break
    is_so = not exact.contradictory and exact.is_equal(said, size)
    return coming_out if is_so else []


def _written_out(size: Dim, facts: Facts) -> Dim:
    """A size in the author's names, or what it is made of where one of them stands for a size that is divided."""
    named = facts.normalize(size)
    return named if divisions(named) else facts.resolved(size)


def where_odd(dim: ClaimedDim, size: Dim, facts: Facts) -> list[Dim]:
    """The sizes that must be odd for a size to be the claimed one, of those that are halved in it; none if it is not.

    A convolution that is padded by `(k - 1)//2` or `k//2` on each side keeps the length for every odd kernel. A claim
    on the length itself, `2*(T//2) + 1`, is not meant so.
    """
    if dim.size is None or divisions(dim.size):
        return []
    halves = [dividend for divisor, dividend in divisions(facts.normalize(size - dim.size)) if divisor.value == 2]
    kernels = [half for half in halves if (one := half.as_symbol) is not None and (one.free or one.name != "_")]
    kernels = [kernel for kernel in kernels if kernel.symbols.isdisjoint(dim.size.symbols)]
    odd = all_exact(facts, [(const(2), kernel - 1) for kernel in kernels])
    if not kernels or odd.contradictory or not odd.is_equal(dim.size, size):
        return []
    return kernels


def when_odd(sizes: Iterable[Dim]) -> str:
    """The condition that all of these sizes are odd, for a note."""
    names = sorted(map(str, sizes))
    return f"when {' and '.join(names)} {'is' if len(names) == 1 else 'are'} odd"


def _long_first(division: tuple[Dim, Dim]) -> tuple[int, str]:
    text = f"{division[0]} {division[1]}"
    return -len(text), text


def all_exact(facts: Facts, coming_out: Iterable[tuple[Dim, Dim]]) -> Facts:
    """The facts and that all of these divisions (divisor, dividend) come out."""
    for divisor, dividend in coming_out:
        facts = facts.divides(divisor, dividend)
    return facts
