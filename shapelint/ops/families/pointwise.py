"""Elementwise operators of one operand and of two that broadcast; those of three are in `blend.py`."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from shapelint.dims import Dim
from shapelint.ops.dtypes import floating, kind, promoted, real_part
from shapelint.ops.layout import kept
from shapelint.ops.needs import CannotRun, Trouble, current, need, need_at_least, need_equal
from shapelint.ops.registry import Op, add, op
from shapelint.ops.signature import Operand, Values
from shapelint.ops.tensor import Layout, Tensor, Unknown
from shapelint.shapes import NotKnown, Shape, broadcast


def broadcast_all(*operands: Tensor) -> Shape:
    """The shape that the operands broadcast to. Raises CannotRun; records the sizes that must be equal."""
    shape = operands[0].shape
    for operand in operands[1:]:
        together = broadcast(shape, operand.shape, current().facts)
        if together.conflict is not None:
            a, b = together.conflict
            raise CannotRun(
                f"{shape} and {operand.shape} do not broadcast: {a} against {b} in dim {together.axis}",
                Trouble.BROADCAST,
                together.conflict,
            )
        for a, b in together.equal:
            need_equal(a, b, f"a size of {shape}", f"that of {operand.shape}", Trouble.BROADCAST)
        for data, size in together.filled:
            current().assume_fills(data, size)
        shape = together.shape
    return shape


def joint_layout(shape: Shape, *operands: Tensor) -> Layout:
    """The layout of an elementwise result: that of the operands of full shape where they agree."""
    full = [operand for operand in operands if operand.shape == shape]
    if full and all(operand.layout == "contiguous" for operand in full):
        return "contiguous"
    if not full:
        return "contiguous" if all(operand.layout == "contiguous" for operand in operands) else None
    layouts = {kept(operand) for operand in full}
    return layouts.pop() if len(layouts) == 1 and len(full) == len(operands) else None


def elementwise(*operands: Tensor, dtype: str | None) -> Tensor:
    """The result of an operation on each element of the broadcast operands."""
    shape = broadcast_all(*operands)
    device = next((operand.device for operand in operands if operand.device), None)
    return Tensor(shape, joint_layout(shape, *operands), dtype, device)


def need_fits(value: Tensor, place: Tensor) -> None:
    """A value that is written must expand to the place that it is written to."""
    if not value.shape.known or not place.shape.known:
        return
    shape = broadcast_all(place, value)
    need(
        len(shape) == place.rank and not _grown(place, shape.dims),
        f"a value of shape {value.shape} does not fit into {place.shape}",
        Trouble.BROADCAST,
    )


def _grown(place: Tensor, sizes: tuple[Dim, ...]) -> bool:
    facts = current().facts
    pairs = zip(place.shape.dims, sizes, strict=True)
    return any(facts.equality(old, new) is False for old, new in pairs)


UNARY_SAME = ("abs absolute negative neg positive relu sign sgn square conj_physical ceil floor trunc fix frac").split()
UNARY_ALIAS = "conj detach resolve_conj resolve_neg".split()
UNARY_FLOAT = (
    "acos arccos acosh arccosh asin arcsin asinh arcsinh atan arctan atanh arctanh cos cosh deg2rad digamma erf erfc"
    " erfinv exp exp2 expm1 i0 lgamma log log10 log1p log2 rad2deg reciprocal rsqrt sigmoid sin sinc sinh sqrt tan tanh"
).split()
UNARY_BOOL = "isfinite isinf isnan isneginf isposinf isreal logical_not signbit".split()
BINARY_SAME = (
    "add sub subtract rsub mul multiply remainder fmod floor_divide maximum minimum fmax fmin pow bitwise_and"
    " bitwise_or bitwise_xor bitwise_left_shift bitwise_right_shift gcd lcm heaviside copysign nextafter"
).split()
BINARY_FLOAT = ("div divide true_divide atan2 arctan2 logaddexp logaddexp2 xlogy hypot igamma igammac ldexp").split()
BINARY_BOOL = (
    "eq ne not_equal lt less le less_equal gt greater ge greater_equal logical_and logical_or logical_xor"
).split()


def everywhere(name: str) -> tuple[str, str]:
    """The two spellings of an operator that is a function and a method."""
    return f"torch.{name}", f"torch.Tensor.{name}"


def same_shape(input: Tensor, dtype: str | None) -> Tensor:
    """A new tensor of the same shape, laid out as PyTorch lays it out."""
    return Tensor(input.shape, kept(input), dtype, input.device)


def _unary(dtype: Callable[[Tensor], str | None]) -> Callable[..., Tensor]:
    def rule(input: Tensor) -> Tensor:
        """(*) -> (*), element by element."""
        return same_shape(input, dtype(input))

    return rule


def _binary(dtype: Callable[[str | None], str | None]) -> Callable[..., Tensor]:
    def rule(input: Operand, other: Operand, *, alpha: Values = 1, rounding_mode: Values = None) -> Tensor:
        """(*a), (*b) -> their broadcast, element by element."""
        if all(operand.dtype is not None and operand.dtype.startswith("number ") for operand in (input, other)):
            raise NotKnown("torch takes no two numbers: one of them may be a tensor")
        common = promoted(input, other)
        if isinstance(rounding_mode, str):  # a division that rounds keeps integers
            return elementwise(input, other, dtype=_plain(common))
        return elementwise(input, other, dtype=dtype(common) if rounding_mode is None else None)

    return rule


def _alias(input: Tensor) -> Tensor:
    """(*) -> (*), the same elements."""
    return input


def _plain(dtype: str | None) -> str | None:
    return dtype and dtype.removeprefix("number ")


def _register(names: list[str], rule: Callable[..., Tensor]) -> None:
    for name in names:
        entry = Op(rule, everywhere(name))
        if rule.__name__ == "rule" and "other" in rule.__annotations__:
            entry.gives("(B, 1, D), (L, 1)", "(B, L, D)")
            entry.fails("(2, 3), (4,)", "3 against 4 in dim -1")
        else:
            entry.gives("(B, L)", "(B, L)")
        add(entry)


_register(UNARY_SAME, _unary(lambda input: input.dtype))
_register(UNARY_ALIAS, _alias)
_register(UNARY_FLOAT, _unary(lambda input: floating(input.dtype)))
_register(UNARY_BOOL, _unary(lambda input: "bool"))
_register(BINARY_SAME, _binary(_plain))
_register(BINARY_FLOAT, _binary(floating))
_register(BINARY_BOOL, _binary(lambda dtype: "bool"))
_register(
    ["float_power"], _binary(lambda dtype: dtype and ("complex128" if kind(_plain(dtype) or "") == 3 else "float64"))
)


@op("torch.bitwise_not", "torch.Tensor.bitwise_not")
def bitwise_not(input: Tensor) -> Tensor:
    """(*) -> (*). https://docs.pytorch.org/docs/stable/generated/torch.bitwise_not.html"""
    return same_shape(input, input.dtype)


