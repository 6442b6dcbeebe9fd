"""Operators of PyTorch that have no rule, each with the reason; docs/operators.md names them, a test holds it true."""

from __future__ import annotations

INTERNAL = "internal to PyTorch: other operators call it, people do not write it"
BACKWARD = "a gradient, which autograd calls"
COMPILED = "compiles the text of a kernel, whose shapes only that text tells"
HIGHER = "calls a function that it is given, under other shapes than those of its own arguments"
SPARSE = "of a compressed sparse tensor, whose parts have sizes that depend on its values"
BACKEND = "internal to one backend; the operator for all of them is known"
QUANTIZED = "of packed quantised weights, which have no shape"
REMOVED = "raises: it was taken out of PyTorch"
OUTSIDE = "reads memory or files whose size no code tells"

MISSING: dict[str, str] = {
    **dict.fromkeys(
        (
            "torch._batch_norm_with_update", "torch._native_batch_norm_legit", "torch._chunk_cat",
            "torch._unsafe_masked_index", "torch._unsafe_masked_index_put_accumulate",
            "torch._upsample_bilinear2d_aa", "torch._scaled_mm_v2", "torch._segment_reduce",
            "torch.ops.aten._efficient_attention_forward", "torch.ops.aten._flash_attention_forward",
        ),
        INTERNAL,
    ),
    **dict.fromkeys(
        (
            "torch._softmax_backward_data", "torch.max_pool2d_with_indices_backward",
            "torch.native_dropout_backward",
        ),
        BACKWARD,
    ),
    **dict.fromkeys(
        (
            "torch.jiterator_unary", "torch.jiterator_binary", "torch.jiterator_binary_return_by_ref",
            "torch.jiterator_2inputs_2outputs", "torch.jiterator_4inputs_with_extra_args",
        ),
        COMPILED,
    ),
    **dict.fromkeys(("torch.vmap", "torch.cond", "torch.while_loop", "torch.Tensor.map_"), HIGHER),
    **dict.fromkeys(
        (
            "torch.Tensor.values", "torch.Tensor.indices", "torch.Tensor.crow_indices", "torch.Tensor.col_indices",
            "torch.Tensor.ccol_indices", "torch.Tensor.row_indices", "torch.Tensor.sparse_resize_",
            "torch.segment_reduce",
        ),
        SPARSE,
    ),
    **dict.fromkeys(
        ("torch.cudnn_convolution", "torch.miopen_convolution", "torch.mkldnn_convolution", "torch.cudnn_batch_norm"),
        BACKEND,
    ),
    **dict.fromkeys(("torch.quantized_lstm", "torch.quantized_gru", "torch.fbgemm_linear_int8_weight"), QUANTIZED),
    **dict.fromkeys(("torch.symeig", "torch.lstsq", "torch.eig", "torch.solve", "torch.matrix_rank"), REMOVED),
    **dict.fromkeys(("torch.frombuffer", "torch.from_file", "torch.from_dlpack", "torch.load"), OUTSIDE),
}  # fmt: skip
