"""How much work each part of a program may cost: much if it holds claims, else a share by the length of the file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from copy import copy
from dataclasses import fields, is_dataclass
from enum import Enum
from functools import cache
from typing import Any

from shapelint.program import nodes

STEPS_WITH_CLAIMS = 40_000
STEPS_WITHOUT = 2_000
"""A part without claims is looked at for what cannot run; the models that it builds are judged where they stand."""

STEPS_OF_SCRIPT = 12_000
"""What the parts of a file that run as they stand, with sizes of their own, may cost together before that holds."""

STEPS_A_LINE = 80
LEAST_STEPS = 1_000
"""What a part without claims may cost where the file's share is spent: enough for the operations of its own."""


class Part(Enum):
    """What a part of a program is worth."""

    CLAIMS = "it holds claims"
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
        return Part.CLAIMS
    return Part.SCRIPT if isinstance(node, nodes.Function) and not node.params else Part.OTHER


def holds_claims(part: nodes.Stmt | nodes.Lambda) -> bool:
    """Whether a comment or docstring within a part of a program says something to be judged or defines a size."""
    return any(notes.claims or notes.definitions for notes in notes_within((part,)))


def notes_within(body: Iterable[object]) -> Iterator[nodes.Notes]:
    """What is said at each statement and within it, in the order of the file."""
    stack: list[Any] = [*body][::-1]
    while stack:
        node = stack.pop()
        said, blocks = _holding(type(node))  # type: ignore[arg-type]  # a class is hashable
        for name in said:
            yield getattr(node, name)
        for name in blocks:
            inner = getattr(node, name)
            if isinstance(inner, tuple):
                stack.extend(reversed(inner))


@cache
def _holding(kind: type) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The fields in which a kind of node holds what is said of it, and those in which it holds others, last first."""
    names = {field.name for field in fields(kind)} if is_dataclass(kind) else set()
    return tuple(name for name in ("notes", "described") if name in names), tuple(
        name for name in ("final", "orelse", "handlers", "cases", "body") if name in names
    )
