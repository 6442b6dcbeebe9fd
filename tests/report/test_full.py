"""The `full` format, character by character."""

from __future__ import annotations

import re
from dataclasses import replace

from shapelint.checks.model import Edit, Finding, Fix, Report
from shapelint.report import full
from tests.report.sample import FINDING, REPORT, WARNING, claims

EXAMPLE = """\
model.py:228:49: error SHP102 comment says (B, C, C), the code gives (B, H*W, H*W)
   |
228| im1 @ im2                                     # (B, C, C)
   |                                                 ^^^^^^^^^ dims 2 and 3 are H*W, not C
   = im1 is (B, H*W, C) from line 222, im2 is (B, C, H*W) from line 223
   = for B=4, C=3, H=4, W=4: (4, 16, 16), not (4, 3, 3)
   = fix: (B, H*W, H*W)

Found 1 error. 34 comments: 30 proved, 1 refuted, 3 assumed, 0 open.
"""


def shown(finding: Finding, *lines: str, width: int = 120) -> list[str]:
    """The lines of one finding below its headline."""
    report = Report((finding,), sources={full.source_name(finding): lines})
    return full.write(report, quiet=True, width=width).splitlines()[1:]


def at(line: int, column: int, end_line: int, end_column: int, label: str = "") -> Finding:
    return Finding("SHP102", "error", "m", "a.py", line, column, end_line, end_column, label=label)


def test_the_whole_message_of_the_articles_mistake() -> None:
    assert full.write(REPORT) == EXAMPLE


def test_quiet_leaves_out_the_closing_sentence() -> None:
    assert full.write(REPORT, quiet=True) == EXAMPLE.rpartition("\n\n")[0] + "\n"
    assert full.write(Report(files=1), quiet=True) == ""


def test_colour_changes_nothing_but_colour() -> None:
    coloured = full.write(REPORT, colour=True)

    assert "\x1b[" in coloured
    assert re.sub(r"\x1b\[[0-9;]*m", "", coloured) == EXAMPLE


def test_brackets_in_messages_are_not_taken_for_markup() -> None:
    finding = replace(FINDING, message="comment says [B, C], not [bold]this[/bold]")
    coloured = full.write(Report((finding,)), colour=True)

    assert "[B, C], not [bold]this[/bold]" in re.sub(r"\x1b\[[0-9;]*m", "", coloured)


def test_the_closing_sentence() -> None:
    assert (
        full.write(Report((), claims(30, 0, 4), files=2)) == "All clear: 34 comments: 30 proved, 4 assumed, 0 open.\n"
    )
    assert full.write(Report(files=0)) == "No files to lint.\n"
    assert full.write(Report((FINDING, WARNING, WARNING), claims(1), files=1)).endswith(
        "\nFound 1 error and 2 warnings. 1 comment: 1 proved, 0 assumed, 0 open.\n"
    )


def test_tabs_are_shown_as_spaces_and_counted_as_shown() -> None:
    assert shown(at(1, 4, 1, 7), "\tx\tabc\t# end") == [
        "  |",
        " 1|     x   abc # end",
        "  |         ^^^",
    ]


def test_wide_characters_take_two_cells_and_accents_none() -> None:
    assert shown(at(1, 8, 1, 14, "here"), "# 形状e\u0301 (B, C)")[1:] == [
        " 1| # 形状e\u0301 (B, C)",
        "  | " + " " * 8 + "^^^^^^ here",
    ]


def test_a_span_of_several_lines_marks_each() -> None:
    assert shown(at(1, 5, 3, 2, "this call"), "y = f(", "    x,   ", ")  # (B, C)") == [
        "  |",
        " 1| y = f(",
        "  |     ^^",
        " 2|     x,",
        "  |     ^^",
        " 3| )  # (B, C)",
        "  | ^ this call",
    ]


def test_of_a_long_span_the_middle_is_left_out() -> None:
    lines = [f"line{number}" for number in range(1, 13)]
    kept = [line for line in shown(at(1, 1, 12, 3), *lines) if "^" not in line]

    assert kept == ["  |", " 1| line1", " 2| line2", " 3| line3", "...|", "10| line10", "11| line11", "12| line12"]


def test_a_long_line_is_cut_to_a_window_around_the_span() -> None:
    line = "a" * 100 + "MARK" + "b" * 100
    _, text, carets = shown(at(1, 101, 1, 105, "here"), line, width=44)

    assert text == " 1| …" + "a" * 17 + "MARK" + "b" * 17 + "…"
    assert carets == "  | " + " " * 18 + "^^^^ here"
    assert len(text) == 44


def test_a_window_at_either_end_is_cut_on_one_side_only() -> None:
    line = "MARK" + "b" * 100 + "LAST"

    assert shown(at(1, 1, 1, 5), line, width=24)[1:] == [" 1| MARK" + "b" * 15 + "…", "  | ^^^^"]
    assert shown(at(1, 105, 1, 109), line, width=24)[1:] == [" 1| …" + "b" * 15 + "LAST", "  | " + " " * 16 + "^^^^"]


def test_spans_outside_of_the_source_do_no_harm() -> None:
    assert shown(at(9, 1, 9, 5), "one line") == []
    assert shown(at(1, 50, 1, 60), "short") == ["  |", " 1| short", "  |      ^"]
    assert shown(at(1, 1, 1, 1), "") == ["  |", " 1|", "  | ^"]


def test_control_characters_do_not_reach_the_terminal() -> None:
    assert shown(at(1, 1, 1, 2), "x\x1b[31m \u202e y")[1] == " 1| x·[31m  y"


def test_notes_of_several_lines_the_dynamic_verdict_and_a_fix_with_a_title() -> None:
    finding = replace(
        at(1, 1, 1, 2),
        notes=("first\nsecond",),
        dynamic="confirmed",
        fix=Fix((Edit(1, 1, 1, 2, "y"),), "swap the dims"),
    )

    assert shown(finding, "x")[3:] == ["  = first", "    second", "  = dynamic: confirmed", "  = fix: swap the dims"]


def test_in_a_notebook_the_cell_is_named_and_its_own_lines_are_shown() -> None:
    finding = replace(at(1, 1, 1, 2), path="a.ipynb", cell=3)
    report = Report((finding,), sources={"a.ipynb:cell 3": ("x @ y",)})

    assert full.write(report, quiet=True) == "a.ipynb:cell 3:1:1: error SHP102 m\n  |\n 1| x @ y\n  | ^\n"
