"""Losses that first project the input onto the classes: linear cross entropy and the adaptive softmax."""

from __future__ import annotations

from typing import NamedTuple

from shapelint.dims import Dim
from shapelint.ops.families.class_loss import cross_entropy
from shapelint.ops.families.parameter import optional, weight_of
from shapelint.ops.needs import Trouble, need, need_at_least, need_equal, need_rank
from shapelint.ops.registry import entry_of, layer, op
from shapelint.ops.signature import Sizes, Values
from shapelint.ops.tensor import Tensor, scalar
from shapelint.shapes import Shape


@op("torch.nn.functional.linear_cross_entropy")
def linear_cross_entropy(
    input: Tensor, linear_weight: Tensor, target: Tensor, *, linear_bias: Values = None, weight: Values = None,
    reduction: Values = "mean", ignore_index: Values = None, label_smoothing: Values = 0.0, options: Values = None,
) -> Tensor:  # fmt: skip
    """(N, D), (C, *d, D), target as of cross_entropy on (N, C, *d) -> (), or (N, *d) with reduction='none'."""
    need_rank(input, 1, 2)
    classes = need_rank(linear_weight, *range(2, 64), what="linear_weight") - 1
    need(classes == 1 or input.rank == 2, f"the input is {input.shape}, not (N, in_features)", Trouble.LAYER_INPUT)
    need_equal(
        input.shape[-1], linear_weight.shape[-1], "the last dim of the input", "that of linear_weight",
        Trouble.LAYER_INPUT,
    )  # fmt: skip
    if isinstance(linear_bias, Tensor) and linear_bias.shape.known:
        need(linear_bias.rank == classes, f"linear_bias is {linear_bias.shape} for a weight {linear_weight.shape}")
        for a, b in zip(linear_bias.shape, linear_weight.shape[:-1], strict=True):
            need_equal(a, b, "a size of linear_bias", "that of linear_weight", Trouble.LAYER_INPUT)
    logits = input.made(Shape((*input.shape[:-1], *linear_weight.shape[:-1])))
    result: Tensor = cross_entropy.rule(logits, target, weight, None, -100, None, reduction, label_smoothing)
    return result


linear_cross_entropy.gives("(N, D), (C, D), int64 (N,)", "()")
linear_cross_entropy.fails("(4, 3), (5, 2), int64 (4,)", "the last dim of the input is 3, that of linear_weight is 2")


@layer("torch.nn.LinearCrossEntropyLoss")
class LinearCrossEntropyLoss:
    """(N, in_features), target as of cross_entropy on (N, num_classes, *out_features) -> ()."""

    def __init__(
        self, in_features: Dim, num_classes: Dim, *, out_features: Sizes = (), bias: Values = False,
        reduction: Values = "mean", weight: Values = None, ignore_index: Values = None,
        label_smoothing: Values = 0.0, options: Values = None,
    ) -> None:  # fmt: skip
        self.in_features, self.num_classes, self.out_features = in_features, num_classes, out_features
        self.reduction, self.weight = reduction, weight
        self.linear_weight = weight_of(num_classes, *out_features, in_features)
        self.linear_bias = optional(bias, num_classes, *out_features)

    def forward(self, input: Tensor, target: Tensor) -> Tensor:
        result: Tensor = linear_cross_entropy.rule(
            input, self.linear_weight, target, weight=self.weight, reduction=self.reduction
        )
        return result


class Adaptive(NamedTuple):
    """The log probability of each target, and their mean loss."""

    output: Tensor
    loss: Tensor


@layer("torch.nn.AdaptiveLogSoftmaxWithLoss")
class AdaptiveLogSoftmaxWithLoss:
    """(N, in_features), (N,) -> output (N,) and loss (); N may be missing.

    https://docs.pytorch.org/docs/stable/generated/torch.nn.AdaptiveLogSoftmaxWithLoss.html
    """

    def __init__(
        self, in_features: Dim, n_classes: Dim, cutoffs: Sizes, div_value: Values = 4.0, head_bias: Values = False
    ) -> None:
        need(len(cutoffs) > 0, "cutoffs is empty")
        need_at_least(n_classes - 1, cutoffs[-1], f"the cutoff {cutoffs[-1]} of {n_classes} classes")
        self.in_features, self.n_classes = in_features, n_classes
        self.cutoffs = (*cutoffs, n_classes)

    def _rows(self, input: Tensor) -> Tensor:
        need_equal(input.shape[-1], self.in_features, "the last dim of the input", "in_features", Trouble.LAYER_INPUT)
        return input

    def forward(self, input_: Tensor, target_: Tensor) -> Adaptive:
        rank = need_rank(target_, 0, 1, what="the target")
        need_rank(input_, rank + 1)
        if rank:
            need_equal(
                input_.shape[0], target_.shape[0], "the rows of the input", "the number of targets",
                Trouble.LAYER_INPUT,
            )  # fmt: skip
        return Adaptive(self._rows(input_).made(target_.shape), scalar(input_.dtype))

    def log_prob(self, input: Tensor) -> Tensor:
        """(N, in_features) -> (N, n_classes)."""
        need_rank(input, 2)
        return self._rows(input).made(input.shape.with_last(self.n_classes))

    def predict(self, input: Tensor) -> Tensor:
        """(N, in_features) -> (N,)."""
        need_rank(input, 2)
        return self._rows(input).made(input.shape.with_last(), "int64")


entry_of(LinearCrossEntropyLoss).gives("D, C", "(N, D), int64 (N,)", "()")
entry_of(AdaptiveLogSoftmaxWithLoss).gives("D, 100, (10, 50)", "(N, D), int64 (N,)", "(N,), ()")
