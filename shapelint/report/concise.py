"""The `concise` format: one line for each finding, `path:line:column: severity CODE message`."""

from __future__ import annotations

from shapelint.checks.model import Finding, Report
from shapelint.report.counts import conclusion


def place(finding: Finding) -> str:
    """Where a finding is: `model.py:12:5`, in a notebook `model.ipynb:cell 3:12:5`."""
    cell = f":cell {finding.cell}" if finding.cell is not None else ""
    return f"{finding.path}{cell}:{finding.line}:{finding.column}"


def headline(finding: Finding) -> str:
    """A finding in one line."""
    doubt = " (not confirmed by a run)" if finding.dynamic == "not confirmed" else ""
    return f"{place(finding)}: {finding.severity} {finding.code} {_one_line(finding.message)}{doubt}"


def write(report: Report, quiet: bool = False) -> str:
    """The whole report; `quiet` leaves out the closing sentence."""
    lines = [headline(finding) for finding in report.findings]
    if not quiet:
        lines.append(conclusion(report))
    return "".join(f"{line}\n" for line in lines)


def _one_line(text: str) -> str:
    return " ".join(text.split())
