"""What editors are told to look for, applied to lines as shapelint really writes them."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from shapelint.checks.model import Finding, Report
from shapelint.report import concise

TOP = Path(__file__).parent.parent.parent
PAGE = (TOP / "docs" / "editors.md").read_text(encoding="utf-8")

MESSAGE = "comment says (B, C), the code gives (B: 4)"
ERROR = Finding("SHP102", "error", MESSAGE, "src/model.py", 12, 5, 12, 9)
FINDINGS = (
    ERROR,
    replace(ERROR, severity="warning", code="SHP302"),
    replace(ERROR, path=r"C:\code\my model.py"),
    replace(ERROR, path="a:b.py", line=7, column=80),
    replace(ERROR, path="book.ipynb", cell=3),
)
OUTPUT = concise.write(Report(FINDINGS, files=5)).splitlines()


def expected(finding: Finding) -> dict[str, str]:
    """What an editor should make of a finding."""
    return {
        "file": finding.path,
        "line": str(finding.line),
        "column": str(finding.column),
        "severity": finding.severity,
        "code": finding.code,
        "message": MESSAGE,
    }


def patterns() -> dict[str, dict[str, Any]]:
    """The patterns of the two files."""
    tasks = json.loads((TOP / "editors" / "vscode" / "tasks.json").read_text(encoding="utf-8"))
    matcher = json.loads((TOP / "editors" / "github-problem-matcher.json").read_text(encoding="utf-8"))
    return {
        "vscode": tasks["tasks"][0]["problemMatcher"]["pattern"],
        "github": matcher["problemMatcher"][0]["pattern"][0],
    }


@pytest.mark.parametrize("editor", ["vscode", "github"])
def test_each_line_of_output_is_read_in_all_its_parts(editor: str) -> None:
    pattern = patterns()[editor]
    groups = {part: number for part, number in pattern.items() if part != "regexp"}
    matches = [re.search(pattern["regexp"], line) for line in OUTPUT]

    assert matches[-1] is None  # the closing sentence
    for finding, match in zip(FINDINGS, matches, strict=False):
        assert match is not None
        assert {part: match[number] for part, number in groups.items()} == expected(finding)


def test_vscode_runs_the_command_in_the_format_that_it_reads() -> None:
    tasks = json.loads((TOP / "editors" / "vscode" / "tasks.json").read_text(encoding="utf-8"))
    (task,) = tasks["tasks"]

    assert [task["command"], *task["args"][:2]] == ["shapelint", "--output-format", "concise"]


def quickfix_list(errorformat: str, lines: list[str], folder: Path) -> list[dict[str, Any]]:
    """What vim makes of `lines`."""
    vim = shutil.which("vim")
    if vim is None:
        pytest.skip("vim is not installed")
    (folder / "lines").write_text("\n".join(lines) + "\n", encoding="utf-8")
    (folder / "script.vim").write_text(
        f"{errorformat.replace('autocmd FileType python setlocal', 'set')}\n"
        "call setqflist([], 'r', {'lines': readfile('lines'), 'efm': &errorformat})\n"
        "call writefile([json_encode(map(getqflist(), {_, q -> extend(q, {'file': bufname(q.bufnr)})}))], 'list')\n"
        "qall!\n",
        encoding="utf-8",
    )
    subprocess.run([vim, "-N", "-u", "NONE", "-es", "-S", "script.vim"], cwd=folder, check=False, timeout=30)
    listed: list[dict[str, Any]] = json.loads((folder / "list").read_text(encoding="utf-8"))
    return listed


def test_vim_fills_its_quickfix_list(tmp_path: Path) -> None:
    """The `errorformat` of docs/editors.md, in vim itself."""
    setting = re.search(r"^autocmd .*errorformat=.*$", PAGE, re.MULTILINE)
    assert setting is not None
    findings = [finding for finding in FINDINGS if "\\" not in finding.path]
    lines = [concise.headline(finding) for finding in findings]
    listed = quickfix_list(setting[0], [*lines, OUTPUT[-1]], tmp_path)

    assert [(q["file"], q["lnum"], q["col"], q["type"], q["text"]) for q in listed] == [
        (f.path, f.line, f.column, f.severity[0], f"{f.code} {f.message}") for f in findings
    ]


def from_elisp(text: str) -> str:
    """An Emacs regular expression, as it stands in a Lisp string, in Python's notation."""
    parts = re.split(r"(\\\\[(|)])", text)
    swapped = "".join(part[2] if part.startswith("\\\\") and len(part) == 3 else part for part in parts)
    return swapped.replace("\\\\.", "\\.")


def test_emacs_compilation_mode_reads_file_line_column_and_kind() -> None:
    setting = re.search(r"'\(shapelint\s+\"(?P<regexp>.*)\"\s+1 2 3 \(4\)\)", PAGE)
    assert setting is not None
    pattern = re.compile(from_elisp(setting["regexp"]))

    for finding, line in zip(FINDINGS, OUTPUT, strict=False):
        match = pattern.search(line)
        assert match is not None
        assert match.group(1, 2, 3) == (finding.path, str(finding.line), str(finding.column))
        assert (match[4] == "warning") is (finding.severity == "warning")
    assert not pattern.search(OUTPUT[-1])


def test_emacs_flymake_reads_what_comes_from_standard_input() -> None:
    setting = re.search(r"command-output-pattern\s+'\(\"(?P<regexp>.*)\" 1 2 3 4\)", PAGE)
    assert setting is not None
    match = re.search(from_elisp(setting["regexp"]), concise.headline(replace(ERROR, path="buffer.py")))

    assert match is not None
    assert match.groups() == ("12", "5", "error", f"SHP102 {MESSAGE}")


def test_ale_reads_every_line() -> None:
    setting = re.search(r"let l:pattern = '\\v(?P<regexp>.*)'", PAGE)
    assert setting is not None
    pattern = re.compile(setting["regexp"].replace(".{-}", ".*?"))  # vim's way to write it

    for finding, line in zip(FINDINGS, OUTPUT, strict=False):
        match = pattern.search(line)
        assert match is not None
        assert match.groups() == (str(finding.line), str(finding.column), finding.severity, finding.code, MESSAGE)
