"""Precision and recall on real comments, labelled by reading the code around them: labelled.tsv, one a line.

A line is `place<TAB>label<TAB>text`; place is own or trailing, label is claim or no. The comments are single lines of
labml-nn 0.5.1, vit-pytorch 1.26.11, espnet 202511, kornia 0.9.0, timm 1.0.20, openai-whisper 20250625,
speechbrain 1.1.2, x-transformers 2.31.10 and segmentation-models-pytorch 0.6.0; the last hundred and more are drawn at
random from comments of some two hundred other packages that name an axis, a list, a word glued to a row or a `should`.
"""

from __future__ import annotations

from pathlib import Path

from shapelint.notation import might_hold_claim, read_comment

ROWS = [
    tuple(line.split("\t", 2))
    for line in Path(__file__).with_name("labelled.tsv").read_text(encoding="utf-8").splitlines()
]


def read(place: str, text: str) -> bool:
    return bool(read_comment(text, own_line=place == "own").claims)


def test_the_sample_is_large_and_holds_both_labels() -> None:
    labels = [label for _, label, _ in ROWS]

    assert len(ROWS) >= 300
    assert min(labels.count("claim"), labels.count("no")) >= 100
    assert set(labels) == {"claim", "no"}


def test_precision_is_at_least_99_percent() -> None:
    found = [(label, text) for place, label, text in ROWS if read(place, text)]
    wrong = [text for label, text in found if label == "no"]

    assert len(wrong) <= 0.01 * len(found), wrong


def test_recall_is_at_least_95_percent() -> None:
    claims = [(place, text) for place, label, text in ROWS if label == "claim"]
    missed = [text for place, text in claims if not read(place, text)]

    assert len(missed) <= 0.05 * len(claims), missed


def test_the_prefilter_misses_none_of_them() -> None:
    assert [text for _, label, text in ROWS if label == "claim" and not might_hold_claim(text)] == []
