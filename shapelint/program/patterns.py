"""Takes the pattern of a `case`, and says which names it binds and which value it compares with."""

from __future__ import annotations

import ast
from collections.abc import Iterator


def binds_of(pattern: ast.pattern) -> Iterator[str]:
    """The names that the pattern binds, in order."""
    match pattern:
        case ast.MatchAs(pattern=inner, name=name):
            if inner is not None:
                yield from binds_of(inner)
            if name is not None:
                yield name
        case ast.MatchStar(name=name):
            if name is not None:
                yield name
        case ast.MatchMapping(patterns=inners, rest=rest):
            for inner in inners:
                yield from binds_of(inner)
            if rest is not None:
                yield rest
        case ast.MatchSequence(patterns=inners):
            for inner in inners:
                yield from binds_of(inner)
        case ast.MatchOr(patterns=inners):
            yield from dict.fromkeys(name for inner in inners for name in binds_of(inner))
        case ast.MatchClass(patterns=inners, kwd_patterns=named):
            for inner in (*inners, *named):
                yield from binds_of(inner)
        case _:
            pass


def literal_of(pattern: ast.pattern) -> ast.expr | None:
    """The value that the pattern compares with, where it is nothing but a value."""
    match pattern:
        case ast.MatchValue(value=value):
            return value
        case ast.MatchSingleton(value=value):
            constant = ast.Constant(value)
            return ast.copy_location(constant, pattern)
        case ast.MatchAs(pattern=inner) if inner is not None:
            return literal_of(inner)
        case _:
            return None


def is_irrefutable(pattern: ast.pattern) -> bool:
    """Does every value match?"""
    match pattern:
        case ast.MatchAs(pattern=inner):
            return inner is None or is_irrefutable(inner)
        case ast.MatchOr(patterns=inners):
            return any(is_irrefutable(inner) for inner in inners)
        case _:
            return False
