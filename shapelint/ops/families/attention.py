"""Attention: scaled_dot_product_attention, MultiheadAttention and the function behind it."""

from __future__ import annotations

from typing import Any

from shapelint.dims import Dim
from shapelint.ops.families.linear import Linear
from shapelint.ops.families.parameter import need_vector, optional, truth, weight_of
from shapelint.ops.families.pointwise import broadcast_all
from shapelint.ops.needs import (
    CannotRun,
    Trouble,
    current,
    need,
    need_divides,
    need_equal,
    need_rank,
    number,
    seeing,
)
from shapelint.ops.registry import entry_of, layer, op
from shapelint.ops.signature import Values
from shapelint.ops.tensor import Tensor, Unknown
from shapelint.ops.window import need_positive
from shapelint.shapes import NotKnown, Shape


@op("torch.nn.functional.scaled_dot_product_attention")
def scaled_dot_product_attention(
    query: Tensor, key: Tensor, value: Tensor, attn_mask: Values = None, dropout_p: Values = 0.0,
    is_causal: Values = False, scale: Values = None, enable_gqa: Values = False,
) -> Tensor:  # fmt: skip
    """(*, L, E), (*, S, E), (*, S, Ev) -> (*, L, Ev); the mask broadcasts to (*, L, S).

    https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.scaled_dot_product_attention.html
    """
    tensors = []
    for tensor, what in ((query, "the query"), (key, "the key"), (value, "the value")):
        seen = seeing(tensor, 2)
        if seen.shape.known:
            text = f"{what} has {seen.rank} dims {seen.shape}, not 2 or more"
            need(seen.rank >= 2, text, Trouble.MATMUL)
        tensors.append(seen)
    query, key, value = tensors
    need_equal(query.shape[-1], key.shape[-1], "the last dim of the query", "that of the key", Trouble.MATMUL)
    if not _may_be_fused(query, key, value):
        need_equal(key.shape[-2], value.shape[-2], "the length of the key", "that of the value", Trouble.MATMUL)
    if truth(is_causal) and isinstance(attn_mask, Tensor):
        raise CannotRun("an attn_mask beside is_causal=True")
    front = _leading(query, key, value, truth(enable_gqa))
    if isinstance(attn_mask, Tensor):
        _need_mask(attn_mask, front.with_last(query.shape[-2], key.shape[-2], dropping=0))
    return Tensor(front.with_last(query.shape[-2], value.shape[-1], dropping=0), None, query.dtype, query.device)


def _may_be_fused(query: Tensor, key: Tensor, value: Tensor) -> bool:
    """Whether lengths of key and value that surely differ may run: PyTorch's fused path on CPU never compares them."""
    if not all(tensor.shape.known and tensor.rank == 4 for tensor in (query, key, value)):
        return False
    facts = current().facts
    return (
        facts.equality(key.shape[-2], value.shape[-2]) is False
        and facts.equality(key.shape[-1], value.shape[-1]) is not False
    )


def _leading(query: Tensor, key: Tensor, value: Tensor, grouped: bool | None) -> Shape:
    """The broadcast dims before (L, E); grouped, the heads of key and value need only divide the query's."""
    fronts = [tensor.shape.with_last(dropping=2) for tensor in (query, key, value)]
    if grouped is None:
        return fronts[0]
    if not grouped:
        return broadcast_all(*(Tensor(front) for front in fronts))
    heads = query.shape[-3]
    for tensor, what in ((key, "the key"), (value, "the value")):
        count = tensor.shape[-3]
        text = f"the {count} heads of {what} do not divide the {heads} of the query"
        need_divides(count, heads, text, Trouble.MATMUL)
    return broadcast_all(*(Tensor(front.with_last(heads)) for front in fronts))


def _need_mask(mask: Tensor, scores: Shape) -> None:
    """A mask must broadcast to the scores without growing them."""
    if mask.shape.known and scores.known and mask.rank > len(scores):
        raise CannotRun(f"the mask {mask.shape} does not broadcast to {scores}", Trouble.BROADCAST)
    joint = broadcast_all(Tensor(scores), mask)
    if joint.known and scores.known:
        grown = any(number(a) == 1 and number(b) not in (1, None) for a, b in zip(scores, joint, strict=True))
        need(not grown, f"the mask {mask.shape} does not broadcast to {scores}", Trouble.BROADCAST)


scaled_dot_product_attention.gives("(B, h, L, E), (B, h, S, E), (B, h, S, V)", "(B, h, L, V)")
scaled_dot_product_attention.gives("(B, 8, L, E), (B, 2, S, E), (B, 2, S, E), enable_gqa=True", "(B, 8, L, E)")
scaled_dot_product_attention.gives("(B, h, L, E), (B, h, S, E), (B, h, S, E), (L, S)", "(B, h, L, E)")
scaled_dot_product_attention.fails(
    "(2, 4, 8), (2, 4, 6), (2, 4, 6)", "the last dim of the query is 8, that of the key is 6"
)


