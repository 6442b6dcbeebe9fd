"""The elementwise functions of torch.special, and those of mathematics that only stand there."""

from __future__ import annotations

from shapelint.ops.dtypes import floating, promoted
from shapelint.ops.families.pointwise import elementwise, same_shape
from shapelint.ops.registry import Op, add
from shapelint.ops.signature import Operand, Values
from shapelint.ops.tensor import Tensor

PAGE = "https://docs.pytorch.org/docs/stable/special.html#torch.special."

UNARY = """
    airy_ai bessel_j0 bessel_j1 bessel_y0 bessel_y1 digamma entr erf erfc erfcx erfinv exp2 expit expm1 gammaln i0 i0e
    i1 i1e log1p log_ndtr modified_bessel_i0 modified_bessel_i1 modified_bessel_k0 modified_bessel_k1 ndtr ndtri psi
    scaled_modified_bessel_k0 scaled_modified_bessel_k1 sinc spherical_bessel_j0
"""

BINARY = """
    chebyshev_polynomial_t chebyshev_polynomial_u chebyshev_polynomial_v chebyshev_polynomial_w gammainc gammaincc
    hermite_polynomial_h hermite_polynomial_he laguerre_polynomial_l legendre_polynomial_p
    shifted_chebyshev_polynomial_t shifted_chebyshev_polynomial_u shifted_chebyshev_polynomial_v
    shifted_chebyshev_polynomial_w xlog1py xlogy zeta
"""


def _unary(name: str) -> None:
    def rule(input: Tensor) -> Tensor:
        return same_shape(input, floating(input.dtype))

    rule.__doc__ = f"(*) -> (*), element by element.\n\n{PAGE}{name}"
    entry = Op(rule, (f"torch.special.{name}",))
    entry.gives("(B, L)", "(B, L)")
    add(entry)


def _binary(name: str) -> None:
    def rule(input: Operand, other: Operand) -> Tensor:
        return elementwise(input, other, dtype=floating(promoted(input, other)))

    if "polynomial" in name:

        def rule(input: Operand, n: Operand) -> Tensor:  # type: ignore[misc]
            return elementwise(input, n, dtype=floating(promoted(input, n)))

    rule.__doc__ = f"(*a), (*b) -> their broadcast, element by element.\n\n{PAGE}{name}"
    entry = Op(rule, (f"torch.special.{name}",))
    entry.gives("(B, 1, D), (L, 1)", "(B, L, D)")
    entry.fails("(2, 3), (4,)", "3 against 4 in dim -1")
    add(entry)


for _name in UNARY.split():
    _unary(_name)
for _name in BINARY.split():
    _binary(_name)


def _round(input: Tensor, *, decimals: Values = 0) -> Tensor:
    """(*) -> (*), element by element. https://docs.pytorch.org/docs/stable/special.html#torch.special.round"""
    return same_shape(input, input.dtype)


add(Op(_round, ("torch.special.round",)))
