"""Losses of distances between two or three rows of vectors."""

from __future__ import annotations

from shapelint.ops.families.loss import LEGACY, as_torch, loss, need_one_rank
from shapelint.ops.families.pointwise import broadcast_all
from shapelint.ops.needs import (
    need_rank,
)
from shapelint.ops.signature import Values
from shapelint.ops.tensor import Tensor
from shapelint.shapes import NotKnown, Shape


@loss(
    "margin_ranking_loss", "input1, input2, target", f"margin=0, {LEGACY}", module="MarginRankingLoss",
    made_with=f"margin=0.0, {LEGACY}",
)  # fmt: skip
def margin_ranking_loss(input1: Tensor, input2: Tensor, target: Tensor) -> Shape:
    """(*a), (*b), (*c) of one rank -> (): their broadcast, averaged or summed unless reduction='none'."""
    need_one_rank(input1, input2, target)
    return broadcast_all(input1, input2, target)


@loss(
    "cosine_embedding_loss", "input1, input2, target", f"margin=0, {LEGACY}", module="CosineEmbeddingLoss",
    made_with=f"margin=0.0, {LEGACY}",
)  # fmt: skip
def cosine_embedding_loss(input1: Tensor, input2: Tensor, target: Tensor) -> Shape:
    """(N, D), (N, D), (N,) -> (), or (N,) with reduction='none'; N may be missing."""
    rank = need_rank(target, 0, 1, what="the target")
    need_rank(input1, rank + 1, what="input1")
    need_rank(input2, rank + 1, what="input2")
    shape = broadcast_all(input1, input2)
    return broadcast_all(Tensor(shape.with_last()), target)


TRIPLET = f"margin=1.0, p=2, eps=1e-06, swap=False, {LEGACY}"


@loss("triplet_margin_loss", "anchor, positive, negative", TRIPLET, module="TripletMarginLoss", made_with=TRIPLET)
def triplet_margin_loss(anchor: Tensor, positive: Tensor, negative: Tensor) -> Shape:
    """(*, D), (*, D), (*, D) -> (), or (*) with reduction='none'."""
    return _distances(anchor, positive, negative)


def _distances(anchor: Tensor, positive: Tensor, negative: Tensor) -> Shape:
    rank = need_one_rank(anchor, positive, negative)
    near, far = broadcast_all(anchor, positive), broadcast_all(anchor, negative)
    if not rank:
        return Shape()
    return broadcast_all(Tensor(near.with_last()), Tensor(far.with_last()))


DISTANT = "distance_function=None, margin=1.0, swap=False, reduction='mean'"


@loss(
    "triplet_margin_with_distance_loss", "anchor, positive, negative", DISTANT,
    module="TripletMarginWithDistanceLoss", made_with=DISTANT,
)  # fmt: skip
def triplet_margin_with_distance_loss(
    anchor: Tensor, positive: Tensor, negative: Tensor, distance_function: Values
) -> Shape:
    """(*, D), (*, D), (*, D) -> (), or (*) with reduction='none' and the usual distance."""
    need_one_rank(anchor, positive, negative)
    if distance_function is not None:
        raise NotKnown("the distance function is the caller's own")
    return _distances(anchor, positive, negative)


triplet_margin_loss.gives("(N, D), (N, D), (N, D), reduction='none'", "(N,)")
cosine_embedding_loss.gives("(N, D), (N, D), (N,)", "()")
cosine_embedding_loss.fails("(4, 3), (3,), (4,)", "input2 has 1 dims (3,), not 2")

as_torch(cosine_embedding_loss, "input1, input2, target", "margin=0.0, reduction=1")
as_torch(margin_ranking_loss, "input1, input2, target", "margin=0.0, reduction=1")
as_torch(triplet_margin_loss, "anchor, positive, negative", "margin=1.0, p=2, eps=1e-06, swap=False, reduction=1")
