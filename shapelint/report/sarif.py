"""The `sarif` format, SARIF 2.1.0, which code scanning services and editors read."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import PurePath
from typing import Any
from urllib.parse import quote

import shapelint
from shapelint.checks.model import Finding, Report
from shapelint.checks.rules.rule import Rule

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"


def write(report: Report, rules: Mapping[str, Rule]) -> str:
    """The whole report; `rules` describes the codes that it uses."""
    used = sorted({finding.code for finding in report.findings})
    driver = {
        "name": "shapelint",
        "version": shapelint.__version__,
        "rules": [_rule(code, rules.get(code)) for code in used],
    }
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "results": [_result(finding, used.index(finding.code)) for finding in report.findings],
    }
    return json.dumps({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}, indent=2) + "\n"


def _rule(code: str, rule: Rule | None) -> dict[str, Any]:
    if rule is None:
        return {"id": code}
    return {
        "id": code,
        "name": rule.name,
        "shortDescription": {"text": rule.what},
        "fullDescription": {"text": rule.why},
        "defaultConfiguration": {"level": rule.severity, "enabled": not rule.opt_in},
    }


def _result(finding: Finding, index: int) -> dict[str, Any]:
    location = {"artifactLocation": _artifact(finding.path), "region": _region(finding)}
    result: dict[str, Any] = {
        "ruleId": finding.code,
        "ruleIndex": index,
        "level": finding.severity,
        "message": {"text": "\n".join((finding.message, *finding.notes))},
        "locations": [{"physicalLocation": location}],
        "properties": {
            "declared": finding.declared,
            "inferred": finding.inferred,
            "witness": dict(finding.witness),
            **({"cell": finding.cell} if finding.cell is not None else {}),
            **({"dynamic": finding.dynamic} if finding.dynamic else {}),
        },
    }
    if finding.fix:
        replacements = [
            {"deletedRegion": _region(edit), "insertedContent": {"text": edit.text}} for edit in finding.fix.edits
        ]
        change = {"artifactLocation": _artifact(finding.path), "replacements": replacements}
        title = finding.fix.title or "mend it"
        result["fixes"] = [{"description": {"text": title}, "artifactChanges": [change]}]
    return result


def _region(span: Any) -> dict[str, int]:
    return {
        "startLine": span.line,
        "startColumn": span.column,
        "endLine": span.end_line,
        "endColumn": span.end_column,
    }


def _artifact(path: str) -> dict[str, str]:
    """A file as a URI, relative where the path is."""
    pure = PurePath(path)
    return {"uri": pure.as_uri() if pure.is_absolute() else quote(pure.as_posix())}
