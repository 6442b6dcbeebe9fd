"""The Transformer and its parts: encoder and decoder layers, their stacks, and the whole."""

from __future__ import annotations

from typing import Any

from shapelint.dims import Dim, const
from shapelint.ops.families.attention import MultiheadAttention, attended
from shapelint.ops.families.layer_norm import LayerNorm
from shapelint.ops.families.linear import Linear
from shapelint.ops.families.parameter import weight_of
from shapelint.ops.needs import Trouble, need_equal, need_rank
from shapelint.ops.registry import entry_of, layer, op
from shapelint.ops.signature import Values
from shapelint.ops.tensor import Tensor
from shapelint.shapes import NotKnown

RELU = "relu"
MODEL, HEADS, WIDTH = const(512), const(8), const(2048)


class TransformerLayer:
    """What the layers of encoder and decoder keep."""

    def __init__(
        self, d_model: Dim, nhead: Dim, dim_feedforward: Dim = WIDTH, dropout: Values = 0.1,
        activation: Values = RELU, layer_norm_eps: Values = 1e-5, batch_first: bool = False,
        norm_first: Values = False, bias: Values = True,
    ) -> None:  # fmt: skip
        self.self_attn = MultiheadAttention(d_model, nhead, dropout, bias, batch_first=batch_first)
        self.linear1, self.linear2 = Linear(d_model, dim_feedforward, bias), Linear(dim_feedforward, d_model, bias)
        self.norm1 = self.norm2 = LayerNorm((d_model,), layer_norm_eps, True, bias)
        self.norm_first, self.batch_first = norm_first, batch_first

    def _attend(self, query: Tensor, key: Tensor, key_padding_mask: Values, attn_mask: Values) -> Tensor:
        width = self.self_attn.embed_dim
        made, _ = attended(
            query, key, key, (width, width, width), self.self_attn.num_heads, 0, width, key_padding_mask, attn_mask,
            False, True, self.batch_first,
        )  # fmt: skip
        return Tensor(made.shape, None, made.dtype, made.device)


@layer("torch.nn.TransformerEncoderLayer")
class TransformerEncoderLayer(TransformerLayer):
    """(S, N, d_model) -> (S, N, d_model); N may be missing.

    https://docs.pytorch.org/docs/stable/generated/torch.nn.TransformerEncoderLayer.html
    """

    def forward(
        self, src: Tensor, src_mask: Values = None, src_key_padding_mask: Values = None, is_causal: Values = False
    ) -> Tensor:
        return self._attend(src, src, src_key_padding_mask, src_mask)


@layer("torch.nn.TransformerDecoderLayer")
class TransformerDecoderLayer(TransformerLayer):
    """(T, N, d_model), memory (S, N, d_model) -> (T, N, d_model); N may be missing.

    https://docs.pytorch.org/docs/stable/generated/torch.nn.TransformerDecoderLayer.html
    """

    def __init__(
        self, d_model: Dim, nhead: Dim, dim_feedforward: Dim = WIDTH, dropout: Values = 0.1,
        activation: Values = RELU, layer_norm_eps: Values = 1e-5, batch_first: bool = False,
        norm_first: Values = False, bias: Values = True,
    ) -> None:  # fmt: skip
        super().__init__(
            d_model, nhead, dim_feedforward, dropout, activation, layer_norm_eps, batch_first, norm_first, bias
        )
        self.multihead_attn = self.self_attn
        self.norm3 = self.norm1

    def forward(
        self, tgt: Tensor, memory: Tensor, tgt_mask: Values = None, memory_mask: Values = None,
        tgt_key_padding_mask: Values = None, memory_key_padding_mask: Values = None, tgt_is_causal: Values = False,
        memory_is_causal: Values = False,
    ) -> Tensor:  # fmt: skip
        made = self._attend(tgt, tgt, tgt_key_padding_mask, tgt_mask)
        return self._attend(made, memory, memory_key_padding_mask, memory_mask)


entry_of(TransformerEncoderLayer).gives("E, 8", "(L, N, E)", "(L, N, E)")
entry_of(TransformerEncoderLayer).fails("64, 8", "(5, 2, 32)", "the last dim of the query is 32, embed_dim is 64")
entry_of(TransformerDecoderLayer).gives("E, 8, batch_first=True", "(N, L, E), (N, S, E)", "(N, L, E)")


def _own(module: Values) -> Any:
    """The layer of this room that a value stands for; an interpreter hands it over as the `instance` of a value."""
    return getattr(module, "instance", module)


@layer("torch.nn.TransformerEncoder")
class TransformerEncoder:
    """(S, N, d_model) -> (S, N, d_model), through num_layers copies of a layer.

    https://docs.pytorch.org/docs/stable/generated/torch.nn.TransformerEncoder.html
    """

    def __init__(
        self, encoder_layer: Values, num_layers: Values, norm: Values = None, enable_nested_tensor: Values = True,
        mask_check: Values = True,
    ) -> None:  # fmt: skip
        self.encoder_layer, self.num_layers, self.norm = _own(encoder_layer), num_layers, _own(norm)

    def forward(
        self, src: Tensor, mask: Values = None, src_key_padding_mask: Values = None, is_causal: Values = None
    ) -> Tensor:
        if not isinstance(self.encoder_layer, TransformerEncoderLayer):
            raise NotKnown("the encoder's layer is not one of torch.nn")
        made = self.encoder_layer.forward(src, mask, src_key_padding_mask)
        return _normed(made, self.norm)


