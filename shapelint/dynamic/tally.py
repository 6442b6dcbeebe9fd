"""What is noted while code runs: of each claim how its values fitted, of each call its letters and what waits."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from shapelint.dynamic.judge import Letters, Outcome
from shapelint.dynamic.values import Row
from shapelint.dynamic.watch import Scope


@dataclass(slots=True)
class Tally:
    """How often a claim was met, and how its values fitted; `first` is the first that did not, with what it had."""

    hits: int = 0
    right: int = 0
    wrong: int = 0
    labels: int = 0
    examples: int = 0
    undecided: int = 0
    reason: str = ""
    first: Outcome | None = None
    shape: Row | None = None
    sizes: dict[str, int] = field(default_factory=dict)
    seen: Row | None = None


@dataclass(slots=True)
class Call:
    """One activation of a function: its letters, and the claims that wait for a letter."""

    scope: Scope
    letters: Letters
    waiting: dict[int, tuple[Row, dict[str, int | None]]] = field(default_factory=dict)
    parts: dict[tuple[int, int], Row] = field(default_factory=dict)
    above: Any = None
    before: dict[int, Any] = field(default_factory=dict)
    rows: set[int] = field(default_factory=set)
