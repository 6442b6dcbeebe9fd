"""Each claim with its verdict, as a report lists it; also those that the analysis never came to."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from shapelint.checks.findings import messages
from shapelint.checks.model import Annotation, Verdict
from shapelint.checks.verdicts.judged import Judged
from shapelint.interp.calls.parts_run import Analysis
from shapelint.interp.claims.applied_layers import NOT_APPLIED
from shapelint.interp.running.analysis import claims_of
from shapelint.interp.state.events import ClaimMet, DefinitionMet
from shapelint.program.nodes import Attached, Module


def annotations_of(judged: Sequence[Judged], path: str) -> list[Annotation]:
    """The claims of one function with their verdicts."""
    return [_annotation(claim, path) for claim in judged]


def _annotation(claim: Judged, path: str) -> Annotation:
    line, column, _, _ = claim.attached.at
    if isinstance(claim.event, DefinitionMet):
        declared: str | None = messages.definition_text(claim.event)
        about = claim.event.attached.definition.name
        inferred: str | None = str(claim.event.left)
    else:
        declared = messages.declared(claim)
        about = claim.event.about if isinstance(claim.event, ClaimMet) else ""
        inferred = messages.inferred(claim)
    reason = claim.reason or claim.note or None
    return Annotation(
        path, line, column, claim.attached.text, about, declared or claim.attached.text, inferred, claim.verdict, reason
    )


def annotations_of_unmet(module: Module, analysis: Analysis, path: str) -> list[Annotation]:
    """The claims that the analysis never came to, each with the reason."""
    met = {
        id(event.attached)
        for evidence in analysis.evidence
        for run in (evidence, *evidence.in_calls)
        for event in run.events
        if isinstance(event, (ClaimMet, DefinitionMet))
    }
    reason = analysis.cut_short[0] if analysis.cut_short else "the code is never reached"
    of_layers = {id(attached) for evidence in analysis.evidence for attached in evidence.of_layers}
    return [
        _unmet(attached, path, NOT_APPLIED if id(attached) in of_layers else reason)
        for attached in _left(claims_of(module), met)
    ]


def _left(claims: Iterable[Attached], met: set[int]) -> Iterable[Attached]:
    return (attached for attached in claims if id(attached) not in met and not attached.claim.tentative)


def _unmet(attached: Attached, path: str, reason: str) -> Annotation:
    line, column, _, _ = attached.at
    shapes = attached.claim.shapes
    declared = shapes[0].text if shapes else attached.text
    return Annotation(path, line, column, attached.text, "", declared, None, Verdict.OPEN, reason)
