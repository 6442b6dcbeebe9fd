"""The layers of similarity and distance along one dim; their functions stand with the products."""

from __future__ import annotations

from shapelint.ops.along import found, replaced
from shapelint.ops.families.pointwise import elementwise
from shapelint.ops.layout import fresh_like
from shapelint.ops.registry import entry_of, layer
from shapelint.ops.signature import Values
from shapelint.ops.tensor import ONE, Tensor


@layer("torch.nn.CosineSimilarity")
class CosineSimilarity:
    """(*a, D, *b), (*a, D, *b) -> (*a, *b): the broadcast of both without `dim`.

    https://docs.pytorch.org/docs/stable/generated/torch.nn.CosineSimilarity.html
    """

    def __init__(self, dim: int = 1, eps: Values = 1e-8) -> None:
        self.dim, self.eps = dim, eps

    def forward(self, x1: Tensor, x2: Tensor) -> Tensor:
        joint, at = found(elementwise(x1, x2, dtype=x1.dtype), self.dim)
        if joint.shape.known and joint.rank == 0:
            return joint
        return fresh_like(joint, replaced(joint.shape, at))


@layer("torch.nn.PairwiseDistance")
class PairwiseDistance:
    """(*, D), (*, D) -> (*), or (*, 1) with keepdim.

    https://docs.pytorch.org/docs/stable/generated/torch.nn.PairwiseDistance.html
    """

    def __init__(self, p: Values = 2.0, eps: Values = 1e-6, keepdim: bool = False) -> None:
        self.norm, self.eps, self.keepdim = p, eps, keepdim

    def forward(self, x1: Tensor, x2: Tensor) -> Tensor:
        joint, at = found(elementwise(x1, x2, dtype=x1.dtype), -1)
        if joint.shape.known and joint.rank == 0:
            return joint
        return fresh_like(joint, replaced(joint.shape, at, *((ONE,) if self.keepdim else ())))


entry_of(CosineSimilarity).gives("", "(B, D, H, W), (B, D, H, W)", "(B, H, W)")
entry_of(CosineSimilarity).gives("dim=-1", "(B, 1, D), (1, N, D)", "(B, N)")
entry_of(PairwiseDistance).gives("keepdim=True", "(B, D), (D,)", "(B, 1)")
entry_of(PairwiseDistance).fails("", "(2, 3), (2, 4)", "do not broadcast")
