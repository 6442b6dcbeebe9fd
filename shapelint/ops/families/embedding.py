"""Tables of vectors looked up by index: embedding, bags of them, one-hot."""

from __future__ import annotations

from typing import Any, NamedTuple

from shapelint.dims import Dim
from shapelint.ops.families.parameter import truth, weight_of
from shapelint.ops.needs import CannotRun, Trouble, current, need, need_dtype, need_equal, need_rank, number
from shapelint.ops.registry import entry_of, layer, op
from shapelint.ops.signature import Values
from shapelint.ops.tensor import FLOATING, Tensor
from shapelint.shapes import NotKnown, Shape


def need_indices(indices: Tensor) -> None:
    """What is looked up are whole numbers."""
    need_dtype(indices, ("int64", "int32"), "the indices are", Trouble.INDEX)


def looked_up(indices: Tensor, width: Dim, dtype: str | None) -> Tensor:
    """(*) -> (*, width)."""
    need_indices(indices)
    return indices.made(indices.shape.with_last(width, dropping=0), dtype)


def _need_padding_index(padding_idx: Values, count: Dim) -> None:
    at, size = number(padding_idx) if isinstance(padding_idx, (int, Dim)) else None, number(count)
    need(
        at is None or size is None or -size <= at < size,
        f"padding_idx {padding_idx} of {count} embeddings",
        Trouble.INDEX,
    )


@op("torch.nn.functional.embedding")
def embedding(
    input: Tensor, weight: Tensor, padding_idx: Values = None, max_norm: Values = None, norm_type: Values = 2.0,
    scale_grad_by_freq: Values = False, sparse: Values = False,
) -> Tensor:  # fmt: skip
    """(*), (num_embeddings, D) -> (*, D).

    https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.embedding.html
    """
    need_indices(input)
    need_rank(weight, 2, what="the weight")
    _need_padding_index(padding_idx, weight.shape[0])
    return looked_up(input, weight.shape[1], weight.dtype)


embedding.gives("int64 (B, L), (V, D)", "(B, L, D)")
embedding.fails("(V, D), int64 (B, L, 2)", "the indices are float32, not int64 or int32; arguments 1 and 2 stand in")
embedding.fails("int64 (2, 3), (4,)", "the weight has 1 dims (4,), not 2")


@op("torch.embedding")
def plain_embedding(
    weight: Tensor, indices: Tensor, padding_idx: Values = -1, scale_grad_by_freq: Values = False,
    sparse: Values = False,
) -> Tensor:  # fmt: skip
    """(num_embeddings, D), (*) -> (*, D)."""
    need_indices(indices)
    need_rank(weight, 2, what="the weight")
    return looked_up(indices, weight.shape[1], weight.dtype)


def bagged(
    input: Tensor, offsets: Tensor | None, per_sample_weights: Tensor | None, mode: Values, include_last_offset: Values,
    width: Dim, dtype: str | None,
) -> Tensor:  # fmt: skip
    """(N, L) -> (N, width); (L,) with offsets (N,) -> (N, width)."""
    rank = need_rank(input, 1, 2)
    need_indices(input)
    if per_sample_weights is not None and per_sample_weights.shape.known:
        what = f"per_sample_weights {per_sample_weights.shape} for an input {input.shape}"
        need(per_sample_weights.rank == rank, what, Trouble.LAYER_INPUT)
        for a, b in zip(input.shape, per_sample_weights.shape, strict=True):
            need_equal(a, b, "a size of the input", "that of per_sample_weights", Trouble.LAYER_INPUT)
        need(mode in ("sum", 0) or not isinstance(mode, str), f"per_sample_weights with mode {mode!r}")
    if rank == 2:
        need(offsets is None, "offsets beside an input of 2 dims", Trouble.LAYER_INPUT)
        return input.made(Shape.of(input.shape[0], width), dtype)
    if offsets is None:
        raise CannotRun("an input of 1 dim without offsets", Trouble.LAYER_INPUT)
    need_rank(offsets, 1, what="offsets")
    last = truth(include_last_offset)
    if last is None:
        raise NotKnown("include_last_offset is not known")
    return input.made(Shape.of(offsets.shape[0] - 1 if last else offsets.shape[0], width), dtype)


@op("torch.nn.functional.embedding_bag")
def embedding_bag(
    input: Tensor, weight: Tensor, offsets: Tensor | None = None, max_norm: Values = None, norm_type: Values = 2,
    scale_grad_by_freq: Values = False, mode: Values = "mean", sparse: Values = False,
    per_sample_weights: Tensor | None = None, include_last_offset: Values = False, padding_idx: Values = None,
) -> Tensor:  # fmt: skip
    """(N, L), (num_embeddings, D) -> (N, D); (L,) with offsets (N,) -> (N, D).

    https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.embedding_bag.html
    """
    if weight.dtype == "int64" and input.dtype in FLOATING:
        input, weight = weight, input  # the order of long ago, which PyTorch still takes
    need_rank(weight, 2, what="the weight")
    need(not isinstance(mode, str) or mode in ("sum", "mean", "max"), f"mode is {mode!r}")
    return bagged(input, offsets, per_sample_weights, mode, include_last_offset, weight.shape[1], weight.dtype)


embedding_bag.gives("int64 (B, L), (V, D)", "(B, D)")
embedding_bag.gives("int64 (L,), (V, D), int64 (N,)", "(N, D)")
embedding_bag.fails("int64 (6,), (10, 3)", "without offsets")


class Bags(NamedTuple):
    """What torch.embedding_bag returns, of which the first is the result."""

    output: Tensor
    offset2bag: Tensor
    bag_size: Tensor
    max_indices: Tensor


