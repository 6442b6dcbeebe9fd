"""Normalisation by channel: batch, instance and group norms, as functions and as layers."""

from __future__ import annotations

from typing import Any

from shapelint.dims import Dim, product
from shapelint.ops.families.parameter import need_vector, optional, truth
from shapelint.ops.layout import fresh_like
from shapelint.ops.needs import (
    CannotRun,
    Trouble,
    need,
    need_divides,
    need_equal,
    need_rank,
    number,
)
from shapelint.ops.registry import entry_of, layer, op
from shapelint.ops.signature import Sizes, Values
from shapelint.ops.tensor import Tensor
from shapelint.shapes import Shape

PAGE = "https://docs.pytorch.org/docs/stable/generated/torch.nn"


def _need_channels(input: Tensor, size: Dim, what: str) -> None:
    need_equal(input.shape[1], size, "the channel dim of the input", what, Trouble.LAYER_INPUT)


def _need_statistics(sizes: tuple[Dim, ...], input: Tensor, what: str) -> None:
    """Normalising in training over a single value is refused."""
    if number(product(sizes)) == 1:
        raise CannotRun(f"one value per {what} to normalise {input.shape} over", Trouble.LAYER_INPUT)


def _need_vectors(input: Tensor, tensors: tuple[Values, ...]) -> None:
    """Statistics, weight and bias must have as many elements as the input has channels."""
    for tensor, what in zip(tensors, ("running_mean", "running_var", "weight", "bias"), strict=True):
        if isinstance(tensor, Tensor) and tensor.shape.known:
            need_equal(
                product(tensor.shape.dims), input.shape[1], f"the size of {what}", "the channel dim of the input",
                Trouble.LAYER_INPUT,
            )  # fmt: skip


@op("torch.nn.functional.batch_norm")
def batch_norm(
    input: Tensor, running_mean: Values, running_var: Values, weight: Values = None, bias: Values = None,
    training: Values = False, momentum: Values = 0.1, eps: Values = 1e-5,
) -> Tensor:  # fmt: skip
    """(N, C, *) -> (N, C, *); the statistics and the weight are (C,).

    https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.batch_norm.html
    """
    if not input.shape.known or (input.rank and number(input.shape[0]) == 0):
        return fresh_like(input, input.shape)
    need(input.rank >= 2, f"the input has {input.rank} dims {input.shape}, not 2 or more", Trouble.LAYER_INPUT)
    if truth(training):
        _need_statistics((input.shape[0], *input.shape[2:]), input, "channel")
    _need_vectors(input, (running_mean, running_var, weight, bias))
    return fresh_like(input, input.shape)


batch_norm.gives("(B, C, H, W), (C,), (C,)", "(B, C, H, W)")
batch_norm.fails("(2, 3, 4), (5,), (5,)", "the size of running_mean is 5, the channel dim of the input is 3")


@op("torch.batch_norm")
def plain_batch_norm(
    input: Tensor, weight: Values, bias: Values, running_mean: Values, running_var: Values, training: Values,
    momentum: Values, eps: Values, cudnn_enabled: Values,
) -> Tensor:  # fmt: skip
    """(N, C, *) -> (N, C, *); the statistics and the weight are (C,)."""
    result: Tensor = batch_norm.rule(input, running_mean, running_var, weight, bias)
    return result


@op("torch.native_batch_norm")
def native_batch_norm(
    input: Tensor, weight: Values, bias: Values, running_mean: Values, running_var: Values, training: Values,
    momentum: Values, eps: Values,
) -> tuple[Tensor, Tensor, Tensor]:  # fmt: skip
    """(N, C, *) -> (N, C, *), and mean and inverse deviation of each channel, (0,) unless training.

    PyTorch looks at none of the sizes of weight, bias and statistics here.
    """
    result: Tensor = batch_norm.rule(input, None, None)
    trains = truth(training)
    size = Shape.unknown() if trains is None else Shape.of(input.shape[1] if trains else 0)
    return result, input.made(size), input.made(size)


@op("torch.nn.functional.instance_norm")
def instance_norm(
    input: Tensor, running_mean: Values = None, running_var: Values = None, weight: Values = None,
    bias: Values = None, use_input_stats: Values = True, momentum: Values = 0.1, eps: Values = 1e-5,
) -> Tensor:  # fmt: skip
    """(N, C, *) -> (N, C, *). https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.instance_norm.html"""
    if not input.shape.known:
        return fresh_like(input, input.shape)
    need(input.rank >= 2, f"the input has {input.rank} dims {input.shape}, not 2 or more", Trouble.LAYER_INPUT)
    if truth(use_input_stats):
        _need_statistics(input.shape[2:], input, "channel")
    _need_vectors(input, (running_mean, running_var, weight, bias))
    return fresh_like(input, input.shape)


