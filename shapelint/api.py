"""The whole flow in a screen: a source goes in, a report of it comes out. The command line and the tests call it."""

from __future__ import annotations

import time
from functools import lru_cache

from shapelint.checks.findings.annotations import annotations_of, annotations_of_unmet
from shapelint.checks.findings.cells import lines_to_show, placed, placed_claim
from shapelint.checks.findings.made import shown
from shapelint.checks.findings.silenced import not_silenced, without_effect
from shapelint.checks.model import Annotation, Finding, Report
from shapelint.checks.verdicts.belief import weighed
from shapelint.checks.verdicts.labels import with_labels_of_a_file
from shapelint.dims import forget_sizes
from shapelint.interp.objects.loader import Loader
from shapelint.interp.running.analysis import analyse
from shapelint.ops.registry import load, state
from shapelint.program import CannotParse, check_syntax, imports_torch, lower, warm_up_parser
from shapelint.project.garbage import collect_between_files, put_off_collecting, share_what_there_is
from shapelint.project.settings import Settings
from shapelint.source import Source, programs, suppressions
from shapelint.source.pieces import Piece

put_off_collecting()


def lint_source(source: Source, settings: Settings) -> Report:
    """The findings in one source and the verdict of each of its claims. Never raises on any source."""
    start = time.perf_counter()
    if state(settings.operators):
        loader.cache_clear()  # what was read of other modules may rest on what was stated before
    findings: list[Finding] = []
    annotations: list[Annotation] = []
    cut_short: list[str] = []
    pieces = [] if suppressions(source.text).skip_file else programs(source)
    for piece in pieces:
        found, claims, cut = _lint_piece(source, piece)
        cut_short += cut
        found = [*not_silenced(found, source, piece), *without_effect(found, source, piece)]
        findings += [placed(finding, piece) for finding in found]
        annotations += [placed_claim(claim, piece) for claim in claims]
    forget_sizes()
    collect_between_files()
    lines = lines_to_show(source, pieces) if findings else {}
    seconds = time.perf_counter() - start
    return Report(tuple(findings), tuple(annotations), 1, seconds, lines, tuple(cut_short))


def _lint_piece(source: Source, piece: Piece) -> tuple[list[Finding], list[Annotation], list[str]]:
    """What is found in one program of a source, by its lines; why parts of it were not followed to their end."""
    found = [_tool_finding("SHP901", source.path, line, 1, why) for line, why in piece.skipped]
    try:
        if not piece.open_names and not imports_torch(piece.text):  # nothing is said of it but that it is no Python
            check_syntax(piece.text, first_line=piece.first_line, column=piece.column)
            return found, [], []
        module = lower(
            piece.text, source.path, first_line=piece.first_line, column=piece.column, open_names=piece.open_names
        )
    except CannotParse as error:
        return (
            [*found, _tool_finding("SHP901", source.path, error.line, error.column, f"syntax error: {error.message}")],
            [],
            [],
        )
    analysis = analyse(module, loader())
    found += [
        _tool_finding("SHP902", source.path, line, 1, f"internal error: {text}") for line, text in analysis.problems
    ]
    judged = with_labels_of_a_file([weighed(evidence) for evidence in analysis.evidence])
    found += [one.finding for one in shown(analysis.evidence, judged, source.path)]
    claims = [row for verdicts in judged for row in annotations_of(verdicts, source.path)]
    claims += annotations_of_unmet(module, analysis, source.path)
    cut_short = [each.limit for each in analysis.evidence if each.limit]
    analysis.let_go()
    return found, claims, cut_short


def _tool_finding(code: str, path: str, line: int, column: int, message: str) -> Finding:
    return Finding(code, "error", message, path, line, column, line, column + 1)


def warm_up() -> None:
    """Import now what linting a file needs, so that processes forked from this one need not each do it."""
    warm_up_parser()
    load()
    share_what_there_is()


@lru_cache(maxsize=1)
def loader() -> Loader:
    """The modules of the project that were read so far, shared by all files that this process lints."""
    return Loader()
