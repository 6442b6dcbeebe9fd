"""Losses: each function states the shape before the reduction; the reduction and the layer come from its row."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

from shapelint.dims import Comparison, Dim
from shapelint.ops.dtypes import floating
from shapelint.ops.needs import (
    CannotRun,
    Trouble,
    current,
    need,
    need_at_least,
    need_equal,
    need_rank,
    number,
)
from shapelint.ops.parameter import need_vector, parameters_of, truth
from shapelint.ops.pointwise import broadcast_all
from shapelint.ops.registry import Op, add, layer
from shapelint.ops.signature import Values
from shapelint.ops.tensor import FLOATING, ONE, Tensor, scalar
from shapelint.shapes import NotKnown, Shape

PAGE = "https://docs.pytorch.org/docs/stable/generated/torch.nn"
LEGACY = "size_average=None, reduce=None, reduction='mean'"
NUMBERED = ("none", "mean", "sum")


def reduction_of(given: dict[str, Any]) -> str | None:
    """The word for the reduction asked for, None where it is not known; the two older flags come first."""
    average, reduce = given.get("size_average"), given.get("reduce")
    if average is not None or reduce is not None:
        averages = True if average is None else truth(average)
        reduces = True if reduce is None else truth(reduce)
        if averages is None or reduces is None:
            return None
        return "none" if not reduces else "mean" if averages else "sum"
    word = given.get("reduction", "mean")
    if isinstance(word, Dim):
        at = number(word)
        return NUMBERED[at] if at in (0, 1, 2) else None
    return word if isinstance(word, str) else None


def reduced(unreduced: Callable[[], Shape], given: dict[str, Any], words: tuple[str, ...], like: Tensor) -> Tensor:
    """The loss of the shape that is given, or a scalar where it is summed up."""
    word = reduction_of(given)
    need(word is None or word in words, f"reduction is {word!r}, not one of {', '.join(words)}")
    try:
        shape = unreduced()
    except NotKnown:
        if word in (None, "none"):
            raise
        shape = Shape()
    if word is None:
        raise NotKnown("the reduction is not known")
    dtype = floating(like.dtype)
    return scalar(dtype) if word != "none" else Tensor(shape, "contiguous", dtype, like.device)


def loss(
    name: str, tensors: str, row: str = LEGACY, *, module: str = "", made_with: str = LEGACY,
    words: tuple[str, ...] = ("none", "mean", "sum"),
) -> Callable[[Callable[..., Shape]], Op]:  # fmt: skip
    """Register a loss: `tensors` and `row` are the function's parameters, `made_with` those of the layer's constructor.

    The decorated function names those parameters that its shape depends on.
    """
    first = tensors.split(", ")

    def register(unreduced: Callable[..., Shape]) -> Op:
        signature = parameters_of(row, *(f"{word}: Tensor" for word in first))
        wanted = list(inspect.signature(unreduced).parameters)

        def rule(*values: Any) -> Tensor:
            given = dict(zip(signature.parameters, values, strict=True))
            return reduced(lambda: unreduced(*(given[key] for key in wanted)), given, words, values[0])

        rule.__doc__ = f"{unreduced.__doc__}\n\n{PAGE}.functional.{name}.html"
        rule.__signature__ = signature  # type: ignore[attr-defined]
        entry = Op(rule, (f"torch.nn.functional.{name}",))
        add(entry)
        if module:
            _register_layer(module, made_with, first, entry)
        return entry

    return register


def _register_layer(module: str, row: str, tensors: list[str], function: Op) -> None:
    """Register the layer that keeps a loss's options and applies it."""
    options = parameters_of(row, "self")
    listed = list(inspect.signature(function.rule).parameters)

    def __init__(self: Any, *values: Any) -> None:  # noqa: N807
        given = dict(zip(list(options.parameters)[1:], values, strict=True))
        for key, value in given.items():
            setattr(self, key, value)
        self.reduction = reduction_of(given) or given.get("reduction")

    def forward(self: Any, *values: Any) -> Any:
        rest = [getattr(self, key, None) for key in listed[len(tensors) :] if key not in ("size_average", "reduce")]
        named = [key for key in listed[len(tensors) :] if key not in ("size_average", "reduce")]
        kept = dict(zip(named, rest, strict=True))
        return function.rule(*values, *(kept.get(key) for key in listed[len(tensors) :]))

    __init__.__signature__ = options  # type: ignore[attr-defined]
    forward.__signature__ = parameters_of("", "self", *(f"{word}: Tensor" for word in tensors))  # type: ignore[attr-defined]
    doc = (function.rule.__doc__ or "").split("\n")[0]
    page = f"{doc}\n\n{PAGE}.{module}.html"
    layer(f"torch.nn.{module}")(type(module, (), {"__init__": __init__, "forward": forward, "__doc__": page}))


