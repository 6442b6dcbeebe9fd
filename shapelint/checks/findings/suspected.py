"""Findings of what runs and is not likely to do what was meant, and of claims that hold only for some sizes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from shapelint.checks.findings import messages
from shapelint.checks.model import Finding
from shapelint.checks.rules.rule import Case, Rule, rule_for
from shapelint.checks.verdicts.judged import Judged
from shapelint.checks.verdicts.sizes import named, sizes_for, symbols_of
from shapelint.dims import Symbol
from shapelint.interp.state.events import Evidence, Suspected
from shapelint.program.nodes import Span


def suspicious(
    evidences: Sequence[Evidence], judged: Sequence[Sequence[Judged]], path: str
) -> Iterator[tuple[Finding, Case, Evidence]]:
    """What is suspicious in a program, each place and rule once, with the case and the function in which it was met."""
    told: set[tuple[str, int, int]] = set()
    for evidence, claims in zip(evidences, judged, strict=True):
        cases: list[Case] = [event for event in evidence.events if isinstance(event, Suspected)]
        cases += [claim for claim in claims if claim.note]
        for case in cases:
            finding = _finding_of(case, evidence, path)
            if finding is not None and (finding.code, finding.line, finding.column) not in told:
                told.add((finding.code, finding.line, finding.column))
                yield finding, case, evidence


def _finding_of(case: Case, evidence: Evidence, path: str) -> Finding | None:
    rule = rule_for(case)
    if rule is None:
        return None
    return _of_operation(case, evidence, rule, path) if isinstance(case, Suspected) else _of_claim(case, rule, path)


def _of_operation(case: Suspected, evidence: Evidence, rule: Rule, path: str) -> Finding | None:
    facts = case.facts.also(evidence.facts)
    symbols = symbols_of(case.sources, case.apart)
    witness: dict[Symbol, int] | None
    if case.apart is None or case.apart[0].value is not None:
        witness = sizes_for(facts, symbols)
    else:
        found = facts.witness([case.apart], mention=symbols)
        witness = None if found is None else {symbol: found[symbol] for symbol in symbols if symbol in found}
    if witness is None:
        return None
    notes = [*case.notes, *messages.chain(case.sources, case.at[0]), *messages.sizes_in(witness)]
    return _finding(rule, path, case.at, case.reason, witness=named(witness), notes=tuple(notes))


def _of_claim(case: Case, rule: Rule, path: str) -> Finding | None:
    """A claim that holds only where divisions come out, which it writes or the code makes."""
    if not isinstance(case, Judged):
        return None
    text = f"comment says {messages.declared(case)}, which holds only {case.note}"
    return _finding(
        rule, path, case.attached.at, text, declared=messages.declared(case), inferred=messages.inferred(case)
    )


def _finding(rule: Rule, path: str, at: Span, message: str, **details: object) -> Finding:
    line, column, end_line, end_column = at
    return Finding(rule.code, rule.severity, message, path, line, column, end_line, end_column, **details)  # type: ignore[arg-type]
