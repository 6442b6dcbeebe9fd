"""The `json` format: the contract of docs/json.md, for programs."""

from __future__ import annotations

import json
from typing import Any

from shapelint.checks.model import Annotation, Finding, Fix, Report
from shapelint.report import statistics
from shapelint.report.counts import summary

VERSION = 1


def write(report: Report, annotations: bool = False, with_statistics: bool = False) -> str:
    """The whole report as one JSON object; `annotations` adds the claims, `with_statistics` the counts."""
    data: dict[str, Any] = {"version": VERSION, "findings": [finding_data(finding) for finding in report.findings]}
    if annotations:
        data["annotations"] = [annotation_data(annotation) for annotation in report.annotations]
    data["summary"] = summary(report)
    if with_statistics:
        data["statistics"] = statistics.data(report)
    return json.dumps(data, indent=2) + "\n"


def finding_data(finding: Finding) -> dict[str, Any]:
    """A finding as JSON knows it."""
    return {
        "code": finding.code,
        "severity": finding.severity,
        "message": finding.message,
        "path": finding.path,
        **({"cell": finding.cell} if finding.cell is not None else {}),
        "line": finding.line,
        "column": finding.column,
        "end_line": finding.end_line,
        "end_column": finding.end_column,
        "declared": finding.declared,
        "inferred": finding.inferred,
        "witness": dict(finding.witness),
        "notes": list(finding.notes),
        "fix": _fix_data(finding.fix) if finding.fix else None,
        "dynamic": finding.dynamic,
    }


def annotation_data(annotation: Annotation) -> dict[str, Any]:
    """A claim as JSON knows it."""
    return {
        "path": annotation.path,
        **({"cell": annotation.cell} if annotation.cell is not None else {}),
        "line": annotation.line,
        "column": annotation.column,
        "text": annotation.text,
        "about": annotation.about,
        "declared": annotation.declared,
        "inferred": annotation.inferred,
        "verdict": annotation.verdict.value,
        "reason": annotation.reason,
    }


def _fix_data(fix: Fix) -> dict[str, Any]:
    return {
        "edits": [
            {
                "line": edit.line,
                "column": edit.column,
                "end_line": edit.end_line,
                "end_column": edit.end_column,
                "text": edit.text,
            }
            for edit in fix.edits
        ]
    }
