"""What a condition asks for its shape, of which a comment beside it may speak."""

from __future__ import annotations

from collections.abc import Iterator

from shapelint.program import nodes
from shapelint.program.within import parts_of

_ASKED = frozenset("shape size ndim dim ndimension".split())


def asked_for_its_shape(expr: nodes.Expr) -> Iterator[nodes.Expr]:
    """What a condition asks for its shape, or for how many dims it has."""
    if isinstance(expr, nodes.Attribute) and expr.attr in _ASKED:
        yield expr.value
    for part in parts_of(expr):
        yield from asked_for_its_shape(part)
