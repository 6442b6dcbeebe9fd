"""Activations, softmaxes and dropouts: functions and layers that keep the shape, from one table; and what does not."""

from __future__ import annotations

from typing import Any

from shapelint.dims import Dim
from shapelint.ops.along import check_dim
from shapelint.ops.families.parameter import parameters_of, weight_of
from shapelint.ops.layout import fresh_like, kept
from shapelint.ops.needs import CannotRun, Trouble, index_of, need, need_divides, need_equal, need_rank, number
from shapelint.ops.registry import Op, add, entry_of, layer, op
from shapelint.ops.signature import Values
from shapelint.ops.tensor import ONE, Tensor
from shapelint.shapes import RankNotKnown, Shape

PAGE = "https://docs.pytorch.org/docs/stable/generated/torch.nn"

ACTIVATIONS = {
    # function: (layer, parameters of the function, parameters of the layer)
    "celu": ("CELU", "alpha=1.0, inplace=False", "alpha=1.0, inplace=False"),
    "elu": ("ELU", "alpha=1.0, inplace=False", "alpha=1.0, inplace=False"),
    "gelu": ("GELU", "approximate='none'", "approximate='none'"),
    "hardshrink": ("Hardshrink", "lambd=0.5", "lambd=0.5"),
    "hardsigmoid": ("Hardsigmoid", "inplace=False", "inplace=False"),
    "hardswish": ("Hardswish", "inplace=False", "inplace=False"),
    "hardtanh": (
        "Hardtanh", "min_val=-1.0, max_val=1.0, inplace=False",
        "min_val=-1.0, max_val=1.0, inplace=False, min_value=None, max_value=None",
    ),
    "leaky_relu": ("LeakyReLU", "negative_slope=0.01, inplace=False", "negative_slope=0.01, inplace=False"),
    "logsigmoid": ("LogSigmoid", "", ""),
    "mish": ("Mish", "inplace=False", "inplace=False"),
    "relu": ("ReLU", "inplace=False", "inplace=False"),
    "relu6": ("ReLU6", "inplace=False", "inplace=False"),
    "rrelu": (
        "RReLU", "lower=0.125, upper=0.3333333333333333, training=False, inplace=False",
        "lower=0.125, upper=0.3333333333333333, inplace=False",
    ),
    "selu": ("SELU", "inplace=False", "inplace=False"),
    "sigmoid": ("Sigmoid", "", ""),
    "silu": ("SiLU", "inplace=False", "inplace=False"),
    "softplus": ("Softplus", "beta=1, threshold=20", "beta=1.0, threshold=20.0"),
    "softshrink": ("Softshrink", "lambd=0.5", "lambd=0.5"),
    "softsign": ("Softsign", "", ""),
    "tanh": ("Tanh", "", ""),
    "tanhshrink": ("Tanhshrink", "", ""),
    "threshold": ("Threshold", "threshold, value, inplace=False", "threshold, value, inplace=False"),
}  # fmt: skip
"""The elementwise activations."""

AS_TORCH = ["celu", "hardshrink", "rrelu", "selu", "threshold"]
"""Those that stand in torch itself too; the ones known from elsewhere (relu, sigmoid, tanh) are in pointwise.py."""

REFORMATTED = ("logsigmoid", "rrelu")
"""Those whose result may be laid out otherwise than the input."""

DROPOUTS = {
    # function: (layer, parameters, ranks that the function takes)
    "dropout": ("Dropout", "p=0.5, training=True, inplace=False", ()),
    "dropout1d": ("Dropout1d", "p=0.5, training=True, inplace=False", (2, 3)),
    "dropout2d": ("Dropout2d", "p=0.5, training=True, inplace=False", ()),
    "dropout3d": ("Dropout3d", "p=0.5, training=True, inplace=False", ()),
    "alpha_dropout": ("AlphaDropout", "p=0.5, training=False, inplace=False", ()),
    "feature_alpha_dropout": ("FeatureAlphaDropout", "p=0.5, training=False, inplace=False", ()),
}

ELEMENTWISE = frozenset(f"torch.nn.{row[0]}" for row in (*ACTIVATIONS.values(), *DROPOUTS.values()))
"""Layers that keep the shape whatever they are made with."""


def unchanged(input: Tensor) -> Tensor:
    """A new tensor of the input's shape, layout and dtype."""
    return Tensor(input.shape, kept(input), input.dtype, input.device)


