"""Every wrong fixture is found and confirmed by running it, and no right twin is contradicted."""

from __future__ import annotations

from pathlib import Path

import pytest
from dynamic_programs import FIXTURES, Program, fixture_programs, linted, run

from shapelint.checks.model import Report, Verdict

PROGRAMS = fixture_programs()


@pytest.fixture(scope="module")
def wrong() -> Report:
    return run(*(program.wrong for program in PROGRAMS))


@pytest.fixture(scope="module")
def right() -> Report:
    return run(*(program.right for program in PROGRAMS))


@pytest.fixture(scope="module")
def opened() -> Report:
    return run(*sorted((FIXTURES / "open").glob("*.py")))


def test_there_are_enough_of_them() -> None:
    kinds = {program.name.split("/")[0] for program in PROGRAMS}

    assert len(PROGRAMS) >= 40
    assert len(kinds) >= 15
    assert sum(not program.has_main for program in PROGRAMS) * 2 >= len(PROGRAMS)


@pytest.mark.parametrize("program", PROGRAMS, ids=lambda program: program.name)
def test_a_wrong_program_is_confirmed(program: Program, wrong: Report) -> None:
    found = [finding for finding in wrong.findings if finding.path == str(program.wrong)]

    assert [(finding.line, finding.code, finding.dynamic) for finding in found] == [
        (program.line, program.code, "confirmed")
    ]


@pytest.mark.parametrize("program", PROGRAMS, ids=lambda program: program.name)
def test_a_right_twin_is_not_contradicted(program: Program, right: Report) -> None:
    assert [finding.message for finding in right.findings if finding.path == str(program.right)] == []


def test_open_claims_are_decided(opened: Report) -> None:
    claims = [claim for claim in opened.annotations if claim.verdict is Verdict.OPEN]
    decided = [claim for claim in claims if claim.reason and "when it was run" in claim.reason]

    assert len(claims) >= 16
    assert len(decided) >= 0.9 * len(claims), [claim.reason for claim in claims if claim not in decided]


def test_the_run_contradicts_what_the_linter_left_open(opened: Report) -> None:
    file = FIXTURES / "open" / "wrong_all_the_same.py"
    marked = [n for n, line in enumerate(file.read_text().splitlines(), start=1) if "<- run" in line]
    found = [finding for finding in opened.findings if finding.path == str(file)]

    assert sorted(finding.line for finding in found) == marked
    assert {finding.dynamic for finding in found} == {"confirmed"}


def test_a_finding_that_does_not_come_true_does_not_confirm(tmp_path: Path) -> None:
    """The twin that shows that the tests above can fail: here the finding is about another program."""
    program = PROGRAMS[0]
    report = linted([program.wrong])
    file = tmp_path / "mended.py"
    file.write_text(program.right.read_text())
    moved = list(linted([file]).findings)

    assert report.findings != ()
    assert moved == []
