"""Layers and functions of torch.nn: one expression is evaluated by the rules and by torch, and both must agree.

Each row holds a call that runs with the shape it gives, and beside it one that torch refuses with a piece of the
reason the rule gives. Names are sizes: symbols for the rules, numbers for torch, in two sizings; `x(B, C)` is a
tensor, `ints(B, L)` one of indices, `bools(L, S)` a mask.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Callable
from typing import Any

import pytest

from shapelint.dims import Comparison, Dim, const, dim, symbol
from shapelint.ops.call import apply, construct, forward
from shapelint.ops.families.packed import PackedSequence
from shapelint.ops.needs import CannotRun, Context, using
from shapelint.ops.tensor import Tensor
from shapelint.shapes import Shape

torch = pytest.importorskip("torch")
warnings.filterwarnings("ignore")

NAMES = ["B", "N", "C", "D", "E", "H", "W", "L", "S", "T", "K", "V", "h", "P"]
SIZINGS = (
    dict(zip(NAMES, (2, 3, 4, 6, 8, 12, 10, 7, 5, 9, 3, 20, 2, 2), strict=True)),
    dict(zip(NAMES, (5, 2, 6, 10, 4, 15, 18, 11, 3, 4, 5, 7, 3, 3), strict=True)),
)

ROWS = (
    # a call that runs, what it gives, one that does not, why
    (
        "nn.Linear(D, E)(x(B, L, D))", "(B, L, E)",
        "nn.Linear(4, 8)(x(2, 3))", "the last dim of the input is 3, in_features is 4",
    ),
    (
        "nn.Linear(D, E, bias=False)(x(D,))", "(E,)",
        "nn.Linear(4, 8)(x())", "no dims",
    ),
    ("nn.LazyLinear(E)(x(B, D))", "(B, E)", "nn.LazyLinear(4)(x())", "no dims"),
    (
        "nn.Bilinear(D, E, K)(x(B, D), x(B, E))", "(B, K)",
        "nn.Bilinear(3, 4, 5)(x(2, 3), x(2, 3))", "the last dim of input2 is 3, in2_features is 4",
    ),
    ("F.linear(x(B, D), x(E, D), x(E,))", "(B, E)", "F.linear(x(2, 3), x(5, 3), x(4,))", "the size of bias is 4"),
    # convolutions
    (
        "nn.Conv1d(C, E, 3, padding=1)(x(B, C, L))", "(B, E, L)",
        "nn.Conv1d(4, 8, 3)(x(2, 5, 9))", "the channel dim of the input is 5, in_channels is 4",
    ),
    (
        "nn.Conv2d(3, D, P, P)(x(B, 3, H, W))", "(B, D, H//P, W//P)",
        "nn.Conv2d(3, 8, 5)(x(2, 3, 4, 8))", "the kernel of Conv2d spans 5, the padded axis has 4",
    ),
    (
        "nn.Conv2d(3, D, 3, 2, 1, bias=False)(x(3, H, W))", "(D, (H + 1)//2, (W + 1)//2)",
        "nn.Conv2d(3, 8, 3)(x(8, 8))", "has 2 dims (8, 8), not 3 or 4",
    ),
    (
        "nn.Conv2d(2*C, 4*C, 3, padding='same', groups=C)(x(B, 2*C, H, W))", "(B, 4*C, H, W)",
        "nn.Conv2d(6, 8, 3, groups=4)", "in_channels 6 does not divide into 4 groups",
    ),
    (
        "nn.Conv2d(3, 8, (3, 5), dilation=(2, 1))(x(B, 3, H, W))", "(B, 8, H - 4, W - 4)",
        "nn.Conv2d(3, 8, 3, padding='same', stride=2)", "padding='same' with a stride other than 1",
    ),
    (
        "nn.Conv3d(C, E, (1, 3, 3))(x(B, C, T, H, W))", "(B, E, T, H - 2, W - 2)",
        "nn.Conv3d(3, 8, 3)(x(2, 3, 8, 8))", "the channel dim of the input is 2, in_channels is 3",
    ),
    (
        "nn.Conv2d(3, 8, 3, padding=2, padding_mode='reflect')(x(B, 3, H, W))", "(B, 8, H + 2, W + 2)",
        "nn.Conv2d(3, 8, 3, padding=2, padding_mode='reflect')(x(2, 3, 2, 8))",
        "reflection padding of 2 on an axis of 2",
    ),
    (
        "F.conv2d(x(B, 2*C, H, W), x(E, C, 3, 3), padding='same', groups=2)", "(B, E, H, W)",
        "F.conv2d(x(2, 6, 8, 8), x(9, 3, 3, 3), groups=2)", "do not divide into 2 groups",
    ),
    (
        "nn.ConvTranspose1d(C, E, 4, 2, 1)(x(B, C, L))", "(B, E, 2*L)",
        "nn.ConvTranspose1d(4, 8, 4)(x(2, 3, 9))", "the channel dim of the input is 3, in_channels is 4",
    ),
    (
        "nn.ConvTranspose2d(C, E, 3, 2, 1, output_padding=1)(x(B, C, H, W))", "(B, E, 2*H, 2*W)",
        "nn.ConvTranspose2d(4, 8, 3, 2, 1, output_padding=2)(x(2, 4, 5, 5))", "output_padding 2 is not smaller",
    ),
    (
        "nn.ConvTranspose2d(C, E, 3, 2, 1)(x(B, C, H, W), output_size=[2*H, 2*W - 1])", "(B, E, 2*H, 2*W - 1)",
        "nn.ConvTranspose2d(4, 8, 3, 2, 1)(x(2, 4, 5, 5), output_size=[11, 9])", "output_size 11 lies outside 9 to 10",
    ),
    (
        "nn.LazyConv2d(E, 3)(x(B, C, H, W))", "(B, E, H - 2, W - 2)",
        "nn.LazyConv2d(8, 3, groups=2)(x(1, 3, 8, 8))", "in_channels 3 does not divide into 2 groups",
    ),
    # pools
    (
        "nn.MaxPool2d(2)(x(B, C, H, W))", "(B, C, H//2, W//2)",
        "nn.MaxPool2d(5)(x(2, 3, 4, 8))", "the kernel of MaxPool2d spans 5, the padded axis has 4",
    ),
    (
        "nn.MaxPool2d(3, 2, 1)(x(B, C, H, W))", "(B, C, (H + 1)//2, (W + 1)//2)",
        "nn.MaxPool2d(2, padding=2)(x(2, 3, 8, 8))", "padding 2 is more than half of the kernel 2",
    ),
    (
        "nn.MaxPool1d(2, return_indices=True)(x(B, C, L))", "(B, C, L//2), (B, C, L//2)",
        "nn.MaxPool1d(2)(x(8,))", "has 1 dims (8,), not 2 or 3",
    ),
    (
        "nn.MaxPool1d(3, 2, ceil_mode=True)(x(B, C, L))", "(B, C, (L - 2)//2 + 1)",
        "nn.MaxPool1d((3, 3))(x(2, 3, 8))", "2 sizes for 1 axes",
    ),
    (
        "F.avg_pool2d(x(C, H, W), (2, 3))", "(C, H//2, W//3)",
        "F.avg_pool2d(x(2, 3, 2, 8), 3)", "spans 3, the padded axis has 2",
    ),
    (
        "F.avg_pool3d(x(B, C, H, W, L), 2, 1)", "(B, C, H - 1, W - 1, L - 1)",
        "F.avg_pool3d(x(2, 3, 8, 8, 3), 4, padding=2)", "spans 4, the axis has 3",
    ),
    ("nn.LPPool2d(2, 2)(x(B, C, H, W))", "(B, C, H//2, W//2)", "nn.LPPool2d(2, 2)(x(3, 8))", "has 2 dims"),
    (
        "nn.AdaptiveAvgPool2d((1, 1))(x(B, C, H, W))", "(B, C, 1, 1)",
        "nn.AdaptiveAvgPool2d((2, 2))(x(5, 6))", "has 2 dims (5, 6), not 3 or 4",
    ),
    (
        "nn.AdaptiveAvgPool2d((None, K))(x(B, C, H, W))", "(B, C, H, K)",
        "nn.AdaptiveAvgPool2d((1, 2, 3))(x(2, 3, 8, 8))", "3 sizes for 2 axes",
    ),
    (
        "nn.AdaptiveMaxPool1d(K, return_indices=True)(x(B, C, L))", "(B, C, K), (B, C, K)",
        "nn.AdaptiveMaxPool1d(2)(x(8,))", "has 1 dims",
    ),
    (
        "nn.FractionalMaxPool2d(2, output_ratio=0.5)(x(B, C, H, W))", "(B, C, H//2, W//2)",
        "nn.FractionalMaxPool2d(3, output_size=7)(x(2, 3, 8, 8))", "7 windows of 3 do not fit an axis of 8",
    ),
    (
        "nn.MaxUnpool2d(2)(x(B, C, H, W), ints(B, C, H, W))", "(B, C, 2*H, 2*W)",
        "nn.MaxUnpool2d(2)(x(2, 3, 4, 4), ints(2, 3, 4, 5))", "a size of the input is 4, that of the indices is 5",
    ),
    # normalisation
    (
        "nn.BatchNorm2d(C)(x(B, C, H, W))", "(B, C, H, W)",
        "nn.BatchNorm2d(4)(x(2, 3, 8, 8))", "the channel dim of the input is 3, num_features is 4",
    ),
    ("nn.BatchNorm1d(C)(x(B, C))", "(B, C)", "nn.BatchNorm1d(3)(x(2, 3, 4, 4))", "has 4 dims (2, 3, 4, 4), not 2 or 3"),
    ("nn.BatchNorm2d(C)(x(B, C, H, W))", "(B, C, H, W)", "nn.BatchNorm2d(3)(x(3, 8, 8))", "has 3 dims"),
    (
        "nn.InstanceNorm2d(E)(x(B, C, H, W))", "(B, C, H, W)",
        "nn.InstanceNorm2d(4, affine=True)(x(2, 3, 8, 8))", "num_features is 4",
    ),
    ("nn.SyncBatchNorm(C)(x(B, C))", "(B, C)", "nn.SyncBatchNorm(3)(x(3,))", "has 1 dims"),
    (
        "nn.GroupNorm(2, 2*C)(x(B, 2*C, H))", "(B, 2*C, H)",
        "nn.GroupNorm(2, 4)(x(2, 6, 8))", "the channel dim of the input is 6, num_channels is 4",
    ),
    (
        "nn.LayerNorm(D)(x(B, L, D))", "(B, L, D)",
        "nn.LayerNorm(8)(x(2, 8, 4))", "the last dim of the input is 4, normalized_shape there is 8",
    ),
    (
        "nn.LayerNorm((H, W))(x(B, C, H, W))", "(B, C, H, W)",
        "nn.LayerNorm((4, 5))(x(5,))", "normalized_shape (4, 5) has 2",
    ),
    ("nn.RMSNorm(D)(x(B, D))", "(B, D)", "nn.RMSNorm(4)(x(2, 3))", "normalized_shape there is 4"),
    ("F.normalize(x(B, D), dim=-1)", "(B, D)", "F.normalize(x(4,))", "dim 1 of a tensor of 1 dims"),
    ("nn.LocalResponseNorm(2)(x(B, C, H, W))", "(B, C, H, W)", "nn.LocalResponseNorm(2)(x(2, 3))", "not 3 or more"),
    # activations
    ("nn.Sequential(nn.GELU(), nn.Dropout(0.1))(x(B, L, D))", "(B, L, D)", "nn.Dropout(1.5)", "a probability of 1.5"),
    ("nn.Softmax(-1)(x(B, L))", "(B, L)", "nn.Softmax(2)(x(2, 3))", "dim 2 of a tensor of 2 dims"),
    ("nn.Softmax2d()(x(B, C, H, W))", "(B, C, H, W)", "nn.Softmax2d()(x(2, 3))", "has 2 dims"),
    ("F.glu(x(B, 2*D))", "(B, D)", "F.glu(x(2, 5))", "glu halves dim 1, which has 5"),
    ("nn.GLU(1)(x(B, 2*C, L))", "(B, C, L)", "nn.GLU(1)(x(2, 3, 4))", "glu halves dim 1, which has 3"),
    ("nn.PReLU(C)(x(B, C, L))", "(B, C, L)", "nn.PReLU(4)(x(2, 3))", "the number of slopes is 4"),
    ("nn.Dropout1d()(x(C, L))", "(C, L)", "nn.Dropout1d()(x(4,))", "has 1 dims"),
    ("F.leaky_relu(x(B, D), 0.2, inplace=True)", "(B, D)", "F.gumbel_softmax(x(2, 3), dim=2)", "dim 2 of a tensor"),
    # embeddings
    ("nn.Embedding(V, D)(ints(B, L))", "(B, L, D)", "nn.Embedding(10, 4)(x(2, 3))", "the indices are float32"),
    (
        "nn.Embedding(V, D, padding_idx=-1)(ints())", "(D,)",
        "nn.Embedding(10, 4, padding_idx=10)", "padding_idx 10 of 10 embeddings",
    ),
    ("nn.Embedding.from_pretrained(x(V, D))(ints(L,))", "(L, D)", "nn.Embedding.from_pretrained(x(5,))", "has 1 dims"),
    ("nn.EmbeddingBag(V, D)(ints(B, L))", "(B, D)", "nn.EmbeddingBag(9, 4)(ints(6,))", "without offsets"),
    ("F.one_hot(ints(B, L), K)", "(B, L, K)", "F.one_hot(x(2, 3), 4)", "one_hot of float32"),
    # losses
    ("nn.MSELoss()(x(B, D), x(B, D))", "()", "nn.MSELoss()(x(2, 3), x(2, 4))", "do not broadcast"),
    ("F.mse_loss(x(B, 1), x(B,), reduction='none')", "(B, B)", "F.mse_loss(x(2, 3), x(4,))", "do not broadcast"),
    (
        "nn.CrossEntropyLoss()(x(N, C), ints(N,))", "()",
        "nn.CrossEntropyLoss()(x(4, 10), ints(5,))", "dim 0 of the target is 5, dim 0 of the input is 4",
    ),
    (
        "F.cross_entropy(x(N, C, H, W), ints(N, H, W), reduction='none')", "(N, H, W)",
        "F.cross_entropy(x(2, 3, 8, 8), ints(2, 8, 7))", "dim 2 of the target is 7, dim 3 of the input is 8",
    ),
    (
        "F.cross_entropy(x(N, C), x(N, C), reduction='none')", "(N,)",
        "F.cross_entropy(x(4, 10), ints(4, 1))", "the target is (4, 1), class indices for (4, 10) are (4,)",
    ),
    ("nn.BCELoss()(x(B,), x(B,))", "()", "nn.BCELoss()(x(4, 1), x(4,))", "the target is (4,), the input is (4, 1)"),
    (
        "nn.BCEWithLogitsLoss(reduction='none')(x(B, K), x(B, K))", "(B, K)",
        "nn.BCEWithLogitsLoss()(x(4, 3), x(4,))", "the target is (4,), the input is (4, 3)",
    ),
    (
        "nn.NLLLoss(reduction='sum')(x(N, C), ints(N,))", "()",
        "nn.NLLLoss()(x(4, 3), ints(3,))", "dim 0 of the target is 3",
    ),
    (
        "nn.KLDivLoss(reduction='batchmean')(x(B, D), x(B, D))", "()",
        "nn.KLDivLoss()(x(2, 3), x(2, 2))", "do not broadcast",
    ),
    (
        "nn.CosineEmbeddingLoss(reduction='none')(x(N, D), x(N, D), x(N,))", "(N,)",
        "nn.CosineEmbeddingLoss()(x(4, 3), x(4, 3), x())", "input1 has 2 dims (4, 3), not 1",
    ),
    (
        "nn.TripletMarginLoss(reduction='none')(x(N, D), x(N, D), x(N, D))", "(N,)",
        "nn.TripletMarginLoss()(x(4, 3), x(3,), x(4, 3))", "different numbers of dims",
    ),
    # recurrent layers
    (
        "nn.LSTM(D, E)(x(L, N, D))", "(L, N, E), (1, N, E), (1, N, E)",
        "nn.LSTM(8, 16)(x(5, 3, 7))", "the last dim of the input is 7, input_size is 8",
    ),
    (
        "nn.LSTM(D, 16, 2, batch_first=True, bidirectional=True, proj_size=3)(x(N, L, D))",
        "(N, L, 6), (4, N, 3), (4, N, 16)",
        "nn.LSTM(4, 8, proj_size=8)", "proj_size 8 is not smaller than hidden_size 8",
    ),
    (
        "nn.GRU(D, E, batch_first=True)(x(N, L, D), x(1, N, E))", "(N, L, E), (1, N, E)",
        "nn.GRU(4, 8, batch_first=True)(x(3, 5, 4), x(1, 5, 8))", "dim 1 of hx (1, 5, 8) is 5",
    ),
    ("nn.RNN(D, E, K)(x(L, D))", "(L, E), (K, E)", "nn.RNN(4, 8)(x(4,))", "has 1 dims"),
    ("nn.GRUCell(D, E)(x(N, D), x(N, E))", "(N, E)", "nn.GRUCell(4, 8)(x(2, 4), x(3, 8))", "dim 0 of hx (3, 8) is 3"),
    ("nn.LSTMCell(D, E)(x(N, D))", "(N, E), (N, E)", "nn.LSTMCell(4, 8)(x(2, 3))", "input_size is 4"),
    (
        "rnn.pad_packed_sequence(nn.GRU(D, E)(rnn.pack_padded_sequence(x(L, 2, D), [3, 2]))[0])[0]", "(3, 2, E)",
        "rnn.pack_padded_sequence(x(5, 2, 4), [3, 2, 1])", "the number of lengths is 3, the batch is 2",
    ),
    (
        "rnn.pad_sequence([x(3, D), x(5, D)], batch_first=True)", "(2, 5, D)",
        "rnn.pad_sequence([x(3, 4), x(5, 6)])", "is 6, that of the first is 4",
    ),
    # attention
    (
        "F.scaled_dot_product_attention(x(B, h, L, D), x(B, h, S, D), x(B, h, S, E), attn_mask=bools(L, S))",
        "(B, h, L, E)",
        "F.scaled_dot_product_attention(x(2, 4, 5, 8), x(2, 4, 5, 6), x(2, 4, 5, 6))", "that of the key is 6",
    ),
    (
        "F.scaled_dot_product_attention(x(B, 6, L, D), x(B, 2, S, D), x(B, 2, S, D), enable_gqa=True)", "(B, 6, L, D)",
        "F.scaled_dot_product_attention(x(2, 6, 5, 8), x(2, 2, 5, 8), x(2, 2, 5, 8))", "do not broadcast",
    ),
    (
        "nn.MultiheadAttention(2*D, 2)(x(L, N, 2*D), x(S, N, 2*D), x(S, N, 2*D))", "(L, N, 2*D), (N, L, S)",
        "nn.MultiheadAttention(64, 6)", "embed_dim 64 does not divide into 6 heads",
    ),
    (
        "nn.MultiheadAttention(8, 2, kdim=D, vdim=E, batch_first=True)"
        "(x(N, L, 8), x(N, S, D), x(N, S, E), average_attn_weights=False)",
        "(N, L, 8), (N, 2, L, S)",
        "nn.MultiheadAttention(8, 2)(x(5, 2, 8), x(5, 3, 8), x(5, 3, 8))", "the batch of the key is 3",
    ),
    (
        "nn.MultiheadAttention(8, 2)(x(L, 8), x(S, 8), x(S, 8), attn_mask=bools(L, S))[0]", "(L, 8)",
        "nn.MultiheadAttention(8, 2)(x(5, 8), x(4, 8), x(4, 8), attn_mask=bools(4, 5))",
        "dim 0 of attn_mask (4, 5) is 4",
    ),
    (
        "nn.TransformerEncoder(nn.TransformerEncoderLayer(8, 2, 16, batch_first=True), 2)(x(N, L, 8))", "(N, L, 8)",
        "nn.TransformerEncoder(nn.TransformerEncoderLayer(8, 2, 16), 2)(x(5, 3, 6))", "embed_dim is 8",
    ),
    (
        "nn.TransformerDecoder(nn.TransformerDecoderLayer(8, 2, 16), 1)(x(L, N, 8), x(S, N, 8))", "(L, N, 8)",
        "nn.TransformerDecoderLayer(8, 2, 16)(x(5, 3, 8), x(5, 2, 8))", "the batch of the key is 2",
    ),
    (
        "nn.Transformer(8, 2, 1, 1, 16)(x(S, N, 8), x(T, N, 8))", "(T, N, 8)",
        "nn.Transformer(8, 2, 1, 1, 16)(x(5, 2, 8), x(7, 3, 8))", "the batch of src is 2, that of tgt is 3",
    ),
    # resampling and padding
    (
        "F.interpolate(x(B, C, H, W), scale_factor=2)", "(B, C, 2*H, 2*W)",
        "F.interpolate(x(2, 3, 8, 8), scale_factor=2, mode='trilinear')", "has 4 dims (2, 3, 8, 8), not 5",
    ),
    (
        "F.interpolate(x(B, C, H, W), scale_factor=(0.5, 1.5), mode='bilinear')", "(B, C, H//2, 3*W//2)",
        "F.interpolate(x(2, 3, 8, 8), size=(8,))", "size has 1 numbers for the 2 axes",
    ),
    ("F.interpolate(x(B, C, L), scale_factor=0.6)", "(B, C, 3*L//5)", "F.interpolate(x(2, 3, 8))", "neither size"),
    ("nn.Upsample(size=(K, 7))(x(B, C, H, W))", "(B, C, K, 7)", "nn.Upsample(scale_factor=2)(x(3, 4))", "has 2 dims"),
    (
        "F.grid_sample(x(B, C, H, W), x(B, K, L, 2))", "(B, C, K, L)",
        "F.grid_sample(x(2, 3, 8, 8), x(3, 4, 4, 2))", "the batch of the grid is 3, that of the input is 2",
    ),
    (
        "F.affine_grid(x(B, 2, 3), (B, C, H, W))", "(B, H, W, 2)",
        "F.affine_grid(x(2, 3, 4), (2, 3, 8, 8))", "dim 1 of theta",
    ),
    ("nn.PixelShuffle(P)(x(B, P*P*C, H, W))", "(B, C, P*H, P*W)", "nn.PixelShuffle(2)(x(2, 6, 4, 4))", "6 channels"),
    ("nn.PixelUnshuffle(P)(x(B, C, P*H, P*W))", "(B, P*P*C, H, W)", "nn.PixelUnshuffle(2)(x(2, 3, 5, 4))", "axis of 5"),
    ("nn.ChannelShuffle(2)(x(B, 2*C, L))", "(B, 2*C, L)", "nn.ChannelShuffle(2)(x(2, 3, 8))", "3 channels"),
    ("nn.Unfold(3, padding=1)(x(B, C, H, W))", "(B, 9*C, H*W)", "nn.Unfold(5)(x(2, 3, 4, 8))", "holds no block"),
    (
        "nn.Fold((6, 6), 2, stride=2)(x(B, 4*C, 9))", "(B, C, 6, 6)",
        "nn.Fold((6, 6), 2, stride=2)(x(2, 8, 5))", "holds is 9",
    ),
    (
        "F.pad(x(B, C, H, W), (1, 2, K, 0))", "(B, C, H + K, W + 3)",
        "F.pad(x(2, 3), (1, 1, 1, 1, 1, 1))", "pad speaks of 3 dims, the input has 2",
    ),
    (
        "F.pad(x(B, C, H), (P, P), mode='circular')", "(B, C, H + 2*P)",
        "F.pad(x(2, 3, 4), (5, 0), mode='circular')", "axis of 4",
    ),
    ("nn.ReflectionPad2d(1)(x(C, H, W))", "(C, H + 2, W + 2)", "nn.ReflectionPad2d(3)(x(2, 3, 8))", "on an axis of 3"),
    (
        "nn.ZeroPad2d((0, 1, 2, 3))(x(B, C, H, W))", "(B, C, H + 5, W + 1)",
        "nn.ConstantPad1d(-3, 0.)(x(2, 5))", "of an axis of 5",
    ),
    (
        "nn.CosineSimilarity()(x(B, D, L), x(B, D, L))", "(B, L)",
        "nn.CosineSimilarity()(x(2, 3), x(2, 4))", "do not broadcast",
    ),
    ("nn.PairwiseDistance()(x(B, D), x(D,))", "(B,)", "nn.PairwiseDistance()(x(2, 3), x(2, 4))", "do not broadcast"),
    # parameters
    ("nn.Parameter(x(B, D))", "(B, D)", "nn.Parameter([1.0])", "not a tensor"),
    ("nn.init.xavier_uniform_(x(B, D))", "(B, D)", "nn.init.xavier_uniform_(x(4,))", "a tensor of 1 dims"),
)  # fmt: skip


class Abstract:
    """A module of torch.nn as an expression sees it, whose members are the rules of that name."""

    def __init__(self, prefix: str) -> None:
        self.prefix = prefix

    def __getattr__(self, name: str) -> Any:
        full = f"{self.prefix}.{name}"
        if name == "init":
            return Abstract(full)
        if name == "Sequential":
            return lambda *members: lambda value: _through(members, value)
        if not name[0].isupper() or name in ("Parameter", "Buffer"):
            return lambda *args, **kwargs: apply(full, _plain(args), {key: _plain(v) for key, v in kwargs.items()})
        return AbstractClass(full)


class AbstractClass:
    """A layer's class: calling it makes an instance, its members are class methods."""

    def __init__(self, name: str) -> None:
        self.name = name

    def __call__(self, *args: Any, **kwargs: Any) -> AbstractModule:
        return AbstractModule(construct(self.name, _plain(args), {key: _plain(v) for key, v in kwargs.items()}))

    def __getattr__(self, name: str) -> Callable[..., AbstractModule]:
        return lambda *args: AbstractModule(apply(f"{self.name}.{name}", args))


