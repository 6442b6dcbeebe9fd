"""How much work each part of a program may cost: much if it holds claims, else a share by the length of the file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from shapelint.program import nodes

STEPS_WITH_CLAIMS = 40_000
STEPS_WITHOUT = 2_000
"""A part without claims is looked at for what cannot run; the models that it builds are judged where they stand."""

STEPS_A_LINE = 80
LEAST_STEPS = 1_000
"""What a part without claims may cost where the file's share is spent: enough for the operations of its own."""


class Budget:
    """The work that is left to the parts of one file that hold no claim. It depends on the file alone, not on time."""

    def __init__(self, module: nodes.Module) -> None:
        lines = module.body[-1].at[2] - module.body[0].at[0] + 1 if module.body else 0
        self._left = STEPS_A_LINE * lines

    def limit(self, claims: bool) -> int:
        """How many steps a part may take."""
        if claims:
            return STEPS_WITH_CLAIMS
        return max(LEAST_STEPS, min(STEPS_WITHOUT, self._left))

    def spend(self, steps: int, claims: bool) -> None:
        """Note what a part took."""
        if not claims:
            self._left -= steps


def holds_claims(part: nodes.Stmt | nodes.Lambda) -> bool:
    """Whether a comment or docstring within a part of a program says something to be judged or defines a size."""
    return any(notes.claims or notes.definitions for notes in notes_within((part,)))


def notes_within(body: Iterable[object]) -> Iterator[nodes.Notes]:
    """What is said at each statement and within it, in the order of the file."""
    stack: list[object] = [*body][::-1]
    while stack:
        node = stack.pop()
        for notes in (getattr(node, "notes", None), getattr(node, "described", None)):
            if isinstance(notes, nodes.Notes):
                yield notes
        for block in ("final", "orelse", "handlers", "cases", "body"):
            inner = getattr(node, block, None)
            if isinstance(inner, tuple):
                stack.extend(reversed(inner))
