"""A linter that stands in for the analysis: it finds what a file says of itself, to test all that is around it."""

from __future__ import annotations

import os
from pathlib import Path

from shapelint.checks.model import Annotation, Edit, Finding, Fix, Report, Verdict
from shapelint.project.settings import Settings
from shapelint.source import Source

LINTED: list[str] = []
"""The paths that were linted in this process, in order."""


def lint(source: Source, settings: Settings) -> Report:
    """`wrong`, `odd`, `opt-in` in a line is a finding; `fine`, `open` only a claim; `raise` and `die` end badly."""
    path = source.path
    LINTED.append(path)
    lines = tuple(Path(path).read_text(encoding="utf-8").splitlines())
    findings, annotations = [], []
    for number, line in enumerate(lines, start=1):
        if "raise" in line:
            raise ZeroDivisionError("a mistake in the linter")
        if "die" in line:
            os._exit(3)
        for word, code, severity in (
            ("wrong", "SHP102", "error"),
            ("odd", "SHP302", "warning"),
            ("opt-in", "SHP401", "warning"),
        ):
            if word in line:
                at = line.index(word) + 1
                end = at + len(word)
                fix = Fix((Edit(number, at, number, end, "right"),))
                findings.append(
                    Finding(
                        code, severity, f"comment says {word}", path, number, at, number, end,
                        label="here", declared=word, inferred="right", witness={"B": 2},
                        notes=("for B=2",), fix=fix,
                    )
                )  # fmt: skip
        for word, verdict in (("wrong", Verdict.REFUTED), ("fine", Verdict.PROVED), ("open", Verdict.OPEN)):
            if word in line:
                reason = "unknown function f" if verdict is Verdict.OPEN else None
                annotations.append(Annotation(path, number, 1, line, "x", word, None, verdict, reason))
    return Report(tuple(findings), tuple(annotations), files=1, sources={path: lines})


def crash_if_asked() -> None:
    """A linter that may not be needed."""
    raise AssertionError("nothing was to be linted")
