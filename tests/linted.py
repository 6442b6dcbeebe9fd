"""Programs given as text, linted for the tests."""

from __future__ import annotations

from dataclasses import replace

from shapelint.api import lint_source
from shapelint.checks.model import Finding, Report
from shapelint.checks.rules.rule import rules
from shapelint.project.selection import selected
from shapelint.project.settings import Settings
from shapelint.source import Source, source_from_text


def lint(text: str, path: str = "program.py", opt_in: str | None = None) -> Report:
    """The report of a program, or of what else has a path that ends as this one; one opt-in rule may be switched on."""
    source = source_from_text(text, path)
    assert isinstance(source, Source)
    settings = Settings(extend_select=(opt_in,) if opt_in else ())
    report = lint_source(source, settings)
    return replace(report, findings=selected(report.findings, settings, lambda code: rules()[code].opt_in))


def findings(text: str, path: str = "program.py", opt_in: str | None = None) -> list[Finding]:
    """What is found in a program, from its first line to its last."""
    report = lint(text, path, opt_in)
    return sorted(report.findings, key=lambda finding: (finding.line, finding.column, finding.code))