def _layer(name: str, row: str, forward: Any, example: str) -> None:
    """Register a layer that keeps its parameters and applies `forward(self, input)`."""
    signature = parameters_of(row, "self")

    def __init__(self: Any, *values: Any) -> None:
        given = dict(zip(list(signature.parameters)[1:], values, strict=False))
        for key, value in given.items():
            setattr(self, key, value)
        _need_probability(given.get("p"))

    __init__.__signature__ = signature  # type: ignore[attr-defined]
    page = f"(*) -> (*), element by element.\n\n{PAGE}.{name}.html"
    made = layer(f"torch.nn.{name}")(type(name, (), {"__init__": __init__, "forward": forward, "__doc__": page}))
    entry_of(made).gives(example, "(B, C, L)", "(B, C, L)")


def _need_probability(p: Values) -> None:
    known = p if isinstance(p, float) else number(p) if isinstance(p, (int, Dim)) else None
    need(known is None or 0 <= known <= 1, f"a probability of {p}")


def _activation(name: str, module: str, row: str, module_row: str) -> None:
    result = (lambda input: fresh_like(input, input.shape)) if name in REFORMATTED else unchanged

    def rule(input: Tensor, *_: Any) -> Tensor:
        return result(input)

    def forward(self: Any, input: Tensor) -> Tensor:
        return result(input)

    rule.__doc__ = f"(*) -> (*), element by element.\n\n{PAGE}.functional.{name}.html"
    rule.__signature__ = parameters_of(row, "input: Tensor")  # type: ignore[attr-defined]
    names = [f"torch.nn.functional.{name}"]
    if name in AS_TORCH:
        names.append(f"torch.{name}")
    if name == "hardshrink":
        names.append("torch.Tensor.hardshrink")
    entry = Op(rule, tuple(names))
    add(entry)
    entry.gives("(B, L, D), 0.1, 20" if name == "threshold" else "(B, L, D)", "(B, L, D)")
    _layer(module, module_row, forward, "0.1, 20" if name == "threshold" else "")


def _dropout(name: str, module: str, row: str, ranks: tuple[int, ...]) -> None:
    def rule(input: Tensor, p: Values = 0.5, *_: Any) -> Tensor:
        _need_probability(p)
        if ranks and input.shape.known:
            need_rank(input, *ranks, what=f"the input of {name}")
        return unchanged(input)

    def forward(self: Any, input: Tensor) -> Tensor:
        if ranks and input.shape.known:
            need_rank(input, *ranks, what=f"the input of {module}")
        return unchanged(input)

    rule.__doc__ = f"(*) -> (*).\n\n{PAGE}.functional.{name}.html"
    rule.__signature__ = parameters_of(row, "input: Tensor")  # type: ignore[attr-defined]
    names = (f"torch.nn.functional.{name}", f"torch.{name}")
    entry = Op(rule, names if name in ("dropout", "alpha_dropout", "feature_alpha_dropout") else names[:1])
    add(entry)
    entry.gives("(B, C, L), 0.1", "(B, C, L)")
    _layer(module, "p=0.5, inplace=False", forward, "0.1")


for _name, (_module, _row, _module_row) in ACTIVATIONS.items():
    _activation(_name, _module, _row, _module_row)
for _name, (_module, _row, _ranks) in DROPOUTS.items():
    _dropout(_name, _module, _row, _ranks)


@op("torch.feature_dropout")
def feature_dropout(input: Tensor, p: Values, train: Values) -> Tensor:
    """(N, C, *) -> (N, C, *)."""
    _need_probability(p)
    return unchanged(input)


@op("torch.native_dropout")
def native_dropout(input: Tensor, p: Values, train: Values) -> tuple[Tensor, Tensor]:
    """(*) -> (*), and the mask of what was kept: (*)."""
    return unchanged(input), unchanged(input).typed("bool")


@layer("torch.nn.Identity", "transformer_lens.hook_points.HookPoint", "transformer_lens.HookPoint")
class Identity:
    """(*) -> (*), the very same tensor. https://docs.pytorch.org/docs/stable/generated/torch.nn.Identity.html"""

    def __init__(self, *args: Values, **kwargs: Values) -> None:
        pass

    def forward(self, input: Values) -> Values:
        return input


entry_of(Identity).gives("", "(B, L, D)", "(B, L, D)")


@op("torch.nn.functional.gumbel_softmax")
def gumbel_softmax(
    logits: Tensor, tau: Values = 1, hard: Values = False, eps: Values = 1e-10, dim: Values = -1
) -> Tensor:
    """(*) -> (*), along dim. https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.gumbel_softmax.html"""
    check_dim(logits, dim)
    return logits.made(logits.shape)


gumbel_softmax.gives("(B, D), hard=True", "(B, D)")


class SoftmaxLayer:
    """(*) -> (*), along dim."""

    def __init__(self, dim: Values = None) -> None:
        self.dim = dim

    def forward(self, input: Tensor) -> Tensor:
        check_dim(input, self.dim)
        return input.made(input.shape)


