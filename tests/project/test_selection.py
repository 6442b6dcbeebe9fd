"""Which findings are shown."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from shapelint.checks.model import Finding
from shapelint.project.selection import selected, shows
from shapelint.project.settings import Settings

OPT_IN = {"SHP306", "SHP401"}


@pytest.mark.parametrize(
    ("select", "extend", "ignore", "shown"),
    [
        ([], [], [], "SHP102 SHP201 SHP302 SHP901"),
        (["SHP1"], [], [], "SHP102 SHP901"),
        (["ALL"], [], [], "SHP102 SHP201 SHP302 SHP306 SHP401 SHP901"),
        (["ALL"], [], ["SHP3"], "SHP102 SHP201 SHP401 SHP901"),
        ([], ["SHP401"], [], "SHP102 SHP201 SHP302 SHP401 SHP901"),
        ([], [], ["SHP9"], "SHP102 SHP201 SHP302"),
        ([], [], ["ALL"], ""),
        (["SHP102"], [], ["SHP1"], "SHP102 SHP901"),  # the longer selector wins
        (["SHP1"], [], ["SHP1"], "SHP901"),  # ignore wins a draw
        (["SHP1"], ["SHP2"], [], "SHP102 SHP201 SHP901"),
        (["SHP306"], [], [], "SHP306 SHP901"),
    ],
)
def test_what_selectors_show(select: list[str], extend: list[str], ignore: list[str], shown: str) -> None:
    settings = Settings(select=tuple(select), extend_select=tuple(extend), ignore=tuple(ignore))
    codes = ["SHP102", "SHP201", "SHP302", "SHP306", "SHP401", "SHP901"]

    assert [code for code in codes if shows(code, settings, OPT_IN.__contains__)] == shown.split()


def test_per_file_ignores_speak_of_paths_from_the_configuration_on(
    project: Callable[[dict[str, str]], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    top = project({"tests/a.py": "", "src/a.py": ""})
    settings = Settings(per_file_ignores=(("tests/", ("SHP1",)),), root=top.resolve())
    findings = [Finding("SHP102", "error", "m", path, 1, 1, 1, 2) for path in ("tests/a.py", "src/a.py")]

    assert [f.path for f in selected(findings, settings, OPT_IN.__contains__)] == ["src/a.py"]

    monkeypatch.chdir(top / "tests")
    inner = [Finding("SHP102", "error", "m", "a.py", 1, 1, 1, 2)]
    assert selected(inner, settings, OPT_IN.__contains__) == ()
