"""Parameters and what is done with them: nn.Parameter, nn.Buffer, nn.init.*, and nn.utils' functions on them."""

from __future__ import annotations

import inspect
from typing import Any

from shapelint.dims import Dim, product
from shapelint.ops.needs import CannotRun, current, need, need_equal
from shapelint.ops.registry import Op, add, op
from shapelint.ops.signature import Values
from shapelint.ops.tensor import Tensor, Unknown, scalar
from shapelint.shapes import NotKnown, Shape


def weight_of(*sizes: Dim | int) -> Tensor:
    """A layer's own tensor of these sizes."""
    return Tensor(Shape.of(*sizes), "contiguous", "float32")


def truth(flag: Values) -> bool | None:
    """Whether a flag is set, None where that is not known."""
    if isinstance(flag, Dim):
        known = current().facts.value_of(flag)
        return None if known is None else known != 0
    return None if isinstance(flag, (Unknown, Tensor)) else bool(flag)


def optional(flag: Values, *sizes: Dim | int) -> Any:
    """A layer's own tensor that is only there if the flag is set: a Tensor, None, or Unknown."""
    known = truth(flag)
    if known is None:
        return Unknown("whether the layer has it depends on a flag")
    return weight_of(*sizes) if known else None


def need_vector(tensor: Values, size: Dim, what: str, what_size: str) -> None:
    """An optional tensor argument must be (size,), if it is there and known."""
    if not isinstance(tensor, Tensor) or not tensor.shape.known:
        return
    need(tensor.rank == 1, f"{what} has {tensor.rank} dims {tensor.shape}, not 1")
    need_equal(tensor.shape[0], size, f"the size of {what}", what_size)


@op("torch.nn.Parameter", "torch.nn.parameter.Parameter", "torch.nn.Buffer", "torch.nn.parameter.Buffer")
def parameter(data: Values = None, requires_grad: Values = True, persistent: Values = True) -> Tensor:
    """(*) -> (*): the tensor itself. https://docs.pytorch.org/docs/stable/generated/torch.nn.parameter.Parameter.html"""
    if data is None:
        return weight_of(0)
    if isinstance(data, Unknown):
        tensor = current().as_tensor(data)
        if tensor is None:
            raise NotKnown(data.reason)
        return tensor
    if not isinstance(data, Tensor):
        raise CannotRun(f"a parameter of a {type(data).__name__}, not a tensor")
    return data


parameter.gives("(B, D)", "(B, D)")


@op(
    "torch.nn.UninitializedParameter", "torch.nn.parameter.UninitializedParameter", "torch.nn.UninitializedBuffer",
    "torch.nn.parameter.UninitializedBuffer",
)  # fmt: skip
def uninitialized(requires_grad: Values = True, device: Values = None, dtype: Values = None) -> Tensor:
    """() -> a tensor whose shape is not known before it is first used.

    https://docs.pytorch.org/docs/stable/generated/torch.nn.parameter.UninitializedParameter.html
    """
    return Tensor(Shape.unknown("parameter"))


INITIALIZERS = {
    "uniform": "a=0.0, b=1.0, generator=None",
    "normal": "mean=0.0, std=1.0, generator=None",
    "trunc_normal": "mean=0.0, std=1.0, a=-2.0, b=2.0, generator=None",
    "constant": "val=0.0",
    "ones": "",
    "zeros": "",
    "eye": "",
    "dirac": "groups=1",
    "xavier_uniform": "gain=1.0, generator=None",
    "xavier_normal": "gain=1.0, generator=None",
    "kaiming_uniform": "a=0, mode='fan_in', nonlinearity='leaky_relu', generator=None",
    "kaiming_normal": "a=0, mode='fan_in', nonlinearity='leaky_relu', generator=None",
    "orthogonal": "gain=1, generator=None",
    "sparse": "sparsity=0.1, std=0.01, generator=None",
}
"""The functions of torch.nn.init, each with its parameters beside the tensor that it fills in place and returns."""

RANKS = {
    "eye": (2, 2), "dirac": (3, 5), "sparse": (2, 2), "xavier_uniform": (2, 99), "xavier_normal": (2, 99),
    "kaiming_uniform": (2, 99), "kaiming_normal": (2, 99), "orthogonal": (2, 99),
}  # fmt: skip
"""The fewest and the most dims that an initializer takes, where it does not take any number."""


_WORDS = {"None": None, "True": True, "False": False, "()": ()}


def _default(text: str) -> object:
    """A default as a row of a table writes it: a word, a quoted text or a number."""
    if text in _WORDS:
        return _WORDS[text]
    if text[0] in "'\"":
        return text[1:-1]
    try:
        return int(text)
    except ValueError:
        return float(text)


def parameters_of(row: str, *first: str) -> inspect.Signature:
    """A rule's signature from a row of a table, `p=0.5, inplace=False`, behind its `first` parameters."""
    found = []
    for word in (*first, *filter(None, row.split(", "))):
        name, _, default = word.partition("=")
        name, _, kind = name.partition(": ")
        value = _default(default) if default else inspect.Parameter.empty
        found.append(
            inspect.Parameter(name, inspect.Parameter.POSITIONAL_OR_KEYWORD, default=value, annotation=kind or "Values")
        )
    return inspect.Signature(found)


