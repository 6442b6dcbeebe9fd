"""Linear maps of the last dim: linear and bilinear, as functions and as layers."""

from __future__ import annotations

from shapelint.dims import Dim, product
from shapelint.ops.families.parameter import need_vector, optional, weight_of
from shapelint.ops.families.pointwise import broadcast_all
from shapelint.ops.needs import CannotRun, Trouble, need, need_equal, need_rank, number, seeing
from shapelint.ops.registry import entry_of, layer, op
from shapelint.ops.signature import Values
from shapelint.ops.tensor import Tensor
from shapelint.shapes import Shape


def projected(input: Tensor, in_features: Dim, out_features: Dim | None) -> Tensor:
    """(*, in_features) -> (*, out_features), or (*) where the weight is a vector."""
    input = seeing(input, 1)
    if input.shape.known and input.rank == 0:
        raise CannotRun("the input has no dims", Trouble.LAYER_INPUT)
    need_equal(input.shape[-1], in_features, "the last dim of the input", "in_features", Trouble.LAYER_INPUT)
    shape = input.shape.with_last() if out_features is None else input.shape.with_last(out_features)
    return input.made(shape)


@op("torch.nn.functional.linear")
def linear(input: Tensor, weight: Tensor, bias: Values = None) -> Tensor:
    """(*, in_features), (out_features, in_features) -> (*, out_features).

    https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.linear.html
    """
    rank = need_rank(weight, 1, 2, what="the weight")
    if rank == 1:
        need(bias is None, "a bias beside a weight of 1 dim")
        return projected(input, weight.shape[0], None)
    made = projected(input, weight.shape[1], weight.shape[0])
    if isinstance(bias, Tensor) and bias.shape.known:
        if bias.rank == 1 and number(bias.shape[0]) != 1:
            need_vector(bias, weight.shape[0], "bias", "out_features")
        elif made.shape.known:
            need(bias.rank <= made.rank, f"the bias {bias.shape} for a result {made.shape}", Trouble.BROADCAST)
            broadcast_all(made, bias)
    return made


linear.gives("(B, L, D), (E, D)", "(B, L, E)")
linear.gives("(B, D), (D,)", "(B,)")
linear.fails("(2, 3), (5, 4)", "the last dim of the input is 3, in_features is 4")
linear.fails("(2, 3), (5, 3), (4,)", "the size of bias is 4, out_features is 5")


@layer("torch.nn.Linear")
class Linear:
    """(*, in_features) -> (*, out_features).

    https://docs.pytorch.org/docs/stable/generated/torch.nn.Linear.html
    """

    def __init__(self, in_features: Dim, out_features: Dim, bias: Values = True) -> None:
        self.in_features, self.out_features = in_features, out_features
        self.weight = weight_of(out_features, in_features)
        self.bias = optional(bias, out_features)

    def forward(self, input: Tensor) -> Tensor:
        return projected(input, self.in_features, self.out_features)


@layer("torch.nn.modules.linear.NonDynamicallyQuantizableLinear")
class NonDynamicallyQuantizableLinear(Linear):
    """(*, in_features) -> (*, out_features)."""


@layer("torch.nn.LazyLinear")
class LazyLinear:
    """(*, D) -> (*, out_features), whatever D is. https://docs.pytorch.org/docs/stable/generated/torch.nn.LazyLinear.html"""

    def __init__(self, out_features: Dim, bias: Values = True) -> None:
        self.out_features = out_features
        self.weight = Tensor(Shape.unknown("weight"))
        self.bias = optional(bias, out_features)

    def forward(self, input: Tensor) -> Tensor:
        input = seeing(input, 1)
        need(not input.shape.known or input.rank > 0, "the input has no dims", Trouble.LAYER_INPUT)
        return projected(input, input.shape[-1], self.out_features)


entry_of(Linear).gives("D, E", "(B, L, D)", "(B, L, E)")
entry_of(Linear).fails("4, 8", "(2, 3)", "the last dim of the input is 3, in_features is 4")
entry_of(LazyLinear).gives("E", "(B, L, D)", "(B, L, E)")


