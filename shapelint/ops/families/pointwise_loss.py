"""Losses that compare two tensors element by element."""

from __future__ import annotations

from shapelint.ops.families.loss import LEGACY, as_torch, into, loss, need_same
from shapelint.ops.families.pointwise import broadcast_all
from shapelint.ops.needs import (
    Trouble,
    need,
    need_equal,
)
from shapelint.ops.registry import layer
from shapelint.ops.signature import Values
from shapelint.ops.tensor import ONE, Tensor
from shapelint.shapes import Shape


def _weighted(input: Tensor, target: Tensor, weight: Values) -> Shape:
    shape = broadcast_all(input, target)
    if isinstance(weight, Tensor):
        need_same(weight, input, "the weight", "the input")
    return shape


@loss("l1_loss", "input, target", f"{LEGACY}, weight=None", module="L1Loss")
def l1_loss(input: Tensor, target: Tensor, weight: Values) -> Shape:
    """(*a), (*b) -> (): their broadcast, averaged or summed unless reduction='none'."""
    return _weighted(input, target, weight)


@loss("mse_loss", "input, target", f"{LEGACY}, weight=None", module="MSELoss")
def mse_loss(input: Tensor, target: Tensor, weight: Values) -> Shape:
    """(*a), (*b) -> (): their broadcast, averaged or summed unless reduction='none'."""
    return _weighted(input, target, weight)


@loss("smooth_l1_loss", "input, target", f"{LEGACY}, beta=1.0", module="SmoothL1Loss", made_with=f"{LEGACY}, beta=1.0")
def smooth_l1_loss(input: Tensor, target: Tensor) -> Shape:
    """(*a), (*b) -> (): their broadcast, averaged or summed unless reduction='none'."""
    return broadcast_all(input, target)


@loss(
    "huber_loss", "input, target", "reduction='mean', delta=1.0, weight=None", module="HuberLoss",
    made_with="reduction='mean', delta=1.0",
)  # fmt: skip
def huber_loss(input: Tensor, target: Tensor, weight: Values) -> Shape:
    """(*a), (*b) -> (): their broadcast, averaged or summed unless reduction='none'."""
    return _weighted(input, target, weight)


@loss(
    "kl_div", "input, target", f"{LEGACY}, log_target=False", module="KLDivLoss",
    made_with=f"{LEGACY}, log_target=False", words=("none", "mean", "sum", "batchmean"),
)  # fmt: skip
def kl_div(input: Tensor, target: Tensor) -> Shape:
    """(*a), (*b) -> (): their broadcast, averaged or summed unless reduction='none'."""
    return broadcast_all(input, target)


@loss(
    "poisson_nll_loss", "input, target",
    "log_input=True, full=False, size_average=None, eps=1e-08, reduce=None, reduction='mean'",
    module="PoissonNLLLoss",
    made_with="log_input=True, full=False, size_average=None, eps=1e-08, reduce=None, reduction='mean'",
)  # fmt: skip
def poisson_nll_loss(input: Tensor, target: Tensor) -> Shape:
    """(*a), (*b) -> (): their broadcast, averaged or summed unless reduction='none'."""
    return broadcast_all(input, target)


@loss(
    "hinge_embedding_loss", "input, target", f"margin=1.0, {LEGACY}", module="HingeEmbeddingLoss",
    made_with=f"margin=1.0, {LEGACY}",
)  # fmt: skip
def hinge_embedding_loss(input: Tensor, target: Tensor) -> Shape:
    """(*a), (*b) -> (): their broadcast, averaged or summed unless reduction='none'."""
    return broadcast_all(input, target)


@loss("soft_margin_loss", "input, target", LEGACY, module="SoftMarginLoss")
def soft_margin_loss(input: Tensor, target: Tensor) -> Shape:
    """(*a), (*b) -> (): the target broadcast to the input, averaged or summed unless reduction='none'."""
    return into(input, target)


