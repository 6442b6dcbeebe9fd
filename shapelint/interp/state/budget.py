"""How much work each part of a program may cost: much if it holds claims, else a share by the length of the file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from copy import copy
from dataclasses import fields, is_dataclass
from enum import Enum
from typing import Any, TypeAlias

from shapelint.program import nodes

STEPS_WITH_CLAIMS = 40_000
STEPS_WITH_INPUTS = 8_000
STEPS_WITHOUT = 1_500
"""A part without claims is looked at for what cannot run; the models that it builds are judged where they stand.

One that tells of what it is given alone, which is known from its beginning, is looked at for that a little longer.
"""

STEPS_OF_SCRIPT = 12_000
"""What the parts of a file that run as they stand, with sizes of their own, may cost together before that holds."""

STEPS_A_LINE = 80
LEAST_STEPS = 1_000
"""What a part without claims may cost where the file's share is spent: enough for the operations of its own."""


class Part(Enum):
    """What a part of a program is worth."""

    CLAIMS = "it holds claims"
    INPUTS = "it holds claims of its inputs, and no others"
    SCRIPT = "it runs as it stands: a statement of the module, a function without parameters"
    OTHER = "anyone may give it anything, and nothing is claimed of it"


class Budget:
    """The work that is left to the parts of one file that hold no claim. It depends on the file alone, not on time."""

    def __init__(self, module: nodes.Module) -> None:
        lines = module.body[-1].at[2] - module.body[0].at[0] + 1 if module.body else 0
        self._left = STEPS_A_LINE * lines
        self._left_to_script = STEPS_OF_SCRIPT

    def for_another_run(self) -> Budget:
        """One that lets each part go as far as it may have gone at first, before others had their share."""
        other = copy(self)
        other._left, other._left_to_script = STEPS_WITHOUT, STEPS_OF_SCRIPT
        return other

    def limit(self, part: Part) -> int:
        """How many steps a part may take."""
        if part is Part.CLAIMS:
            return STEPS_WITH_CLAIMS
        if part is Part.INPUTS:
            return STEPS_WITH_INPUTS
        of_file = max(LEAST_STEPS, min(STEPS_WITHOUT, self._left))
        return max(of_file, self._left_to_script) if part is Part.SCRIPT else of_file

    def spend(self, steps: int, part: Part) -> None:
        """Note what a part took."""
        if part is Part.SCRIPT:
            self._left_to_script -= steps
        elif part is Part.OTHER:
            self._left -= steps


def part_of(node: nodes.Stmt | nodes.Lambda) -> Part:
    """What a part of a program is worth by itself."""
    if holds_claims(node):
        return Part.INPUTS if isinstance(node, nodes.Function) and _tells_of_inputs_alone(node) else Part.CLAIMS
    return Part.SCRIPT if isinstance(node, nodes.Function) and not node.params else Part.OTHER


def _tells_of_inputs_alone(node: nodes.Function) -> bool:
    """Whether each claim within a function names one of its parameters, in its docstring or beside it."""
    names = {param.name for param in node.params}
    claims = [claim for notes in notes_within((node,)) for claim in notes.claims]
    return len(claims) == len(node.described.claims) and all(
        isinstance(claim.subject, nodes.Name) and claim.subject.id in names for claim in claims
    )


def holds_claims(part: nodes.Stmt | nodes.Lambda) -> bool:
    """Whether a comment or docstring within a part of a program says something to be judged or defines a size."""
    return any(notes.claims or notes.definitions for notes in notes_within((part,)))


def notes_within(body: Iterable[object]) -> Iterator[nodes.Notes]:
    """What is said at each statement and within it, in the order of the file."""
    stack: list[Any] = [*body][::-1]
    while stack:
        node = stack.pop()
        kind = type(node)
        said, blocks = _HOLDING.get(kind) or _holding(kind)
        for name in said:
            yield getattr(node, name)
        for name in blocks:
            inner = getattr(node, name)
            if isinstance(inner, tuple):
                stack.extend(reversed(inner))


_Names: TypeAlias = tuple[str, ...]

_HOLDING: dict[type, tuple[_Names, _Names]] = {}


def _holding(kind: type) -> tuple[_Names, _Names]:
    """The fields in which a kind of node holds what is said of it, and those in which it holds others, last first."""
    names = {field.name for field in fields(kind)} if is_dataclass(kind) else set()
    found = _HOLDING[kind] = (
        tuple(name for name in ("notes", "described") if name in names),
        tuple(name for name in ("final", "orelse", "handlers", "cases", "body") if name in names),
    )
    return found
