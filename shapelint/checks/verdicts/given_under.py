"""A size that the code gives to a call under the name by which a comment calls it."""

from __future__ import annotations

from shapelint.checks.verdicts.judged import Judged
from shapelint.checks.verdicts.right_for_some import wrong_sizes
from shapelint.dims import Dim
from shapelint.interp.state.events import Evidence
from shapelint.notation.model import Name
from shapelint.program import nodes
from shapelint.program.within import all_parts, roots
from shapelint.program.written import statements_of


def is_given_under_its_name(judged: Judged, evidence: Evidence) -> bool:
    """Whether every name that does not fit is that of an argument above, to which the code gives the size at hand.

    `(bins, 1, n_fft)` below `made = kernels(n_fft, bins=n_fft)` has the name by which the called function knows it.
    """
    match = judged.match
    if match is None or match.shape is None or match.shape.rest is not None or not wrong_sizes(judged):
        return False
    items = match.shape.spec.items
    names = [(items[place], size) for place, size in match.wrong]
    if not all(isinstance(item, Name) for item, _ in names):
        return False
    given = _arguments_above(evidence.function, judged.attached.at[0])
    return all(
        any(name == getattr(item, "text", "") and _is_size(value, size, evidence) for name, value in given)
        for item, size in names
    )


def _arguments_above(function: nodes.Function | None, line: int) -> list[tuple[str, nodes.Expr]]:
    """The arguments that calls of a function above a line are given by name."""
    statements = statements_of(function) if function is not None else ()
    return [
        (argument.keyword, argument.value)
        for statement in statements
        if statement.at[0] < line
        for part in all_parts(roots(statement))
        if isinstance(part, nodes.Call)
        for argument in part.args
        if argument.keyword is not None
    ]


def _is_size(value: nodes.Expr, size: Dim, evidence: Evidence) -> bool:
    """Whether an argument is what the code calls a size."""
    symbol = size.as_symbol
    if isinstance(value, nodes.Name):
        is_called_so = symbol is not None and symbol.name == value.id
        return is_called_so or any(name == value.id and found is size for name, _, found in evidence.named)
    if isinstance(value, nodes.Attribute):
        return symbol is not None and symbol.name.rpartition(".")[2] == value.attr
    return isinstance(value, nodes.Constant) and size.value is not None and value.value == size.value
