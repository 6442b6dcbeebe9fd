"""Where the fixtures of dynamic mode are, and how a program is linted and run."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import pytest

from shapelint.api import lint_source
from shapelint.checks.model import Report
from shapelint.dynamic.confirm import confirmed
from shapelint.dynamic.limits import Limits
from shapelint.project.run import merge
from shapelint.project.settings import Settings
from shapelint.source import Source, read_source

pytest.importorskip("torch")

FIXTURES = Path(__file__).parents[2] / "fixtures" / "dynamic"


@dataclass(frozen=True)
class Program:
    """A fixture: what is wrong with it, at which line; its right twin has nothing wrong."""

    name: str
    line: int
    code: str
    has_main: bool

    @property
    def wrong(self) -> Path:
        return FIXTURES / f"{self.name}_wrong.py"

    @property
    def right(self) -> Path:
        return FIXTURES / f"{self.name}_right.py"


def fixture_programs() -> list[Program]:
    with (FIXTURES / "expected.tsv").open(encoding="utf-8") as file:
        rows = csv.DictReader(file, delimiter="\t")
        return [Program(row["program"], int(row["line"]), row["code"], bool(row["main"])) for row in rows]


def linted(paths: Iterable[Path]) -> Report:
    reports = []
    for path in paths:
        source = read_source(path)
        assert isinstance(source, Source)
        reports.append(lint_source(source, Settings()))
    return merge(reports, 0.0)


def run(*paths: Path, seconds: float = 60.0) -> Report:
    """These files linted and run."""
    return confirmed(linted(paths), limits=Limits(seconds=seconds))