@op("torch.embedding_bag")
def plain_embedding_bag(
    weight: Tensor, indices: Tensor, offsets: Tensor, scale_grad_by_freq: Values = False, mode: Values = 0,
    sparse: Values = False, per_sample_weights: Tensor | None = None, include_last_offset: Values = False,
    padding_idx: Values = None,
) -> Bags:  # fmt: skip
    """(num_embeddings, D), (L,), (N,) -> (N, D) and three rows of indices."""
    need_rank(weight, 2, what="the weight")
    made = bagged(indices, offsets, per_sample_weights, 0, include_last_offset, weight.shape[1], weight.dtype)
    rows = [Tensor(Shape.of(current().fresh(name)), "contiguous", "int64") for name in ("n", "bags", "bags")]
    return Bags(made, *rows)


@op("torch.nn.functional.one_hot")
def one_hot(tensor: Tensor, num_classes: Dim | None = None) -> Tensor:
    """(*) -> (*, num_classes), as many as the greatest index tells unless given.

    https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.one_hot.html
    """
    need_dtype(tensor, ("int64",), "one_hot of", Trouble.INDEX)
    if num_classes is None or num_classes.value == -1:
        num_classes = current().fresh("num_classes", minimum=1)
    return tensor.made(tensor.shape.with_last(num_classes, dropping=0), "int64")


one_hot.gives("int64 (B, L), K", "(B, L, K)")


@layer("torch.nn.Embedding")
class Embedding:
    """(*) -> (*, embedding_dim). https://docs.pytorch.org/docs/stable/generated/torch.nn.Embedding.html"""

    def __init__(
        self, num_embeddings: Dim, embedding_dim: Dim, padding_idx: Values = None, max_norm: Values = None,
        norm_type: Values = 2.0, scale_grad_by_freq: Values = False, sparse: Values = False,
        _weight: Tensor | None = None, _freeze: Values = False,
    ) -> None:  # fmt: skip
        _need_padding_index(padding_idx, num_embeddings)
        if _weight is not None:
            need_rank(_weight, 2, what="the weight")
            need_equal(_weight.shape[0], num_embeddings, "the rows of the weight", "num_embeddings")
            need_equal(_weight.shape[1], embedding_dim, "the columns of the weight", "embedding_dim")
        self.num_embeddings, self.embedding_dim, self.padding_idx = num_embeddings, embedding_dim, padding_idx
        self.max_norm, self.norm_type, self.sparse = max_norm, norm_type, sparse
        self.weight = _weight or weight_of(num_embeddings, embedding_dim)

    def forward(self, input: Tensor) -> Tensor:
        return looked_up(input, self.embedding_dim, self.weight.dtype)


entry_of(Embedding).gives("V, D", "int64 (B, L)", "(B, L, D)")
entry_of(Embedding).fails("10, 4, padding_idx=10", "int64 (B, L)", "padding_idx 10 of 10 embeddings")


@op("torch.nn.Embedding.from_pretrained")
def from_pretrained(embeddings: Tensor, freeze: Values = True, padding_idx: Values = None, **more: Values) -> Any:
    """(num_embeddings, D) -> an Embedding of these.

    https://docs.pytorch.org/docs/stable/generated/torch.nn.Embedding.html#torch.nn.Embedding.from_pretrained
    """
    need_rank(embeddings, 2, what="the weight")
    return Embedding(embeddings.shape[0], embeddings.shape[1], padding_idx, _weight=embeddings)


@layer("torch.nn.EmbeddingBag")
class EmbeddingBag:
    """(N, L) -> (N, embedding_dim); (L,) with offsets (N,) -> (N, embedding_dim).

    https://docs.pytorch.org/docs/stable/generated/torch.nn.EmbeddingBag.html
    """

    def __init__(
        self, num_embeddings: Dim, embedding_dim: Dim, max_norm: Values = None, norm_type: Values = 2.0,
        scale_grad_by_freq: Values = False, mode: Values = "mean", sparse: Values = False,
        _weight: Tensor | None = None, include_last_offset: Values = False, padding_idx: Values = None,
    ) -> None:  # fmt: skip
        _need_padding_index(padding_idx, num_embeddings)
        self.num_embeddings, self.embedding_dim, self.padding_idx = num_embeddings, embedding_dim, padding_idx
        self.mode, self.include_last_offset = mode, include_last_offset
        self.weight = _weight or weight_of(num_embeddings, embedding_dim)

    def forward(self, input: Tensor, offsets: Tensor | None = None, per_sample_weights: Tensor | None = None) -> Tensor:
        return bagged(
            input, offsets, per_sample_weights, self.mode, self.include_last_offset, self.embedding_dim,
            self.weight.dtype,
        )  # fmt: skip


entry_of(EmbeddingBag).gives("V, D", "int64 (B, L)", "(B, D)")
entry_of(EmbeddingBag).gives("V, D, include_last_offset=True", "int64 (L,), int64 (N,)", "(N - 1, D)")


@op("torch.nn.EmbeddingBag.from_pretrained")
def bag_from_pretrained(
    embeddings: Tensor, freeze: Values = True, max_norm: Values = None, norm_type: Values = 2.0,
    scale_grad_by_freq: Values = False, mode: Values = "mean", sparse: Values = False,
    include_last_offset: Values = False, padding_idx: Values = None,
) -> Any:  # fmt: skip
    """(num_embeddings, D) -> an EmbeddingBag of these."""
    need_rank(embeddings, 2, what="the weight")
    return EmbeddingBag(
        embeddings.shape[0], embeddings.shape[1], mode=mode, _weight=embeddings,
        include_last_offset=include_last_offset, padding_idx=padding_idx,
    )  # fmt: skip
