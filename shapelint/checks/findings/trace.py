"""A program with the shape of each line beside it, and the lines that one line's shapes come from."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from shapelint.checks.findings.annotations import annotations_of, annotations_of_unmet
from shapelint.checks.model import Annotation
from shapelint.checks.verdicts.belief import weighed
from shapelint.checks.verdicts.lettering import Names
from shapelint.dims import Dim
from shapelint.interp.calls.parts_run import Analysis
from shapelint.interp.state.events import Evidence
from shapelint.interp.state.machine import Step
from shapelint.interp.state.trail import Items
from shapelint.interp.state.values import Choice, Value
from shapelint.ops.rows import SizesOf
from shapelint.ops.tensor import Tensor, Unknown
from shapelint.program import nodes
from shapelint.program.within import parts_of
from shapelint.program.written import text_of


@dataclass(frozen=True, slots=True)
class Shaped:
    """A value of one line: its name ("" where it has none), its shape as text, or why that is not known."""

    name: str
    shape: str | None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """One line that was followed: its values, its claims and their verdicts, and the lines that its names come from."""

    number: int
    function: str
    values: tuple[Shaped, ...] = ()
    claims: tuple[Annotation, ...] = ()
    uses: frozenset[int] = frozenset()


@dataclass(slots=True)
class _Gathering:
    """What is known of one line so far; in a loop the last turn counts."""

    function: str
    values: dict[str, Shaped] = field(default_factory=dict)
    uses: set[int] = field(default_factory=set)


def traced(module: nodes.Module, analysis: Analysis, steps: Sequence[Step]) -> list[Line]:
    """The lines of a program of which something is known, in the order of the file.

    A line that several functions share (a class's and its method's) is told of once.
    """
    names: dict[int, Names] = {}
    bound: dict[tuple[int, str], Step] = {}
    lines: dict[int, _Gathering] = {}
    for step in sorted(steps, key=lambda one: not one.is_input):
        value = _shaped(step, names.setdefault(id(step.evidence), Names(step.evidence)))
        used = set(_uses(step, bound))
        bound[id(step.evidence), step.name] = step
        if not step.name and value is None and not used:
            continue
        line = lines.setdefault(step.at[0], _Gathering(step.evidence.name))
        line.uses |= used
        line.values.pop(step.name, None)
        if value is not None:
            line.values[step.name] = value
    claims = [row for each in analysis.evidence for row in annotations_of(weighed(each), module.path)]
    claims += annotations_of_unmet(module, analysis, module.path)
    for claim in claims:
        lines.setdefault(claim.line, _Gathering(""))
    return [
        Line(
            number,
            line.function,
            tuple(line.values.values()),
            tuple(claim for claim in claims if claim.line == number),
            frozenset(line.uses - {number}),
        )
        for number, line in sorted(lines.items())
    ]


def behind(lines: Sequence[Line], number: int) -> list[Line]:
    """A line with all those that its shapes come from, in the order of the file."""
    by_number = {line.number: line for line in lines}
    wanted, found = [number], dict[int, Line]()
    while wanted:
        line = by_number.get(wanted.pop())
        if line is not None and line.number not in found:
            found[line.number] = line
            wanted += line.uses
    return [found[each] for each in sorted(found)]


def _uses(step: Step, bound: dict[tuple[int, str], Step]) -> Iterator[int]:
    """The lines on which the names were bound that a value is made of: in its function, else in the constructor."""
    scopes: list[Evidence] = [step.evidence]
    if step.evidence.constructor is not None:
        scopes.append(step.evidence.constructor)
    for part in _within(step.source):
        if isinstance(part, (nodes.Name, nodes.Attribute)):
            keys = ((id(scope), text_of(part)) for scope in scopes)
            source = next((bound[key] for key in keys if key in bound), None)
            if source is not None:
                yield source.at[0]


def _within(expr: nodes.Expr | None) -> Iterator[nodes.Expr]:
    if expr is not None:
        yield expr
        for part in parts_of(expr):
            yield from _within(part)


def _shaped(step: Step, names: Names) -> Shaped | None:
    """What is to be said of a value; nothing of one that has no shape, or of an input that may be anything."""
    if step.is_input and isinstance(step.value, Unknown):
        return None
    if isinstance(step.value, Unknown):
        return Shaped(step.name, None, step.value.reason)
    if isinstance(step.value, Tensor) and not step.value.shape.known and not step.value.shape.least_rank:
        return Shaped(step.name, None, "the number of dims is not known")
    text = _text(step.value, names)
    return None if text is None or text == step.name.rpartition(".")[2] else Shaped(step.name, text)


def _text(value: Value, names: Names) -> str | None:
    if isinstance(value, (Tensor, SizesOf, Dim)):
        return names.given(value)
    if isinstance(value, Items):
        parts = list(dict.fromkeys(_text(one, names) or "?" for one in value.items))
        if not value.whole:
            return f"[{', '.join([*parts, '...'])}]"
        return f"{len(value.items)} x {parts[0]}" if len(parts) == 1 < len(value.items) else f"[{', '.join(parts)}]"
    if isinstance(value, (tuple, Choice)) and value:
        parts = [_text(one, names) or "?" for one in (value.values if isinstance(value, Choice) else value)]
        if all(part == "?" for part in parts):
            return None
        if isinstance(value, Choice):
            return " or ".join(dict.fromkeys(parts))
        return f"[{', '.join(parts)}]"
    return None


def spans_of(module: nodes.Module) -> dict[str, tuple[int, int]]:
    """The first and last line of each function and class of a program, by the name that `contract` knows it by."""
    return dict(_spans(module.body, ""))


def _spans(body: Sequence[nodes.Stmt], around: str) -> Iterator[tuple[str, tuple[int, int]]]:
    for statement in body:
        if isinstance(statement, nodes.Function):
            yield around + statement.name, (statement.at[0], statement.at[2])
        elif isinstance(statement, nodes.Class):
            yield around + statement.name, (statement.at[0], statement.at[2])
            yield from _spans(statement.body, f"{around}{statement.name}.")
