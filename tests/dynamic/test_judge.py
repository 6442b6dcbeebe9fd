"""Holding one shape against one claim, as a table; and letters over the claims of one call."""

from __future__ import annotations

import pytest

from shapelint.dynamic.judge import Fit, Letters, fit_of
from shapelint.notation import read_comment

KNOWN = {"B": 2, "H": 7, "W": 5, "dim": 6}

ROWS = [
    ("(B, dim)", (2, 6), Fit.RIGHT),
    ("(B, dim)", (6, 2), Fit.WRONG),
    ("(B, dim)", (2, 6, 1), Fit.WRONG),
    ("(B, H*W)", (2, 35), Fit.RIGHT),
    ("(B, HW)", (2, 35), Fit.RIGHT),
    ("(B, H*W)", (2, 36), Fit.WRONG),
    ("(B, H//2)", (2, 3), Fit.RIGHT),
    ("(B, H/2)", (2, 3), Fit.RIGHT),
    ("(B, H/2)", (2, 4), Fit.UNDECIDED),  # 7/2 is not whole: the author had other sizes in mind
    ("(B, ..., W)", (2, 9, 9, 5), Fit.RIGHT),
    ("(B, ..., W)", (2, 9, 9, 6), Fit.WRONG),
    ("(B, 1|dim)", (2, 1), Fit.RIGHT),
    ("(B, _)", (2, 77), Fit.RIGHT),
    ("(B, 64)", (2, 32), Fit.EXAMPLE),
    ("(B, 64)", (3, 32), Fit.WRONG),
    ("(B, T)", (2, 9), Fit.RIGHT),
    ("(T, T)", (9, 8), Fit.WRONG),
    ("(B, T, 2*T)", (2, 4, 8), Fit.RIGHT),
    ("(B, T, 2*T)", (2, 4, 9), Fit.WRONG),
    ("(B, S*T)", (2, 9), Fit.UNDECIDED),
]


def shapes_in(text: str) -> tuple[object, ...]:
    (claim,) = read_comment(f"# {text}").claims
    return claim.shapes


@pytest.mark.parametrize(("text", "actual", "fit"), ROWS)
def test_one_claim(text: str, actual: tuple[int, ...], fit: Fit) -> None:
    outcome = fit_of(shapes_in(text), actual, KNOWN.get, Letters(), 0, last=True)  # type: ignore[arg-type]

    assert outcome.fit is fit


def test_a_letter_has_one_size_in_a_call() -> None:
    letters = Letters({"T": (9, 0)})

    assert fit_of(shapes_in("(T, B)"), (9, 2), KNOWN.get, letters, 1).fit is Fit.RIGHT  # type: ignore[arg-type]
    assert fit_of(shapes_in("(T, B)"), (8, 2), KNOWN.get, letters, 1).fit is Fit.LABEL  # type: ignore[arg-type]
    assert fit_of(shapes_in("(T, B)"), (2, 9), KNOWN.get, letters, 1).fit is Fit.WRONG  # type: ignore[arg-type]


def test_a_claim_may_bind_its_own_letter_anew() -> None:
    """In a loop, each turn may have another size."""
    letters = Letters({"T": (9, 3)})

    assert fit_of(shapes_in("(B, T)"), (2, 5), KNOWN.get, letters, 3).fit is Fit.RIGHT  # type: ignore[arg-type]


def test_alternatives() -> None:
    shapes = shapes_in("(B, dim) or (B, 1, dim)")

    assert len(shapes) == 2
    assert fit_of(shapes, (2, 1, 6), KNOWN.get, Letters(), 0).fit is Fit.RIGHT  # type: ignore[arg-type]