def _need_same_rank(query: Tensor, key: Tensor, value: Tensor) -> int:
    rank = need_rank(query, 2, 3, what="the query")
    for tensor, what in ((key, "the key"), (value, "the value")):
        need_rank(tensor, rank, what=what)
    return rank


def attended(
    query: Tensor, key: Tensor, value: Tensor, sizes: tuple[Dim, Dim, Dim], heads: Dim, more: int, out: Dim,
    key_padding_mask: Values, attn_mask: Values, need_weights: Values, average: Values, batch_first: bool,
) -> tuple[Tensor, Any]:  # fmt: skip
    """(L, N, E), (S, N, kdim), (S, N, vdim) -> (L, N, out) and the weights, (N, L, S + more) where averaged."""
    rank = _need_same_rank(query, key, value)
    embed, kdim, vdim = sizes
    need_equal(query.shape[-1], embed, "the last dim of the query", "embed_dim", Trouble.LAYER_INPUT)
    need_equal(key.shape[-1], kdim, "the last dim of the key", "kdim", Trouble.LAYER_INPUT)
    need_equal(value.shape[-1], vdim, "the last dim of the value", "vdim", Trouble.LAYER_INPUT)
    time = 1 if batch_first and rank == 3 else 0
    batch = () if rank == 2 else (query.shape[1 - time],)
    length, source = query.shape[time], key.shape[time]
    need_equal(source, value.shape[time], "the length of the key", "that of the value", Trouble.LAYER_INPUT)
    for tensor, what in ((key, "the key"), (value, "the value")):
        if batch:
            need_equal(
                tensor.shape[1 - time], batch[0], f"the batch of {what}", "that of the query", Trouble.LAYER_INPUT
            )
    _need_masks(key_padding_mask, attn_mask, batch, (length, source), heads)
    layout = None if batch_first else "contiguous"
    made = Tensor(query.shape.with_last(out), layout, query.dtype, query.device)  # type: ignore[arg-type]
    wanted, averaged = truth(need_weights), truth(average)
    if wanted is False:
        return made, None
    if wanted is None:
        return made, Unknown("need_weights is not known")
    if averaged is None:
        return made, Unknown("average_attn_weights is not known")
    return made, query.with_shape(*batch, *(() if averaged else (heads,)), length, source + more)


def _need_masks(
    key_padding_mask: Values, attn_mask: Values, batch: tuple[Dim, ...], lengths: tuple[Dim, Dim], heads: Dim
) -> None:
    length, source = lengths
    if isinstance(key_padding_mask, Tensor) and key_padding_mask.shape.known:
        _need_sizes(key_padding_mask, (*batch, source), "key_padding_mask")
    if isinstance(attn_mask, Tensor) and attn_mask.shape.known:
        rank = need_rank(attn_mask, 2, 3, what="attn_mask")
        front = () if rank == 2 else ((batch[0] * heads,) if batch else (heads,))
        _need_sizes(attn_mask, (*front, length, source), "attn_mask")


def _need_sizes(tensor: Tensor, sizes: tuple[Dim, ...], what: str) -> None:
    text = f"{what} is {tensor.shape}, not {Shape(sizes)}"
    need(tensor.rank == len(sizes), text, Trouble.LAYER_INPUT)
    for place, (a, b) in enumerate(zip(tensor.shape, sizes, strict=True)):
        need_equal(a, b, f"dim {place} of {what} {tensor.shape}", f"that of {Shape(sizes)}", Trouble.LAYER_INPUT)


@layer("torch.nn.MultiheadAttention")
class MultiheadAttention:
    """(L, N, embed_dim), (S, N, kdim), (S, N, vdim) -> (L, N, embed_dim) and the weights (N, L, S); N may be missing.

    https://docs.pytorch.org/docs/stable/generated/torch.nn.MultiheadAttention.html
    """

    def __init__(
        self, embed_dim: Dim, num_heads: Dim, dropout: Values = 0.0, bias: Values = True, add_bias_kv: bool = False,
        add_zero_attn: bool = False, kdim: Dim | None = None, vdim: Dim | None = None, batch_first: bool = False,
    ) -> None:  # fmt: skip
        need_positive((embed_dim, num_heads), "embed_dim or num_heads")
        text = f"embed_dim {embed_dim} does not divide into {num_heads} heads"
        need_divides(num_heads, embed_dim, text, Trouble.LAYER_INPUT)
        self.embed_dim, self.num_heads, self.head_dim = embed_dim, num_heads, embed_dim // num_heads
        self.kdim, self.vdim = embed_dim if kdim is None else kdim, embed_dim if vdim is None else vdim
        self.dropout, self.batch_first, self.add_zero_attn = dropout, batch_first, add_zero_attn
        self.more = int(add_bias_kv) + int(add_zero_attn)
        separate = kdim is not None or vdim is not None
        self.in_proj_weight = None if separate else weight_of(embed_dim * 3, embed_dim)
        self.q_proj_weight = weight_of(embed_dim, embed_dim) if separate else None
        self.k_proj_weight = weight_of(embed_dim, self.kdim) if separate else None
        self.v_proj_weight = weight_of(embed_dim, self.vdim) if separate else None
        self.in_proj_bias = optional(bias, embed_dim * 3)
        self.bias_k = self.bias_v = weight_of(1, 1, embed_dim) if add_bias_kv else None
        self.out_proj = Linear(embed_dim, embed_dim, bias)

    def forward(
        self, query: Tensor, key: Tensor, value: Tensor, key_padding_mask: Values = None, need_weights: Values = True,
        attn_mask: Values = None, average_attn_weights: Values = True, is_causal: Values = False,
    ) -> tuple[Tensor, Any]:  # fmt: skip
        return attended(
            query, key, value, (self.embed_dim, self.kdim, self.vdim), self.num_heads, self.more, self.embed_dim,
            key_padding_mask, attn_mask, need_weights, average_attn_weights, self.batch_first,
        )  # fmt: skip


