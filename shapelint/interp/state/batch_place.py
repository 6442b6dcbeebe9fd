"""A layer that takes sequences one after the other, with the batch second, and is given the batch first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from shapelint.dims import Dim, Symbol, const
from shapelint.interp.state.events import Found
from shapelint.notation.model import BATCHES
from shapelint.ops.tensor import Tensor

if TYPE_CHECKING:
    from shapelint.interp.state.suspicions import Applied

SEQUENCE_FIRST = (
    "nn.RNN nn.LSTM nn.GRU nn.MultiheadAttention nn.TransformerEncoderLayer nn.TransformerDecoderLayer"
    " nn.TransformerEncoder nn.TransformerDecoder nn.Transformer".split()
)


def batch_in_the_place_of_time(applied: Applied) -> Found | None:
    """A layer made without `batch_first=True` of a tensor whose first dim is called the batch, and no other is."""
    if not applied.args or _takes_batch_first(applied.made) is not False:
        return None
    input = applied.args[0]
    if not isinstance(input, Tensor) or not input.shape.known or input.rank != 3:
        return None
    first, second = input.shape[0], input.shape[1]
    if not _is_batch(first) or any(map(_is_called_batch, second.symbols)) or second.value == 1:
        return None
    reason = f"{applied.name} takes (sequence, batch, features) without batch_first=True, and {input.shape} is given"
    return reason, (first, const(1)), (f"it runs, with {first} for the sequence, and mixes what is not of one sample",)


def _takes_batch_first(made: object) -> bool | None:
    """Whether a layer, or the one that its parts are, takes the batch first; None where that is not known."""
    layer = getattr(made, "encoder_layer", None) or getattr(made, "decoder_layer", None)
    told = getattr(layer or made, "batch_first", None)
    return told if isinstance(told, bool) else None


def _is_batch(size: Dim) -> bool:
    return size.as_symbol is not None and _is_called_batch(size.as_symbol)


def _is_called_batch(symbol: Symbol) -> bool:
    return symbol.name.lower() in BATCHES