class AbstractModule:
    """An instance of a layer, which can be called."""

    def __init__(self, instance: Any) -> None:
        self.instance = instance

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return forward(self.instance, _plain(args), {key: _plain(v) for key, v in kwargs.items()})


def _through(members: tuple[Any, ...], value: Any) -> Any:
    for member in members:
        value = member(value)
    return value


def _plain(value: Any) -> Any:
    """A value as rules take it: ints as dims, instances without their wrapper."""
    if isinstance(value, AbstractModule):
        return value.instance
    if isinstance(value, int) and not isinstance(value, bool):
        return const(value)
    if isinstance(value, (tuple, list)):
        return type(value)(_plain(item) for item in value)
    return value


def _maker(dtype: str) -> Callable[..., Tensor]:
    return lambda *sizes: Tensor(Shape(tuple(dim(size) for size in sizes)), "contiguous", dtype)


def by_rules(expression: str, sizes: dict[str, Any]) -> Any:
    """The expression as the rules evaluate it."""
    world = {
        "nn": Abstract("torch.nn"), "F": Abstract("torch.nn.functional"), "rnn": Abstract("torch.nn.utils.rnn"),
        "x": _maker("float32"), "ints": _maker("int64"), "bools": _maker("bool"),
    }  # fmt: skip
    return eval(expression, {**world, **sizes})


