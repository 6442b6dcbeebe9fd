"""The command line from outside: exit statuses, formats, options, and what is said of bad input."""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

import shapelint as package
from shapelint.checks.rules.rule import Rule
from shapelint.cli.main import COMMANDS
from tests import stand_in

Project = Callable[[dict[str, str]], Path]
Run = Callable[..., tuple[int, str, str]]

RULES = {
    code: Rule(code, name, "error", "0.1", "What.", "Why.", (), (), opt_in=code == "SHP401")
    for code, name in (("SHP102", "dims-differ"), ("SHP302", "odd-size"), ("SHP401", "missing-comment"))
}


@pytest.fixture(autouse=True)
def _stand_in(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shapelint.cli.check.linter", lambda many=False: stand_in.lint)
    monkeypatch.setattr("shapelint.checks.rules.rule.rules", lambda: RULES)


def test_exit_status_says_whether_anything_was_found(project: Project, shapelint: Run) -> None:
    """Warnings count as findings, as they do for ruff."""
    project({"fine.py": "# fine\n", "wrong.py": "# wrong\n", "odd.py": "# odd\n"})

    assert shapelint("fine.py") == (0, "All clear: 1 comment: 1 proved, 0 assumed, 0 open.\n", "")
    assert shapelint("wrong.py")[0] == 1
    assert shapelint("odd.py")[0] == 1
    assert shapelint("wrong.py", "--exit-zero")[0] == 0


def test_check_is_what_is_done_when_no_command_is_named(project: Project, shapelint: Run) -> None:
    project({"wrong.py": "# wrong\n"})

    assert shapelint("wrong.py") == shapelint("check", "wrong.py") == shapelint("--color", "auto", "wrong.py")
    assert shapelint()[1] == shapelint(".")[1] == shapelint("check")[1]


def test_a_file_called_like_a_command_can_be_linted(project: Project, shapelint: Run) -> None:
    project({"explain": "# wrong\n"})

    assert "SHP102" in shapelint("./explain")[1]
    assert "SHP102" in shapelint("check", "explain")[1]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["no/where.py"], "Error: no/where.py: no such file or folder\n"),
        (["explian"], "Error: explian: no such file or folder (did you mean the command 'explain'?)\n"),
        (["--select", "E501"], "'E501' is no rule code; codes look like SHP102"),
        (["--select", "SHP103"], "Error: no rule has the code SHP103 (did you mean 'SHP102'?)\n"),
        (["--output-format", "yaml"], "Invalid value for '--output-format'"),
        (["--nonsense"], "No such option"),
        (["--jobs", "0"], "Invalid value for '--jobs'"),
        (["--annotations"], "--annotations needs --output-format json"),
        (["-", "a.py"], "`-` cannot be combined with other paths"),
        (["--config", "none.toml"], "Error: none.toml: no such file or directory\n"),
        (
            ["--config", "other.toml"],
            "Error: other.toml:1: unknown setting 'tool' (in this file settings stand without [tool.shapelint])\n",
        ),
        (["--output-file", "no/where/report"], "Error: no/where/report: no such file or directory\n"),
    ],
)
def test_what_cannot_be_done_as_asked_ends_with_2(
    project: Project, shapelint: Run, arguments: list[str], said: str
) -> None:
    project({"a.py": "# fine\n", "other.toml": "[tool.black]\n"})
    status, out, err = shapelint(*arguments)

    assert (status, out) == (2, "")
    assert said in err


def test_a_broken_configuration_ends_with_2_and_its_place(project: Project, shapelint: Run) -> None:
    top = project({"a.py": "# fine\n", "pyproject.toml": '[tool.shapelint]\nselct = ["SHP1"]\n'})

    assert shapelint("a.py") == (
        2,
        "",
        f"Error: {top.resolve()}/pyproject.toml:2: unknown setting 'selct' (did you mean 'select'?)\n",
    )


def test_the_configuration_sets_what_the_command_line_leaves_open(project: Project, shapelint: Run) -> None:
    project(
        {
            "src/a.py": "# wrong\n# odd\n",
            "src/old/b.py": "# wrong\n",
            "shapelint.toml": 'output-format = "concise"\nignore = ["SHP3"]\nexclude = ["old/"]\n',
        }
    )

    assert shapelint("src", "-q") == (1, "src/a.py:1:3: error SHP102 comment says wrong\n", "")
    assert shapelint("src", "-q", "--ignore", "SHP1")[1] == "src/a.py:2:3: warning SHP302 comment says odd\n"
    assert shapelint("src", "--output-format", "github", "--exclude", "src/a.py")[1] == ""


def test_selecting_rules(project: Project, shapelint: Run) -> None:
    project({"a.py": "# wrong\n# odd\n# opt-in\n"})

    def codes(*arguments: str) -> list[str]:
        data = json.loads(shapelint("a.py", "--output-format", "json", *arguments)[1])
        return [finding["code"] for finding in data["findings"]]

    assert codes() == ["SHP102", "SHP302"]
    assert codes("--select", "SHP3,SHP4") == ["SHP302", "SHP401"]
    assert codes("--extend-select", "shp401") == ["SHP102", "SHP302", "SHP401"]
    assert codes("--ignore", "SHP102") == ["SHP302"]