def _need_same(a: Tensor, b: Tensor, what_a: str, what_b: str) -> None:
    """Two tensors must have one shape."""
    if a.shape.known and b.shape.known:
        text = f"{what_a} is {a.shape}, {what_b} is {b.shape}"
        need(a.rank == b.rank, text, Trouble.LAYER_INPUT)
        for x, y in zip(a.shape, b.shape, strict=True):
            need_equal(x, y, f"a size of {what_a} {a.shape}", f"that of {what_b} {b.shape}", Trouble.LAYER_INPUT)


def _need_one_rank(*tensors: Tensor) -> int:
    ranks = [tensor.rank for tensor in tensors]
    shapes = ", ".join(str(tensor.shape) for tensor in tensors)
    need(len(set(ranks)) == 1, f"tensors of different numbers of dims: {shapes}", Trouble.LAYER_INPUT)
    return ranks[0]


def _weighted(input: Tensor, target: Tensor, weight: Values) -> Shape:
    shape = broadcast_all(input, target)
    if isinstance(weight, Tensor):
        _need_same(weight, input, "the weight", "the input")
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
    return _into(input, target)


def _into(input: Tensor, *others: Tensor) -> Shape:
    """The shape of the input, to which the others must broadcast."""
    shape = broadcast_all(input, *others)
    if shape.known and input.shape.known:
        grown = len(shape) != input.rank or any(
            current().facts.compare(a, b) is Comparison.NEVER for a, b in zip(shape, input.shape, strict=True)
        )
        need(not grown, f"the broadcast is {shape}, the input only {input.shape}", Trouble.BROADCAST)
    return input.shape


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
    _need_same(target, input, "the target", "the input")
    return _into(input, weight) if isinstance(weight, Tensor) else input.shape


@loss(
    "binary_cross_entropy_with_logits", "input, target", f"weight=None, {LEGACY}, pos_weight=None",
    module="BCEWithLogitsLoss", made_with=f"weight=None, {LEGACY}, pos_weight=None",
)  # fmt: skip
def binary_cross_entropy_with_logits(input: Tensor, target: Tensor, weight: Values, pos_weight: Values) -> Shape:
    """(*), (*) of one shape -> (), unless reduction='none'; the weights broadcast."""
    _need_same(target, input, "the target", "the input")
    return _into(input, *(one for one in (weight, pos_weight) if isinstance(one, Tensor)))


binary_cross_entropy.gives("(B,), (B,)", "()")
binary_cross_entropy.fails("(4, 1), (4,)", "the target is (4,), the input is (4, 1)")
binary_cross_entropy_with_logits.gives("(B, K), (B, K), pos_weight=(K,), reduction='none'", "(B, K)")
binary_cross_entropy_with_logits.fails("(4, 3), (4,)", "the target is (4,), the input is (4, 3)")


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


@loss(
    "nll_loss", "input, target", "weight=None, size_average=None, ignore_index=-100, reduce=None, reduction='mean'",
    module="NLLLoss", made_with="weight=None, size_average=None, ignore_index=-100, reduce=None, reduction='mean'",
)  # fmt: skip
def nll_loss(input: Tensor, target: Tensor, weight: Values) -> Shape:
    """(N, C, *d), indices (N, *d) -> (), or (N, *d) with reduction='none'; (C,), () -> ()."""
    return _need_class_indices(input, target, weight)


CROSS = "weight=None, size_average=None, ignore_index=-100, reduce=None, reduction='mean', label_smoothing=0.0"


@loss("cross_entropy", "input, target", CROSS, module="CrossEntropyLoss", made_with=CROSS)
def cross_entropy(input: Tensor, target: Tensor, weight: Values) -> Shape:
    """(N, C, *d), indices (N, *d) or probabilities (N, C, *d) -> (), or (N, *d) with reduction='none'; N may be missing."""
    rank = need_rank(input, *range(1, 64))
    if target.rank != rank or (rank == 1 and target.dtype not in (None, *FLOATING)):
        return _need_class_indices(input, target, weight)
    if target.dtype is not None and target.dtype not in FLOATING:
        wanted = Shape((input.shape[0], *input.shape[2:]))
        raise CannotRun(
            f"the target is {target.shape}, class indices for {input.shape} are {wanted}", Trouble.LAYER_INPUT
        )
    need_vector(weight, input.shape[1 if rank > 1 else 0], "the weight", "the number of classes")
    if rank == 1 and number(target.shape[0]) == 1:
        return Shape()
    _need_same(target, input, "the target", "the input")
    return Shape((input.shape[0], *input.shape[2:])) if rank > 1 else Shape()