def by_torch(expression: str, sizes: dict[str, Any]) -> Any:
    """The expression as torch evaluates it."""
    world = {
        "nn": torch.nn, "F": torch.nn.functional, "rnn": torch.nn.utils.rnn,
        "x": torch.zeros, "ints": lambda *s: torch.zeros(s, dtype=torch.long),
        "bools": lambda *s: torch.zeros(s, dtype=torch.bool),
    }  # fmt: skip
    world["x"] = lambda *s: torch.zeros(s)
    return eval(expression, {**world, **sizes})


def shapes(result: Any) -> list[tuple[Any, ...]]:
    """The shapes of every tensor in a result, in order."""
    if isinstance(result, Tensor):
        return [result.shape.dims]
    if isinstance(result, torch.Tensor):
        return [tuple(result.shape)]
    assert isinstance(result, tuple), result
    return [shape for item in result for shape in shapes(item)]


def expected(text: str, sizes: dict[str, Any]) -> list[tuple[Any, ...]]:
    """The shapes that a row states."""
    found = eval(f"[{text}]", dict(sizes))
    return [tuple(shape) for shape in found]


@pytest.mark.parametrize(("call", "gives"), [row[:2] for row in ROWS])
def test_runs(call: str, gives: str) -> None:
    """What the row states is what torch gives, in both sizings, and what the rules give for numbers and symbols."""
    for sizes in SIZINGS:
        assert expected(gives, sizes) == shapes(by_torch(call, sizes))

        with using(Context()):
            numbers = {name: const(size) for name, size in sizes.items()}
            given = [tuple(d.value for d in shape) for shape in shapes(by_rules(call, numbers))]
        assert expected(gives, sizes) == given

    symbols = {name: symbol(name) for name in SIZINGS[0]}
    with using(Context()) as context:
        given = shapes(by_rules(call, symbols))
        assert not [need for need in context.needs if need.left is not need.right], "nothing is left to be met"
        wanted = expected(gives, symbols)
        assert [len(shape) for shape in wanted] == [len(shape) for shape in given]
        for a, b in zip(sum(wanted, ()), sum(given, ()), strict=True):
            assert context.facts.compare(dim(a), b) is Comparison.EQUAL, f"{gives} but {given}"