@layer("torch.nn.TransformerDecoder")
class TransformerDecoder:
    """(T, N, d_model), memory (S, N, d_model) -> (T, N, d_model), through num_layers copies of a layer.

    https://docs.pytorch.org/docs/stable/generated/torch.nn.TransformerDecoder.html
    """

    def __init__(self, decoder_layer: Values, num_layers: Values, norm: Values = None) -> None:
        self.decoder_layer, self.num_layers, self.norm = _own(decoder_layer), num_layers, _own(norm)

    def forward(
        self, tgt: Tensor, memory: Tensor, tgt_mask: Values = None, memory_mask: Values = None,
        tgt_key_padding_mask: Values = None, memory_key_padding_mask: Values = None, tgt_is_causal: Values = None,
        memory_is_causal: Values = False,
    ) -> Tensor:  # fmt: skip
        if not isinstance(self.decoder_layer, TransformerDecoderLayer):
            raise NotKnown("the decoder's layer is not one of torch.nn")
        made = self.decoder_layer.forward(
            tgt, memory, tgt_mask, memory_mask, tgt_key_padding_mask, memory_key_padding_mask
        )
        return _normed(made, self.norm)


def _normed(made: Tensor, norm: Values) -> Tensor:
    """The result after the last norm, which keeps its shape."""
    if norm is None:
        return made
    if not hasattr(norm, "forward"):
        raise NotKnown("the last norm is not known")
    result: Tensor = norm.forward(made)
    return result


@layer("torch.nn.Transformer")
class Transformer:
    """src (S, N, d_model), tgt (T, N, d_model) -> (T, N, d_model); N may be missing.

    https://docs.pytorch.org/docs/stable/generated/torch.nn.Transformer.html
    """

    def __init__(
        self, d_model: Dim = MODEL, nhead: Dim = HEADS, num_encoder_layers: Values = 6,
        num_decoder_layers: Values = 6, dim_feedforward: Dim = WIDTH, dropout: Values = 0.1,
        activation: Values = RELU, custom_encoder: Values = None, custom_decoder: Values = None,
        layer_norm_eps: Values = 1e-5, batch_first: bool = False, norm_first: Values = False, bias: Values = True,
    ) -> None:  # fmt: skip
        rest = (dim_feedforward, dropout, activation, layer_norm_eps, batch_first, norm_first, bias)
        norm = LayerNorm((d_model,), layer_norm_eps, True, bias)
        encoder, decoder = (
            TransformerEncoderLayer(d_model, nhead, *rest),
            TransformerDecoderLayer(d_model, nhead, *rest),
        )
        self.encoder = _own(custom_encoder) or TransformerEncoder(encoder, num_encoder_layers, norm)
        self.decoder = _own(custom_decoder) or TransformerDecoder(decoder, num_decoder_layers, norm)
        self.d_model, self.nhead, self.batch_first = d_model, nhead, batch_first

    def forward(
        self, src: Tensor, tgt: Tensor, src_mask: Values = None, tgt_mask: Values = None, memory_mask: Values = None,
        src_key_padding_mask: Values = None, tgt_key_padding_mask: Values = None,
        memory_key_padding_mask: Values = None, src_is_causal: Values = None, tgt_is_causal: Values = None,
        memory_is_causal: Values = False,
    ) -> Tensor:  # fmt: skip
        rank = need_rank(src, 2, 3, what="src")
        need_rank(tgt, rank, what="tgt")
        if rank == 3:
            at = 0 if self.batch_first else 1
            need_equal(src.shape[at], tgt.shape[at], "the batch of src", "that of tgt", Trouble.LAYER_INPUT)
        for tensor, what in ((src, "src"), (tgt, "tgt")):
            need_equal(tensor.shape[-1], self.d_model, f"the last dim of {what}", "d_model", Trouble.LAYER_INPUT)
        if not isinstance(self.encoder, TransformerEncoder) or not isinstance(self.decoder, TransformerDecoder):
            raise NotKnown("the Transformer has a coder of its own")
        memory = self.encoder.forward(src, src_mask, src_key_padding_mask)
        return self.decoder.forward(tgt, memory, tgt_mask, memory_mask, tgt_key_padding_mask, memory_key_padding_mask)

    def generate_square_subsequent_mask(self, sz: Dim, device: Values = None, dtype: Values = None) -> Tensor:
        """sz -> (sz, sz)."""
        return weight_of(sz, sz)


entry_of(Transformer).gives("E, 8", "(S, N, E), (T, N, E)", "(T, N, E)")
entry_of(Transformer).fails("64, 8", "(5, 2, 64), (7, 3, 64)", "the batch of src is 2, that of tgt is 3")


@op("torch.nn.Transformer.generate_square_subsequent_mask")
def generate_square_subsequent_mask(sz: Dim, device: Values = None, dtype: Values = None) -> Tensor:
    """sz -> (sz, sz): the mask that hides what comes later."""
    return weight_of(sz, sz)


generate_square_subsequent_mask.gives("L", "(L, L)")
