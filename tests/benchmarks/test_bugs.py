"""The bench of bugs: its programs are pairs that run as they say, and a sample of its bugs is found."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest

FILE = Path(__file__).parents[2] / "benchmarks" / "bugs" / "run.py"


def load() -> ModuleType:
    spec = importlib.util.spec_from_file_location("benchmarks_bugs_run", FILE)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


bench = load()
PAIRS = list(bench.pairs())
SAMPLE = PAIRS[::6]
NAMES = [f"{pair.kind}/{pair.name}" for pair in SAMPLE]


def test_there_are_pairs_enough_of_kinds_enough() -> None:
    assert len(PAIRS) >= 120
    assert len({pair.kind for pair in PAIRS}) >= 25


def test_every_wrong_program_marks_what_to_blame_and_no_right_one_does() -> None:
    assert [pair.name for pair in PAIRS if not pair.wrong.blamed or pair.right.blamed] == []
    assert {pair.wrong.fate for pair in PAIRS} == {"raises", "differs", "comment"}


@pytest.mark.parametrize("pair", SAMPLE, ids=NAMES)
def test_nothing_is_found_in_a_right_program(pair: object) -> None:
    assert bench.found_at(pair.right) == []  # type: ignore[attr-defined]


def test_nine_bugs_of_ten_are_found_at_the_line_to_blame() -> None:
    missed = [
        f"{pair.kind}/{pair.name}"
        for pair in SAMPLE
        if not any(line in pair.wrong.blamed for line, _, _ in bench.found_at(pair.wrong))
    ]

    assert len(missed) <= len(SAMPLE) // 10, missed


@pytest.mark.parametrize("pair", SAMPLE, ids=NAMES)
def test_a_pair_comes_to_what_it_says_in_torch(pair: object) -> None:
    pytest.importorskip("torch")
    if "einops" in pair.wrong.text:  # type: ignore[attr-defined]
        pytest.importorskip("einops")

    assert bench.fate_of(pair) == ("runs", pair.wrong.fate)  # type: ignore[attr-defined]
