"""Pages of prose and programs, in which each line says what must come out; it is matched both ways.

After a line's own comment may stand, as often as needed:

    # error: [SHP102] the whole message     a finding on this line; the message may be left out
    # warning: [SHP004]
    # verdict: proved, open                 the verdicts of the claims on this line, in their order
    # gap: why                              what this line says is not so yet, and the test fails once it is

A finding that is not written fails the page, and so does one that is written and does not come. A claim that is open
must be written as well. A block that imports torch is a program; in one that does not, undefined names are sizes or
tensors of any kind, as in an article.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from shapelint.checks.model import Annotation, Finding, Verdict
from tests.linted import lint

PAGES = sorted(Path(__file__).parent.glob("*.md"))
NOTE = re.compile(r"\s*#\s*(error|warning|verdict|gap):\s*")
FINDING = re.compile(r"\[(SHP\d{3})\]\s*(.*)")
BLOCK = re.compile(r"^```python\n(.*?)^```$", re.MULTILINE | re.DOTALL)


@dataclass
class Line:
    """What a line of a page says of itself."""

    number: int
    code: str
    findings: list[tuple[str, str, str]] = field(default_factory=list)  # severity, code, message
    verdicts: list[str] | None = None
    gap: str | None = None


def read_line(number: int, text: str) -> Line:
    code, *notes = NOTE.split(text)
    line = Line(number, code)
    for kind, value in zip(notes[::2], notes[1::2], strict=True):
        value = value.strip()
        if kind == "gap":
            line.gap = value
        elif kind == "verdict":
            line.verdicts = [Verdict(word.strip()).value for word in value.split(",")]
        else:
            match = FINDING.fullmatch(value)
            assert match, f"line {number}: {value!r} names no rule in brackets"
            line.findings.append((kind, match[1], match[2]))
    return line


def blocks(page: Path) -> Iterator[list[Line]]:
    text = page.read_text(encoding="utf-8")
    for match in BLOCK.finditer(text):
        first = text.count("\n", 0, match.start(1)) + 1
        yield [read_line(number, line) for number, line in enumerate(match[1].splitlines(), start=first)]


def differences(lines: list[Line]) -> Iterator[str]:
    """How what comes out of a block differs from what its lines say."""
    code = "\n".join(line.code for line in lines)
    is_program = re.search(r"^\s*(import|from) torch\b", code, re.MULTILINE) is not None
    first = lines[0].number
    text = "\n" * (first - 1) + code if is_program else "\n" * (first - 2) + f"```python\n{code}\n```\n"
    report = lint(text, "page.py" if is_program else "page.md")
    found: dict[int, list[Finding]] = defaultdict(list)
    claims: dict[int, list[Annotation]] = defaultdict(list)
    for finding in report.findings:
        found[finding.line].append(finding)
    for claim in report.annotations:
        claims[claim.line].append(claim)
    for line in lines:
        problems = list(_line_differences(line, found.pop(line.number, []), claims.pop(line.number, [])))
        if line.gap is None:
            yield from (f"line {line.number}: {problem}\n    {line.code.strip()}" for problem in problems)
        elif not problems:
            yield f"line {line.number}: the gap is closed: {line.gap}\n    {line.code.strip()}"
    assert not found
    assert not claims


def _line_differences(line: Line, found: list[Finding], claims: list[Annotation]) -> Iterator[str]:
    left = list(found)
    for severity, code, message in line.findings:
        match = next(
            (each for each in left if (each.severity, each.code) == (severity, code) and message in ("", each.message)),
            None,
        )
        if match is None:
            yield f"{severity} [{code}] {message} does not come"
        else:
            left.remove(match)
    yield from (f"unexpected {finding.severity} [{finding.code}] {finding.message}" for finding in left)
    claims = sorted(claims, key=lambda claim: claim.column)
    verdicts = [claim.verdict.value for claim in claims]
    if line.verdicts is not None and line.verdicts != verdicts:
        yield f"the verdicts are {', '.join(verdicts) or 'none'}: {'; '.join(c.reason or '' for c in claims)}"
    elif line.verdicts is None and not found:
        yield from (f"a claim is open: {claim.reason}" for claim in claims if claim.verdict is Verdict.OPEN)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_what_a_page_says_is_what_comes_out(page: Path) -> None:
    programs = list(blocks(page))
    assert programs, "the page holds no program"

    problems = [problem for lines in programs for problem in differences(lines)]
    assert not problems, f"{page.name}\n" + "\n".join(problems)


def test_a_finding_that_is_not_written_and_one_that_does_not_come_both_count() -> None:
    text = "y = x.flatten(5)  # error: [SHP206]"
    assert read_line(3, text).findings == [("error", "SHP206", "")]

    program = ["x = torch.rand(4, 5)  # (4, 5)", "y = x.flatten(1)  # (4, 6)", "z = x  # (4, 5)  # error: [SHP102]"]
    problems = list(differences([read_line(number, text) for number, text in enumerate(program, start=2)]))
    assert [problem.split(": ")[1].split()[0] for problem in problems] == ["unexpected", "error"]


def test_a_gap_that_has_been_closed_fails() -> None:
    program = [read_line(2, "x = torch.rand(4, 5)  # (4, 6)  # error: [SHP102]  # gap: not yet")]

    assert "the gap is closed: not yet" in next(differences(program))
