"""Linting many files, with and without worker processes, and with workers that fail."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from shapelint.project.run import run
from shapelint.project.settings import Settings
from shapelint.project.workers import lint_files, lint_text
from tests import stand_in

Project = Callable[[dict[str, str]], Path]


def many(**special: str) -> dict[str, str]:
    """Twenty files of several sizes."""
    files = {
        f"m{number:02}.py": f"x  # wrong {number}\n" + "# filler\n" * (number * 997 % 4000) for number in range(20)
    }
    return {**files, **{f"{name}.py": text for name, text in special.items()}}


@pytest.mark.parametrize("jobs", [1, 3])
def test_reports_come_in_the_order_of_the_paths(project: Project, jobs: int) -> None:
    paths = sorted(project(many()).glob("*.py"), reverse=True)
    reports = lint_files([str(path) for path in paths], Settings(), stand_in.lint, jobs)

    assert [report.findings[0].path for report in reports] == [str(path) for path in paths]


def test_processes_and_none_give_the_same(project: Project) -> None:
    paths = sorted(path.name for path in project(many(odd="# odd\n# fine\n", open="# open\n")).glob("*.py"))
    alone = run(paths, Settings(), lambda: stand_in.lint, jobs=1)
    spread = run(paths, Settings(), lambda: stand_in.lint, jobs=4)

    assert alone.findings == spread.findings
    assert alone.annotations == spread.annotations
    assert alone.files == spread.files == 22


@pytest.mark.parametrize("jobs", [1, 3])
def test_an_exception_loses_its_own_file_only(project: Project, jobs: int) -> None:
    project(many(m07="raise\n"))
    reports = lint_files([f"m{number:02}.py" for number in range(20)], Settings(), stand_in.lint, jobs)
    found = [report.findings[0] for report in reports]

    assert [finding.code for finding in found] == ["SHP102"] * 7 + ["SHP902"] + ["SHP102"] * 12
    assert found[7].message.startswith("internal error: ZeroDivisionError at tests/stand_in.py:")
    assert found[7].notes[0] == "a mistake in the linter"


def test_a_worker_that_dies_loses_its_own_file_only(project: Project) -> None:
    """Two files kill whatever process reads them; every other file of the run is still linted."""
    project(many(m03="die\n", m16="die\n"))
    reports = lint_files([f"m{number:02}.py" for number in range(20)], Settings(), stand_in.lint, 2)
    codes = [report.findings[0].code for report in reports]

    assert [number for number, code in enumerate(codes) if code == "SHP902"] == [3, 16]
    assert codes.count("SHP102") == 18
    assert reports[3].findings[0].message == "the process that linted this file died"


def test_a_file_that_cannot_be_read_is_a_finding(project: Project) -> None:
    (project({"good.py": "# wrong\n"}) / "binary.py").write_bytes(b"\x00\xff\xfe")
    reports = lint_files(["binary.py", "good.py"], Settings(), stand_in.lint)

    assert [report.findings[0].code for report in reports] == ["SHP901", "SHP102"]
    assert reports[0].findings[0].message == "this file is a binary file (it holds NUL bytes)"


def test_standard_input_that_is_not_utf_8_is_a_finding() -> None:
    report = lint_text(b"x = 1\n\xff", "<stdin>", Settings(), stand_in.lint)

    assert [(f.code, f.message) for f in report.findings] == [
        ("SHP901", "standard input is not UTF-8: byte 0xff on line 2")
    ]


def test_the_linter_is_not_asked_for_when_there_is_nothing_to_lint() -> None:
    assert run([], Settings(), stand_in.crash_if_asked).files == 0  # type: ignore[arg-type]