for _name in ("Softmax", "LogSoftmax", "Softmin"):
    _doc = f"{SoftmaxLayer.__doc__}\n\n{PAGE}.{_name}.html"
    _made = entry_of(layer(f"torch.nn.{_name}")(type(_name, (SoftmaxLayer,), {"__doc__": _doc})))
    _made.gives("-1", "(B, L, D)", "(B, L, D)")
    _made.fails("2", "(B, L)", "dim 2 of a tensor of 2 dims")


@layer("torch.nn.Softmax2d")
class Softmax2d:
    """(N, C, H, W) -> (N, C, H, W), along C; N may be missing.

    https://docs.pytorch.org/docs/stable/generated/torch.nn.Softmax2d.html
    """

    def __init__(self) -> None:
        pass

    def forward(self, input: Tensor) -> Tensor:
        if input.shape.known:
            need_rank(input, 3, 4, what="the input of Softmax2d")
        return input.made(input.shape)


entry_of(Softmax2d).gives("", "(B, C, H, W)", "(B, C, H, W)")
entry_of(Softmax2d).fails("", "(B, C)", "has 2 dims (B, C), not 3 or 4")


@op("torch.nn.functional.glu")
def glu(input: Tensor, dim: int = -1) -> Tensor:
    """(*a, 2*n, *b) -> (*a, n, *b), the dim that is halved being `dim`.

    https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.glu.html
    """
    shape = input.shape
    if not shape.known:
        if dim != -1 or not shape.back:
            raise RankNotKnown("the number of dims is not known")
        return fresh_like(input, shape.with_last(_half(shape[-1], dim)))
    need(input.rank > 0, "glu of a tensor of 0 dims", Trouble.LAYER_INPUT)
    at = index_of(dim, input.rank)
    sizes = shape.dims
    return fresh_like(input, Shape((*sizes[:at], _half(sizes[at], at), *sizes[at + 1 :])))


def _half(size: Dim, at: int) -> Dim:
    need_divides(2, size, f"glu halves dim {at}, which has {size}", Trouble.LAYER_INPUT)
    return size // 2


glu.gives("(B, 2*D)", "(B, D)")
glu.gives("(B, 8, H, W), 1", "(B, 4, H, W)")
glu.fails("(2, 5)", "glu halves dim 1, which has 5")


@layer("torch.nn.GLU")
class GLU:
    """(*a, 2*n, *b) -> (*a, n, *b). https://docs.pytorch.org/docs/stable/generated/torch.nn.GLU.html"""

    def __init__(self, dim: int = -1) -> None:
        self.dim = dim

    def forward(self, input: Tensor) -> Tensor:
        result: Tensor = glu.rule(input, self.dim)
        return result


entry_of(GLU).gives("1", "(B, 2*C, L)", "(B, C, L)")
entry_of(GLU).fails("", "(2, 3)", "glu halves dim 1, which has 3")


@op("torch.nn.functional.prelu", "torch.prelu", "torch.Tensor.prelu")
def prelu(input: Tensor, weight: Tensor) -> Tensor:
    """(N, C, *), (C,) or (1,) -> (N, C, *).

    https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.prelu.html
    """
    if weight.shape.known:
        need(weight.rank <= 1, f"the weight has {weight.rank} dims {weight.shape}, not 0 or 1")
        if weight.rank == 1:
            _need_slopes(input, weight.shape[0])
    return unchanged(input)


def _need_slopes(input: Tensor, count: Dim) -> None:
    """One slope serves all; more need as many channels, which a tensor of one dim has not."""
    if number(count) == 1 or not input.shape.known:
        return
    if input.rank == 0:
        raise CannotRun(f"{count} slopes for a tensor of 0 dims", Trouble.LAYER_INPUT)
    channels = input.shape[1] if input.rank > 1 else 1
    need_equal(channels, count, "the channel dim of the input", "the number of slopes", Trouble.LAYER_INPUT)


prelu.gives("(B, C, H, W), (C,)", "(B, C, H, W)")
prelu.fails("(2, 3, 4), (4,)", "the channel dim of the input is 3, the number of slopes is 4")


@layer("torch.nn.PReLU")
class PReLU:
    """(N, C, *) -> (N, C, *), num_parameters being 1 or C.

    https://docs.pytorch.org/docs/stable/generated/torch.nn.PReLU.html
    """

    def __init__(self, num_parameters: Dim = ONE, init: Values = 0.25) -> None:
        self.num_parameters, self.init = num_parameters, init
        self.weight = weight_of(num_parameters)

    def forward(self, input: Tensor) -> Tensor:
        _need_slopes(input, self.num_parameters)
        return unchanged(input)


entry_of(PReLU).gives("C", "(B, C, L)", "(B, C, L)")
entry_of(PReLU).fails("4", "(2, 3)", "the channel dim of the input is 3, the number of slopes is 4")