mse_loss.gives("(B, D), (B, D)", "()")
mse_loss.gives("(B, D), (D,), reduction='none'", "(B, D)")
mse_loss.fails("(2, 3), (4,)", "do not broadcast: 3 against 4")
kl_div.gives("(B, D), (B, D), reduction='batchmean'", "()")
soft_margin_loss.fails("(3,), (2, 3)", "the broadcast is (2, 3), the input only (3,)")


@loss(
    "binary_cross_entropy", "input, target", f"weight=None, {LEGACY}", module="BCELoss",
    made_with=f"weight=None, {LEGACY}",
)  # fmt: skip
def binary_cross_entropy(input: Tensor, target: Tensor, weight: Values) -> Shape:
    """(*), (*) of one shape -> (), unless reduction='none'."""
    need_same(target, input, "the target", "the input")
    return into(input, weight) if isinstance(weight, Tensor) else input.shape


@loss(
    "binary_cross_entropy_with_logits", "input, target", f"weight=None, {LEGACY}, pos_weight=None",
    module="BCEWithLogitsLoss", made_with=f"weight=None, {LEGACY}, pos_weight=None",
)  # fmt: skip
def binary_cross_entropy_with_logits(input: Tensor, target: Tensor, weight: Values, pos_weight: Values) -> Shape:
    """(*), (*) of one shape -> (), unless reduction='none'; the weights broadcast."""
    need_same(target, input, "the target", "the input")
    return into(input, *(one for one in (weight, pos_weight) if isinstance(one, Tensor)))


binary_cross_entropy.gives("(B,), (B,)", "()")
binary_cross_entropy.fails("(4, 1), (4,)", "the target is (4,), the input is (4, 1)")
binary_cross_entropy_with_logits.gives("(B, K), (B, K), pos_weight=(K,), reduction='none'", "(B, K)")
binary_cross_entropy_with_logits.fails("(4, 3), (4,)", "the target is (4,), the input is (4, 3)")


@loss(
    "gaussian_nll_loss", "input, target", "var, full=False, eps=1e-06, reduction='mean'",
)  # fmt: skip
def gaussian_nll_loss(input: Tensor, target: Tensor, var: Values) -> Shape:
    """(*), (*), var of (*) or with a last dim of 1 or none -> (), unless reduction='none'."""
    if not isinstance(var, Tensor):
        return broadcast_all(input, target)
    rank = input.rank
    need(
        var.rank in (rank, rank - 1),
        f"var is {var.shape} for an input {input.shape}",
        Trouble.LAYER_INPUT,
    )
    if var.rank == rank - 1:
        for a, b in zip(var.shape, input.shape[:-1], strict=True):
            need_equal(a, b, f"a size of var {var.shape}", f"that of the input {input.shape}", Trouble.LAYER_INPUT)
        return broadcast_all(input, target, Tensor(Shape((*var.shape, ONE))))
    return broadcast_all(input, target, var)


@layer("torch.nn.GaussianNLLLoss")
class GaussianNLLLoss:
    """(*), (*), var of (*) or with a last dim of 1 or none -> (), unless reduction='none'.

    https://docs.pytorch.org/docs/stable/generated/torch.nn.GaussianNLLLoss.html
    """

    def __init__(self, *, full: Values = False, eps: Values = 1e-6, reduction: Values = "mean") -> None:
        self.full, self.eps, self.reduction = full, eps, reduction

    def forward(self, input: Tensor, target: Tensor, var: Values) -> Tensor:
        result: Tensor = gaussian_nll_loss.rule(input, target, var, self.full, self.eps, self.reduction)
        return result


gaussian_nll_loss.gives("(N, D), (N, D), (N, 1), reduction='none'", "(N, D)")

as_torch(binary_cross_entropy_with_logits, "input, target", "weight=None, pos_weight=None, reduction=1")
as_torch(hinge_embedding_loss, "input, target", "margin=1.0, reduction=1")
as_torch(kl_div, "input, target", "reduction=1, log_target=False")
as_torch(poisson_nll_loss, "input, target", "log_input, full, eps, reduction")