def _initializer(name: str, row: str) -> None:
    least, most = RANKS.get(name, (0, 99))

    def rule(tensor: Tensor, *_: Any) -> Tensor:
        if tensor.shape.known:
            need(least <= tensor.rank <= most, f"{name}_ of a tensor of {tensor.rank} dims {tensor.shape}")
        return tensor

    rule.__doc__ = (
        f"(*) -> (*), filled in place.\n\nhttps://docs.pytorch.org/docs/stable/nn.init.html#torch.nn.init.{name}_"
    )
    rule.__signature__ = parameters_of(row, "tensor: Tensor")  # type: ignore[attr-defined]
    add(Op(rule, (f"torch.nn.init.{name}_", f"torch.nn.init.{name}")))  # the second spelling is an older one


for _name, _row in INITIALIZERS.items():
    _initializer(_name, _row)


@op("torch.nn.init.calculate_gain")
def calculate_gain(nonlinearity: Values, param: Values = None) -> float:
    """A number. https://docs.pytorch.org/docs/stable/nn.init.html#torch.nn.init.calculate_gain"""
    return 1.0


@op("torch.nn.utils.clip_grad_norm_", "torch.nn.utils.clip_grad_norm", "torch.nn.utils.clip_grad.clip_grad_norm_")
def clip_grad_norm_(
    parameters: Values, max_norm: Values, norm_type: Values = 2.0, error_if_nonfinite: Values = False,
    foreach: Values = None,
) -> Tensor:  # fmt: skip
    """The norm of all gradients together: ().

    https://docs.pytorch.org/docs/stable/generated/torch.nn.utils.clip_grad_norm_.html
    """
    return scalar("float32")


@op("torch.nn.utils.get_total_norm")
def get_total_norm(
    tensors: Values, norm_type: Values = 2.0, error_if_nonfinite: Values = False, foreach: Values = None
) -> Tensor:
    """The norm of all tensors together: ().

    https://docs.pytorch.org/docs/stable/generated/torch.nn.utils.get_total_norm.html
    """
    return scalar("float32")


@op("torch.nn.utils.clip_grad_value_", "torch.nn.utils.clip_grads_with_norm_")
def clip_grad_value_(parameters: Values, *limits: Values, foreach: Values = None) -> None:
    """Changes the gradients in place, returns None.

    https://docs.pytorch.org/docs/stable/generated/torch.nn.utils.clip_grad_value_.html
    """


@op("torch.nn.utils.parameters_to_vector", "torch.nn.utils.convert_parameters.parameters_to_vector")
def parameters_to_vector(parameters: Values) -> Tensor:
    """(*a), (*b), ... -> (the number of all elements,).

    https://docs.pytorch.org/docs/stable/generated/torch.nn.utils.parameters_to_vector.html
    """
    listed = isinstance(parameters, (tuple, list)) and len(parameters) > 0
    if listed and all(isinstance(one, Tensor) and one.shape.known for one in parameters):
        return weight_of(sum((product(one.shape.dims) for one in parameters[1:]), product(parameters[0].shape.dims)))
    return weight_of(current().fresh("parameters"))


@op("torch.nn.utils.vector_to_parameters", "torch.nn.utils.convert_parameters.vector_to_parameters")
def vector_to_parameters(vec: Tensor, parameters: Values) -> None:
    """Fills the parameters in place, returns None.

    https://docs.pytorch.org/docs/stable/generated/torch.nn.utils.vector_to_parameters.html
    """


WRAPPERS = {
    "spectral_norm": "name='weight', n_power_iterations=1, eps=1e-12, dim=None",
    "weight_norm": "name='weight', dim=0",
    "remove_spectral_norm": "name='weight'",
    "remove_weight_norm": "name='weight'",
    "parametrizations.spectral_norm": "name='weight', n_power_iterations=1, eps=1e-12, dim=None",
    "parametrizations.weight_norm": "name='weight', dim=0",
    "parametrizations.orthogonal": "name='weight', orthogonal_map=None, use_trivialization=True",
    "parametrize.register_parametrization": "tensor_name, parametrization, unsafe=False",
    "parametrize.remove_parametrizations": "tensor_name, leave_parametrized=True",
    "fuse_conv_bn_eval": "bn, transpose=False",
    "fuse_linear_bn_eval": "bn",
    "prune.l1_unstructured": "name, amount, importance_scores=None",
    "prune.random_unstructured": "name, amount",
    "prune.ln_structured": "name, amount, n, dim, importance_scores=None",
    "prune.random_structured": "name, amount, dim",
    "prune.identity": "name",
    "prune.remove": "name",
    "convert_conv2d_weight_memory_format": "memory_format",
    "convert_conv3d_weight_memory_format": "memory_format",
}
"""The functions of torch.nn.utils that return the module they are given, with their other parameters."""


def _wrapper(name: str, row: str) -> None:
    def rule(module: Values, *_: Any) -> Any:
        return module

    rule.__doc__ = (
        "module -> the same module; no shape changes.\n\n"
        f"https://docs.pytorch.org/docs/stable/generated/torch.nn.utils.{name}.html"
    )
    rule.__signature__ = parameters_of(row, "module")  # type: ignore[attr-defined]
    add(Op(rule, (f"torch.nn.utils.{name}",)))


for _name, _row in WRAPPERS.items():
    _wrapper(_name, _row)