@pytest.mark.parametrize(("call", "reason"), [row[2:] for row in ROWS])
def test_cannot_run(call: str, reason: str) -> None:
    """What torch refuses the rules refuse too, for the reason that the row states."""
    with pytest.raises(Exception):  # torch raises errors of many types
        by_torch(call, {})
    with using(Context()), pytest.raises(CannotRun, match=re.escape(reason)):
        by_rules(call, {})


def test_layers_carry_attributes() -> None:
    """What programs read of a layer is there under PyTorch's name, with PyTorch's value."""
    reads = (
        ("nn.Conv2d(3, 8, (3, 5), 2, 1)", "in_channels out_channels kernel_size stride padding dilation groups"),
        ("nn.ConvTranspose2d(3, 8, 4, 2, 1)", "kernel_size stride padding output_padding weight bias"),
        ("nn.Conv1d(4, 8, 3, groups=2)", "weight bias kernel_size"),
        ("nn.Linear(4, 8)", "in_features out_features weight bias"),
        ("nn.Bilinear(2, 3, 4)", "weight bias in1_features in2_features out_features"),
        ("nn.MaxPool2d(3, 2)", "kernel_size stride padding dilation"),
        ("nn.AvgPool2d((2, 3))", "kernel_size stride padding"),
        ("nn.AdaptiveAvgPool2d((1, None))", "output_size"),
        ("nn.BatchNorm2d(5)", "num_features weight bias running_mean running_var num_batches_tracked"),
        ("nn.InstanceNorm2d(5)", "num_features weight bias running_mean"),
        ("nn.GroupNorm(2, 4)", "num_groups num_channels weight bias"),
        ("nn.LayerNorm((3, 4))", "normalized_shape weight bias elementwise_affine"),
        ("nn.Embedding(7, 4, padding_idx=0)", "num_embeddings embedding_dim padding_idx weight"),
        ("nn.LSTM(4, 8, 2, bidirectional=True)", "input_size hidden_size num_layers bidirectional proj_size"),
        ("nn.LSTM(4, 8, 2, bidirectional=True)", "weight_ih_l0 weight_hh_l0 bias_ih_l1 weight_ih_l1_reverse"),
        ("nn.GRUCell(4, 8)", "input_size hidden_size weight_ih weight_hh bias_ih"),
        ("nn.MultiheadAttention(8, 2)", "embed_dim num_heads head_dim kdim vdim in_proj_weight in_proj_bias"),
        ("nn.MultiheadAttention(8, 2, kdim=3)", "in_proj_weight q_proj_weight k_proj_weight v_proj_weight"),
        ("nn.PReLU(3)", "num_parameters weight"),
        ("nn.Dropout(0.25)", "p inplace"),
        ("nn.Softmax(1)", "dim"),
        ("nn.ZeroPad2d(1)", "padding"),
        ("nn.Unfold(3)", "kernel_size dilation padding stride"),
        ("nn.Upsample(scale_factor=2.0)", "size scale_factor mode"),
        ("nn.PixelShuffle(2)", "upscale_factor"),
        ("nn.CrossEntropyLoss(reduction='sum')", "reduction weight ignore_index label_smoothing"),
        ("nn.L1Loss(reduce=False)", "reduction"),
    )
    for made, names in reads:
        ours, theirs = by_rules(made, {}).instance, by_torch(made, {})
        for name in names.split():
            assert _as_number(getattr(ours, name)) == _as_number(getattr(theirs, name)), f"{made}.{name}"


