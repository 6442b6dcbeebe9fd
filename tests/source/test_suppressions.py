"""Which comments silence which codes, and which of them did nothing."""

from __future__ import annotations

import pytest

from shapelint.source import suppressions


@pytest.mark.parametrize(
    ("comment", "covered"),
    [
        ("# noqa", ["SHP201", "SHP102"]),
        ("# NOQA", ["SHP201", "SHP102"]),
        ("#noqa", ["SHP201", "SHP102"]),
        ("# noqa: SHP201", ["SHP201"]),
        ("# noqa:SHP201,SHP102", ["SHP201", "SHP102"]),
        ("# noqa: SHP201 SHP102", ["SHP201", "SHP102"]),
        ("# noqa: E501, SHP102", ["SHP102"]),
        ("# noqa: E501", []),
        ("# noqa: shp201", ["SHP201"]),
        ("# noqa: SHP2", ["SHP201"]),
        ("# (B, C)  # noqa: SHP201", ["SHP201"]),
        ("# noqa: SHP201  # because", ["SHP201"]),
        ("# shapelint: ignore", ["SHP201", "SHP102"]),
        ("# shapelint: ignore[SHP201]", ["SHP201"]),
        ("# shapelint:ignore[SHP201, SHP102]", ["SHP201", "SHP102"]),
        ("# shapelint: ignore[]", []),
        ("# shapelint: ignored", []),
        ("# noqable", []),
        ("# type: ignore", []),
        ("noqa", []),
    ],
)
def test_what_a_comment_covers(comment: str, covered: list[str]) -> None:
    found = suppressions(f"x = 1\ny = f(x)  {comment}\n")
    assert [code for code in ("SHP201", "SHP102") if found.covers(2, code)] == covered
    assert not found.covers(1, "SHP201")


@pytest.mark.parametrize(
    ("text", "skipped"),
    [
        ("# shapelint: skip-file\nx = 1\n", True),
        ("x = 1\n    # shapelint: skip-file\n", True),
        ('"""\n# shapelint: skip-file\n"""\n', False),
        ("x = 1  # shapelint: skip-file\n", False),
        ("Text\n\n# shapelint: skip-file\n'", True),
    ],
)
def test_a_whole_file(text: str, skipped: bool) -> None:
    found = suppressions(text)
    assert found.skip_file is skipped
    assert found.covers(1, "SHP201") is skipped


def test_unused() -> None:
    text = (
        "a  # noqa: SHP201, E501\n"
        "b  # noqa: SHP201, SHP102\n"
        "c  # noqa\n"
        "d  # shapelint: ignore\n"
        "e  # shapelint: ignore[SHP102]\n"
    )
    idle = suppressions(text).unused({(2, "SHP102"), (5, "SHP102")})
    assert [(each.line, each.codes) for each in idle] == [(1, ("SHP201",)), (2, ("SHP201",)), (4, ())]
    lines = text.split("\n")
    assert [lines[each.line - 1][each.column - 1 : each.end_column - 1] for each in idle] == [
        "# noqa: SHP201, E501",
        "# noqa: SHP201, SHP102",
        "# shapelint: ignore",
    ]
