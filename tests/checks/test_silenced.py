"""Comments that silence findings: what is left, and which of them did nothing, in files, pages and notebooks."""

from __future__ import annotations

import json

import pytest

from tests.linted import findings

WRONG = "torch.rand(2, 3) @ torch.rand(2, 3)"
RIGHT = "torch.rand(2, 3) @ torch.rand(3, 2)"


def told(text: str, path: str = "program.py") -> list[tuple[str, int, str]]:
    return [(each.code, each.line, each.message) for each in findings(text, path, opt_in="SHP005")]


@pytest.mark.parametrize(
    ("line", "found"),
    [
        (f"{WRONG}  # shapelint: ignore", []),
        (f"{WRONG}  # noqa: SHP2", []),
        (f"{RIGHT}  # noqa", []),
        (f"{RIGHT}  # noqa: E501", []),
        (f'x = "{RIGHT}  # noqa: SHP201"', []),
        (f'{RIGHT}, "x"  # noqa: SHP201', ["this silences nothing: no SHP201 is found on this line"]),
        (f"{RIGHT}  # shapelint: ignore", ["this silences nothing: nothing is found on this line"]),
        (f"{RIGHT}  # noqa: E501, SHP201", ["this silences nothing: no SHP201 is found on this line"]),
        (
            f"{WRONG}  # shapelint: ignore[SHP201, SHP202, SHP3]",
            ["this silences nothing: no SHP202 or SHP3 is found on this line"],
        ),
    ],
)
def test_a_comment_that_silences_nothing_is_told(line: str, found: list[str]) -> None:
    assert told(f"import torch\n\n{line}\n") == [("SHP005", 3, message) for message in found]


def test_what_cannot_be_read_tells_of_nothing_else() -> None:
    assert [code for code, _, _ in told("import torch\nx = (\n1  # shapelint: ignore\n")] == ["SHP901"]


def test_it_is_off_unless_it_is_asked_for() -> None:
    assert not findings(f"import torch\n\n{RIGHT}  # shapelint: ignore\n")


def test_in_a_page_only_code_counts() -> None:
    page = (
        f"Write `# noqa: SHP201`, or\n\n# shapelint: ignore\n\n```python\nimport torch\n{RIGHT}  # noqa: SHP201\n```\n"
    )

    assert [(code, line) for code, line, _ in told(page, "page.md")] == [("SHP005", 7)]


def test_in_a_notebook_lines_are_those_of_the_cell() -> None:
    cells = [
        {"cell_type": "code", "metadata": {}, "outputs": [], "source": text}
        for text in ("import torch\n", f"\n{RIGHT}  # noqa: SHP201\n")
    ]
    (finding,) = findings(json.dumps({"cells": cells, "metadata": {}, "nbformat": 4}), "a.ipynb", opt_in="SHP005")

    assert (finding.code, finding.cell, finding.line) == ("SHP005", 2, 2)
