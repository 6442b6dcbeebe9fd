"""Where an operation that cannot run within calls is told: at the call whose doing it is, or where it stands itself.

A call is to blame for what it gives as it is: where the function hands its parameters on to what fails as they came, or
runs for another call. What a function has made of its parameters is its own affair, if it runs for no call at all.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from shapelint.interp.state.events import Failed, Needed
from shapelint.ops.needs import Trouble
from shapelint.program import nodes
from shapelint.program.within import all_parts, parts_of
from shapelint.program.written import statements_of, targets_of


def placed(event: Failed, path: str) -> Failed:
    """The event at the innermost place whose doing it is, of those in this file; its calls further out are left."""
    if event.trouble in _OF_WHAT_IS_GIVEN and event.pair is None:
        return event
    begin = 0
    for level, (_, file, fits) in enumerate(event.within):  # where one runs for another call, so does all within it
        if file != path or fits.difference([id(event.sites[level])]):
            begin = level + 1
    operands = _operands(event.blame)
    for level, (function, _, _) in enumerate(event.within):
        stands = event.blame if level == 0 else event.sites[level - 1]
        if not isinstance(function, nodes.Function):
            return event
        if level >= begin and not _says_what_it_takes(function) and _makes(function, stands, operands):
            return replace(event, at=stands.at, chain=event.chain[:level], sites=event.sites[:level])
        operands = _given(function, event.sites[level], operands)
    return event


_OF_WHAT_IS_GIVEN = (Trouble.CALL, Trouble.ARGUMENT)
"""What is wrong by no size, but by what a caller gives or leaves out."""


def left_out(event: Failed | Needed, placed: Failed) -> str:
    """`as it is called at line 45`, of the calls through which an event came that is told further in."""
    lines = [str(site.at[0]) for site in event.sites[len(placed.sites) :]]
    return "as it is called at line " + ", in the call at line ".join(lines) if lines else ""


def _says_what_it_takes(function: nodes.Function) -> bool:
    """Whether the shape of a parameter is stated, which a call has to obey."""
    return bool(function.described.claims)


def _makes(function: nodes.Function, expression: nodes.Expr, operands: Sequence[nodes.Expr]) -> bool:
    """Whether any of these operands of an expression is not a parameter as it came, or a part of one."""
    above = [one for one in statements_of(function) if one.at[0] < expression.at[0]]
    bound = {name for statement in above for name in targets_of(statement)}
    return not all(_is_as_it_came(part, bound) for part in operands)


def _given(function: nodes.Function, call: nodes.Expr, operands: Sequence[nodes.Expr]) -> list[nodes.Expr]:
    """What a call gives for the parameters that stand in some operands; all of it where that is not written there."""
    names = [param.name for param in function.params]
    used = {part.id for part in all_parts([*operands]) if isinstance(part, nodes.Name)}
    if not isinstance(call, nodes.Call) or any(argument.star for argument in call.args):
        return _operands(call)
    plain = [argument.value for argument in call.args if argument.keyword is None]
    by_place = dict(zip(names[names[:1] == ["self"] :], plain, strict=False))
    by_place.update({argument.keyword: argument.value for argument in call.args if argument.keyword is not None})
    return [value for name, value in by_place.items() if name in used] or _operands(call)


def _operands(expression: nodes.Expr) -> list[nodes.Expr]:
    if isinstance(expression, nodes.Call):
        whole = [expression.func.value] if isinstance(expression.func, nodes.Attribute) else []
        return [*whole, *(argument.value for argument in expression.args)]
    return parts_of(expression) or [expression]


def _is_as_it_came(part: nodes.Expr, bound: set[str]) -> bool:
    """Whether an operand is a parameter, with its dims in another order, a part of one, or made of constants."""
    match part:
        case nodes.Name(id=name):
            return name not in bound
        case nodes.Call(func=nodes.Attribute(attr=name)) if name in _KEEPING:
            return all(_is_as_it_came(one, bound) for one in _operands(part))
        case nodes.Call(args=args):
            return not any(isinstance(one, nodes.Name) for one in all_parts([argument.value for argument in args]))
        case _:
            return all(_is_as_it_came(one, bound) for one in parts_of(part))


_KEEPING = frozenset(
    "T mT t transpose permute swapaxes movedim float double half long int bool to type cuda cpu contiguous detach clone"
    " size dim requires_grad_".split()
)
"""The methods that leave a tensor's dims what they are, but for their order."""