def test_json_with_and_without_annotations(project: Project, shapelint: Run) -> None:
    project({"a.py": "# wrong\n# fine\n"})
    status, out, _ = shapelint("a.py", "--output-format", "json", "--annotations")
    data = json.loads(out)

    assert status == 1
    assert [claim["verdict"] for claim in data["annotations"]] == ["refuted", "proved"]
    assert data["summary"]["files"] == 1
    assert "annotations" not in json.loads(shapelint("a.py", "--output-format", "json")[1])


def test_a_second_run_comes_from_the_cache(project: Project, shapelint: Run) -> None:
    project({"a.py": "# wrong\n"})
    first = shapelint("a.py")
    stand_in.LINTED.clear()

    assert shapelint("a.py") == first
    assert stand_in.LINTED == []
    shapelint("a.py", "--no-cache")
    assert stand_in.LINTED == ["a.py"]


def test_jobs_do_not_change_the_output(project: Project, shapelint: Run) -> None:
    project({f"m{number:02}.py": f"# wrong {number}\n# odd\n" for number in range(12)})

    assert shapelint("--no-cache", "--jobs", "1") == shapelint("--no-cache", "--jobs", "3")


def test_statistics_follow_the_findings(project: Project, shapelint: Run) -> None:
    project({"a.py": "# wrong\n# open\n"})
    out = shapelint("a.py", "--statistics", "--output-format", "concise")[1]

    assert out.startswith("a.py:1:3: error SHP102 comment says wrong\nFound 1 error.")
    assert "\n      1  unknown function f\n" in out


def test_the_report_can_go_into_a_file(project: Project, shapelint: Run) -> None:
    top = project({"a.py": "# wrong\n"})

    assert shapelint("a.py", "--output-format", "sarif", "--output-file", "out.sarif") == (1, "", "")
    assert json.loads((top / "out.sarif").read_text())["version"] == "2.1.0"


def test_colours_only_where_they_are_wanted(project: Project, shapelint: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    project({"a.py": "# wrong\n"})

    assert "\x1b[" not in shapelint("a.py")[1]
    assert "\x1b[" in shapelint("a.py", "--color", "always")[1]
    monkeypatch.setenv("FORCE_COLOR", "1")
    assert "\x1b[" in shapelint("a.py")[1]
    assert "\x1b[" not in shapelint("a.py", "--color", "never")[1]


def test_standard_input(project: Project, shapelint: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """The editor's way: the text of a buffer, under the name of its file, with the settings that hold for that file."""
    project({"sub/a.py": "# wrong\n", "sub/shapelint.toml": 'output-format = "concise"\n'})

    def piped(*arguments: str) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"text")))
        return shapelint(*arguments)

    expected = (1, "sub/a.py:1:3: error SHP102 comment says wrong\n", "")
    assert piped("-q", "--stdin-filename", "sub/a.py", "-") == expected
    assert piped("-q", "--stdin-filename", "sub/a.py") == expected


def test_a_folder_that_cannot_be_listed_is_a_finding(
    project: Project, shapelint: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    import os

    project({"a.py": "# fine\n", "closed/b.py": ""})
    listed = os.scandir
    monkeypatch.setattr(os, "scandir", lambda path: _refuse() if str(path).endswith("closed") else listed(path))
    status, out, _ = shapelint("--output-format", "concise", "--no-cache")

    assert status == 1
    assert out.startswith("closed:1:1: error SHP901 this folder cannot be read: permission denied\nFound 1 error.")


def _refuse() -> None:
    raise PermissionError(13, "Permission denied")


def test_an_interrupt_ends_with_130(project: Project, shapelint: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    project({"a.py": ""})

    def interrupted(many: bool = False) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("shapelint.cli.check.linter", interrupted)

    assert shapelint("a.py") == (130, "", "interrupted\n")


def test_version_and_help(shapelint: Run) -> None:
    assert shapelint("--version") == (0, f"shapelint {package.__version__}\n", "")
    status, out, _ = shapelint("--help")
    assert status == 0
    for word in ("explain", "rules", "ops", "--output-format", "--stdin-filename"):
        assert word in out
    assert shapelint("check", "--help")[0] == 0
    assert "--version" in out
    assert shapelint("check", "--version") == shapelint("--version")


@pytest.mark.parametrize("command", [*COMMANDS, "docs"])
def test_each_command_tells_what_it_does_in_both_spellings(shapelint: Run, command: str) -> None:
    assert shapelint(command, "-h") == shapelint(command, "--help")
    assert shapelint(command, "-h")[0] == 0


def test_a_folder_without_files_is_not_called_clear(project: Project, shapelint: Run) -> None:
    top = project({"a.txt": "nothing\n"})

    assert shapelint(str(top)) == (0, "No files to lint.\n", "")


def test_explain_prints_a_rule_by_code_or_name(shapelint: Run) -> None:
    assert shapelint("explain", "shp102") == shapelint("explain", "dims-differ")
    assert shapelint("explain", "SHP102")[1].startswith("# SHP102 dims-differ\n\n*error, since 0.1*\n")


def test_explain_in_colour_is_laid_out(shapelint: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")

    assert "\x1b[" in shapelint("explain", "SHP102")[1]


def test_explain_of_an_unknown_code_guesses(shapelint: Run) -> None:
    assert shapelint("explain", "SHP103") == (2, "", "Error: no rule has the code SHP103 (did you mean 'SHP102'?)\n")
    assert "(did you mean 'odd-size'?)" in shapelint("explain", "od-size")[2]


def test_rules_lists_them(shapelint: Run) -> None:
    status, out, _ = shapelint("rules")

    assert status == 0
    assert out.splitlines()[2] == "SHP401  error    missing-comment (opt-in): What."
