"""Programs given as text, linted for the tests."""

from __future__ import annotations

from shapelint.api import lint_source
from shapelint.checks.model import Finding, Report
from shapelint.project.settings import Settings
from shapelint.source import Source, source_from_text


def lint(text: str, path: str = "program.py") -> Report:
    """The report of a program, or of what else has a path that ends as this one."""
    source = source_from_text(text, path)
    assert isinstance(source, Source)
    return lint_source(source, Settings())


def findings(text: str, path: str = "program.py") -> list[Finding]:
    """What is found in a program, from its first line to its last."""
    return sorted(lint(text, path).findings, key=lambda finding: (finding.line, finding.column, finding.code))