def _as_number(value: Any) -> Any:
    if isinstance(value, Tensor):
        return tuple(d.value for d in value.shape.dims)
    if isinstance(value, torch.Tensor):
        return tuple(value.shape)
    if isinstance(value, Dim):
        return value.value
    if isinstance(value, tuple):
        return tuple(_as_number(item) for item in value)
    return value


def test_leading_dims_may_be_unknown() -> None:
    """A rule on the last dims works on a tensor of which only these are known."""
    with using(Context()):
        d = symbol("D")
        tensor = Tensor(Shape((), Shape.unknown().run, (symbol("L"), d)))
        rows = (("nn.Linear(D, 8)", "8"), ("nn.LayerNorm(D)", "D"), ("nn.GLU()", "D//2"), ("nn.ReLU()", "D"))
        for layer, last in rows:
            made = by_rules(layer, {"D": d})(tensor)
            assert str(made.shape) == f"(..., L, {last})"
        assert str(by_rules("nn.Embedding(9, D)", {"D": d})(Tensor(Shape.unknown())).shape) == "(..., D)"


def test_batch_may_be_unknown() -> None:
    """A layer of pictures works on a tensor of which only channels and axes are known."""
    with using(Context()):
        tensor = Tensor(Shape((), Shape.unknown().run, (dim(3), symbol("H"), symbol("W"))))
        rows = (
            ("nn.Conv2d(3, 8, 2, 2)", "(_, 8, H//2, W//2)"),  # where a window slides, a batch it is
            ("nn.MaxPool2d(2)", "(_, 3, H//2, W//2)"),
            ("nn.AdaptiveAvgPool2d(1)", "(..., 3, 1, 1)"),
            ("nn.BatchNorm2d(3)", "(..., 3, H, W)"),
            ("nn.ZeroPad2d(1)", "(..., 3, H+2, W+2)"),
        )
        for layer, shape in rows:
            assert str(by_rules(layer, {})(tensor).shape) == shape


