"""One report of many files: from the cache where nothing has changed, the others linted."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence

from shapelint.checks.model import Report
from shapelint.project.cache import Cache
from shapelint.project.settings import Settings
from shapelint.project.workers import LintSource, lint_files


def run(
    paths: Sequence[str],
    settings: Settings,
    linter: Callable[[], LintSource],
    jobs: int = 1,
    cache: Cache | None = None,
) -> Report:
    """The report of all `paths`. `linter` gives the function that lints; it is asked only when a file needs linting."""
    start = time.perf_counter()
    reports: dict[str, Report] = {}
    if cache is not None:
        reports = {path: known for path in paths if (known := cache.get(path)) is not None}
    left = [path for path in paths if path not in reports]
    if left:
        for path, report in zip(left, lint_files(left, settings, linter(), jobs), strict=True):
            reports[path] = report
            if cache is not None:
                cache.put(path, report)
    if cache is not None:
        cache.save()
    return merge((reports[path] for path in paths), time.perf_counter() - start)


def merge(reports: Iterable[Report], seconds: float) -> Report:
    """Many reports as one, in their order; within a file by place. The source is kept only where something is shown."""
    reports = tuple(reports)
    return Report(
        findings=tuple(
            finding
            for report in reports
            for finding in sorted(report.findings, key=lambda f: (f.cell or 0, f.line, f.column, f.code, f.message))
        ),
        annotations=tuple(
            annotation
            for report in reports
            for annotation in sorted(report.annotations, key=lambda a: (a.cell or 0, a.line, a.column))
        ),
        cut_short=tuple(reason for report in reports for reason in report.cut_short),
        files=sum(report.files for report in reports),
        seconds=seconds,
        sources={name: lines for report in reports if report.findings for name, lines in report.sources.items()},
    )
