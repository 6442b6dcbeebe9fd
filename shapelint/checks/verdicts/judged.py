"""A claim with its verdict, and how well a value that it may speak of fits it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from shapelint.checks.model import Verdict
from shapelint.checks.verdicts.matching import Match, Outcome, Problem, match_shape
from shapelint.checks.verdicts.wording import PLAIN, Wording
from shapelint.dims import Facts, Symbol
from shapelint.interp.state.apart import Groups
from shapelint.interp.state.events import ClaimMet, DefinitionMet, Evidence, Given
from shapelint.program.nodes import OWN_LINE, Attached, AttachedDefinition


@dataclass(frozen=True, slots=True)
class Judged:
    """A claim with its verdict; `match` shows what does not fit where it is refuted."""

    attached: Attached | AttachedDefinition
    verdict: Verdict
    reason: str = ""
    event: ClaimMet | DefinitionMet | None = None
    given: Given | None = None
    match: Match | None = None
    witness: Mapping[Symbol, int] = field(default_factory=dict)
    letter: str | None = None  # the letter that comes to stand for two sizes
    note: str = ""
    wording: Wording = PLAIN  # of a refuted claim
    by: ClaimMet | None = None  # the one comment, on a value of unknown shape, that alone refutes it
    calls: tuple[int, ...] = ()  # of one that a private function's calls decide, their lines
    caller: Evidence | None = None  # of such a one, that of what anyone may call, in which the first of them stands
    by_failure: bool = False  # whether an operation that cannot run refutes it; then that is shown


def is_own_line(attached: Attached | AttachedDefinition) -> bool:
    """Whether a claim stands on a line of its own, from which it may speak of what is above or of what is below."""
    return attached.place in OWN_LINE or (isinstance(attached, Attached) and attached.or_about is not None)


def best_match(event: ClaimMet, given: Given, facts: Facts, examples: Facts, groups: Groups) -> tuple[Match, Facts]:
    """How a value fits the claim: as the alternative that fits it best."""
    best: Match | None = None
    order = (Outcome.RIGHT, Outcome.OPEN, Outcome.LABEL, Outcome.WRONG)
    for shape in event.alternatives:
        match, examples_after = match_shape(shape, given, facts, examples, groups)
        if match.outcome is not Outcome.WRONG:
            examples = examples_after
        if best is None or order.index(match.outcome) < order.index(best.outcome):
            best = match
    if best is None:
        best = Match(Outcome.RIGHT, None)
    if best.outcome is Outcome.RIGHT and event.attached.claim.contiguous is not None:
        best = _layout(event, given, best)
    return best, examples


def right_match(event: ClaimMet, given: Given, facts: Facts, examples: Facts, groups: Groups) -> Match | None:
    """How a value fits a claim that is right of it; None of any other, by what sizes ever it is wrong."""
    for shape in event.alternatives:
        match, examples = match_shape(shape, given, facts, examples, groups, only_right=True)
        if match.outcome is Outcome.RIGHT:
            break
    else:
        match = Match(Outcome.OPEN if event.alternatives else Outcome.RIGHT, None)
    if match.outcome is Outcome.RIGHT and event.attached.claim.contiguous is not None:
        match = _layout(event, given, match)
    return match if match.outcome is Outcome.RIGHT else None


def _layout(event: ClaimMet, given: Given, match: Match) -> Match:
    if given.contiguous is None:
        return replace(match, outcome=Outcome.OPEN, reason="how it lies in memory is not known")
    if given.contiguous == event.attached.claim.contiguous:
        return match
    return replace(match, outcome=Outcome.WRONG, problem=Problem.LAYOUT)
