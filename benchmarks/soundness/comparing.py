"""Calls as they ran, held against what is inferred of the functions that were called."""

from __future__ import annotations

import ast
import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeAlias

from benchmarks.soundness.recording import NEXT_TURN, Call, Seen, kind_of
from shapelint.cli.reading import modules, source_of
from shapelint.dims import Dim, Symbol
from shapelint.interp.objects.loader import Loader
from shapelint.interp.running.analysis import analyse
from shapelint.interp.state.events import Evidence
from shapelint.interp.state.machine import Step
from shapelint.interp.state.trail import Items
from shapelint.interp.state.values import Choice, Value
from shapelint.ops.tensor import Tensor, Unknown

Sizes: TypeAlias = dict[Symbol, int]


def fits(value: object, actual: Seen, sizes: Sizes) -> bool | None:
    """Whether a value that ran is one of those that were inferred; None where nothing is known. Learns sizes by it."""
    kind = kind_of(actual)
    if isinstance(value, Choice):
        return _one_fits(value, actual, sizes)
    if kind == "other":
        return None
    if isinstance(value, Tensor):
        return _shape_fits(value, actual[1], sizes) if kind == "tensor" else None if kind == "row" else False
    if isinstance(value, Unknown):  # a size where it was used as one
        size = value.first.size
        return _size_fits(size, actual, sizes) if size is not None and type(actual) is int else None
    if isinstance(value, Dim):
        return _size_fits(value, actual, sizes) if type(actual) is int else None if type(actual) is bool else False
    if value is None or type(value) is bool:
        return actual is value
    if isinstance(value, Items) and not value.whole:
        return None if kind == "row" else False
    if isinstance(value, (tuple, Items)):
        parts = value if isinstance(value, tuple) else value.items
        return _row_fits(parts, actual[1], sizes) if kind == "row" else None if kind == "tensor" else False
    return None


def _one_fits(choice: Choice, actual: Seen, sizes: Sizes) -> bool | None:
    answers = []
    for one in choice.values:
        learned = dict(sizes)
        answers.append((fits(one, actual, learned), learned))
    right = [learned for answer, learned in answers if answer is not False]
    if len(right) == 1:
        sizes.update(right[0])
    return any(answer for answer, _ in answers) or (None if right else False)


def _row_fits(parts: Sequence[object], actual: Sequence[Seen], sizes: Sizes) -> bool | None:
    if len(parts) != len(actual):
        return False
    answers = [fits(part, one, sizes) for part, one in zip(parts, actual, strict=True)]
    return False if False in answers else None if None in answers else True


def _shape_fits(tensor: Tensor, actual: tuple[int, ...], sizes: Sizes) -> bool | None:
    shape = tensor.shape
    front, back = shape.front, shape.back
    if len(actual) < len(front) + len(back) or (shape.known and len(actual) != len(front)):
        return False
    pairs = [*zip(front, actual, strict=False), *zip(reversed(back), reversed(actual), strict=False)]
    answers = [_size_fits(size, one, sizes) for size, one in pairs]
    if None in answers:  # what is made of sizes that stand further on
        answers = [_size_fits(size, one, sizes) for size, one in pairs]
    return False if False in answers else None if None in answers or not shape.known else True


def _size_fits(size: Dim, actual: int, sizes: Sizes) -> bool | None:
    if size.as_symbol is not None and size.as_symbol not in sizes:
        if not size.as_symbol.free:
            return None
        sizes[size.as_symbol] = actual
        return True
    if size.opaque or not all(symbol.free for symbol in size.symbols):
        return None
    try:
        return size.evaluate(sizes) == actual
    except (LookupError, ZeroDivisionError):
        return None


@dataclass(slots=True)
class Tally:
    """What came of it. A disagreement stands under its file, line and name; what follows it in a call is left out."""

    held: int = 0
    tensors: int = 0
    shapes: int = 0
    other_inputs: int = 0
    limited: set[tuple[str, str]] = field(default_factory=set)
    wrong: dict[tuple[str, int, str], str] = field(default_factory=dict)
    unreached: dict[tuple[str, int, str], str] = field(default_factory=dict)

    def add(self, other: Tally) -> None:
        """Count what came of one call more."""
        self.held += other.held
        self.tensors += other.tensors
        self.shapes += other.shapes
        self.other_inputs += other.other_inputs
        self.limited |= other.limited
        self.wrong |= other.wrong
        self.unreached |= other.unreached


@dataclass(slots=True)
class _Inferred:
    """What is inferred of one function: its inputs, and by line and name what its statements give."""

    evidence: Evidence
    inputs: dict[str, list[Value]] = field(default_factory=lambda: defaultdict(list))
    values: dict[tuple[int, str], list[Value]] = field(default_factory=lambda: defaultdict(list))

    @property
    def line(self) -> int:
        """The line of its `def`; 0 for a module."""
        return self.evidence.function.at[0] if self.evidence.function else 0

    @property
    def attributes(self) -> dict[str, Value]:
        """What it gives to attributes of `self`."""
        return {name: values[-1] for (_, name), values in self.values.items() if name.startswith("self.")}


