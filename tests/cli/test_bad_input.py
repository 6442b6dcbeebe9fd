"""Files that are no good: each gives its own message, and none of them stops the others."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

Project = Callable[[dict[str, str]], Path]
Run = Callable[..., tuple[int, str, str]]

TORCH = b"import torch\n"

NUL = "this file is a binary file (it holds NUL bytes)"
NOT_UTF_8 = "this file is not valid utf-8: byte 0xe9 on line 2 cannot be decoded"
NO_CODEC = "this file declares an encoding that Python does not know (klingon)"

BAD = {
    "syntax.py": (TORCH + b"x = (1,\ny = 2 2\n", ""),
    "beside_torch.py": (b"def f(:\n    pass\n", "syntax error: invalid syntax"),
    "encoding.py": (TORCH + b"# \xe9\xff\n", NOT_UTF_8),
    "unknown.py": (b"# coding: klingon\n" + TORCH, NO_CODEC),
    "binary.py": (b"\x7fELF\x00\x01\x02", NUL),
    "large.py": (TORCH + b"x = 1\n" * 900_000, "this file is too large: 5.4 MB, at most 5 MB are read"),
    "notebook.ipynb": (b"{]", "this file "),
}
"""Content, and how its message begins."""

STRANGE = {
    "empty.py": b"",
    "blank.py": b"\n\n\x0c\n",
    "marked.py": b"\xef\xbb\xbfimport torch\r\nx = torch.rand(2, 3)  # (2, 3)\r\n",
    "old_mac.py": b"import torch\rx = torch.rand(2, 3)  # (2, 3)\r",
    "latin.py": b"# coding: latin-1\nimport torch  # \xe9\n",
    "empty.ipynb": b'{"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}',
    "empty.md": b"",
}

DEEP = {
    "brackets.py": TORCH + b"x = " + b"(" * 5000 + b"1" + b")" * 5000 + b"\n",
    "sums.py": TORCH + b"x = " + b" + ".join([b"1"] * 20_000) + b"\n",
    "calls.py": TORCH + b"x = torch.rand(2)" + b".relu()" * 5000 + b"\n",
    "blocks.py": TORCH + b"".join(b" " * depth + b"if x:\n" for depth in range(90)) + b" " * 90 + b"y = 1\n",
}


def findings(shapelint: Run, *paths: str) -> list[dict[str, str]]:
    pytest.importorskip("shapelint.api")
    status, out, err = shapelint(*paths, "--output-format", "json", "--no-cache")
    assert (status in (0, 1), err) == (True, "")
    listed: list[dict[str, str]] = json.loads(out)["findings"]
    return listed


@pytest.mark.parametrize("name", BAD)
def test_what_cannot_be_read_is_a_finding_that_says_why(project: Project, shapelint: Run, name: str) -> None:
    content, message = BAD[name]
    (project({}) / name).write_bytes(content)
    found = findings(shapelint, name)

    assert [finding["code"] for finding in found] == ["SHP901"]
    assert found[0]["message"].startswith(message)
    assert found[0]["message"] != "this file "


def test_a_syntax_error_is_shown_at_its_place(project: Project, shapelint: Run) -> None:
    project({"a.py": "import torch\n\nx = 1 +\n"})

    assert findings(shapelint, "a.py")[0]["line"] == 3


@pytest.mark.skipif(sys.version_info >= (3, 12), reason="this Python reads it")
def test_what_a_newer_python_reads_is_said_to_be_of_one(project: Project, shapelint: Run) -> None:
    newer = """x = f"{y["a"]}"\n"""
    project({"a.py": f"import torch\n\n{newer}", "beside_torch.py": newer})

    assert "it may be of a newer one" in findings(shapelint, "a.py")[0]["message"]
    assert findings(shapelint, "beside_torch.py") == []


@pytest.mark.parametrize("name", STRANGE)
def test_what_is_only_strange_is_no_finding(project: Project, shapelint: Run, name: str) -> None:
    (project({}) / name).write_bytes(STRANGE[name])

    assert findings(shapelint, name) == []


@pytest.mark.parametrize("name", DEEP)
def test_deep_nesting_ends_without_an_internal_error(project: Project, shapelint: Run, name: str) -> None:
    (project({}) / name).write_bytes(DEEP[name])

    assert {finding["code"] for finding in findings(shapelint, name)} <= {"SHP901"}


def test_bad_files_do_not_stop_the_good_ones(project: Project, shapelint: Run) -> None:
    top = project({"zz_good.py": "import torch\n\nx = torch.rand(2, 3)  # (3, 2)\n"})
    for name, content in {**{name: bad[0] for name, bad in BAD.items()}, **STRANGE, **DEEP}.items():
        (top / name).write_bytes(content)
    found = findings(shapelint, ".", "--jobs", "2")

    assert {finding["path"] for finding in found} >= {*BAD, "zz_good.py"}
    assert "SHP902" not in {finding["code"] for finding in found}
