"""Says in one line each what a lowered program's comments are attached to, with the source text of every span."""

from __future__ import annotations

from collections.abc import Iterator

from shapelint.program import nodes
from shapelint.program.nodes import Attached, Module, Notes, Span, Stmt
from shapelint.program.positions import split_lines


def text_at(source: str, span: Span) -> str:
    """The source text of a span, on one line."""
    lines = split_lines(source)
    line, column, end_line, end_column = span
    if line == end_line:
        return lines[line - 1][column - 1 : end_column - 1]
    parts = [lines[line - 1][column - 1 :], *lines[line : end_line - 1], lines[end_line - 1][: end_column - 1]]
    return "\n".join(parts)


def statements(body: tuple[Stmt, ...]) -> Iterator[Stmt]:
    """Every statement, outer ones first, in the order of the file."""
    for statement in body:
        yield statement
        for block in blocks(statement):
            yield from statements(block)


def blocks(statement: Stmt) -> list[tuple[Stmt, ...]]:
    match statement:
        case nodes.Function() | nodes.Class() | nodes.With():
            return [statement.body]
        case nodes.If() | nodes.For() | nodes.While():
            return [statement.body, statement.orelse]
        case nodes.Try():
            return [
                statement.body,
                *(handler.body for handler in statement.handlers),
                statement.orelse,
                statement.final,
            ]
        case nodes.Match():
            return [case.body for case in statement.cases]
        case _:
            return []


def notes_of(module: Module) -> Iterator[tuple[Stmt | None, Notes]]:
    yield None, module.described
    for statement in statements(module.body):
        if isinstance(statement, nodes.Function | nodes.Class):
            yield statement, statement.described
        yield statement, statement.notes


def attachments(source: str, module: Module) -> list[str]:
    """`<claim's text> PLACE <what it is about>`, in the order of the file."""
    found = []
    for statement, notes in notes_of(module):
        for claim in notes.claims:
            found.append(
                (claim.at, f"{text_at(source, claim.at)} {claim.place.name} {_about(source, claim, statement)}")
            )
    return [text for _, text in sorted(found)]


def _about(source: str, claim: Attached, statement: Stmt | None) -> str:
    if claim.subject is not None:
        return getattr(claim.subject, "id", type(claim.subject).__name__)
    if claim.about is not None:
        return " ".join(text_at(source, claim.about.at).split())
    match statement:
        case nodes.Function(name=name) | nodes.Class(name=name):
            return name
        case nodes.Comment() | None:
            return "-"
        case _:
            return text_at(source, statement.at).split("\n")[0]
