"""What holds of any text at all: reading never raises, stays within the text, and takes time in proportion to it."""

from __future__ import annotations

import time
from unittest.mock import patch

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shapelint.notation import (
    NotationError,
    might_hold_claim,
    parse_dims,
    parse_signature,
    read_annotation,
    read_comment,
    read_comment_block,
    read_docstring,
)
from shapelint.notation.model import Reading

PIECES = st.sampled_from(
    [
        "(",
        ")",
        "[",
        "]",
        "{",
        "}",
        ",",
        " ",
        "B",
        "T",
        "C'",
        "x",
        "*",
        "/",
        "//",
        "-",
        "+",
        "->",
        "=>",
        "=",
        "...",
        "…",
        "1",
        "64",
        "0",
        "1e9",
        "0.5",
        ":",
        ";",
        ".",
        "|",
        "@",
        "`",
        "'",
        '"',
        "#",
        "?",
        "_",
        "²",
        "\u00d7",
        "→",
        "\n",
        "\t",
        "shape",
        "where ",
        "of ",
        "list of ",
        "mask",
        "x.shape",
        "H_out",
        "batch size",
        "max(a, b)",
        "BxTxC",
        "NCHW",
        "error",
        "not contiguous",
        "self.d",
        "seq-len",
        "Returns:",
        "Args:",
        "-----",
        "e.g.",
        "scalar",
        "\\text{in}",
    ]
)
TEXTS = st.one_of(st.text(max_size=120), st.lists(PIECES, max_size=30).map("".join))


def within(reading: Reading, text: str) -> bool:
    spans = [(claim.start, claim.end) for claim in reading.claims]
    spans += [(definition.start, definition.end) for definition in reading.definitions]
    return all(0 <= start < end <= len(text) for start, end in spans)


@settings(max_examples=600, deadline=None)
@given(TEXTS, st.booleans())
def test_a_comment_never_raises_and_its_claims_lie_within(text: str, own_line: bool) -> None:
    comment = "# " + text.replace("\n", " ")

    reading = read_comment(comment, own_line=own_line)

    assert within(reading, comment)
    for claim in reading.claims:
        for shape in claim.shapes:
            assert shape.text in comment.replace("`", " ").replace("\t", " ").replace("\xa0", " ").replace("\r", " ")


@settings(max_examples=400, deadline=None)
@given(TEXTS)
def test_the_prefilter_misses_nothing_that_reading_without_it_finds(text: str) -> None:
    comment = "# " + " ".join(text.splitlines())
    with (
        patch("shapelint.notation.comments.might_hold_claim", return_value=True),
        patch("shapelint.notation.docstrings.might_hold_claim", return_value=True),
    ):
        found = bool(read_comment(comment)) or bool(read_docstring(text))

    assert not found or might_hold_claim(comment) or might_hold_claim(text)


@settings(max_examples=300, deadline=None)
@given(st.lists(TEXTS, max_size=5))
def test_a_block_gives_one_reading_for_each_line(texts: list[str]) -> None:
    lines = ["# " + " ".join(text.splitlines()) for text in texts]

    readings = read_comment_block(lines)

    assert len(readings) == len(lines)
    assert all(within(reading, line) for reading, line in zip(readings, lines, strict=True))


@settings(max_examples=400, deadline=None)
@given(TEXTS)
def test_a_docstring_never_raises_and_its_claims_lie_within(text: str) -> None:
    assert within(read_docstring(text), text)


@settings(max_examples=300, deadline=None)
@given(TEXTS)
def test_what_is_no_shape_is_none_or_a_notation_error(text: str) -> None:
    read_annotation(text)
    parse_dims(text)
    problem: NotationError | None = None
    try:
        parse_signature(text)
    except NotationError as error:
        problem = error
    assert problem is None or (0 <= problem.column <= len(problem.text) and str(problem).endswith("^"))


@settings(max_examples=300, deadline=None)
@given(
    st.lists(st.sampled_from(["B", "T", "C", "H*W", "T'", "64", "1", "n_heads", "P+1", "D//2"]), min_size=2, max_size=6)
)
def test_a_shape_reads_the_same_in_every_dialect(dims: list[str]) -> None:
    if all(dim.isdigit() for dim in dims):
        return
    row = parse_dims(f"({', '.join(dims)})")
    assert row is not None
    for text in (f"[{', '.join(dims)}]", f"({','.join(dims)})", f"[{' x '.join(dims)}]", ", ".join(dims)):
        other = parse_dims(text)
        assert other is not None
        assert other.items == row.items


SLOW = {
    "open brackets": "(" * 100_000,
    "nested": "(" * 50_000 + ")" * 50_000,
    "shapes": "# (B, T, C) " * 9_000,
    "crosses": "# " + "B x " * 25_000,
    "glued": "# " + "Bx" * 50_000,
    "names": "# " + "a" * 100_000,
    "hyphens": "# " + "a-" * 50_000,
    "dots": "# " + "a." * 50_000,
    "stars": "# (" + "*" * 100_000,
    "equals": "# (B, T), " + "a = b, " * 14_000,
    "arrows": "# " + "-> " * 33_000,
    "blanks": "# (B, T)" + " " * 100_000 + "x",
    "commas": "# (" + "B," * 50_000 + ")",
    "calls": "# (" + "max(" * 25_000 + ")",
}


@pytest.mark.parametrize("text", SLOW.values(), ids=SLOW.keys())
def test_a_huge_text_takes_no_time(text: str) -> None:
    for read in (read_comment, might_hold_claim, parse_dims, read_annotation):
        begin = time.process_time()
        read(text)
        assert time.process_time() - begin < 0.5, read.__name__
    begin = time.process_time()
    read_comment_block([text, text])
    read_docstring(text)
    assert time.process_time() - begin < 0.5
