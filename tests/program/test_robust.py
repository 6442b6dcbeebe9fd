"""Whatever the text, lowering gives a program or says CannotParse."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shapelint.program import CannotParse, lower
from shapelint.program.nodes import Module
from tests.program.reading_back import attachments, notes_of, text_at
from tests.program.test_attach import ROWS


@pytest.mark.parametrize(
    ("source", "line", "column", "message"),
    [
        ("x = 1\ny = (\n", 2, 5, "'(' was never closed"),
        ("def f():\nx = 1\n", 2, 1, "expected an indented block after function definition on line 1"),
        ("x = 1\n  y = 2\n", 2, 2, "unexpected indent"),
        ("x = 'a\n", 1, 5, "unterminated string literal (detected at line 1)"),
        ("x = 1\0\n", 1, 1, "null bytes in the source"),
        ("x = '\ud800'\n", 1, 1, None),
    ],
)
def test_what_is_no_python(source: str, line: int, column: int, message: str | None) -> None:
    with pytest.raises(CannotParse) as caught:
        lower(source, "a.py")
    assert (caught.value.line, caught.value.column) == (line, column)
    assert message is None or caught.value.message == message


def test_a_syntax_error_stands_where_the_file_has_it() -> None:
    with pytest.raises(CannotParse) as caught:
        lower("x = 1\ny = (\n", "a.md", first_line=11, column=2)
    assert (caught.value.line, caught.value.column) == (12, 7)


def lowered(source: str, *, open_names: bool = False) -> Module | None:
    """The program, or None where it was refused in good order."""
    try:
        return lower(source, "a.py", open_names=open_names)
    except CannotParse as error:
        if not (error.message and error.line >= 1 and error.column >= 1):
            raise
        return None


DEEP = {
    "brackets": "x = " + "(" * 190 + "1" + ")" * 190,
    "too many brackets": "x = " + "(" * 5000 + "1" + ")" * 5000,
    "calls": "x = " + "f(" * 190 + "1" + ")" * 190,
    "a sum": "x = " + " + ".join(["a"] * 2000),
    "a longer sum": "x = " + " + ".join(["a"] * 20_000),
    "powers": "x = " + "**".join(["a"] * 2000),
    "a chain": "x = (a" + "\n.b(1)  # (B, C)" * 900 + "\n)",
    "a longer chain": "x = a" + ".b(1)" * 3000,
    "conditionals": "x = " + "a if b else " * 900 + "c",
    "signs": "x = " + "-" * 2500 + "1",
    "lambdas": "x = " + "lambda: " * 900 + "1",
    "blocks": "".join("    " * n + "if a:\n" for n in range(95)) + "    " * 95 + "x = f()  # (B, C)",
    "too many blocks": "".join(" " * n + "if a:\n" for n in range(150)) + " " * 150 + "x = 1",
    "elifs": "if a: pass\n" + "elif b: pass\n" * 900,
    "a long number": "x = " + "9" * 10_000,
}


@pytest.mark.parametrize("source", DEEP.values(), ids=DEEP.keys())
def test_deep_nesting_gives_a_program_or_says_so(source: str) -> None:
    source += "\ny = f()  # (B, C)\n"
    module = lowered(source)
    assert module is None or "(B, C) TRAILING y = f()" in attachments(source, module)


@pytest.mark.parametrize("name", ["brackets", "calls", "a sum", "a chain", "blocks", "elifs"])
def test_what_people_could_write_is_lowered(name: str) -> None:
    assert isinstance(lower(DEEP[name] + "\ny = f()  # (B, C)\n", "a.py"), Module)


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_line_ends(end: str) -> None:
    source = end.join(
        ["# (B, C)", "x = (a", "  .b()  # (B, D)", ")", "", "def f():", "    return x  # (B, K)", "\f", "# (B, N)"]
    )
    assert attachments(source, lower(source, "")) == [
        "(B, C) ABOVE x = (a",
        "(B, D) INSIDE a .b()",
        "(B, K) TRAILING return x",
        "(B, N) BELOW -",
    ]


@pytest.mark.parametrize(
    "source", ["", "\n\n", "# only a comment", "\ufeffx = 1  # (B, C)\n", "x = 1 \\\n  # (B, C)\n"]
)
def test_small_things(source: str) -> None:
    assert isinstance(lower(source, ""), Module)


PROGRAMS = [source for source, _ in ROWS.values()] + [Path(__file__).read_text(encoding="utf-8")]
_BITS = [
    "#",
    "# (B, C)",
    "(",
    ")",
    "[",
    ":",
    "\n",
    "    ",
    "\\",
    '"',
    "'",
    '"""',
    "é",
    "x",
    ";",
    "\t",
    "\r",
    "@",
    "=",
    "\f",
]


@settings(max_examples=250, deadline=None)
@given(st.data())
def test_random_edits_give_a_program_or_say_so(data: st.DataObject) -> None:
    source = data.draw(st.sampled_from(PROGRAMS[:-1]))
    for _ in range(data.draw(st.integers(1, 4))):
        start = data.draw(st.integers(0, len(source)))
        end = min(len(source), start + data.draw(st.integers(0, 6)))
        source = source[:start] + data.draw(st.sampled_from(_BITS)) + source[end:]
    module = lowered(source, open_names=data.draw(st.booleans()))
    if module is not None and not module.skipped:
        for _, notes in notes_of(module):
            for claim in notes.claims:
                assert text_at(source, claim.at) in source


def test_this_very_file() -> None:
    assert lower(PROGRAMS[-1], __file__).body
