"""The verdict of each claim, from all that was noted of it: proved, refuted with a witness, assumed, or open."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace

from shapelint.checks.model import Verdict
from shapelint.checks.verdicts.assumed import (
    BY_LETTERS,
    BY_UNSEEN,
    tells_an_input,
    tells_inputs_nearby,
    tells_its_letters,
    what_is_given,
)
from shapelint.checks.verdicts.by_default import holds_by_default
from shapelint.checks.verdicts.exactness import all_exact
from shapelint.checks.verdicts.excused import (
    NAMED_BELOW,
    SAME_UNDER_TWO_NAMES,
    holds_in_names_below,
    why_excused,
)
from shapelint.checks.verdicts.judged import Judged, best_match, is_own_line
from shapelint.checks.verdicts.matching import Match, Outcome, Problem, match_shape, some_sizes
from shapelint.checks.verdicts.nearby import of_another, of_own_line, right_nearby
from shapelint.checks.verdicts.over_statements import with_those_over_statements
from shapelint.checks.verdicts.pairs import but_for_the_rest
from shapelint.checks.verdicts.taken_so import taken_so
from shapelint.checks.verdicts.told_apart import with_names_told_apart
from shapelint.checks.verdicts.unpacked import as_unpacked
from shapelint.checks.verdicts.wording import wording_of
from shapelint.dims import Comparison, Dim, Facts, Symbol, const, dim
from shapelint.interp.claims.claimed_parts import NOT_FOUND
from shapelint.interp.claims.described import NAMES_OF_RESULTS
from shapelint.interp.claims.givens import NO_TENSOR
from shapelint.interp.state.apart import is_one_name, is_one_of_a_kind
from shapelint.interp.state.events import ClaimMet, DefinitionMet, Evidence, Given
from shapelint.notation.model import Role
from shapelint.program.nodes import Place


def judge(evidence: Evidence) -> list[Judged]:
    """The verdicts of all claims that were met in one function, in the order in which they were first met."""
    grouped: dict[int, list[ClaimMet | DefinitionMet]] = defaultdict(list)
    for event in evidence.events:
        if isinstance(event, (ClaimMet, DefinitionMet)):
            grouped[id(event.attached)].append(event)
    uses = _letter_uses(evidence)
    judged = []
    examples = Facts()
    for events in grouped.values():
        one, examples = _judge_claim(events, evidence, examples, uses)
        if one is not None:
            judged.append(one)
    judged = with_those_over_statements(judged, evidence, lambda event: _judge_event(event, evidence, Facts(), uses)[0])
    judged = with_names_told_apart(judged, evidence)
    return [_in_words(_beside_others(one, judged), evidence) for one in judged]


def _beside_others(claim: Judged, judged: Sequence[Judged]) -> Judged:
    """A claim that is wrong of what another one of its comment is right of: it may tell of a step on the way there.

    `# out: (n*B, D). tracing: (B, D) -> (1, B, D)`.
    """
    if claim.verdict is not Verdict.REFUTED or not isinstance(claim.event, ClaimMet):
        return claim
    for other in judged:
        if other is claim or other.verdict is Verdict.REFUTED or not isinstance(other.event, ClaimMet):
            continue
        one, its = claim.event.attached, other.event.attached
        is_one_comment = one.text == its.text and one.at[0] == its.at[0] and one.place is its.place
        is_alike = one.claim.role is its.claim.role is Role.RESULT and one.claim.count == its.claim.count == 1
        if is_one_comment and is_alike and claim.event.about == other.event.about and one.place is not Place.DOCSTRING:
            return replace(claim, verdict=Verdict.OPEN, reason=STEP)
    return claim


STEP = "it may tell of a step on the way"


def _in_words(claim: Judged, evidence: Evidence) -> Judged:
    """A claim that will be shown, with the author's words for sizes."""
    shown = claim.verdict is Verdict.REFUTED or claim.letter is not None
    if not shown or not isinstance(claim.event, ClaimMet):
        return claim
    held = claim.match.shape if claim.match is not None else None
    return replace(claim, wording=wording_of(evidence, claim.event, held))


def _letter_uses(evidence: Evidence) -> set[str]:
    """The letters that a claim uses after another one has defined them."""
    return {
        dim.letter
        for event in evidence.events
        if isinstance(event, ClaimMet)
        for shape in event.alternatives
        for dim in shape.dims
        if dim.letter is not None
    }


