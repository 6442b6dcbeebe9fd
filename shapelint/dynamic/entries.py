"""Which functions of a program can be called from outside, and which only run within one of these."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from shapelint.program import nodes


@dataclass(frozen=True, slots=True)
class Entry:
    """A function of the program that can be called from outside; `owner` is its class, "" without one."""

    node: nodes.Function
    owner: str


def callables(module: nodes.Module) -> dict[tuple[str, int], Entry]:
    """Each function of the program by its name and line, with the outermost one around it that can be called."""
    found: dict[tuple[str, int], Entry] = {}

    def visit(body: Sequence[nodes.Stmt], owner: str, outer: Entry | None) -> None:
        for statement in body:
            if isinstance(statement, nodes.Function):
                this = outer or Entry(statement, owner)
                found[statement.name, statement.at[0]] = this
                visit(statement.body, "", this)
            elif isinstance(statement, nodes.Class):
                visit(statement.body, f"{owner}.{statement.name}" if owner else statement.name, outer)
            else:
                for name in ("body", "orelse", "final"):
                    visit(getattr(statement, name, ()), owner, outer)

    visit(module.body, "", None)
    return found
