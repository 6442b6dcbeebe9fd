"""Losses of scores against classes: cross entropy, margins, CTC."""

from __future__ import annotations

from shapelint.ops.families.loss import LEGACY, as_torch, loss, need_same
from shapelint.ops.families.parameter import need_vector
from shapelint.ops.families.pointwise import broadcast_all
from shapelint.ops.needs import (
    CannotRun,
    Trouble,
    is_equal,
    need,
    need_at_least,
    need_equal,
    need_rank,
    number,
)
from shapelint.ops.registry import layer
from shapelint.ops.signature import Values
from shapelint.ops.tensor import FLOATING, ONE, Tensor
from shapelint.shapes import Shape


def _need_class_indices(input: Tensor, target: Tensor, weight: Values) -> Shape:
    """The shape of the target: (N, C, *d) needs (N, *d), (C,) needs () or (1,)."""
    rank = need_rank(input, *range(1, 64))
    need_vector(weight, input.shape[1 if rank > 1 else 0], "the weight", "the number of classes")
    if rank == 1:
        fits = target.rank == 0 or (target.rank == 1 and number(target.shape[0]) in (1, None))
        need(fits, f"the target is {target.shape} for one row of classes {input.shape}", Trouble.LAYER_INPUT)
        return Shape()
    wanted = Shape((input.shape[0], *input.shape[2:]))
    if target.rank != len(wanted):
        raise CannotRun(
            f"the target is {target.shape}, not {wanted} as the input {input.shape} asks", Trouble.LAYER_INPUT
        )
    for place, (a, b) in enumerate(zip(target.shape, wanted, strict=True)):
        need_equal(a, b, f"dim {place} of the target", f"dim {place and place + 1} of the input", Trouble.LAYER_INPUT)
    return wanted


INDEXED = "weight=None, size_average=None, ignore_index=-100, reduce=None, reduction='mean'"


@loss("nll_loss", "input, target", INDEXED, module="NLLLoss NLLLoss2d", made_with=INDEXED)
def nll_loss(input: Tensor, target: Tensor, weight: Values) -> Shape:
    """(N, C, *d), indices (N, *d) -> (), or (N, *d) with reduction='none'; (C,), () -> ()."""
    return _need_class_indices(input, target, weight)


CROSS = "weight=None, size_average=None, ignore_index=-100, reduce=None, reduction='mean', label_smoothing=0.0"


@loss("cross_entropy", "input, target", CROSS, module="CrossEntropyLoss", made_with=CROSS)
def cross_entropy(input: Tensor, target: Tensor, weight: Values) -> Shape:
    """(N, C, *d), indices (N, *d) or shares (N, C, *d) -> (), or (N, *d) with reduction='none'; N may be missing."""
    rank = need_rank(input, *range(1, 64))
    alike = rank == 1 and target.rank == 1 and is_equal(target.shape[0], input.shape[0])
    if target.rank != rank or (rank == 1 and not alike and target.dtype not in (None, *FLOATING)):
        return _need_class_indices(input, target, weight)
    if target.dtype is not None and target.dtype not in FLOATING:
        wanted = Shape((input.shape[0], *input.shape[2:]))
        raise CannotRun(
            f"the target is {target.shape}, class indices for {input.shape} are {wanted}", Trouble.LAYER_INPUT
        )
    need_vector(weight, input.shape[1 if rank > 1 else 0], "the weight", "the number of classes")
    if rank == 1 and number(target.shape[0]) == 1:
        return Shape()
    need_same(target, input, "the target", "the input")
    return Shape((input.shape[0], *input.shape[2:])) if rank > 1 else Shape()


cross_entropy.gives("(N, C), int64 (N,)", "()")
cross_entropy.gives("(N, C, H, W), int64 (N, H, W), reduction='none'", "(N, H, W)")
cross_entropy.gives("(N, C), (N, C), reduction='none'", "(N,)")
cross_entropy.fails("(4, 10), int64 (4, 1)", "the target is (4, 1), class indices for (4, 10) are (4,)")
cross_entropy.fails("(4, 10), int64 (5,)", "dim 0 of the target is 5, dim 0 of the input is 4")
nll_loss.fails("(4, 10, 7), int64 (4, 8)", "dim 1 of the target is 8, dim 2 of the input is 7")