def _judge_claim(
    events: Sequence[ClaimMet | DefinitionMet], evidence: Evidence, examples: Facts, uses: set[str]
) -> tuple[Judged | None, Facts]:
    first = events[0]
    if isinstance(first, DefinitionMet):
        met = [event for event in events if isinstance(event, DefinitionMet) and not event.defines]
        return (_judge_definition(met, evidence) if met else None), examples
    parts: dict[int, list[Judged]] = defaultdict(list)
    for event in events:
        if isinstance(event, ClaimMet):
            if any(given.why_unknown == NAMES_OF_RESULTS for given in event.given):
                return None, examples  # no shape is said
            one, after = _judge_event(event, evidence, Facts() if event.own_example else examples, uses)
            examples = examples if event.own_example else after
            parts[event.part].append(one)
    verdicts = [_all_turns(turns) for turns in parts.values()]
    if first.attached.claim.role is Role.ELEMENT:  # of items of a list, which may be unlike
        return replace(_all_parts(verdicts), letter=None), examples
    return _some_part(verdicts), examples


def _all_turns(turns: list[Judged]) -> Judged:
    """One verdict for a claim that was met several times, as in a loop: what they all say, else open.

    A comment over a branch may tell what one of its ways alone does: the other holds nothing of the kind.
    """
    turns = [one for one in turns if one.given is None or not one.given.why_unknown.endswith(NOT_FOUND)] or turns
    verdicts = {one.verdict for one in turns}
    if len(verdicts) == 1:
        return turns[0]
    if Verdict.PROVED in verdicts and isinstance(turns[0].event, ClaimMet) and turns[0].event.own_example:
        return next(one for one in turns if one.verdict is Verdict.PROVED)
    if verdicts == {Verdict.PROVED, Verdict.ASSUMED}:
        return next(one for one in turns if one.verdict is Verdict.PROVED)
    if verdicts == {Verdict.PROVED, Verdict.OPEN} and all(
        one.verdict is Verdict.PROVED or (one.match is not None and one.match.but_for_the_turn) for one in turns
    ):  # `ids = torch.cat([ids, new], 1)  # (B, T+1)` in a loop: T is what there was before this turn
        return next(one for one in turns if one.verdict is Verdict.PROVED)
    if Verdict.REFUTED in verdicts:
        return replace(turns[0], verdict=Verdict.OPEN, reason="it holds on one path and not on another")
    one = next(one for one in turns if one.verdict is Verdict.OPEN)
    return replace(one, letter=None) if Verdict.PROVED in verdicts else one  # a letter of its own in each turn


def _all_parts(parts: list[Judged]) -> Judged:
    """One verdict for a claim on several values, each of which must obey it."""
    for verdict in (Verdict.REFUTED, Verdict.OPEN, Verdict.PROVED):
        for one in parts:
            if one.verdict is verdict:
                return one
    return parts[0]


def _is_of_another_rank(judged: Judged) -> bool:
    """Whether a target is none that a shape may be said of: it has another number of dims, or is not known at all."""
    if judged.verdict is Verdict.REFUTED:
        return judged.match is not None and judged.match.problem is Problem.RANK
    return judged.given is not None and judged.given.shape is None


def _some_part(parts: list[Judged]) -> Judged:
    """One verdict for one shape beside several targets: it is refuted where it is that of none of them."""
    others = [part for part in parts[1:] if part.verdict is not parts[0].verdict]
    if parts[0].verdict is Verdict.PROVED and all(_is_of_another_rank(part) for part in others):
        return parts[0]
    if len({part.verdict is Verdict.REFUTED for part in parts}) == 2:
        one = next(part for part in parts if part.verdict is Verdict.REFUTED)
        return replace(one, verdict=Verdict.OPEN, reason="it may speak of another one of the targets")
    whole = _all_parts(parts)
    is_label = all(part.letter is not None for part in parts)  # else it is right of another one of the targets
    return whole if is_label else replace(whole, letter=None)


def _is_of_a_constructor(left: Dim, right: Dim, evidence: Evidence) -> bool:
    """Whether both sides of `where n = h * w` are nothing but what a module is made with, each for a caller to give."""
    return left.as_symbol is not None and all(
        any(place.startswith("('init'") for place in evidence.groups.get(dim(symbol), ()))
        for symbol in left.symbols | right.symbols
    )


