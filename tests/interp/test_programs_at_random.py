"""Programs made at random, each run for its shapes: no comment that tells one is refuted, no line is said to fail."""

from __future__ import annotations

import warnings

import pytest

from tests.interp.at_random.programs import program
from tests.linted import lint

SQUEEZES = "SHP307"
"""Of a dim that is never 1: it may well be."""
LEAST_PROVED = 0.6


@pytest.mark.parametrize("seed", range(24))
def test_what_runs_is_found_to_run_so(seed: int) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        text = program(seed)
    report = lint(text)
    shown = [f"{finding.line}: {finding.message}" for finding in report.findings if finding.code != SQUEEZES]
    assert shown == [], text
    verdicts = [annotation.verdict.value for annotation in report.annotations]
    assert verdicts.count("proved") >= LEAST_PROVED * len(verdicts), text