entry_of(MultiheadAttention).gives("E, 8", "(L, N, E), (S, N, E), (S, N, E)", "(L, N, E), (N, L, S)")
entry_of(MultiheadAttention).gives(
    "64, 8, kdim=D, vdim=D, batch_first=True", "(N, L, 64), (N, S, D), (N, S, D)", "(N, L, 64), (N, L, S)"
)
entry_of(MultiheadAttention).fails(
    "64, 6", "(5, 2, 64), (5, 2, 64), (5, 2, 64)", "embed_dim 64 does not divide into 6 heads"
)
entry_of(MultiheadAttention).fails(
    "64, 8", "(5, 2, 32), (5, 2, 64), (5, 2, 64)", "the last dim of the query is 32, embed_dim is 64"
)


@op("torch.nn.functional.multi_head_attention_forward")
def multi_head_attention_forward(
    query: Tensor, key: Tensor, value: Tensor, embed_dim_to_check: Dim, num_heads: Dim, in_proj_weight: Values,
    in_proj_bias: Values, bias_k: Values, bias_v: Values, add_zero_attn: Values, dropout_p: Values,
    out_proj_weight: Tensor, out_proj_bias: Values, training: Values = True, key_padding_mask: Values = None,
    need_weights: Values = True, attn_mask: Values = None, use_separate_proj_weight: Values = False,
    q_proj_weight: Values = None, k_proj_weight: Values = None, v_proj_weight: Values = None,
    static_k: Values = None, static_v: Values = None, average_attn_weights: Values = True, is_causal: Values = False,
) -> tuple[Tensor, Any]:  # fmt: skip
    """(L, N, E), (S, N, E), (S, N, E) -> (L, N, E) and the weights (N, L, S).

    https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.multi_head_attention_forward.html
    """
    text = f"embed_dim {embed_dim_to_check} does not divide into {num_heads} heads"
    need_divides(num_heads, embed_dim_to_check, text, Trouble.LAYER_INPUT)
    zero = truth(add_zero_attn)
    if zero is None or static_k is not None or static_v is not None:
        raise NotKnown("add_zero_attn, static_k or static_v")
    widths = [
        one.shape[1] if isinstance(one, Tensor) and one.shape.known and truth(use_separate_proj_weight) else given
        for one, given in ((k_proj_weight, key.shape[-1]), (v_proj_weight, value.shape[-1]))
    ]
    if isinstance(in_proj_weight, Tensor) and in_proj_weight.shape.known and not truth(use_separate_proj_weight):
        need_rank(in_proj_weight, 2, what="in_proj_weight")
        columns = in_proj_weight.shape[1]
        need_equal(
            in_proj_weight.shape[0], 3 * embed_dim_to_check, "the rows of in_proj_weight", "3 * embed_dim",
            Trouble.LAYER_INPUT,
        )  # fmt: skip
        need_equal(columns, embed_dim_to_check, "the columns of in_proj_weight", "embed_dim", Trouble.LAYER_INPUT)
        widths = [columns, columns]
    need_rank(out_proj_weight, 2, what="out_proj_weight")
    need_vector(out_proj_bias, out_proj_weight.shape[0], "out_proj_bias", "the rows of out_proj_weight")
    need_vector(in_proj_bias, 3 * embed_dim_to_check, "in_proj_bias", "3 * embed_dim")
    more = int(bias_k is not None) + int(zero)
    return attended(
        query, key, value, (embed_dim_to_check, widths[0], widths[1]), num_heads, more, out_proj_weight.shape[0],
        key_padding_mask, attn_mask, need_weights, average_attn_weights, False,
    )  # fmt: skip


@op("torch.nn.attention.sdpa_kernel")
def sdpa_kernel(backends: Values, set_priority: Values = False) -> None:
    """A context that chooses how attention is computed; no shape changes."""
