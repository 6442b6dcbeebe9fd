"""A finding of each case: its place, its text, the sizes that prove it, and the chain of lines that led to it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from shapelint.checks import messages
from shapelint.checks.equated import equated_names
from shapelint.checks.model import Edit, Finding, Fix, Verdict
from shapelint.checks.rule import Case, Rule, rule_for
from shapelint.checks.verdicts import Judged
from shapelint.dims import Dim, Facts, Symbol, const
from shapelint.interp.events import ClaimMet, DefinitionMet, Evidence, Failed, Needed, Source
from shapelint.program.nodes import Span


def told_in_place(evidence: Iterable[Evidence]) -> set[tuple[int, int]]:
    """(operation, place) of all that is told where it stands; a call that leads there need not tell it again."""
    return {
        (id(event.blame), id(event.sites[-1]) if event.sites else 0)
        for one in evidence
        for event in one.events
        if isinstance(event, (Failed, Needed))
    }


def _told_within(event: Failed | Needed, told: set[tuple[int, int]]) -> bool:
    """Whether what went wrong within a call is told within it: at the operation, or at a call further in."""
    inner = [0, *(id(site) for site in event.sites[:-1])]
    return bool(event.sites) and any((id(event.blame), place) in told for place in inner)


def findings_of(
    evidence: Evidence, judged: Sequence[Judged], path: str, told: set[tuple[int, int]]
) -> list[Finding]:
    """What is to be shown of one function; `told` as told_in_place gives it for the whole program."""
    found: list[Finding] = []
    labels: set[str] = set()
    for claim in judged:
        if claim.letter is not None:
            if claim.letter in labels:
                continue
            labels.add(claim.letter)
        elif claim.verdict is not Verdict.REFUTED:
            continue
        _add(found, _of_claim(claim, path))
    calls: set[int] = set()
    for event in evidence.events:
        if not isinstance(event, (Failed, Needed)) or _told_within(event, told):
            continue
        if event.sites and id(event.sites[-1]) in calls:
            continue
        calls.update(id(site) for site in event.sites[-1:])
        if isinstance(event, Failed):
            _add(found, _of_failure(event, evidence, path))
        elif isinstance(event, Needed) and not event.conditional:
            _add(found, _of_need(event, evidence, path))
    return found


def _add(found: list[Finding], finding: Finding | None) -> None:
    if finding is not None and finding not in found:
        found.append(finding)


def _finding(rule: Rule, path: str, at: Span, message: str, **details: object) -> Finding:
    line, column, end_line, end_column = at
    return Finding(rule.code, rule.severity, message, path, line, column, end_line, end_column, **details)  # type: ignore[arg-type]


def _of_claim(claim: Judged, path: str) -> Finding | None:
    rule = rule_for(claim)
    if rule is None:
        return None
    if isinstance(claim.event, DefinitionMet):
        return _of_definition(claim, claim.event, rule, path)
    assert isinstance(claim.event, ClaimMet)
    if claim.letter is not None:
        return _finding(rule, path, claim.attached.at, messages.label_headline(claim), **_shapes(claim))
    if claim.match is None or claim.match.given is None:
        return _finding(
            rule,
            path,
            claim.attached.at,
            messages.no_error_headline(claim),
            witness=named(claim.witness),
            notes=tuple(messages.chain(claim.event.sources, claim.attached.at[0])),
        )
    notes = [*messages.chain(claim.event.sources, claim.attached.at[0]), *messages.sizes_note(claim)]
    return _finding(
        rule,
        path,
        claim.attached.at,
        messages.claim_headline(claim),
        label=messages.claim_label(claim),
        witness=named(claim.witness),
        notes=tuple(notes),
        fix=_fix(claim),
        **_shapes(claim),
    )


def _shapes(claim: Judged) -> dict[str, str | None]:
    return {"declared": messages.declared(claim), "inferred": messages.inferred(claim)}


def _fix(claim: Judged) -> Fix | None:
    """The comment with the shape that the code gives, where the claim is one shape written in one place."""
    text, given = messages.declared(claim), messages.inferred(claim)
    if claim.match is None or given is None or text is None or claim.match.shape is None:
        return None
    line, column, end_line, end_column = claim.attached.at
    if line != end_line or end_column - column != len(text):
        return None
    return Fix((Edit(line, column, end_line, end_column, given),), given)


def _of_definition(claim: Judged, event: DefinitionMet, rule: Rule, path: str) -> Finding:
    return _finding(
        rule,
        path,
        claim.attached.at,
        messages.definition_headline(event),
        declared=messages.definition_text(event),
        inferred=str(event.left),
        witness=named(claim.witness),
        notes=tuple(messages.definition_notes(event, claim.witness)),
    )


def _of_failure(event: Failed, evidence: Evidence, path: str) -> Finding | None:
    rule = rule_for(event)
    facts = event.facts.also(evidence.facts)
    witness = sizes_for(facts, _symbols_of(event.sources, event.pair))
    if rule is None or witness is None:
        return None
    notes = [*messages.chain(event.sources, event.at[0]), *event.chain[:-1], *messages.sizes_in(witness)]
    return _finding(rule, path, event.at, messages.failure_headline(event), witness=named(witness), notes=tuple(notes))


def _of_need(event: Needed, evidence: Evidence, path: str) -> Finding | None:
    pair = equated_names(event, evidence)
    rule = rule_for(event)
    if pair is None or rule is None:
        return None
    first, second = pair
    witness = event.before.witness([(first, second)], mention=_symbols_of(event.sources, pair))
    if witness is None:
        return None
    shown = {symbol: size for symbol, size in witness.items() if symbol in _symbols_of(event.sources, pair)}
    notes = [*messages.chain(event.sources, event.at[0]), event.reason, *event.chain[:-1], *messages.sizes_in(shown)]
    return _finding(
        rule, path, event.at, messages.need_headline(first, second), witness=named(shown), notes=tuple(notes)
    )


def _symbols_of(sources: Iterable[Source], pair: tuple[Dim, Dim] | None) -> list[Symbol]:
    found: dict[Symbol, None] = {}
    for size in [*(pair or ()), *(size for source in sources for size in source.shape.seen())]:
        found.update(dict.fromkeys(sorted(size.symbols, key=lambda symbol: symbol.name)))
    return list(found)


def sizes_for(facts: Facts, symbols: list[Symbol]) -> dict[Symbol, int] | None:
    """Sizes for these symbols that obey all facts, None where none were found."""
    witness = facts.witness([(const(0), const(1))], mention=symbols)
    return None if witness is None else {symbol: witness[symbol] for symbol in symbols if symbol in witness}


def named(witness: Mapping[Symbol, int]) -> dict[str, int]:
    """A witness by the names that a reader knows; a second symbol of one name gets a prime."""
    out: dict[str, int] = {}
    for symbol, size in witness.items():
        name = symbol.name
        while name in out and out[name] != size:
            name += "'"
        out[name] = size
    return out


__all__ = ["Case", "findings_of", "named", "sizes_for"]