def test_unknown_flags_do_not_matter() -> None:
    """A flag that no shape depends on may be anything."""
    from shapelint.ops.tensor import Unknown

    with using(Context()):
        made = construct("torch.nn.Conv2d", [const(3), const(8), const(3)], {"bias": Unknown("a flag")})
        assert str(forward(made, [_maker("float32")(2, 3, 8, 8)]).shape) == "(2, 8, 6, 6)"
        assert isinstance(made.bias, Unknown)


def test_packed_sequence_through_a_recurrent_layer() -> None:
    """Packing forgets the padded length, unpacking gives the longest back; the width follows the layer."""
    with using(Context()):
        packed = apply("torch.nn.utils.rnn.pack_padded_sequence", [_maker("float32")(2, 9, 4), Tensor(Shape.of(2))],
                       {"batch_first": True})  # fmt: skip
        assert isinstance(packed, PackedSequence)
        layer = construct("torch.nn.LSTM", [const(4), const(8)], {"batch_first": True, "bidirectional": True})
        out, (h, _) = forward(layer, [packed])
        padded, lengths = apply("torch.nn.utils.rnn.pad_packed_sequence", [out], {"batch_first": True})
        assert str(h.shape) == "(2, 2, 8)"
        assert str(padded.shape) == "(2, longest, 16)"
        assert str(lengths.shape) == "(2,)"
