"""The static result of one source in full: what the dynamic run is planned from and held against."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from shapelint.checks.findings.made import Shown, shown
from shapelint.checks.model import Verdict
from shapelint.checks.verdicts.belief import weighed
from shapelint.checks.verdicts.judged import Judged
from shapelint.interp.objects.loader import Loader
from shapelint.interp.running.analysis import analyse
from shapelint.interp.state.events import Evidence
from shapelint.program import CannotParse, imports_torch, lower, nodes
from shapelint.source import Source, programs
from shapelint.source.pieces import Piece


@dataclass(slots=True)
class FunctionStudy:
    """One function's evidence, the verdicts of its claims, and each of its findings with the case behind it."""

    evidence: Evidence
    judged: Sequence[Judged]
    findings: list[Shown] = field(default_factory=list)

    @property
    def open(self) -> list[Judged]:
        """The claims that could not be decided."""
        return [claim for claim in self.judged if claim.verdict is Verdict.OPEN]


@dataclass(slots=True)
class Study:
    """One program of a source with all that is known of it."""

    piece: Piece
    module: nodes.Module
    functions: list[FunctionStudy]


def studies(source: Source, loader: Loader) -> list[Study]:
    """Each program of a source that can be read and has to do with tensors."""
    found = []
    for piece in programs(source):
        if not piece.open_names and not imports_torch(piece.text):
            continue
        try:
            found.append(_study(piece, source.path, loader))
        except CannotParse:
            continue
    return found


def _study(piece: Piece, path: str, loader: Loader) -> Study:
    module = lower(piece.text, path, first_line=piece.first_line, column=piece.column, open_names=piece.open_names)
    evidence = analyse(module, loader).evidence
    judged = [weighed(one) for one in evidence]
    functions = [FunctionStudy(one, claims) for one, claims in zip(evidence, judged, strict=True)]
    by_evidence = {id(function.evidence): function for function in functions}
    for one_shown in shown(evidence, judged, path):
        by_evidence[id(one_shown.evidence)].findings.append(one_shown)
    return Study(piece, module, functions)