def _judge_definition(events: Iterable[DefinitionMet], evidence: Evidence) -> Judged:
    answers = []
    for event in events:
        facts = event.facts.also(evidence.facts)
        answer = facts.compare(event.left, event.right)
        note = ""
        if event.exact and answer is not Comparison.EQUAL:
            exact = all_exact(facts, event.exact)
            if exact.is_equal(event.left, event.right):
                answer, note = Comparison.EQUAL, "when its divisions are exact"
        if answer is Comparison.EQUAL:
            answers.append(Judged(event.attached, Verdict.PROVED, event=event, note=note))
            continue
        # `n = 1` of a size that may be 1 tells of the case at hand, or of what a caller is to give
        open_answers = {Comparison.MAYBE, Comparison.DIFFERS} if event.right.value is not None else {Comparison.MAYBE}
        is_asked = _is_of_a_constructor(event.left, event.right, evidence)
        witness = facts.witness([(event.left, event.right)]) if answer not in open_answers and not is_asked else None
        if witness is None:
            answers.append(Judged(event.attached, Verdict.OPEN, "the two sides could not be compared", event))
        else:
            answers.append(Judged(event.attached, Verdict.REFUTED, "", event, witness=witness))
    return _all_turns(answers)


def _judge_event(event: ClaimMet, evidence: Evidence, examples: Facts, uses: set[str]) -> tuple[Judged, Facts]:
    facts = event.facts.also(evidence.facts)
    judged, after = _judge_under(event, facts, evidence, examples, uses)
    for ways in facts.ways() if judged.verdict is Verdict.REFUTED else ():
        cases = [facts.equal(left, right) for left, right in ways]
        found = [_judge_under(event, one, evidence, examples, uses)[0] for one in cases if not one.contradictory]
        if any(one.verdict is not Verdict.REFUTED for one in found):
            return replace(judged, verdict=Verdict.OPEN, reason=IN_A_CASE), after
        judged = found[0] if found else judged
    if judged.verdict in (Verdict.REFUTED, Verdict.OPEN) and (taken := taken_so(judged, evidence)):
        known = facts
        for one in taken:
            known = one.also(known)
        again = judged if known.contradictory else _judge_under(event, known, evidence, examples, uses)[0]
        if again.verdict is Verdict.PROVED:
            notes = [*sorted({one.note for one in taken}), *[again.note.removeprefix("when ")] * bool(again.note)]
            return replace(again, note=f"when {' and '.join(notes)}"), after
    return judged, after


IN_A_CASE = "it may hold in one of the cases that the code tells apart"


def _judge_under(
    event: ClaimMet, facts: Facts, evidence: Evidence, examples: Facts, uses: set[str]
) -> tuple[Judged, Facts]:
    if event.attached.claim.role is Role.RAISES:
        return _judge_error(event, facts), examples
    if event.believed:
        event = as_unpacked(event, evidence) or event
    if event.believed and event.is_input and not _is_against_what_is_seen(event, facts):
        return Judged(event.attached, Verdict.ASSUMED, "an input", event, event.given[0]), examples
    before = examples
    outcomes: list[tuple[Given, Match]] = []
    for given in event.given:
        known = facts if given.path is None else facts.also(given.path)
        if known.contradictory and len(event.given) > 1:
            continue  # what leads to this value cannot be, after all that is known now
        best, examples = best_match(event, given, known, examples, evidence.groups)
        outcomes.append((given, best))
    if not outcomes:
        return Judged(event.attached, Verdict.OPEN, "no path leads here", event), examples
    outcomes = _where_all_inputs_are(outcomes, facts, evidence)
    judged = _combined(event, outcomes, facts, evidence)
    if examples is not before and is_own_line(event.attached):
        other = of_another(event, facts, before, evidence)
        if other is not None:
            return other, before
    if judged.verdict is Verdict.OPEN and tells_an_input(event, outcomes):
        told = what_is_given(judged)
        near = right_nearby(event, facts, examples, evidence.groups) if told == BY_UNSEEN else None
        return near or replace(judged, verdict=Verdict.ASSUMED, reason=told), examples
    if judged.verdict is Verdict.OPEN and tells_its_letters(event, outcomes):
        return replace(judged, verdict=Verdict.ASSUMED, reason=BY_LETTERS), examples
    is_wrong = judged.verdict is Verdict.REFUTED or judged.letter is not None
    if is_wrong and holds_by_default(judged.match, evidence):
        reason = "it holds of what parameters are by default"
        return replace(judged, verdict=Verdict.OPEN, reason=reason, letter=None), examples
    if event.doubt and (judged.verdict is Verdict.REFUTED or judged.letter is not None):
        near = right_nearby(event, facts, before, evidence.groups) if is_own_line(event.attached) else None
        if near is not None:
            return near, before
        return replace(judged, verdict=Verdict.OPEN, reason=event.doubt, letter=None), examples
    if judged.verdict is Verdict.REFUTED and (excuse := why_excused(judged, event, facts, evidence)):
        if excuse is NAMED_BELOW and holds_in_names_below(judged, facts, evidence):
            return replace(judged, verdict=Verdict.PROVED, note=excuse), examples
        return replace(judged, verdict=Verdict.OPEN, reason=excuse), examples
    is_alone = event.attached.claim.role is Role.RESULT and is_own_line(event.attached)
    if judged.verdict is Verdict.OPEN and judged.match is not None and is_alone:
        judged = right_nearby(event, facts, examples, evidence.groups) or judged
    if judged.verdict is Verdict.OPEN and tells_inputs_nearby(event, outcomes):
        return replace(judged, verdict=Verdict.ASSUMED, reason=what_is_given(judged)), examples
    if (judged.verdict is Verdict.REFUTED or judged.letter is not None) and is_own_line(event.attached):
        judged = of_own_line(event, judged, facts, examples, evidence.groups)
    if judged.match is not None and any(evidence.defaults.get(size, 1) % 2 == 0 for size in judged.match.odd):
        return replace(judged, verdict=Verdict.OPEN, reason="it holds for an odd number, the default is even"), examples
    if judged.verdict is Verdict.PROVED and _only_fresh(event, uses):
        judged = replace(judged, verdict=Verdict.ASSUMED, reason="its names are used nowhere else")
    return judged, examples