@loss(
    "multi_margin_loss", "input, target",
    "p=1, margin=1.0, weight=None, size_average=None, reduce=None, reduction='mean'", module="MultiMarginLoss",
    made_with="p=1, margin=1.0, weight=None, size_average=None, reduce=None, reduction='mean'",
)  # fmt: skip
def multi_margin_loss(input: Tensor, target: Tensor, weight: Values) -> Shape:
    """(N, C), indices (N,) -> (), or (N,) with reduction='none'; N may be missing."""
    rank = need_rank(input, 0, 1, 2)
    _need_classes(input)
    need_vector(weight, input.shape[-1] if rank else ONE, "the weight", "the number of classes")
    rows = input.shape[0] if rank == 2 else ONE
    need_rank(target, 0, 1, what="the target")
    count = target.shape[0] if target.rank else ONE
    need_equal(count, rows, "the number of targets", "the number of rows", Trouble.LAYER_INPUT)
    return target.shape


def _need_classes(input: Tensor) -> None:
    if input.rank:
        need_at_least(input.shape[-1], 1, f"the input {input.shape} has no classes", Trouble.LAYER_INPUT)


@loss("multilabel_margin_loss", "input, target", LEGACY, module="MultiLabelMarginLoss")
def multilabel_margin_loss(input: Tensor, target: Tensor) -> Shape:
    """(N, C), (N, C) -> (), or (N,) with reduction='none'; N may be missing."""
    rank = need_rank(input, 0, 1, 2)
    _need_classes(input)
    need_same(target, input, "the target", "the input")
    return Shape.of(input.shape[0]) if rank == 2 else Shape()


@loss(
    "multilabel_soft_margin_loss", "input, target", f"weight=None, {LEGACY}", module="MultiLabelSoftMarginLoss",
    made_with=f"weight=None, {LEGACY}",
)  # fmt: skip
def multilabel_soft_margin_loss(input: Tensor, target: Tensor, weight: Values) -> Shape:
    """(*, C), (*, C) -> (), or (*) with reduction='none'."""
    rank = need_rank(input, *range(1, 64))
    shape = broadcast_all(input, target, *([weight] if isinstance(weight, Tensor) else []))
    return Shape(shape[: rank - 1] + shape[rank:])


@loss(
    "ctc_loss", "log_probs, targets", "input_lengths, target_lengths, blank=0, reduction='mean', zero_infinity=False",
)  # fmt: skip
def ctc_loss(log_probs: Tensor, targets: Tensor, input_lengths: Values, target_lengths: Values) -> Shape:
    """(T, N, C), (N, S), (N,), (N,) -> (), or (N,) with reduction='none'; N may be missing."""
    rank = need_rank(log_probs, 2, 3, what="log_probs")
    need_rank(targets, 1, 2, what="targets")
    size = log_probs.shape[1] if rank == 3 else ONE
    for lengths, what in ((input_lengths, "input_lengths"), (target_lengths, "target_lengths")):
        if isinstance(lengths, Tensor) and lengths.shape.known and (rank == 3 or lengths.rank == 1):
            need_vector(lengths, size, what, "the batch")
        elif isinstance(lengths, (tuple, list)):
            need_equal(len(lengths), size, f"the number of {what}", "the batch", Trouble.LAYER_INPUT)
    if targets.rank == 2:
        need_equal(targets.shape[0], size, "the rows of targets", "the batch", Trouble.LAYER_INPUT)
    return Shape.of(size) if rank == 3 else Shape()


@layer("torch.nn.CTCLoss")
class CTCLoss:
    """(T, N, C), (N, S), (N,), (N,) -> (), or (N,) with reduction='none'; N may be missing.

    https://docs.pytorch.org/docs/stable/generated/torch.nn.CTCLoss.html
    """

    def __init__(self, blank: Values = 0, reduction: Values = "mean", zero_infinity: Values = False) -> None:
        self.blank, self.reduction, self.zero_infinity = blank, reduction, zero_infinity

    def forward(self, log_probs: Tensor, targets: Tensor, input_lengths: Values, target_lengths: Values) -> Tensor:
        result: Tensor = ctc_loss.rule(
            log_probs, targets, input_lengths, target_lengths, self.blank, self.reduction, self.zero_infinity
        )
        return result


ctc_loss.gives("(T, N, C), int64 (N, S), int64 (N,), int64 (N,), reduction='none'", "(N,)")
ctc_loss.fails("(9, 4, 5), int64 (4, 3), int64 (3,), int64 (4,)", "the size of input_lengths is 3, the batch is 4")
as_torch(ctc_loss, "log_probs, targets", "input_lengths, target_lengths, blank=0, reduction=1, zero_infinity=False")
