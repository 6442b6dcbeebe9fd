"""Which fences hold Python, and where each block's lines stand in the file."""

from __future__ import annotations

import pytest

from shapelint.source import Source, programs


@pytest.mark.parametrize(
    "info",
    [
        "python",
        "py",
        "python3",
        "Python",
        " python",
        "python title='x'",
        "{.python}",
        "{.python .numberLines}",
        "{python}",
        "{code-cell} python",
        "python,ignore",
        "pycon",
        "ipython3",
        "py hl_lines='1'",
    ],
)
@pytest.mark.parametrize("fence", ["```", "~~~", "`````"])
def test_python(fence: str, info: str) -> None:
    [piece] = programs(Source("a.md", f"Text\n\n{fence}{info}\nx = 1\n{fence}\n", "markdown"))
    assert (piece.text, piece.first_line, piece.column, piece.open_names) == ("x = 1\n", 4, 0, True)


@pytest.mark.parametrize("info", ["", "text", "pytb", "python-traceback", "bash", "pyrex", "json", "{.text}", "rust"])
def test_no_python(info: str) -> None:
    assert programs(Source("a.md", f"```{info}\nx = 1\n```\n", "markdown")) == []


ROWS = {
    "blocks stand for themselves": (
        "```py\nx = 1\n```\n\n```py\ny = 2\n```\n",
        [("x = 1\n", 2, 0), ("y = 2\n", 6, 0)],
    ),
    "in a list": ("1. So:\n\n   ```py\n   if x:\n       y\n   ```\n", [("if x:\n    y\n", 4, 3)]),
    "beside a list's mark": ("- ```py\n  x = 1\n  ```\n", [("x = 1\n", 2, 2)]),
    "quoted": ("> ```py\n> x = 1\n> ```\n", [("x = 1\n", 2, 2)]),
    "wholly indented": ("```py\n    def f(x):\n        y\n```\n", [("def f(x):\n    y\n", 2, 4)]),
    "never closed": ("```py\nx = 1\n", [("x = 1\n\n", 2, 0)]),
    "a longer fence holds a shorter one": ("````markdown\n```py\nx = 1\n```\n````\n", []),
    "a longer fence of Python": ('````py\nx = """\n```\n"""\n````\n', [('x = """\n```\n"""\n', 2, 0)]),
    "tildes are not closed by ticks": ("~~~py\nx\n```\ny\n~~~\n", [("x\n```\ny\n", 2, 0)]),
    "code within a line": ("So ```py x``` is.\n```py x```\n", []),
    "line ends of Windows": ("```py\r\nx = 1\r\ny = 2\r\n```\r\n", [("x = 1\ny = 2\n", 2, 0)]),
    "no line": ("```py\n```\n", [("\n", 2, 0)]),
}


@pytest.mark.parametrize(("text", "expected"), ROWS.values(), ids=ROWS.keys())
def test_blocks(text: str, expected: list[tuple[str, int, int]]) -> None:
    assert [
        (each.text, each.first_line, each.column) for each in programs(Source("a.md", text, "markdown"))
    ] == expected
