"""Matrix products of what was made to weights, or to unit length, along a dim that the product does not sum over."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from shapelint.dims import Dim
from shapelint.interp.state.events import Found
from shapelint.interp.state.machine import evaluate
from shapelint.interp.state.provenance import called, dim_of, is_of_module, is_product, last_given, parts_of, written
from shapelint.interp.state.values import Layer
from shapelint.ops.tensor import Tensor
from shapelint.program import nodes

if TYPE_CHECKING:
    from shapelint.interp.state.suspicions import Applied

SUMMED = ((0, -1), (1, -2))
"""The operands of a product, and the dim of each over which it sums."""

TRANSPOSED = frozenset("t T mT transpose swapaxes swapdims permute".split())


def weights_of_another_dim(applied: Applied) -> Found | None:
    """A softmax of scores over the queries, whose weights then sum up values over the keys; where that is written.

    Scores are products themselves: of what a layer gives, the softmax may well choose between channels for each place.
    """
    for position, axis in SUMMED:
        operand, tensor = applied.operand(position), applied.known(position)
        if operand is None or tensor is None or tensor.rank < 2:
            continue
        call = _last_call(applied, operand)
        layer = _layer_of(applied, call)
        if called(call) != "softmax" and (layer is None or layer.name != "nn.Softmax"):
            continue
        place = dim_of(call, 1) if layer is None else _dim_of_layer(layer)
        if place is None or not -tensor.rank <= place < tensor.rank or place % tensor.rank == axis % tensor.rank:
            continue
        if tensor.shape[axis].value == 1 or not _is_of_scores(applied, call):
            continue
        shape, size = tensor.shape, tensor.shape[place]
        reason = f"softmax of {shape} over dim {place}, but the product then sums over {shape[axis]}, not {size}"
        applied.blame = call
        return reason, None, ("weights that sum up to 1 are those of the dim that the product sums over",)
    return None


def units_of_another_dim(applied: Applied) -> Found | None:
    """Both operands are made to unit length over one dim, and the product sums over another one."""
    found: list[tuple[nodes.Call, str]] = []
    for position, axis in SUMMED:
        operand, tensor = applied.operand(position), applied.known(position)
        if operand is None or tensor is None or tensor.rank < 2:
            return None
        turned = _untransposed(operand)
        call = _last_call(applied, turned or operand)
        if called(call) != "normalize" or not call.args:
            return None
        place = dim_of(call, 2, default=1)
        summed = axis if turned is None else -3 - axis
        if place is None or not -tensor.rank <= place < tensor.rank or place % tensor.rank == summed % tensor.rank:
            return None
        found.append((call, f"normalize over dim {place} of {tensor.rank} dims"))
    call, what = found[0]
    applied.blame = call
    return f"{what}, but the product then sums over another one", None, ("a cosine takes both over one dim",)


def _untransposed(expr: nodes.Expr) -> nodes.Expr | None:
    """What is transposed here, in whatever way that exchanges the last two dims; None where nothing is."""
    if isinstance(expr, nodes.Attribute) and expr.attr in TRANSPOSED:
        return expr.value
    if called(expr) in TRANSPOSED and isinstance(expr, nodes.Call) and isinstance(expr.func, nodes.Attribute):
        return expr.func.value
    return None


def _last_call(applied: Applied, expr: nodes.Expr) -> nodes.Call:
    """The call that gave a value, behind names and dropouts; one of nothing where no call did."""
    for _ in range(MOST_STEPS):
        given = last_given(applied.frame, expr) if isinstance(expr, nodes.Name) else None
        if given is not None:
            expr = given
        elif isinstance(expr, nodes.Call) and "drop" in called(expr).lower() and expr.args:
            expr = expr.args[0].value
        else:
            break
    return expr if isinstance(expr, nodes.Call) else nodes.Call(expr.at, expr, ())


MOST_STEPS = 6


def _layer_of(applied: Applied, call: nodes.Call) -> Layer | None:
    """The layer that a call applies, `self.attend(scores)`."""
    is_of_self = isinstance(call.func, nodes.Attribute) and isinstance(call.func.value, nodes.Name)
    value = evaluate(applied.frame, call.func) if is_of_self and len(call.args) == 1 else None
    return value if isinstance(value, Layer) else None


def _dim_of_layer(layer: Layer) -> int | None:
    dim = getattr(layer.instance, "dim", None)
    return dim.value if isinstance(dim, Dim) else dim if type(dim) is int else None


def _is_of_scores(applied: Applied, call: nodes.Call) -> bool:
    func = call.func
    is_method = isinstance(func, nodes.Attribute) and called(call) == "softmax" and not is_of_module(func)
    scores = func.value if is_method and isinstance(func, nodes.Attribute) else next(iter(_plain(call)), None)
    found = [] if scores is None else [part for one in written(applied.frame, scores) for part in parts_of(one)]
    products = [part for part in found if is_product(part)]
    return bool(products) and not any(_is_learned(applied, part) for one in products for part in parts_of(one))


def _is_learned(applied: Applied, expr: nodes.Expr) -> bool:
    """Whether a factor is a matrix of the module's own, `self.centers`, between which a softmax may well choose."""
    if not isinstance(expr, nodes.Attribute) or not isinstance(expr.value, nodes.Name) or expr.value.id != "self":
        return False
    value = evaluate(applied.frame, expr)
    return isinstance(value, Tensor) and value.shape.least_rank > 1


def _plain(call: nodes.Call) -> Iterator[nodes.Expr]:
    return (argument.value for argument in call.args if argument.keyword in (None, "input"))