cross_entropy.gives("(N, C), int64 (N,)", "()")
cross_entropy.gives("(N, C, H, W), int64 (N, H, W), reduction='none'", "(N, H, W)")
cross_entropy.gives("(N, C), (N, C), reduction='none'", "(N,)")
cross_entropy.fails("(4, 10), int64 (4, 1)", "the target is (4, 1), class indices for (4, 10) are (4,)")
cross_entropy.fails("(4, 10), int64 (5,)", "dim 0 of the target is 5, dim 0 of the input is 4")
nll_loss.fails("(4, 10, 7), int64 (4, 8)", "dim 1 of the target is 8, dim 2 of the input is 7")


@loss(
    "margin_ranking_loss", "input1, input2, target", f"margin=0, {LEGACY}", module="MarginRankingLoss",
    made_with=f"margin=0.0, {LEGACY}",
)  # fmt: skip
def margin_ranking_loss(input1: Tensor, input2: Tensor, target: Tensor) -> Shape:
    """(*a), (*b), (*c) of one rank -> (): their broadcast, averaged or summed unless reduction='none'."""
    _need_one_rank(input1, input2, target)
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
    _need_same(target, input, "the target", "the input")
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


TRIPLET = f"margin=1.0, p=2, eps=1e-06, swap=False, {LEGACY}"


@loss("triplet_margin_loss", "anchor, positive, negative", TRIPLET, module="TripletMarginLoss", made_with=TRIPLET)
def triplet_margin_loss(anchor: Tensor, positive: Tensor, negative: Tensor) -> Shape:
    """(*, D), (*, D), (*, D) -> (), or (*) with reduction='none'."""
    return _distances(anchor, positive, negative)


def _distances(anchor: Tensor, positive: Tensor, negative: Tensor) -> Shape:
    rank = _need_one_rank(anchor, positive, negative)
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
    _need_one_rank(anchor, positive, negative)
    if distance_function is not None:
        raise NotKnown("the distance function is the caller's own")
    return _distances(anchor, positive, negative)


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
triplet_margin_loss.gives("(N, D), (N, D), (N, D), reduction='none'", "(N,)")
cosine_embedding_loss.gives("(N, D), (N, D), (N,)", "()")
cosine_embedding_loss.fails("(4, 3), (3,), (4,)", "input2 has 1 dims (3,), not 2")
gaussian_nll_loss.gives("(N, D), (N, D), (N, 1), reduction='none'", "(N, D)")

AS_TORCH = (
    # loss, tensors, other parameters (the reduction is a number)
    (binary_cross_entropy_with_logits, "input, target", "weight=None, pos_weight=None, reduction=1"),
    (cosine_embedding_loss, "input1, input2, target", "margin=0.0, reduction=1"),
    (ctc_loss, "log_probs, targets", "input_lengths, target_lengths, blank=0, reduction=1, zero_infinity=False"),
    (hinge_embedding_loss, "input, target", "margin=1.0, reduction=1"),
    (kl_div, "input, target", "reduction=1, log_target=False"),
    (margin_ranking_loss, "input1, input2, target", "margin=0.0, reduction=1"),
    (poisson_nll_loss, "input, target", "log_input, full, eps, reduction"),
    (triplet_margin_loss, "anchor, positive, negative", "margin=1.0, p=2, eps=1e-06, swap=False, reduction=1"),
)
"""The losses that stand in torch itself too, where their other parameters come in another order."""


def _register_as_torch(function: Op, tensors: str, row: str) -> None:
    signature = parameters_of(row, *(f"{word}: Tensor" for word in tensors.split(", ")))
    listed = inspect.signature(function.rule).parameters

    def rule(*values: Any) -> Any:
        given = dict(zip(signature.parameters, values, strict=True))
        if isinstance(given["reduction"], int):
            given["reduction"] = NUMBERED[given["reduction"]]
        return function.rule(*(given.get(key, one.default) for key, one in listed.items()))

    rule.__doc__ = (function.rule.__doc__ or "").split("\n")[0]
    rule.__signature__ = signature  # type: ignore[attr-defined]
    add(Op(rule, (function.names[0].replace(".nn.functional", ""),)))


for _loss, _tensors, _row in AS_TORCH:
    _register_as_torch(_loss, _tensors, _row)
