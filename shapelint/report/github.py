"""The `github` format: workflow commands, which GitHub shows beside the lines of a pull request."""

from __future__ import annotations

from shapelint.checks.model import Finding, Report
from shapelint.report.concise import headline

_IN_TEXT = {"%": "%25", "\r": "%0D", "\n": "%0A"}
_IN_PROPERTY = {**_IN_TEXT, ":": "%3A", ",": "%2C"}


def write(report: Report) -> str:
    """One command for each finding."""
    return "".join(f"{command(finding)}\n" for finding in report.findings)


def command(finding: Finding) -> str:
    """`::error title=...,file=...,line=...::text`; a span of several lines has no columns, as GitHub wants it."""
    properties = {
        "title": f"shapelint ({finding.code})",
        "file": finding.path.replace("\\", "/"),
        "line": finding.line,
        "endLine": finding.end_line,
    }
    if finding.line == finding.end_line:
        properties |= {"col": finding.column, "endColumn": max(finding.column, finding.end_column - 1)}
    told = "\n".join((headline(finding), *finding.notes))
    listed = ",".join(f"{name}={_escape(str(value), _IN_PROPERTY)}" for name, value in properties.items())
    return f"::{finding.severity} {listed}::{_escape(told, _IN_TEXT)}"


def _escape(text: str, table: dict[str, str]) -> str:
    return "".join(table.get(character, character) for character in text)
