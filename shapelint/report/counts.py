"""What a run comes to in numbers: the summary of every format, and the tables of `--statistics`."""

from __future__ import annotations

import re
from collections import Counter

from shapelint.checks.model import Report, Verdict

_PLACE = re.compile(r" at line \d+(?: of cell \d+)?")


def summary(report: Report) -> dict[str, int | float]:
    """The counts of a run."""
    return {
        "files": report.files,
        "annotations": len(report.annotations),
        **{verdict.value: report.count(verdict) for verdict in Verdict},
        "findings": len(report.findings),
        "seconds": round(report.seconds, 3),
    }


def plural(count: int, word: str) -> str:
    """`1 error`, `2 errors`."""
    return f"{count} {word}" if count == 1 else f"{count} {word}s"


def conclusion(report: Report) -> str:
    """The sentence that ends a run: what was found, and how much of what the comments say was decided."""
    errors = sum(1 for finding in report.findings if finding.severity == "error")
    warnings = len(report.findings) - errors
    found = [plural(count, word) for count, word in ((errors, "error"), (warnings, "warning")) if count]
    start = f"Found {' and '.join(found)}." if found else "All clear:"
    if not report.files and not found:
        return "No files to lint."
    if not report.annotations:
        return f"{start} {plural(report.files, 'file')}, no shape comments."
    verdicts = [
        f"{report.count(verdict)} {verdict.value}"
        for verdict in Verdict
        if verdict is not Verdict.REFUTED or report.count(verdict)
    ]
    return f"{start} {plural(len(report.annotations), 'comment')}: {', '.join(verdicts)}."


def by_code(report: Report) -> list[tuple[str, int]]:
    """How often each rule was broken, most frequent first."""
    counts = Counter(finding.code for finding in report.findings)
    return sorted(counts.items(), key=lambda item: (-item[1], item[0]))


def cut_short(report: Report) -> list[tuple[str, int]]:
    """Why functions and classes were not followed to their end, most frequent first: there, findings may be missing."""
    return sorted(Counter(report.cut_short).items(), key=lambda item: (-item[1], item[0]))


def open_reasons(report: Report) -> list[tuple[str, int]]:
    """Why comments were left open, most frequent first, wherever they stand."""
    reasons = (a.reason or "no reason given" for a in report.annotations if a.verdict is Verdict.OPEN)
    counts = Counter(_PLACE.sub("", reason) for reason in reasons)
    return sorted(counts.items(), key=lambda item: (-item[1], item[0]))
