"""Distributions made of other ones: independent dims, mixtures, transforms; and kl_divergence, which compares two."""

from __future__ import annotations

from shapelint.ops.families.distributions import Distribution
from shapelint.ops.families.pointwise import broadcast_all
from shapelint.ops.needs import current, need, seeing
from shapelint.ops.registry import layer, op
from shapelint.ops.signature import Operand, Values
from shapelint.ops.tensor import Tensor
from shapelint.shapes import NotKnown


def own(value: Values) -> Distribution:
    """The distribution of this room that a value stands for. Raises NotKnown."""
    found = getattr(value, "instance", value)  # an interpreter hands it over so
    if not isinstance(found, Distribution):
        raise NotKnown("a distribution that is not known")
    return found


@layer("torch.distributions.Independent")
class Independent(Distribution):
    """A distribution of batch (*a, *b) and event c, with the number of dims in b -> one of batch a and event (*b, *c).

    https://docs.pytorch.org/docs/stable/distributions.html#independent
    """

    def __init__(self, base_distribution: Values, reinterpreted_batch_ndims: int, validate_args: Values = None) -> None:
        self.base_dist = own(base_distribution)
        count, batch = reinterpreted_batch_ndims, current().settle(self.base_dist.batch)
        need(not batch.shape.known or count <= batch.rank, f"{count} dims of a batch {batch.shape}")
        batch = seeing(batch, count)
        rest = Tensor(batch.shape.with_last(dropping=count), None, batch.dtype, batch.device)
        moved = batch.shape[-count:] if count else ()
        self._made(rest, (*moved, *self.base_dist.event), self.base_dist.draws)


@layer("torch.distributions.MixtureSameFamily")
class MixtureSameFamily(Distribution):
    """One of batch (*a) over k, one of batch (*a, k) and event b -> a distribution of batch (*a) and event b.

    https://docs.pytorch.org/docs/stable/distributions.html#mixturesamefamily
    """

    def __init__(
        self, mixture_distribution: Values, component_distribution: Values, validate_args: Values = None
    ) -> None:
        self.mixture_distribution, self.component_distribution = own(mixture_distribution), own(component_distribution)
        parts = current().settle(self.component_distribution.batch)
        need(not parts.shape.known or parts.rank > 0, "the component distribution has no batch")
        batch = seeing(parts, 1).shape.with_last(dropping=1)
        self._made(
            Tensor(batch, None, parts.dtype, parts.device),
            self.component_distribution.event,
            self.component_distribution.draws,
        )


class Transform:
    """A function of each element by itself, which broadcasts with parameters of its own."""

    METHODS = frozenset({"forward", "log_abs_det_jacobian"})
    parameters: tuple[Tensor, ...] = ()

    def forward(self, x: Tensor) -> Tensor:
        """(*a) -> its broadcast with the parameters."""
        return Tensor(broadcast_all(x, *self.parameters), None, x.dtype, x.device)

    def log_abs_det_jacobian(self, x: Tensor, y: Tensor) -> Tensor:
        """(*a), (*a) -> (*a)."""
        return self.forward(x)


@layer(*(f"torch.distributions.{name}Transform" for name in "Abs Exp Sigmoid Softplus Tanh".split()))
class PlainTransform(Transform):
    """(*) -> (*). https://docs.pytorch.org/docs/stable/distributions.html#module-torch.distributions.transforms"""

    def __init__(self, cache_size: Values = 0) -> None:
        pass


@layer("torch.distributions.AffineTransform")
class AffineTransform(Transform):
    """(*a) with loc (*b) and scale (*c) -> their broadcast.

    https://docs.pytorch.org/docs/stable/distributions.html#torch.distributions.transforms.AffineTransform
    """

    def __init__(self, loc: Operand, scale: Operand, event_dim: int = 0, cache_size: Values = 0) -> None:
        if event_dim:
            raise NotKnown("a transform of rows")
        self.parameters = (loc, scale)


@layer("torch.distributions.PowerTransform")
class PowerTransform(Transform):
    """(*a) with an exponent (*b) -> their broadcast.

    https://docs.pytorch.org/docs/stable/distributions.html#torch.distributions.transforms.PowerTransform
    """

    def __init__(self, exponent: Operand, cache_size: Values = 0) -> None:
        self.parameters = (exponent,)


@layer("torch.distributions.ComposeTransform")
class ComposeTransform(Transform):
    """Several transforms, one after the other.

    https://docs.pytorch.org/docs/stable/distributions.html#torch.distributions.transforms.ComposeTransform
    """

    def __init__(self, parts: Values, cache_size: Values = 0) -> None:
        self.parameters = tuple(tensor for part in _transforms(parts) for tensor in part.parameters)


def _transforms(parts: Values) -> list[Transform]:
    """The transforms that a value stands for. Raises NotKnown."""
    given = parts if isinstance(parts, (tuple, list)) else (parts,)
    found = [own for part in given if isinstance(own := getattr(part, "instance", part), Transform)]
    if len(found) < len(given):
        raise NotKnown("a transform that is not known")
    return found


@layer("torch.distributions.TransformedDistribution")
class TransformedDistribution(Distribution):
    """A distribution and transforms of each element -> one of the broadcast batch and of the same event.

    https://docs.pytorch.org/docs/stable/distributions.html#transformeddistribution
    """

    def __init__(self, base_distribution: Values, transforms: Values, validate_args: Values = None) -> None:
        self.base_dist = own(base_distribution)
        drawn = ComposeTransform(transforms).forward(self.base_dist.sample())
        batch = drawn.shape.with_last(dropping=len(self.base_dist.event))
        event = drawn.shape[-len(self.base_dist.event) :] if self.base_dist.event else ()
        self._made(Tensor(batch, None, drawn.dtype, drawn.device), event, drawn.dtype)


@op("torch.distributions.kl_divergence", "torch.distributions.kl.kl_divergence")
def kl_divergence(p: Values, q: Values) -> Tensor:
    """Distributions of batch (*a) and (*b) -> their broadcast.

    https://docs.pytorch.org/docs/stable/distributions.html#module-torch.distributions.kl
    """
    mine, its = current().settle(own(p).batch), current().settle(own(q).batch)
    return Tensor(broadcast_all(mine, its), None, mine.dtype, mine.device)