@op(*everywhere("round"))
def round_(input: Tensor, *, decimals: Values = 0) -> Tensor:
    """(*) -> (*). https://docs.pytorch.org/docs/stable/generated/torch.round.html"""
    return same_shape(input, input.dtype)


@op(*everywhere("angle"))
def angle(input: Tensor) -> Tensor:
    """(*) -> (*). https://docs.pytorch.org/docs/stable/generated/torch.angle.html"""
    return same_shape(input, floating(real_part(input.dtype)))


@op(*everywhere("logit"), "torch.special.logit")
def logit(input: Tensor, eps: Values = None) -> Tensor:
    """(*) -> (*). https://docs.pytorch.org/docs/stable/generated/torch.logit.html"""
    return same_shape(input, floating(input.dtype))


@op(*everywhere("nan_to_num"))
def nan_to_num(input: Tensor, nan: Values = None, posinf: Values = None, neginf: Values = None) -> Tensor:
    """(*) -> (*). https://docs.pytorch.org/docs/stable/generated/torch.nan_to_num.html"""
    return same_shape(input, input.dtype)


@op("torch.polygamma", "torch.special.polygamma")
def polygamma(n: Dim, input: Tensor) -> Tensor:
    """n, (*) -> (*). https://docs.pytorch.org/docs/stable/generated/torch.polygamma.html"""
    need_at_least(n, 0, f"polygamma of order {n}")
    return same_shape(input, floating(input.dtype))


