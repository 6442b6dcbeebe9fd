"""Random sizes as text, so that Python's own ints can say what each of them is."""

from __future__ import annotations

from collections.abc import Mapping

from hypothesis import strategies as st

from shapelint.dims import Dim, Symbol, dim, maximum, minimum, symbol

NAMES = "abc"
SIZES = {name: symbol(name, scope=501) for name in NAMES}
ANY_INTS = {name: symbol(name, scope=502, minimum=-1000) for name in NAMES}

RING = ("({} + {})", "({} - {})", "({} * {})")
DIVISIONS = ("({} // {})", "({} % {})")
EXTREMA = ("max({}, {})", "min({}, {})")


def texts(operations: tuple[str, ...] = RING + DIVISIONS + EXTREMA, leaves: int = 8) -> st.SearchStrategy[str]:
    """Expressions over `NAMES` and small ints."""
    leaf = st.sampled_from(NAMES) | st.integers(-4, 9).map(str)
    return st.recursive(
        leaf,
        lambda inner: st.builds(lambda form, x, y: form.format(x, y), st.sampled_from(operations), inner, inner),
        max_leaves=leaves,
    )


def as_dim(text: str, symbols: Mapping[str, Dim]) -> Dim | None:
    """The size that `text` is over those symbols; None where it divides by the constant 0."""
    try:
        return dim(eval(text, {"max": maximum, "min": minimum, **symbols}))
    except ZeroDivisionError:
        return None


def as_int(text: str, sizes: Mapping[str, int]) -> int | None:
    """The int that `text` is for those sizes; None where it divides by 0."""
    try:
        return int(eval(text, dict(sizes)))
    except ZeroDivisionError:
        return None


def env_of(symbols: Mapping[str, Dim], sizes: Mapping[str, int]) -> dict[Symbol, int]:
    """The same sizes as `Dim.evaluate` takes them."""
    return {only_symbol(d): sizes[name] for name, d in symbols.items()}


def only_symbol(d: Dim) -> Symbol:
    """The symbol that `d` is."""
    assert d.as_symbol is not None
    return d.as_symbol


def points(least: int = 1, most: int = 9) -> st.SearchStrategy[dict[str, int]]:
    """A size for each name."""
    return st.fixed_dictionaries({name: st.integers(least, most) for name in NAMES})
