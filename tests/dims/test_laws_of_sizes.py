"""Every law of the table: true where its precondition is, false somewhere else, and known to the algebra."""

from __future__ import annotations

import ast
import itertools
from collections.abc import Iterator

import pytest

from shapelint.dims import Comparison, Dim, Facts, dim, maximum, minimum, symbol
from shapelint.dims.laws import LAWS, Law

INTS = ((), range(-48, 49), range(-12, 13), range(-4, 7), (-3, -2, -1, 0, 1, 2, 3, 4, 6))  # by number of names
ANY_INT = {name: symbol(name, scope=77, minimum=-1000) for name in "abcdkmnrs"}


def names(law: Law) -> list[str]:
    tree = ast.parse(f"({law.left}, {law.right}, {law.when or True})")
    called = {"max", "min", "divides"}
    return sorted({node.id for node in ast.walk(tree) if isinstance(node, ast.Name)} - called)


def divides(k: int, a: int) -> bool:
    return a == 0 if k == 0 else a % k == 0


def points(law: Law) -> Iterator[tuple[bool, int | None, int | None]]:
    """(precondition, left, right) at small ints; None where a division by 0 leaves no value."""
    sides = [compile(text, law.name, "eval") for text in (law.when or "True", law.left, law.right)]
    variables = names(law)
    for values in itertools.product(INTS[min(len(variables), 4)], repeat=len(variables)):
        env = {**dict(zip(variables, values, strict=True)), "divides": divides}
        row: list[int | None] = []
        for side in sides:
            try:
                row.append(eval(side, env))
            except ZeroDivisionError:
                row.append(None)
        yield bool(row[0]), row[1], row[2]


def assumed(when: str) -> Facts:
    """The facts that a precondition states."""
    facts = Facts()
    if not when:
        return facts
    tree = ast.parse(when, mode="eval").body
    for part in tree.values if isinstance(tree, ast.BoolOp) else [tree]:
        if isinstance(part, ast.Call):
            k, a = map(value, part.args)
            facts = facts.divides(k, a)
            continue
        assert isinstance(part, ast.Compare)
        left, right = value(part.left), value(part.comparators[0])
        match part.ops[0]:
            case ast.Eq():
                facts = facts.equal(left, right)
            case ast.NotEq():
                facts = facts.unequal(left, right)
            case ast.GtE():
                facts = facts.at_least(left, right)
            case ast.LtE():
                facts = facts.at_most(left, right)
            case ast.Lt():
                facts = facts.at_most(left, right - 1)
    return facts


def value(node: ast.expr) -> Dim:
    return dim(eval(compile(ast.Expression(node), "law", "eval"), {**ANY_INT, "max": maximum, "min": minimum}))


def of_text(text: str) -> Dim:
    return value(ast.parse(text, mode="eval").body)


each_law = pytest.mark.parametrize("law", LAWS, ids=lambda law: law.name)


@each_law
def test_a_law_is_true_wherever_its_precondition_is(law: Law) -> None:
    seen = [(left, right) for holds, left, right in points(law) if holds and left is not None and right is not None]
    assert len(seen) >= 5
    assert [pair for pair in seen if pair[0] != pair[1]] == []


@each_law
def test_a_precondition_is_needed(law: Law) -> None:
    broken = [(x, y) for holds, x, y in points(law) if not holds and x is not None and y is not None and x != y]
    assert bool(broken) == bool(law.when)


@each_law
def test_the_algebra_knows_the_law(law: Law) -> None:
    facts = assumed(law.when)
    assert not facts.contradictory
    assert facts.compare(of_text(law.left), of_text(law.right)) is Comparison.EQUAL


@each_law
def test_the_algebra_does_not_claim_the_law_without_its_precondition(law: Law) -> None:
    if law.when:
        answer = Facts().compare(of_text(law.left), of_text(law.right))
        assert answer in (Comparison.DIFFERS, Comparison.MAYBE)


def test_names_of_laws_are_different() -> None:
    assert len({law.name for law in LAWS}) == len(LAWS)