@op("torch.Tensor.polygamma")
def polygamma_of(input: Tensor, n: Dim) -> Tensor:
    """(*), n -> (*). https://docs.pytorch.org/docs/stable/generated/torch.Tensor.polygamma.html"""
    need_at_least(n, 0, f"polygamma of order {n}")
    return same_shape(input, floating(input.dtype))


@op(*everywhere("mvlgamma"), "torch.special.multigammaln")
def mvlgamma(input: Tensor, p: Dim) -> Tensor:
    """(*), p -> (*). https://docs.pytorch.org/docs/stable/generated/torch.mvlgamma.html"""
    need_at_least(p, 1, f"mvlgamma of {p} dims")
    return same_shape(input, floating(input.dtype))


class Frexp(NamedTuple):
    """What `frexp` returns."""

    mantissa: Tensor
    exponent: Tensor


@op(*everywhere("frexp"))
def frexp(input: Tensor) -> Frexp:
    """(*) -> (*), (*). https://docs.pytorch.org/docs/stable/generated/torch.frexp.html"""
    return Frexp(same_shape(input, input.dtype), same_shape(input, "int32"))


@op(*everywhere("isclose"))
def isclose(
    input: Tensor, other: Operand, rtol: Values = 1e-5, atol: Values = 1e-8, equal_nan: Values = False
) -> Tensor:
    """(*a), (*b) -> their broadcast. https://docs.pytorch.org/docs/stable/generated/torch.isclose.html"""
    return elementwise(input, other, dtype="bool")


@op(*everywhere("allclose"))
def allclose(
    input: Tensor, other: Tensor, rtol: Values = 1e-5, atol: Values = 1e-8, equal_nan: Values = False
) -> Unknown:
    """(*a), (*b) that broadcast -> a bool. https://docs.pytorch.org/docs/stable/generated/torch.allclose.html"""
    broadcast_all(input, other)
    return Unknown("whether the tensors are close depends on their elements")


allclose.fails("(2, 3), (4,)", "3 against 4 in dim -1")


@op(*everywhere("equal"))
def equal(input: Tensor, other: Tensor) -> Unknown:
    """(*a), (*b) -> a bool. https://docs.pytorch.org/docs/stable/generated/torch.equal.html"""
    return Unknown("whether the tensors are equal depends on their elements")


@op("torch.isin")
def isin(elements: Operand, test_elements: Operand, *, assume_unique: Values = False, invert: Values = False) -> Tensor:
    """(*a), (*b) -> (*a). https://docs.pytorch.org/docs/stable/generated/torch.isin.html"""
    return elements.made(elements.shape, "bool")


isin.gives("(B, L), (K,)", "(B, L)")


@op(*everywhere("fill"))
def fill(input: Tensor, value: Operand) -> Tensor:
    """(*), () -> (*). https://docs.pytorch.org/docs/stable/generated/torch.Tensor.fill_.html"""
    need(not value.shape.known or value.rank == 0, f"fills with a tensor of shape {value.shape}, not with one number")
    return same_shape(input, input.dtype)


fill.gives("(B, L), ()", "(B, L)")
fill.fails("(2, 3), (3,)", "not with one number")


@op(*(f"torch.Tensor.{name}_" for name in (
    "zero cauchy exponential geometric log_normal normal random uniform requires_grad share_memory apply".split()
)), "torch.zero_")  # fmt: skip
def filled_in_place(input: Tensor, *parameters: Values, **named: Values) -> Tensor:
    """(*) -> the same tensor, with other elements. https://docs.pytorch.org/docs/stable/tensors.html"""
    return input
