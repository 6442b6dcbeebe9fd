"""The `full` format: each finding with its source, carets, the chain that led to it, the witness and the fix."""

from __future__ import annotations

from collections.abc import Iterator

from shapelint.checks.model import Finding, Fix, Report
from shapelint.report.concise import place
from shapelint.report.counts import conclusion
from shapelint.report.excerpt import Omitted, excerpt
from shapelint.report.styled import Line, coloured, plain

WIDTH = 120


def write(report: Report, colour: bool = False, quiet: bool = False, width: int = WIDTH) -> str:
    """The whole report, for a person; `quiet` leaves out the closing sentence."""
    lines: list[Line] = []
    for finding in report.findings:
        lines += [*finding_lines(finding, report, width), ()]
    if not quiet:
        lines.append(((("title" if report.findings else "good"), conclusion(report)),))
    elif lines:
        lines.pop()
    return coloured(lines) if colour else plain(lines)


def finding_lines(finding: Finding, report: Report, width: int = WIDTH) -> Iterator[Line]:
    """One finding: its headline, its place in the source, and what is to be said about it."""
    yield (
        ("place", f"{place(finding)}:"),
        ("", " "),
        (finding.severity, finding.severity),
        ("", " "),
        ("code", finding.code),
        ("", f" {finding.message}"),
    )
    source = report.sources.get(source_name(finding), ())
    start, end = (finding.line, finding.column), (finding.end_line, finding.end_column)
    margin = max(2, len(str(max(finding.line, finding.end_line))))
    shown = excerpt(source, start, end, max(20, width - margin - 2))
    if shown:
        yield (("gutter", f"{'':{margin}}|"),)
    for index, line in enumerate(shown):
        if isinstance(line, Omitted):
            yield (("gutter", f"{'...':>{margin}}|"),)
            continue
        yield (("gutter", f"{line.number:>{margin}}| "), ("", line.text))
        label = f" {finding.label}" if finding.label and index == len(shown) - 1 else ""
        yield (
            ("gutter", f"{'':{margin}}| "),
            ("", " " * line.start),
            (finding.severity, "^" * line.width),
            (finding.severity, label),
        )
    for note in _notes(finding):
        first, *rest = note[1].splitlines() or [""]
        yield (("gutter", f"{'':{margin}}= "), (note[0], first))
        for line_of_note in rest:
            yield (("", f"{'':{margin}}  {line_of_note}"),)


def source_name(finding: Finding) -> str:
    """The key of a finding's lines in `Report.sources`: its path, for a notebook `path:cell N`."""
    return finding.path if finding.cell is None else f"{finding.path}:cell {finding.cell}"


def _notes(finding: Finding) -> Iterator[tuple[str, str]]:
    """Style and text of each line below the source."""
    for note in finding.notes:
        yield "", note
    if finding.dynamic:
        yield "note", f"dynamic: {finding.dynamic}"
    if finding.fix:
        yield "fix", f"fix: {_told(finding.fix)}"


def _told(fix: Fix) -> str:
    """What a fix does: its own words, or the text that it writes."""
    return fix.title or ", ".join(edit.text.strip() or "remove" for edit in fix.edits)
