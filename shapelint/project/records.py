"""Reports as plain lists and numbers, as the cache keeps them, and back."""

from __future__ import annotations

from dataclasses import astuple
from typing import Any

from shapelint.checks.model import Annotation, Edit, Finding, Fix, Report, Verdict


def to_record(report: Report) -> dict[str, Any]:
    """A report as JSON can hold it; source lines are kept only of files that something was found in."""
    return {
        "findings": [_finding_record(finding) for finding in report.findings],
        "annotations": [astuple(annotation) for annotation in report.annotations],
        "files": report.files,
        "cut_short": report.cut_short,
        "sources": dict(report.sources) if report.findings else {},
    }


def from_record(record: dict[str, Any]) -> Report:
    """The report that `to_record` was given; its time is what it took now: nothing."""
    return Report(
        findings=tuple(_finding(values) for values in record["findings"]),
        annotations=tuple(_annotation(values) for values in record["annotations"]),
        files=record["files"],
        cut_short=tuple(record["cut_short"]),
        sources={name: tuple(lines) for name, lines in record["sources"].items()},
    )


def _finding_record(finding: Finding) -> dict[str, Any]:
    record = {name: getattr(finding, name) for name in Finding.__slots__}
    record["witness"] = dict(finding.witness)
    if finding.fix is not None:
        record["fix"] = [finding.fix.title, [astuple(edit) for edit in finding.fix.edits]]
    return record


def _finding(record: dict[str, Any]) -> Finding:
    fix = record["fix"]
    if fix is not None:
        fix = Fix(tuple(Edit(*values) for values in fix[1]), fix[0])
    return Finding(**{**record, "fix": fix, "notes": tuple(record["notes"])})


def _annotation(values: list[Any]) -> Annotation:
    annotation = Annotation(*values)
    object.__setattr__(annotation, "verdict", Verdict(annotation.verdict))  # before anyone else has seen it
    return annotation