def _is_against_what_is_seen(event: ClaimMet, facts: Facts) -> bool:
    """Whether dims of an input that its use has shown are other ones than those of the claim."""
    matches = [
        match_shape(shape, given, facts, Facts())[0]
        for given in event.given
        if given.shape is not None and given.shape.least_rank
        for shape in event.alternatives
    ]
    return bool(matches) and all(match.outcome is Outcome.WRONG for match in matches)


def _only_fresh(event: ClaimMet, uses: set[str]) -> bool:
    """Whether a claim says no more than how many dims there are, in letters that stand nowhere else."""
    if len(event.alternatives) != 1:
        return False
    dims = event.alternatives[0].dims
    return bool(dims) and all(dim.fresh is not None and dim.fresh not in uses for dim in dims)


def _where_all_inputs_are(
    outcomes: list[tuple[Given, Match]], facts: Facts, evidence: Evidence
) -> list[tuple[Given, Match]]:
    """The outcomes but for those that lack no more than what an input adds that is None there: `C` of `C + D`."""
    if not evidence.optional or all(match.outcome is not Outcome.RIGHT for _, match in outcomes):
        return outcomes
    return [pair for pair in outcomes if not _lacks_an_input(pair[1], facts, evidence.optional)]


def _lacks_an_input(match: Match, facts: Facts, optional: Collection[Symbol]) -> bool:
    if match.outcome is Outcome.RIGHT or match.shape is None or match.given is None or not match.given.known:
        return False
    if match.given.rank != len(match.shape.dims):
        return False
    said = [(dim.size, size) for dim, size in zip(match.shape.dims, match.given.dims, strict=True)]
    lacking = [(own, size) for own, size in said if own is None or not facts.is_equal(own, size)]
    return bool(lacking) and all(
        own is not None and _is_sum_of(facts.normalize(own) - facts.normalize(size), optional) for own, size in lacking
    )


def _is_sum_of(difference: Dim, letters: Collection[Symbol]) -> bool:
    """Whether a size is a sum of nothing but these letters."""
    parts = {dim(one) for one in difference.symbols}
    whole = sum(parts, const(0))
    return bool(parts) and difference is whole and difference.symbols <= set(letters)


def _may_be_one_size(match: Match, facts: Facts, evidence: Evidence) -> bool:
    """Whether a letter that nothing but comments defines may be another name of the size that it meets.

    Nothing ties such a letter to a size of the code: its comments say that the size is this one. It is another size
    where the author gives both a name at one place, as two axes of one tensor.
    """
    shape = match.shape
    said = next((d for d in shape.dims if d.letter == match.letter), None) if shape is not None else None
    size = next((size for index, size in match.wrong if shape is not None and shape.dims[index] is said), None)
    if size is not None and size.as_symbol is not None and str(match.letter).lower() == size.as_symbol.name.lower():
        return True  # `C` of comments, which have it for the code's `c` as for something else
    if said is None or said.size is None or size is None or not said.by_comments:
        return False
    groups = evidence.groups
    own, other = but_for_the_rest(facts.normalize(said.size), facts.normalize(size))
    names = [one.as_symbol.name for one in (size, other) if one.as_symbol is not None]
    if any(is_one_name(str(match.letter), name) or is_one_of_a_kind(str(match.letter), name) for name in names):
        return True
    if own.as_symbol is None or own.as_symbol.name != match.letter or own.symbols & other.symbols:
        return False
    if other.value is not None:  # of what is not known, or a caller gives, nothing speaks against the number
        return _is_of_the_unknown(said.size, evidence) or _is_of_another_input(match, said.size, evidence)
    return not (groups.get(own, set()) | groups.get(said.size, set())) & (
        groups.get(other, set()) | groups.get(size, set())
    )


