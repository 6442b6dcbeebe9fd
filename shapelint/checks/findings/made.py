"""A finding of each case: its place, its text, the sizes that prove it, and the chain of lines that led to it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeGuard

from shapelint.checks.findings import messages
from shapelint.checks.findings.placing import left_out, placed
from shapelint.checks.findings.suspected import suspicious
from shapelint.checks.model import Edit, Finding, Fix, Verdict
from shapelint.checks.rules.rule import Case, Rule, rule_for
from shapelint.checks.verdicts.judged import Judged
from shapelint.checks.verdicts.matching import Problem
from shapelint.checks.verdicts.sizes import named, symbols_of, witness_of
from shapelint.dims import Dim, Symbol
from shapelint.interp.state.events import ClaimMet, DefinitionMet, Evidence, Failed, Needed
from shapelint.notation.model import Role
from shapelint.program.nodes import Span


@dataclass(frozen=True, slots=True)
class Shown:
    """A finding with the case behind it and the function in which it was met, or from which it was called so."""

    finding: Finding
    case: Case
    evidence: Evidence


def shown(evidences: Sequence[Evidence], judged: Sequence[Sequence[Judged]], path: str) -> list[Shown]:
    """What is to be shown of a program: its refuted claims, and the operations that cannot run or equate names.

    What goes wrong within a call is told where it stands, if it goes wrong there with any inputs, or by what the
    function makes of those that it is given; else at the call (`placing.py`). Two names that one class or function
    equates in several places are told once.
    """
    found: list[Shown] = []
    for evidence, claims in zip(evidences, judged, strict=True):
        found += _of_claims(evidence, claims, path)
    first = _first_of_calls(evidences, path)
    at = {id(one): placed(one, path) for one in first.values()}
    told: set[tuple[int, int]] = set()
    equated: set[tuple[int, tuple[Dim, Dim]]] = set()
    for depth in range(MOST_SITES):
        level = [
            (evidence, event)
            for evidence in evidences
            for event in evidence.events
            if isinstance(event, (Failed, Needed))
            and len(_where(event, at).sites) == depth
            and (not _is_within_a_call(event) or first.get(_call(evidence, event)) is event)
        ]
        for further_in in (False, True):  # what is told of any inputs goes before what is told of some
            now = [(evidence, event) for evidence, event in level if (_where(event, at) is not event) == further_in]
            found += _of_level(now, at, told, equated, path)
    return [*found, *(Shown(*one) for one in suspicious(evidences, judged, path))]


MOST_SITES = 26


def _where(event: Failed | Needed, at: Mapping[int, Failed]) -> Failed | Needed:
    """An event at the place where it is told, by those that are told elsewhere than at their own."""
    return at.get(id(event), event)


def _is_within_a_call(event: object) -> TypeGuard[Failed]:
    """Whether an operation cannot run within a call, by what that is given, and not by a comment alone."""
    return isinstance(event, Failed) and bool(event.sites) and event.against is None


def _call(evidence: Evidence, event: Failed) -> tuple[int, int]:
    """The call of a function within which something goes wrong, however far in."""
    return id(evidence), id(event.sites[-1])


def _first_of_calls(evidences: Sequence[Evidence], path: str) -> dict[tuple[int, int], Failed]:
    """What goes wrong first within each call, and can be shown: what comes after it there mostly follows from it."""
    first: dict[tuple[int, int], Failed] = {}
    for evidence in evidences:
        for event in evidence.events:
            if not _is_within_a_call(event) or _call(evidence, event) in first:
                continue
            if _of_failure(event, evidence, path) is not None:
                first[_call(evidence, event)] = event
    return first


def _of_claims(evidence: Evidence, claims: Sequence[Judged], path: str) -> list[Shown]:
    found: list[Shown] = []
    labels: set[str] = set()
    begun: dict[tuple[str, int], set[tuple[int, Dim | None, Dim]]] = {}  # wrong left of arrows
    for claim in claims:
        if claim.verdict is Verdict.REFUTED and _follows_from(claim, begun):
            continue
        if claim.letter is not None:
            if claim.letter in labels:
                continue
            labels.add(claim.letter)
        elif claim.verdict is not Verdict.REFUTED or claim.by_failure:
            continue
        finding = _of_claim(claim, path)
        if finding is not None and not any(_is_told(finding, other.finding) for other in found):
            found.append(Shown(finding, claim, claim.caller or evidence))
    return found


def _follows_from(claim: Judged, begun: dict[tuple[str, int], set[tuple[int, Dim | None, Dim]]]) -> bool:
    """Whether all that is wrong right of an arrow are numbers that are wrong left of it, too, which is told there."""
    match = claim.match
    if not isinstance(claim.event, ClaimMet) or match is None or match.shape is None or match.problem is Problem.RANK:
        return False
    key = claim.attached.text, claim.attached.at[0]
    wrong = {(index, match.shape.dims[index].size, size) for index, size in match.wrong}
    if claim.event.attached.claim.role is Role.INPUT:
        begun.setdefault(key, set()).update(wrong)
        return False
    numbers = all(said is not None and said.value is not None for _, said, _ in wrong)
    return bool(wrong) and numbers and wrong <= begun.get(key, set())


def _of_level(
    level: Sequence[tuple[Evidence, Failed | Needed]],
    at: Mapping[int, Failed],
    told: set[tuple[int, int]],
    equated: set[tuple[int, tuple[Dim, Dim]]],
    path: str,
) -> list[Shown]:
    """The findings at calls of one depth (0: at the operations); one for a call, and none that is told further in."""
    found: list[Shown] = []
    calls: set[tuple[int, int]] = set()
    now: set[tuple[int, int]] = set()
    for evidence, event, needs in _by_operation(level):
        stands = _where(event, at)
        places = [0, *(id(site) for site in stands.sites)]
        if stands is not event and (id(event.blame), places[-1]) in told | now:
            continue
        if any((id(event.blame), place) in told for place in places[:-1]):
            continue
        key = (id(evidence), places[-1])
        if stands.sites and key in calls:
            continue
        owner = id(evidence.constructor or evidence)
        pairs = [need.apart for need in needs if need.apart is not None]
        untold = [pair for pair in pairs if (owner, pair) not in equated]
        if isinstance(stands, Failed):
            finding = _of_failure(stands, evidence, path, left_out(event, stands))
        else:
            finding = _of_need(stands, untold or pairs, path)
        if finding is None:
            continue
        now.add((id(event.blame), places[-1]))
        calls.add(key)
        if pairs and not untold:
            continue
        equated.update((owner, pair) for pair in untold)
        if not any(_is_told(finding, other.finding) for other in found):
            found.append(Shown(finding, event, evidence))
    told |= now
    return found


def _by_operation(
    level: Sequence[tuple[Evidence, Failed | Needed]],
) -> Iterator[tuple[Evidence, Failed | Needed, list[Needed]]]:
    """Each failure by itself; of each operation that equates names the first event, and all of them there."""
    asked: dict[tuple[int, ...], list[Needed]] = {}
    for evidence, event in level:
        if isinstance(event, Needed) and event.apart is not None and not event.conditional:
            asked.setdefault(_operation(evidence, event), []).append(event)
    for evidence, event in level:
        if isinstance(event, Failed):
            yield evidence, event, []
            continue
        needs = asked.get(_operation(evidence, event), [])
        if needs and needs[0] is event:
            yield evidence, event, needs


def _operation(evidence: Evidence, event: Needed) -> tuple[int, ...]:
    """An operation in a function, and the calls through which it came there."""
    return id(evidence), id(event.blame), *(id(site) for site in event.sites)


def _is_told(finding: Finding, other: Finding) -> bool:
    """Whether another finding says the same of the same place: with other sizes, in a later turn, of another target."""
    return (finding.code, finding.message, finding.line, finding.column) == (
        other.code,
        other.message,
        other.line,
        other.column,
    )


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
            notes=tuple(messages.chain(claim.event.sources, claim.attached.at[0], claim.wording)),
        )
    notes = [*messages.chain(claim.event.sources, claim.attached.at[0], claim.wording), *messages.sizes_note(claim)]
    notes += messages.calls_note(claim)
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
    if messages.briefly_inferred(claim) != given:
        return None  # nobody would write that
    if any(one.name == "_" for one in _symbols_given(claim)) or _is_one_of_several(claim):
        return None  # a size without a name tells the reader nothing, and one path of several is not all
    line, column, end_line, end_column = claim.attached.at
    if line != end_line or end_column - column != len(text):
        return None
    return Fix((Edit(line, column, end_line, end_column, given),), given)


def _symbols_given(claim: Judged) -> frozenset[Symbol]:
    shape = claim.given.shape if claim.given is not None else None
    return (
        frozenset().union(*(size.symbols for size in shape.dims)) if shape is not None and shape.known else frozenset()
    )


def _is_one_of_several(claim: Judged) -> bool:
    given = claim.event.given if isinstance(claim.event, ClaimMet) else ()
    return len({one.shape for one in given}) > 1


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


def _of_failure(event: Failed, evidence: Evidence, path: str, called: str = "") -> Finding | None:
    rule = rule_for(event)
    witness = witness_of(event, evidence.facts)
    if rule is None or witness is None:
        return None
    if event.against is not None:
        at = event.against.attached.at
        return _finding(rule, path, at, messages.against_headline(event), notes=tuple(messages.calls(event)))
    headline = messages.failure_headline(event)
    notes = [
        *messages.chain(event.sources, event.at[0]),
        *messages.calls(event),
        *([called] if called else []),
        *messages.of_one_name(event.pair, witness),
        *messages.sizes_told(witness, headline),
    ]
    return _finding(rule, path, event.at, headline, witness=named(witness), notes=tuple(notes))


def _of_need(event: Needed, pairs: Sequence[tuple[Dim, Dim]], path: str) -> Finding | None:
    """One finding of all names that an operation equates, with sizes of which the first two differ."""
    rule = rule_for(event)
    if rule is None:
        return None
    seen = list(dict.fromkeys(symbol for pair in pairs for symbol in symbols_of(event.sources, pair)))
    witness = event.before.witness([pairs[0]], mention=seen)
    if witness is None:
        return None
    sizes = {symbol: size for symbol, size in witness.items() if symbol in seen}
    through = [messages.why(event), *messages.calls(event)] if event.chain else []
    notes = [*messages.chain(event.sources, event.at[0]), *through, *messages.sizes_in(sizes)]
    return _finding(rule, path, event.at, messages.need_headline(pairs), witness=named(sizes), notes=tuple(notes))