instance_norm.gives("(B, C, H, W)", "(B, C, H, W)")
instance_norm.fails("(2, 3, 1)", "one value per channel")


@op("torch.instance_norm")
def plain_instance_norm(
    input: Tensor, weight: Values, bias: Values, running_mean: Values, running_var: Values, use_input_stats: Values,
    momentum: Values, eps: Values, cudnn_enabled: Values,
) -> Tensor:  # fmt: skip
    """(N, C, *) -> (N, C, *)."""
    result: Tensor = instance_norm.rule(input, running_mean, running_var, weight, bias, use_input_stats)
    return result


@op("torch.nn.functional.group_norm", "torch.group_norm")
def group_norm(
    input: Tensor, num_groups: Dim, weight: Values = None, bias: Values = None, eps: Values = 1e-5,
    cudnn_enabled: Values = True,
) -> Tensor:  # fmt: skip
    """(N, C, *) -> (N, C, *), num_groups dividing C.

    https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.group_norm.html
    """
    if not input.shape.known:
        return fresh_like(input, input.shape)
    need(input.rank >= 2, f"the input has {input.rank} dims {input.shape}, not 2 or more", Trouble.LAYER_INPUT)
    channels = input.shape[1]
    need(num_groups.value is None or num_groups.value > 0, f"num_groups is {num_groups}")
    need_divides(
        num_groups, channels, f"{channels} channels do not divide into {num_groups} groups", Trouble.LAYER_INPUT
    )
    _need_statistics((input.shape[0] * channels // num_groups, *input.shape[2:]), input, "group")
    need_vector(weight, channels, "weight", "the channel dim of the input")
    need_vector(bias, channels, "bias", "the channel dim of the input")
    return fresh_like(input, input.shape)


group_norm.gives("(B, 8*C, H, W), 8", "(B, 8*C, H, W)")
group_norm.fails("(2, 6, 4), 4", "6 channels do not divide into 4 groups")


@op("torch.native_group_norm")
def native_group_norm(
    input: Tensor, weight: Values, bias: Values, N: Dim, C: Dim, HxW: Dim, group: Dim, eps: Values,
) -> tuple[Tensor, Tensor, Tensor]:  # fmt: skip
    """(N, C, *) -> (N, C, *), and mean and inverse deviation: (N, group)."""
    need_divides(group, C, f"{C} channels do not divide into {group} groups", Trouble.LAYER_INPUT)
    return fresh_like(input, input.shape), input.with_shape(N, group), input.with_shape(N, group)


class ChannelNorm:
    """What batch and instance norms keep; `ranks` are the numbers of dims that the input may have."""

    ranks: tuple[int, ...]
    unbatched = False  # whether the lowest of these ranks is that of an input without N

    def __init__(
        self, num_features: Dim | None, eps: Values, momentum: Values, affine: Values, track_running_stats: Values,
        bias: Values,
    ) -> None:  # fmt: skip
        self.num_features, self.eps, self.momentum = num_features, eps, momentum
        self.affine, self.track_running_stats = affine, track_running_stats
        sizes = (num_features,) if num_features is not None else None
        self.weight = self._kept(affine, sizes)
        self.bias = self._kept(affine and bias if isinstance(affine, bool) else affine, sizes)
        self.running_mean = self._kept(track_running_stats, sizes)
        self.running_var = self._kept(track_running_stats, sizes)
        self.num_batches_tracked = Tensor(Shape(), "contiguous", "int64") if truth(track_running_stats) else None

    @staticmethod
    def _kept(flag: Values, sizes: Sizes | None) -> Any:
        if sizes is None:
            return Tensor(Shape.unknown("weight")) if truth(flag) else None
        return optional(flag, *sizes)

    @property
    def counted(self) -> bool:
        """Whether num_features surely stands in a tensor, so that the input must have as many channels."""
        return any(isinstance(one, Tensor) for one in (self.weight, self.running_mean))

    def forward(self, input: Tensor) -> Tensor:
        if not input.shape.known:
            return fresh_like(input, input.shape)
        rank = need_rank(input, *self.ranks, what=f"the input of {type(self).__name__}")
        channels = input.shape[0 if self.unbatched and rank == self.ranks[0] else 1]
        if self.num_features is not None and self.counted and number(input.shape[0]) != 0:
            need_equal(channels, self.num_features, "the channel dim of the input", "num_features", Trouble.LAYER_INPUT)
        return fresh_like(input, input.shape)


class BatchNorm(ChannelNorm):
    """(N, C, *) -> (N, C, *), C = num_features."""

    def __init__(
        self, num_features: Dim, eps: Values = 1e-5, momentum: Values = 0.1, affine: Values = True,
        track_running_stats: Values = True, *, bias: Values = True,
    ) -> None:  # fmt: skip
        super().__init__(num_features, eps, momentum, affine, track_running_stats, bias)


class LazyBatchNorm(ChannelNorm):
    """(N, C, *) -> (N, C, *), num_features taken from the input."""

    def __init__(
        self, eps: Values = 1e-5, momentum: Values = 0.1, affine: Values = True, track_running_stats: Values = True, *,
        bias: Values = True,
    ) -> None:  # fmt: skip
        super().__init__(None, eps, momentum, affine, track_running_stats, bias)


class InstanceNorm(ChannelNorm):
    """(N, C, *) -> (N, C, *), C = num_features where affine or tracking; N may be missing."""

    unbatched = True

    def __init__(
        self, num_features: Dim, eps: Values = 1e-5, momentum: Values = 0.1, affine: Values = False,
        track_running_stats: Values = False, *, bias: Values = True,
    ) -> None:  # fmt: skip
        super().__init__(num_features, eps, momentum, affine, track_running_stats, bias)


class LazyInstanceNorm(ChannelNorm):
    """(N, C, *) -> (N, C, *), num_features taken from the input; N may be missing."""

    unbatched = True

    def __init__(
        self, eps: Values = 1e-5, momentum: Values = 0.1, affine: Values = True, track_running_stats: Values = True, *,
        bias: Values = True,
    ) -> None:  # fmt: skip
        super().__init__(None, eps, momentum, affine, track_running_stats, bias)


def _register(kind: type, axes: int) -> type:
    name = f"{kind.__name__}{axes}d"
    ranks = (axes + 1, axes + 2) if kind in (InstanceNorm, LazyInstanceNorm) or axes == 1 else (axes + 2,)
    attributes = {"ranks": ranks, "__doc__": f"{kind.__doc__}\n\n{PAGE}.{name}.html"}
    return layer(f"torch.nn.{name}")(type(name, (kind,), attributes))


for _kind in (BatchNorm, LazyBatchNorm, InstanceNorm, LazyInstanceNorm):
    for _axes in (1, 2, 3):
        _made = entry_of(_register(_kind, _axes))
        if _axes == 2:
            _lazy = _kind in (LazyBatchNorm, LazyInstanceNorm)
            _made.gives("" if _lazy else "C, affine=True", "(B, C, H, W)", "(B, C, H, W)")
            _made.fails("" if _lazy else "3, affine=True", "(2, 3)", "has 2 dims (2, 3)")
            if not _lazy:
                _made.fails("3, affine=True", "(2, 4, 5, 5)", "the channel dim of the input is 4, num_features is 3")


@layer("torch.nn.SyncBatchNorm")
class SyncBatchNorm(BatchNorm):
    """(N, C, *) -> (N, C, *), C = num_features.

    https://docs.pytorch.org/docs/stable/generated/torch.nn.SyncBatchNorm.html
    """

    ranks = tuple(range(2, 64))

    def __init__(
        self, num_features: Dim, eps: Values = 1e-5, momentum: Values = 0.1, affine: Values = True,
        track_running_stats: Values = True, process_group: Values = None, *, bias: Values = True,
    ) -> None:  # fmt: skip
        super().__init__(num_features, eps, momentum, affine, track_running_stats, bias=bias)


@op("torch.nn.SyncBatchNorm.convert_sync_batchnorm")
def convert_sync_batchnorm(module: Values, process_group: Values = None) -> Any:
    """module -> the same module; no shape changes."""
    return module


@layer("torch.nn.GroupNorm")
class GroupNorm:
    """(N, C, *) -> (N, C, *), C = num_channels, which num_groups divides.

    https://docs.pytorch.org/docs/stable/generated/torch.nn.GroupNorm.html
    """

    def __init__(
        self, num_groups: Dim, num_channels: Dim, eps: Values = 1e-5, affine: Values = True, *, bias: Values = True
    ) -> None:
        need(num_groups.value is None or num_groups.value > 0, f"num_groups is {num_groups}")
        need_divides(num_groups, num_channels, f"{num_channels} channels do not divide into {num_groups} groups")
        self.num_groups, self.num_channels, self.eps, self.affine = num_groups, num_channels, eps, affine
        self.weight = optional(affine, num_channels)
        self.bias = optional(affine and bias if isinstance(affine, bool) else affine, num_channels)

    def forward(self, input: Tensor) -> Tensor:
        if input.shape.known and input.rank >= 2 and isinstance(self.weight, Tensor):
            _need_channels(input, self.num_channels, "num_channels")
        result: Tensor = group_norm.rule(input, self.num_groups)
        return result


entry_of(GroupNorm).gives("4, 8", "(B, 8, H, W)", "(B, 8, H, W)")
entry_of(GroupNorm).fails("4, 6", "(B, 6, H, W)", "6 channels do not divide into 4 groups")
entry_of(GroupNorm).fails("4, 8", "(2, 16, 4)", "the channel dim of the input is 16, num_channels is 8")