def _is_of_the_unknown(size: Dim, evidence: Evidence) -> bool:
    """Whether a letter was first said of a value of unknown shape that is no input."""
    for event in evidence.events:
        if isinstance(event, ClaimMet) and any(dim.size is size for shape in event.alternatives for dim in shape.dims):
            return event.believed and not event.is_input and event.attached.place is not Place.DOCSTRING
    return False


def _is_of_another_input(match: Match, letter: Dim, evidence: Evidence) -> bool:
    """Whether nothing but what is said of inputs tells of a letter, and no input is as the value but for that.

    A caller may give a number of them then; `x[:, :2]` of an `x` that is (B, C, T) has other channels, surely.
    """
    places = evidence.groups.get(letter, set())
    if not places or not all(place.startswith(("('docstring'", "('claim'")) for place in places) or match.given is None:
        return False
    sizes = match.given.dims if match.given.known else ()
    inputs = [event for event in evidence.events if isinstance(event, ClaimMet) and event.is_input]
    said = [[dim.size for dim in shape.dims] for event in inputs for shape in event.alternatives]
    return bool(sizes) and not any(
        len(row) == len(sizes) and all(own in (size, letter) for own, size in zip(row, sizes, strict=True))
        for row in said
    )


def _combined(event: ClaimMet, outcomes: list[tuple[Given, Match]], facts: Facts, evidence: Evidence) -> Judged:
    if event.any_of:
        right = [pair for pair in outcomes if pair[1].outcome is Outcome.RIGHT]
        if right:
            return Judged(event.attached, Verdict.PROVED, "", event, *right[0], note=right[0][1].note)
    kinds = {match.outcome for given, match in outcomes if given.why_unknown != NO_TENSOR}
    if kinds == {Outcome.RIGHT}:  # what is no tensor on another path is not spoken of
        outcomes = [pair for pair in outcomes if pair[1].outcome is Outcome.RIGHT]
    kinds = {match.outcome for _, match in outcomes}
    given, match = outcomes[0]
    if kinds == {Outcome.RIGHT}:
        return Judged(event.attached, Verdict.PROVED, "", event, given, match, note=match.note)
    if kinds == {Outcome.WRONG}:
        witness = match.witness if match.witness is not None else some_sizes(match, facts)
        if witness is None:
            return Judged(event.attached, Verdict.OPEN, "no sizes were found that show it wrong", event, given, match)
        return Judged(event.attached, Verdict.REFUTED, "", event, given, match, witness)
    if kinds <= {Outcome.LABEL, Outcome.WRONG}:
        given, match = next(pair for pair in outcomes if pair[1].outcome is Outcome.LABEL)
        if not _may_be_one_size(match, facts, evidence):
            return Judged(event.attached, Verdict.OPEN, match.reason, event, given, match, letter=match.letter)
        return Judged(event.attached, Verdict.OPEN, SAME_UNDER_TWO_NAMES, event, given, match)
    for given, match in outcomes:
        if match.outcome is Outcome.OPEN:
            return Judged(event.attached, Verdict.OPEN, match.reason, event, given, match)
    return Judged(event.attached, Verdict.OPEN, "it holds on one path and not on another", event, *outcomes[0])


def _judge_error(event: ClaimMet, facts: Facts) -> Judged:
    """A claim that the line fails: proved if it does, refuted if it surely runs."""
    if event.failure is not None:
        return Judged(event.attached, Verdict.PROVED, event.failure.reason, event)
    given = event.given[0] if event.given else Given(None)
    if given.shape is None or not given.shape.known:
        return Judged(
            event.attached, Verdict.OPEN, given.why_unknown or "what the line gives is not known", event, given
        )
    witness = some_sizes(Match(Outcome.WRONG, None, given=given.shape), facts)
    if witness is None:
        return Judged(event.attached, Verdict.OPEN, "no sizes were found that show it wrong", event, given)
    return Judged(event.attached, Verdict.REFUTED, "", event, given, Match(Outcome.WRONG, Problem.NO_ERROR), witness)