def _bilinear(input1: Tensor, input2: Tensor, sizes: tuple[Dim, Dim, Dim]) -> Tensor:
    out, in1, in2 = sizes
    input1, input2 = seeing(input1, 1), seeing(input2, 1)
    if input1.shape.known and input2.shape.known:
        text = f"input1 {input1.shape} and input2 {input2.shape} differ in their leading dims"
        need(input1.rank == input2.rank > 0, text, Trouble.LAYER_INPUT)
        for a, b in zip(input1.shape[:-1], input2.shape[:-1], strict=True):
            need_equal(a, b, "a leading dim of input1", "that of input2", Trouble.LAYER_INPUT)
    need_equal(input1.shape[-1], in1, "the last dim of input1", "in1_features", Trouble.LAYER_INPUT)
    need_equal(input2.shape[-1], in2, "the last dim of input2", "in2_features", Trouble.LAYER_INPUT)
    return input1.made(input1.shape.with_last(out))


@op("torch.nn.functional.bilinear", "torch.bilinear")
def bilinear(input1: Tensor, input2: Tensor, weight: Tensor, bias: Values = None) -> Tensor:
    """(*, in1), (*, in2), (out, in1, in2) -> (*, out).

    https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.bilinear.html
    """
    if input1.shape.known and number(product(input1.shape[:-1])) == 0:
        return input1.made(input1.shape.with_last(weight.shape[0]))  # nothing to multiply, nothing to check
    need_rank(weight, 3, what="the weight")
    need_vector(bias, weight.shape[0], "bias", "out_features")
    out, in1, in2 = weight.shape.dims
    return _bilinear(input1, input2, (out, in1, in2))


bilinear.gives("(B, L, D), (B, L, E), (F, D, E)", "(B, L, F)")
bilinear.fails("(2, 3), (4, 5), (6, 3, 5)", "a leading dim of input1 is 2, that of input2 is 4")


@layer("torch.nn.Bilinear")
class Bilinear:
    """(*, in1_features), (*, in2_features) -> (*, out_features).

    https://docs.pytorch.org/docs/stable/generated/torch.nn.Bilinear.html
    """

    def __init__(self, in1_features: Dim, in2_features: Dim, out_features: Dim, bias: Values = True) -> None:
        self.in1_features, self.in2_features, self.out_features = in1_features, in2_features, out_features
        self.weight = weight_of(out_features, in1_features, in2_features)
        self.bias = optional(bias, out_features)

    def forward(self, input1: Tensor, input2: Tensor) -> Tensor:
        return _bilinear(input1, input2, (self.out_features, self.in1_features, self.in2_features))


entry_of(Bilinear).gives("D, E, F", "(B, D), (B, E)", "(B, F)")


@op("torch.nn.functional.grouped_mm")
def grouped_mm(
    mat_a: Tensor, mat_b: Tensor, *, offs: Tensor | None = None, bias: Values = None, out_dtype: Values = None
) -> Tensor:
    """(G, M, K), (G, K, N) -> (G, M, N); one matrix in the place of G is cut at offs, (G,), along the dim they share.

    https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.grouped_mm.html
    """
    ranks = need_rank(mat_a, 2, 3, what="mat_a"), need_rank(mat_b, 2, 3, what="mat_b")
    need(ranks == (3, 3) or offs is not None, "offs are needed where a matrix has 2 dims")
    need_equal(mat_a.shape[-1], mat_b.shape[-2], "the last dim of mat_a", "that of mat_b", Trouble.MATMUL)
    rows, columns = mat_a.shape[-2], mat_b.shape[-1]
    if ranks == (3, 3):
        need_equal(mat_a.shape[0], mat_b.shape[0], "the groups of mat_a", "those of mat_b", Trouble.MATMUL)
    groups = () if 3 in ranks and ranks != (3, 3) else (mat_a.shape[0] if ranks == (3, 3) else _count(offs),)
    return Tensor(Shape((*groups, rows, columns)), None, mat_a.dtype, mat_a.device)


def _count(offs: Tensor | None) -> Dim:
    assert offs is not None
    need_rank(offs, 1, what="offs")
    return offs.shape[0]


grouped_mm.gives("(G, M, K), (G, K, N)", "(G, M, N)")


@op("torch.nn.functional.scaled_mm")
def scaled_mm(mat_a: Tensor, mat_b: Tensor, *scales: Values, **more: Values) -> Tensor:
    """(M, K), (K, N) -> (M, N). https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.scaled_mm.html"""
    need_rank(mat_a, 2, what="mat_a")
    need_rank(mat_b, 2, what="mat_b")
    need_equal(mat_a.shape[1], mat_b.shape[0], "the columns of mat_a", "the rows of mat_b", Trouble.MATMUL)
    return Tensor(Shape.of(mat_a.shape[0], mat_b.shape[1]), None, None, mat_a.device)
