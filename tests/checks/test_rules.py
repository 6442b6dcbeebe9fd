"""Each rule's own examples: the wrong ones give exactly its code where they are marked, the right ones nothing."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Iterator

import pytest

from shapelint.checks.model import Finding
from shapelint.checks.rules.rule import Rule, rules
from tests import linted

MARK = "# <- found"
ABOUT_THE_TOOL = ("SHP9",)
NAME = re.compile(r"[a-z]+(-[a-z]+)+")

WITH_EXAMPLES = [rule for rule in rules().values() if not rule.code.startswith(ABOUT_THE_TOOL)]
WRONG = [
    pytest.param(rule, program, id=f"{rule.code}-{number}")
    for rule in WITH_EXAMPLES
    for number, program in enumerate(rule.wrong, start=1)
]
RIGHT = [
    pytest.param(rule, program, id=f"{rule.code}-{number}")
    for rule in WITH_EXAMPLES
    for number, program in enumerate(rule.right, start=1)
]


def findings(rule: Rule, program: str) -> list[Finding]:
    """What is found in a program with this rule switched on, looked at without the marks that say where."""
    text = "\n".join(line.replace(MARK, "").rstrip() for line in program.splitlines())
    return linted.findings(text, opt_in=rule.code if rule.opt_in else None)


def marked(program: str) -> list[int]:
    return [number for number, line in enumerate(program.splitlines(), start=1) if MARK in line]


def run(program: str) -> None:
    """Run a program and each of its functions that can be called without arguments."""
    names: dict[str, object] = {"__name__": "example"}
    exec(compile(program, "example.py", "exec"), names)
    for function in list(_functions(names)):
        if not inspect.signature(function).parameters:
            function()


def _functions(names: dict[str, object]) -> Iterator[Callable[..., object]]:
    return (value for value in names.values() if inspect.isfunction(value) and value.__module__ == "example")


@pytest.mark.parametrize(("rule", "program"), WRONG)
def test_a_wrong_example_is_found_where_it_is_marked_and_nowhere_else(rule: Rule, program: str) -> None:
    expected = [(rule.code, line) for line in marked(program)]

    assert expected == [(finding.code, finding.line) for finding in findings(rule, program)]
    assert expected


@pytest.mark.parametrize(("rule", "program"), RIGHT)
def test_nothing_is_found_in_a_right_example(rule: Rule, program: str) -> None:
    assert not findings(rule, program)
    assert not marked(program)


@pytest.mark.parametrize(("rule", "program"), [case for case in WRONG if case.id.startswith("SHP2")])  # type: ignore[union-attr]
def test_a_wrong_example_of_code_that_cannot_run_raises_at_the_marked_line(rule: Rule, program: str) -> None:
    pytest.importorskip("torch")
    with pytest.raises((RuntimeError, ValueError, IndexError)) as error:
        run(program)

    lines = [entry.lineno + 1 for entry in error.traceback if str(entry.path).endswith("example.py")]
    assert set(lines) & set(marked(program))


@pytest.mark.parametrize(("rule", "program"), [case for case in RIGHT if case.id.startswith("SHP2")])  # type: ignore[union-attr]
def test_a_right_example_of_code_that_can_run_does(rule: Rule, program: str) -> None:
    pytest.importorskip("torch")
    run(program)


@pytest.mark.parametrize("rule", rules().values(), ids=rules())
def test_a_rule_has_all_its_texts(rule: Rule) -> None:
    assert NAME.fullmatch(rule.name)
    assert rule.what.endswith(".")
    assert rule.why.endswith(".")


@pytest.mark.parametrize("rule", WITH_EXAMPLES, ids=lambda rule: rule.code)
def test_each_wrong_example_has_a_mended_twin(rule: Rule) -> None:
    assert rule.wrong
    assert len(rule.wrong) == len(rule.right)


def test_every_code_and_every_name_stands_once() -> None:
    assert list(rules()) == sorted({rule.code for rule in rules().values()})
    assert len({rule.name for rule in rules().values()}) == len(rules())
