"""Where a value was reduced along one dim, as it is written: `x.sum(1)`, `torch.mean(x, dim=-1) + eps`."""

from __future__ import annotations

from dataclasses import dataclass

from shapelint.interp.state.machine import Frame
from shapelint.interp.state.provenance import MOST_LINKS, called, is_of_module, last_given, literal
from shapelint.program import nodes

REDUCING = frozenset("sum mean std var prod amax amin logsumexp norm nansum nanmean".split())
KEEPING_ALL = frozenset("clamp clamp_min sqrt rsqrt log exp abs float double half pow detach clone to".split())
"""What leaves each element where it is."""


@dataclass(frozen=True, slots=True)
class Reduction:
    """A reduction along one dim that is not kept: of what, and which dim."""

    name: str
    subject: nodes.Expr
    dim: int


def reduction_of(frame: Frame, expr: nodes.Expr | None) -> Reduction | None:
    """The reduction that gave a value, behind names, added numbers and what changes elements alone."""
    for _ in range(MOST_LINKS):
        if isinstance(expr, nodes.Name):
            expr = last_given(frame, expr)
        elif isinstance(expr, nodes.Binary) and expr.op in "+*/-":
            expr = _beside_a_number(expr)
        elif isinstance(expr, nodes.Call) and called(expr) in KEEPING_ALL:
            expr = _subject(expr)
        else:
            break
    return _reduction(expr) if isinstance(expr, nodes.Call) and called(expr) in REDUCING else None


def _beside_a_number(expr: nodes.Binary) -> nodes.Expr | None:
    """The side of a sum or product that is beside a number, `x.std(-1) + self.eps`; None where both may be tensors."""
    is_number = [isinstance(one, nodes.Constant) or _is_eps(one) for one in (expr.left, expr.right)]
    return (expr.left if is_number[1] else expr.right) if is_number[0] is not is_number[1] else None


def _is_eps(expr: nodes.Expr) -> bool:
    name = expr.attr if isinstance(expr, nodes.Attribute) else expr.id if isinstance(expr, nodes.Name) else ""
    return name.lower().rstrip("s").endswith(("ep", "epsilon"))


def _subject(call: nodes.Call) -> nodes.Expr | None:
    """What a method is called of, or a function of torch is given first."""
    func = call.func
    if isinstance(func, nodes.Attribute) and not is_of_module(func):
        return func.value
    first = call.args[0] if call.args else None
    return first.value if first is not None and first.keyword in (None, "input") and not first.star else None


def _reduction(call: nodes.Call) -> Reduction | None:
    subject, name = _subject(call), called(call)
    is_method = isinstance(call.func, nodes.Attribute) and not is_of_module(call.func)
    plain = [argument.value for argument in call.args if argument.keyword is None][0 if is_method else 1 :]
    named = {argument.keyword: argument.value for argument in call.args if argument.keyword}
    at = 1 if name == "norm" else 0
    if (
        subject is None
        or len(plain) > at + 1
        or {"keepdim", "keepdims"} & named.keys()
        or any(a.star for a in call.args)
    ):
        return None
    given = named.get("dim", named.get("axis", plain[at] if len(plain) > at else None))
    dim = literal(given) if given is not None else None
    return None if dim is None else Reduction(name, subject, dim)
