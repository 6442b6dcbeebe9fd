"""Random tensors whose shape follows from the parameters of a distribution: normal, bernoulli, multinomial, poisson."""

from __future__ import annotations

from shapelint.dims import Dim
from shapelint.ops.dtypes import dtype_named
from shapelint.ops.families.create import made, sizes_of
from shapelint.ops.families.pointwise import elementwise, everywhere, same_shape
from shapelint.ops.needs import need, need_at_least
from shapelint.ops.registry import op
from shapelint.ops.signature import Values
from shapelint.ops.tensor import Tensor, Unknown
from shapelint.shapes import NotKnown


@op("torch.normal")
def normal(
    mean: Values, std: Values = 1.0, size: Values = None, *, dtype: Values = None, device: Values = None
) -> Tensor:
    """(*a), (*b) -> their broadcast; two numbers (or tensors of no dims) and sizes -> (*sizes).

    https://docs.pytorch.org/docs/stable/generated/torch.normal.html
    """
    for value in (mean, std):
        if isinstance(value, Unknown) and size is None:
            raise NotKnown(value.reason)
    tensors = [value for value in (mean, std) if isinstance(value, Tensor)]
    if tensors and size is None:
        return elementwise(*tensors, dtype=tensors[0].dtype)
    return made(sizes_of(size), dtype_named(dtype, "float32"), device)


normal.gives("(B, L), (L,)", "(B, L)")
normal.gives("0.0, 1.0, (B, L)", "(B, L)")


@op(*everywhere("bernoulli"))
def bernoulli(input: Tensor, p: Values = None) -> Tensor:
    """(*) -> (*). https://docs.pytorch.org/docs/stable/generated/torch.bernoulli.html"""
    return same_shape(input, input.dtype)


bernoulli.gives("(B, L)", "(B, L)")


@op("torch.poisson")
def poisson(input: Tensor) -> Tensor:
    """(*) -> (*). https://docs.pytorch.org/docs/stable/generated/torch.poisson.html"""
    return same_shape(input, input.dtype)


@op("torch.binomial")
def binomial(count: Tensor, prob: Tensor) -> Tensor:
    """(*a), (*b) -> their broadcast. https://docs.pytorch.org/docs/stable/distributions.html"""
    return elementwise(count, prob, dtype=count.dtype)


@op(*everywhere("multinomial"))
def multinomial(input: Tensor, num_samples: Dim, replacement: Values = False) -> Tensor:
    """(n,), k -> (k,); (m, n), k -> (m, k); k <= n without replacement.

    https://docs.pytorch.org/docs/stable/generated/torch.multinomial.html
    """
    need(input.rank in (1, 2), f"multinomial of a tensor of {input.rank} dims {input.shape}, not 1 or 2")
    need_at_least(num_samples, 1, f"{num_samples} samples")
    if replacement is False:
        reason = f"{num_samples} samples of {input.shape[-1]} without replacement"
        need_at_least(input.shape[-1], num_samples, reason)
    return input.made(input.shape.with_last(num_samples), "int64")


multinomial.gives("(B, V), k", "(B, k)")
multinomial.gives("(V,), 1", "(1,)")
multinomial.fails("(2, 3), 4", "4 samples of 3 without replacement")
multinomial.fails("(2, 3, 4), 1", "multinomial of a tensor of 3 dims")