def compare(path: str, calls: Sequence[Call], loader: Loader) -> Tally:
    """Hold the calls of one file's functions against what is inferred of them."""
    source = source_of(Path(path))
    steps: list[Step] = []
    for module in modules(source):
        analyse(module, loader, steps, takes_defaults=False)
    inferred: dict[int, _Inferred] = {}
    for step in steps:
        one = inferred.setdefault(id(step.evidence), _Inferred(step.evidence))
        (one.inputs[step.name] if step.is_input else one.values[step.at[0], step.name]).append(step.value)
    tally, lines, binding = Tally(), source.text.splitlines(), _binding(source.text)
    constructors = {id(one.evidence.constructor) for one in inferred.values()}
    set_anew = {name for key, one in inferred.items() if key not in constructors for name in one.attributes}
    for call in calls:
        call.held = {name: value for name, value in call.held.items() if name not in set_anew}
        line = _line_of(call, lines)
        found = [
            _compared(call, one, inferred.get(id(one.evidence.constructor)), lines, binding)
            for one in inferred.values()
            if one.line == line
        ]
        if found:
            tally.add(min(found, key=lambda one: (len(one.wrong), one.other_inputs)))
    return tally


def _line_of(call: Call, lines: Sequence[str]) -> int:
    """The line of the `def` that was called, below its decorators; 0 for a module."""
    if call.name == "<module>":
        return 0
    head = re.compile(rf"\s*(?:async )?def {call.name.rpartition('.')[2]}\b")
    return next((at for at in range(call.first_line, len(lines) + 1) if head.match(lines[at - 1])), -1)


def _suits(value: Value, actual: Seen, sizes: Sizes) -> bool:
    """Whether an input or an attribute is as inferred, where something is given for it.

    A constant or a list that `__init__` leaves may be another one by now: other methods set it, or change it.
    """
    is_constant = value is None or isinstance(value, bool) or (isinstance(value, Dim) and not value.symbols)
    changes = is_constant or isinstance(value, Items)
    return actual is None or changes or fits(value, actual, sizes) is not False


def _binding(text: str) -> set[int]:
    """The lines of statements that leave a value behind wherever they are reached."""
    try:
        nodes = list(ast.walk(ast.parse(text)))
    except (SyntaxError, ValueError):
        return set()
    assigned = {node.lineno for node in nodes if isinstance(node, ast.Assign) and _binds(node.targets)}
    return assigned | {node.lineno for node in nodes if isinstance(node, ast.Return) and node.value is not None}


def _binds(targets: Sequence[ast.expr]) -> bool:
    return all(
        _binds(target.elts)
        if isinstance(target, (ast.Tuple, ast.List))
        else isinstance(target, (ast.Name, ast.Attribute))
        for target in targets
    )


def _compared(
    call: Call, inferred: _Inferred, constructor: _Inferred | None, lines: Sequence[str], binding: set[int]
) -> Tally:
    tally, sizes = Tally(), Sizes()
    if inferred.evidence.limit:
        tally.limited.add((call.path, call.name))
        return tally
    attributes = constructor.attributes if constructor is not None else {}
    for _ in range(2):  # a size may be made of one that stands further on
        given = [
            _suits(value, call.given[name], sizes) for name in call.given for value in inferred.inputs.get(name, ())
        ]
        held = [_suits(value, call.held[name], sizes) for name, value in attributes.items() if name in call.held]
        if not all(given) or not all(held):
            tally.other_inputs += 1
            return tally
    reached, of_inputs = {line for line, _ in inferred.values}, dict(sizes)
    for line, name, actual in call.bound:
        text = lines[line - 1] if 0 < line <= len(lines) else ""
        if name == NEXT_TURN:
            sizes = dict(of_inputs)
        if re.match(r"\s*for\b", text):
            continue  # not each turn of a loop is followed
        if line not in reached and line in binding and len(reached) > 2:
            tally.unreached[call.path, line, ""] = text.strip()
        values = inferred.values.get((line, name), [])
        answers = [fits(value, actual, sizes) for value in values]
        if answers and all(answer is False for answer in answers):
            where = ", ".join(f"{symbol.name}={size}" for symbol, size in sizes.items())
            was = f"{told(values[-1])}, was {told_seen(actual)} ({where})"
            tally.wrong[call.path, line, name] = f"{was}: {text.strip()[:90]}"
            return tally
        tally.held += True in answers
        if kind_of(actual) == "tensor":
            tally.tensors += 1
            tally.shapes += True in answers
    return tally


def told(value: object) -> str:
    """An inferred value in one line."""
    if isinstance(value, Tensor):
        shape = value.shape
        return f"({', '.join([*map(str, shape.front), *([] if shape.known else ['...']), *map(str, shape.back)])})"
    if isinstance(value, (tuple, Items)):
        return f"[{', '.join(map(told, value if isinstance(value, tuple) else value.items))}]"
    if isinstance(value, Choice):
        return " or ".join(map(told, value.values))
    return str(value) if isinstance(value, (Dim, bool)) or value is None else type(value).__name__


def told_seen(actual: Seen) -> str:
    """A value that ran in one line."""
    if kind_of(actual) == "row":
        return f"[{', '.join(map(told_seen, actual[1]))}]"
    return str(actual[1]) if isinstance(actual, tuple) else str(actual)
