"""What the analysis hands to a report: findings, annotations and their summary, as data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Literal, TypeAlias

Severity: TypeAlias = Literal["error", "warning"]


class Verdict(str, Enum):
    """What is known of a claim; see docs/architecture.md for the meaning of each."""

    PROVED = "proved"
    REFUTED = "refuted"
    ASSUMED = "assumed"
    OPEN = "open"


@dataclass(frozen=True, slots=True)
class Edit:
    """Replace the text of a span (1-based, end exclusive) with `text`."""

    line: int
    column: int
    end_line: int
    end_column: int
    text: str


@dataclass(frozen=True, slots=True)
class Fix:
    """Edits that mend a finding, and what they do in a few words."""

    edits: tuple[Edit, ...]
    title: str = ""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is shown to a person.

    `message` is the headline. `label` stands beside the carets (`dims 2 and 3 are H*W, not C`). `notes` are the lines
    below it: the chain that made the shape so, the witness in words. `witness` gives each symbol its size.
    Lines and columns count from 1; the end column is exclusive.
    """

    code: str
    severity: Severity
    message: str
    path: str
    line: int
    column: int
    end_line: int
    end_column: int
    label: str = ""
    declared: str | None = None
    inferred: str | None = None
    witness: Mapping[str, int] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    fix: Fix | None = None
    dynamic: str | None = None
    cell: int | None = None


@dataclass(frozen=True, slots=True)
class Annotation:
    """One claim with its verdict. `text` is the comment, `about` the code that it speaks of."""

    path: str
    line: int
    column: int
    text: str
    about: str
    declared: str
    inferred: str | None
    verdict: Verdict
    reason: str | None = None
    cell: int | None = None


@dataclass(frozen=True, slots=True)
class Report:
    """All that a run has to say, of one file or of many."""

    findings: tuple[Finding, ...] = ()
    annotations: tuple[Annotation, ...] = ()
    files: int = 0
    seconds: float = 0.0
    sources: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # path -> lines, where findings are shown
    cut_short: tuple[str, ...] = ()  # why, for each function or class that was not followed to its end

    def count(self, verdict: Verdict) -> int:
        """How many claims have this verdict."""
        return sum(1 for annotation in self.annotations if annotation.verdict is verdict)
