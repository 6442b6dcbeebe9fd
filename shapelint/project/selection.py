"""Which findings are shown: the one place that weighs select, ignore, extend-select and per-file-ignores."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from shapelint.checks.model import Finding
from shapelint.project.files import matches
from shapelint.project.ignored import compiled
from shapelint.project.settings import Settings

TOOL = "SHP9"
"""What shapelint could not read or do. It is shown unless it is ignored by name: silence would look like a pass."""


def selected(findings: Iterable[Finding], settings: Settings, is_opt_in: Callable[[str], bool]) -> tuple[Finding, ...]:
    """The findings that `settings` want to see."""
    ignored_in: dict[str, tuple[str, ...]] = {}

    def wanted(finding: Finding) -> bool:
        if finding.path not in ignored_in:
            ignored_in[finding.path] = _ignored_in(finding.path, settings)
        return shows(finding.code, settings, is_opt_in, ignored_in[finding.path])

    return tuple(finding for finding in findings if wanted(finding))


def shows(code: str, settings: Settings, is_opt_in: Callable[[str], bool], also_ignored: tuple[str, ...] = ()) -> bool:
    """Whether findings of `code` are shown. The longer of two selectors that disagree wins, and ignore wins a draw."""
    chosen = max(_fit(code, settings.select), _fit(code, settings.extend_select))
    if code.startswith(TOOL) or not (settings.select or is_opt_in(code)):
        chosen = max(chosen, 0)
    return chosen >= 0 and chosen > max(_fit(code, settings.ignore), _fit(code, also_ignored))


def _fit(code: str, selectors: Iterable[str]) -> int:
    """The length of the longest selector that means `code`; `ALL` has none; -1 if no selector does."""
    return max((0 if s == "ALL" else len(s) for s in selectors if s == "ALL" or code.startswith(s)), default=-1)


def _ignored_in(path: str, settings: Settings) -> tuple[str, ...]:
    """The codes that `per-file-ignores` leaves out for `path`."""
    root = settings.root.as_posix()
    return tuple(
        code
        for pattern, listed in settings.per_file_ignores
        if matches((compiled((pattern,), root),), path)
        for code in listed
    )
