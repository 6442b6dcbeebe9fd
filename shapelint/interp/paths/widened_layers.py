"""Layers that a loop makes of other sizes in each turn: one layer, of sizes of the loop's own."""

from __future__ import annotations

import copy
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace

from shapelint.dims import Dim
from shapelint.interp.state.values import Layer
from shapelint.ops.tensor import Tensor, Unknown
from shapelint.shapes import Shape

Size = Callable[[Dim, Dim], Dim]


class Unlike(Exception):
    """Two layers differ in more than sizes."""


def wider_layer(
    before: Layer,
    after: Layer,
    covers: Callable[[Dim, Dim], bool],
    size: Callable[[Dim, Dim, str], Dim],
    anew: Callable[[Dim], Dim] | None,
) -> Layer | None:
    """A layer that covers both, `before` itself if it does; None where they differ in more, or nothing is made `anew`.

    `covers` tells whether a size covers another one, `size` gives one that does. What is one size throughout a layer is
    one in what covers it only while that is so of both.
    """
    stands_for: dict[Dim, Dim] = {}

    def covered(one: Dim, other: Dim) -> Dim:
        if not covers(one, other) or stands_for.setdefault(one, other) is not other:
            raise Unlike
        return one

    with suppress(Unlike):
        _part(before.instance, after.instance, covered)
        return before
    if anew is None:
        return None
    stands_for.clear()
    found: dict[tuple[Dim, Dim], Dim] = {}

    def wider(one: Dim, other: Dim) -> Dim:
        if (one, other) not in found:
            made = size(one, other, "")
            if stands_for.setdefault(made, other) is not other:
                made = anew(one)
                stands_for[made] = other
            found[one, other] = made
        return found[one, other]

    try:
        return Layer(_part(before.instance, after.instance, wider), before.name)
    except Unlike:
        return None


def _part(one: object, other: object, size: Size) -> object:
    if isinstance(one, Dim) and isinstance(other, Dim):
        return size(one, other)
    if isinstance(one, Tensor) and isinstance(other, Tensor):
        if not (one.shape.known and other.shape.known and one.rank == other.rank):
            return _alike(one, other)
        return replace(one, shape=Shape(tuple(map(size, one.shape.dims, other.shape.dims))), layout=None)
    if type(one) is not type(other):
        raise Unlike
    if isinstance(one, Unknown):
        return one
    if isinstance(one, (tuple, list)) and isinstance(other, (tuple, list)):
        if len(one) != len(other):
            raise Unlike
        parts = [_part(x, y, size) for x, y in zip(one, other, strict=True)]
        return parts if isinstance(one, list) else tuple(parts)
    if type(one).__module__.startswith("shapelint.ops") and hasattr(one, "__dict__"):
        if vars(one).keys() != vars(other).keys():
            raise Unlike
        twin = copy.copy(one)
        vars(twin).update({name: _part(part, vars(other)[name], size) for name, part in vars(one).items()})
        return twin
    return _alike(one, other)


def _alike(one: object, other: object) -> object:
    if one is not other and not one == other:
        raise Unlike
    return one
