"""What rests on a comment that was only believed: no error of the code follows from it.

A claim on a value of unknown shape is taken at its word, so that later lines can be held against it. Where the code
then cannot run, the comment is more likely to be wrong than the code, or it speaks of something else. What rests on
which claim is found by running the function again without it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import TypeGuard

from shapelint.checks.model import Verdict
from shapelint.checks.verdicts.choices import with_choices_by_default
from shapelint.checks.verdicts.doubt import is_in_doubt, is_trouble, is_wrong, key
from shapelint.checks.verdicts.in_calls import judged_in_calls
from shapelint.checks.verdicts.judged import Judged
from shapelint.checks.verdicts.labels import NO_SLIP, with_labels
from shapelint.checks.verdicts.matching import Match, Problem
from shapelint.checks.verdicts.promises import judged_by_code
from shapelint.checks.verdicts.reruns import CONTRACT, Causes, Run
from shapelint.checks.verdicts.sizes import witness_of
from shapelint.checks.verdicts.where_equated import left_to_the_operation
from shapelint.dims import Dim, Facts, Symbol
from shapelint.interp.state.apart import Groups
from shapelint.interp.state.events import ClaimMet, Doubt, Event, Evidence, Failed, Needed, Suspected, Suspicion
from shapelint.notation.model import BATCHES, Role
from shapelint.ops.needs import Trouble
from shapelint.program import nodes
from shapelint.program.nodes import Attached, Place
from shapelint.program.within import all_parts, roots
from shapelint.program.written import statements_of

OF_ITS_RANK = (Trouble.DIM_INDEX, Trouble.UNPACK)
"""What fails for the number of dims alone."""

OF_NO_SHAPE = (Trouble.CALL, Trouble.ARGUMENT, Trouble.LAYOUT)
"""What fails by no size."""

BY_WHAT_IT_IS_MADE_FOR = (Trouble.LAYER_INPUT, Trouble.MATMUL)
"""What the code states a size for: a comment that does not fit it is as good a witness as the code."""

DISAGREE = "it disagrees with a comment that could not be checked"


def weighed(evidence: Evidence) -> list[Judged]:
    """The verdicts of the claims met in a function; what went wrong by a believed claim alone is laid at that claim.

    Those that only its calls decide, where all of these are known, are decided by them.
    """
    return with_choices_by_default(judged_in_calls(_weighed(evidence), evidence, _weighed), evidence, _weighed)


def _weighed(evidence: Evidence) -> list[Judged]:
    judged = _by_what_is_believed(evidence)  # first: no operation has its way whose trouble is a comment's
    return left_to_the_operation(judged, evidence)


def _by_what_is_believed(evidence: Evidence) -> list[Judged]:
    judged = _beside_defaults(judged_by_code(evidence), evidence)
    again = evidence.again
    believed = {id(one) for one in evidence.believed}
    met = [one for one in evidence.events if isinstance(one, ClaimMet) and id(one.attached) in believed]
    comments = [one for one in met if one.attached.place not in CONTRACT]
    docstrings = [one for one in met if one.attached.place in (Place.DOCSTRING, Place.PARAMETER)]
    troubled = any(map(is_trouble, evidence.events))
    suspected = troubled or any(isinstance(one, Suspected) for one in evidence.events)
    if again is None or not (comments or docstrings):
        return with_labels(judged)
    if comments and (suspected or any(map(is_wrong, judged))):
        without = Run(again(lambda one: one.place not in CONTRACT))
        causes = Causes(again, comments, alone=True)
        judged = [_by_two_comments(one, without, causes, evidence.facts) for one in judged]
        evidence.events[:] = _first_of_each(
            _by_a_comment(one, causes) if is_in_doubt(one) and key(one) not in without.troubles else one
            for one in evidence.events
        )
        _let_batches_be_left_out(evidence)
    if docstrings and any(map(_cannot_go_on, evidence.events)):  # a wrong description makes one turn unlike the next
        plain = Run(again(lambda one: True))
        evidence.events[:] = [e for e in evidence.events if not _cannot_go_on(e) or key(e) in plain.troubles]
    if docstrings and troubled:
        causes = Causes(again, docstrings, alone=False)
        laid_there = _first_of_each(
            _by_docstrings(one, causes, evidence) if is_trouble(one) else one for one in evidence.events
        )
        evidence.events[:] = _once(_without_what_follows(laid_there, causes), causes)
    if docstrings:
        judged = _beside_other_flags(judged, evidence, again)
        judged = _against_docstrings(judged, evidence, docstrings, Causes(again, docstrings, alone=False))
    laid = {id(one.against.attached): one for one in evidence.events if isinstance(one, Failed) and one.against}
    return with_labels([_refuted(one, laid[id(one.attached)]) if id(one.attached) in laid else one for one in judged])


def _cannot_go_on(event: Event) -> TypeGuard[Suspected]:
    return isinstance(event, Suspected) and event.kind is Suspicion.AGAIN


def _let_batches_be_left_out(evidence: Evidence) -> None:
    """Drop that layers ask for more dims than comments tell of several values: these may leave out the batch."""
    laid = [one for one in evidence.events if isinstance(one, Failed) and one.against is not None]
    of_rank = {id(one) for one in laid if one.trouble is Trouble.LAYER_INPUT and one.pair is None}
    if len(of_rank) >= NO_SLIP:
        evidence.events[:] = [one for one in evidence.events if id(one) not in of_rank]


def _beside_defaults(judged: list[Judged], evidence: Evidence) -> list[Judged]:
    """The verdicts; what goes wrong only with what a caller may replace is open, and no trouble.

    What a module gives that an annotation or a name tells, an operation outside of it is held against all the same.
    """
    if evidence.without_defaults is None:
        return judged
    if evidence.takes_but_told and any(map(is_in_doubt, evidence.events)):
        told = Run(evidence.without_defaults(True))
        evidence.events[:] = [one for one in evidence.events if not is_in_doubt(one) or key(one) in told.troubles]
    if not any(map(is_wrong, judged)):
        return judged
    plain = Run(evidence.without_defaults(False))
    return [
        replace(one, verdict=Verdict.OPEN, reason=BY_DEFAULT, letter=None)
        if is_wrong(one) and id(one.attached) not in plain.wrong
        else one
        for one in judged
    ]


BY_DEFAULT = "it disagrees with a default in the place of which a caller may give another"


def _refuted(claim: Judged, failure: Failed) -> Judged:
    reason = f"line {failure.at[0]} cannot run on it"
    return replace(claim, verdict=Verdict.REFUTED, reason=reason, letter=None, by_failure=True)


def _by_two_comments(claim: Judged, without: Run, causes: Causes, facts: Facts) -> Judged:
    """A verdict; one that rests on believed comments is open, or names the comment if it is one alone."""
    if not is_wrong(claim) or id(claim.attached) in without.wrong:
        return claim
    cause = causes.of_verdict(claim)
    if _is_conflict(claim, facts) or (cause is not None and not causes.of_one_value(cause)):
        return replace(claim, verdict=Verdict.OPEN, reason=DISAGREE, letter=None)
    return replace(claim, by=cause if cause is not None and cause.attached is not claim.attached else None)


def _by_a_comment(event: Event, causes: Causes) -> Event | None:
    """A trouble that inline comments make: laid at one of a wrong rank, or of an operand, else none.

    What runs, and is suspicious by what two of them say, is told where it stands: they are witnesses of each other.
    """
    if not isinstance(event, Failed):
        return event if isinstance(event, (Needed, Suspected)) and causes.are_several(event) else None
    is_of_rank = event.trouble in OF_ITS_RANK or (event.trouble is Trouble.LAYER_INPUT and event.pair is None)
    if not is_of_rank and event.trouble not in BY_WHAT_IT_IS_MADE_FOR:
        return None
    if is_of_rank and event.conditions:
        return None  # what is said may be of the other case
    claim = causes.of_trouble(event)
    if not is_of_rank:
        of_it = claim is not None and claim.attached.claim.role is Role.OPERAND  # the comment tells of this operation
        return replace(event, against=claim) if of_it else replace(event, by=claim)
    return replace(event, against=claim) if claim is not None and causes.of_one_value(claim) else None


def _by_docstrings(event: Event, causes: Causes, evidence: Evidence) -> Event | None:
    """A trouble that a number of dims, or a number among them, makes that is documented of inputs, laid there.

    A number of dims may hold on another path than the one that fails, and what is said of many inputs may call two
    sizes by one name. What is said beside a parameter stays where it is: that is no worse a place to be told of it than
    the operation. A single letter that is another size elsewhere is a label. What is said of an input of which the
    function takes an item may be said of each.
    """
    if isinstance(event, Failed) and event.pair is not None and _is_label(event.pair, causes, evidence.groups):
        return event if causes.of_trouble(event) is None else None
    if not isinstance(event, Failed) or event.against is not None:
        return event
    if _is_of_no_shape(event) and event.trouble is not Trouble.ARGUMENT:
        return event
    found = causes.all_of_trouble(event)
    if _is_of_no_shape(event) and not found:
        return event
    claims = [met for met in found if len(met.attached.claim.shapes) == 1]
    if len(found) > MOST_AT_ODDS or any(met.attached.claim.in_words for met in found):
        return None  # "3D tensor" may be said of volumes
    if found and not claims:  # of several shapes, all fail
        return None if event.conditions else event
    of_items = any(_gives_items(met.attached, evidence.function) for met in claims)
    by_rank = event.trouble in OF_ITS_RANK
    by_place = event.trouble is Trouble.INDEX and event.pair is None and not _is_taken_out_of_it(event.blame, claims)
    of_a_path = event.conditions and (by_rank or (_is_by_a_rank(event) and _asks_for_dims(evidence.function)))
    if claims and (((by_rank or by_place) and of_items) or of_a_path or _is_of_a_flag(event, evidence)):
        return None
    # Of two that do not go together the code is as likely wrong, and that is told where it stands.
    telling = [met for met in claims if _is_by_a_number(event, [met])] if len(claims) > 1 and event.pair else claims
    in_docstring = len(telling) == 1 and telling[0].attached.place is Place.DOCSTRING
    if in_docstring and _is_by_a_number(event, telling) and witness_of(event, evidence.facts) is not None:
        return replace(event, against=telling[0])
    return event if found == claims else None  # sizes of one letter in several shapes of several inputs


def _is_taken_out_of_it(expr: nodes.Expr, claims: Sequence[ClaimMet]) -> bool:
    """Whether an item is taken out of what a claim names itself, and not out of an item of it."""
    name = expr.value.id if isinstance(expr, nodes.Subscript) and isinstance(expr.value, nodes.Name) else ""
    return any(isinstance(met.attached.subject, nodes.Name) and met.attached.subject.id == name for met in claims)


def _is_of_no_shape(event: Failed) -> bool:
    return event.trouble in OF_NO_SHAPE and event.pair is None


def _is_by_a_rank(event: Failed) -> bool:
    """Whether an operation fails by the number of dims of what it is given, on whatever path that is."""
    return event.trouble in OF_ITS_RANK or (event.pair is None and event.trouble is not Trouble.COUNT)


def _beside_other_flags(judged: list[Judged], evidence: Evidence, again: Callable[[Doubt], Evidence]) -> list[Judged]:
    """The verdicts; a comment on a branch that is not taken by default is open where only a description contradicts it.

    That tells of the default: under `if batch_first:` an input has its dims in another order.
    """
    aside = [
        one
        for one in judged
        if is_wrong(one)
        and isinstance(one.event, ClaimMet)
        and one.event.conditional
        and _is_under_a_flag(evidence.function, one.attached.at[0])
    ]
    if not aside or evidence.at_defaults is None:
        return judged
    usual = {id(one.attached) for one in evidence.at_defaults().events if isinstance(one, ClaimMet)}
    aside = [one for one in aside if id(one.attached) not in usual]
    plain = Run(again(lambda one: one.place in (Place.DOCSTRING, Place.PARAMETER))).wrong if aside else frozenset()
    return [
        replace(one, verdict=Verdict.OPEN, reason=OF_ANOTHER_CASE, letter=None)
        if any(one is other for other in aside) and id(one.attached) not in plain
        else one
        for one in judged
    ]


OF_ANOTHER_CASE = "the description that it disagrees with may be of another case"


def _is_of_a_flag(event: Failed, evidence: Evidence) -> bool:
    """Whether an operation on a branch fails by a number of dims, and is passed over with the flags by default.

    A description tells of these: what is given with `batched=True` may have other dims.
    """
    if not event.conditions or not _is_by_a_rank(event) or evidence.at_defaults is None:
        return False
    if not _is_under_a_flag(evidence.function, event.at[0]):
        return False
    return key(event) not in Run(evidence.at_defaults()).troubles


def _is_under_a_flag(function: nodes.Function | None, line: int) -> bool:
    """Whether a line of a function is on a branch that does not just ask whether something is None."""
    statements = statements_of(function) if function is not None else ()
    tests = [one.test for one in statements if isinstance(one, nodes.If) and one.at[0] < line <= one.at[2]]
    return any(not (isinstance(test, nodes.Compare) and test.ops[0] in ("is", "is not")) for test in tests)


def _asks_for_dims(function: nodes.Function | None) -> bool:
    """Whether a branch of a function asks how many dims something has: `x.dim() == 3`, `len(x.shape) > 2`."""
    statements = statements_of(function) if function is not None else ()
    tests = [one.test for one in statements if isinstance(one, nodes.If)]
    return any(isinstance(part, nodes.Attribute) and part.attr in _OF_DIMS for part in all_parts(tests))


_OF_DIMS = frozenset("dim ndim ndimension shape size".split())


MOST_AT_ODDS = 2  # inputs whose descriptions do not go together in an operation, for it to be told


def _is_by_a_number(event: Failed, claims: Sequence[ClaimMet]) -> bool:
    """Whether an operation fails by how many dims descriptions tell, or by a number in them.

    Of sizes that are made of names the code may as well be wrong.
    """
    if event.pair is None:
        return event.trouble is not Trouble.COUNT
    numbers = {dim.size for met in claims for one in met.alternatives for dim in one.dims if dim.size is not None}
    return any(size.value is not None and size in numbers for size in event.pair)


def _without_what_follows(events: Sequence[Event], causes: Causes) -> list[Event]:
    """The events but those troubles that go with a description at which another one is laid."""
    laid = [one.against.attached for one in events if isinstance(one, Failed) and one.against is not None]
    laid = [one for one in laid if one.place is Place.DOCSTRING]
    return [
        one
        for one in events
        if not is_trouble(one)
        or (isinstance(one, Failed) and (one.against or _is_of_no_shape(one)))
        or all(key(one) in causes.run_without(claim).troubles for claim in laid)
    ]


def _once(events: Sequence[Event], causes: Causes) -> list[Event]:
    """The events, with the same two sizes that do not fit told once of those that go with the same descriptions."""
    seen: set[object] = set()
    found: list[Event] = []
    for event in events:
        if isinstance(event, Failed) and event.against is None and event.pair is not None:
            told = frozenset(id(met.attached) for met in causes.all_of_trouble(event))
            mistake = (event.trouble, event.pair, told)
            if told and mistake in seen:
                continue
            seen.add(mistake)
        found.append(event)
    return found


def _gives_items(claim: Attached, function: nodes.Function | None) -> bool:
    """Whether a function takes an item by its number out of what a claim names."""
    if function is None or not isinstance(claim.subject, nodes.Name):
        return False
    return any(
        isinstance(part, nodes.Subscript)
        and isinstance(part.value, nodes.Name)
        and part.value.id == claim.subject.id
        and (isinstance(part.index, (nodes.Name, nodes.Binary)) or _is_number(part.index))
        for statement in statements_of(function)
        for part in all_parts(roots(statement))
    )


def _is_number(index: nodes.Expr) -> bool:
    part = index.operand if isinstance(index, nodes.Unary) else index
    return isinstance(part, nodes.Constant) and isinstance(part.value, int)


def _is_label(pair: tuple[Dim, Dim], causes: Causes, groups: Groups) -> bool:
    """Whether one of two sizes is a letter of docstrings alone that they say of several inputs, the other not of it.

    So is a name of theirs by which both sizes go, but for a number: `length` of what has grown by one, and of what has
    not.
    """
    for size, other in (pair, pair[::-1]):
        one, places = size.as_symbol, groups.get(size, set())
        by_docstrings = bool(places) and all(place.startswith("('docstring'") for place in places)
        if one is not None and len(one.name) == 1 and by_docstrings and one not in other.symbols:
            return causes.said_of(size) > 1
    return any(_is_length_of_several(one, pair, causes, groups) for one in pair[0].symbols & pair[1].symbols)


def _is_length_of_several(one: Symbol, pair: tuple[Dim, Dim], causes: Causes, groups: Groups) -> bool:
    """Whether docstrings give one length to several inputs, of which one may have one more than another, or a cache."""
    places = groups.get(one.dim, set())
    if not places or not all(place.startswith("('docstring'") for place in places):
        return False
    more = pair[0] - pair[1]
    is_longer = more.value is not None or len(pair[0].terms) != len(pair[1].terms)
    if is_longer and all((one,) in size.terms for size in pair) and one not in more.symbols:
        return causes.said_of(one.dim) > 1
    is_sum = any(len(size.terms) > 1 and size.symbols - {one} for size in pair)
    return is_sum and causes.said_of(one.dim) > MOST_AT_ODDS


def _against_docstrings(
    judged: list[Judged], evidence: Evidence, docstrings: Sequence[ClaimMet], causes: Causes
) -> list[Judged]:
    """The verdicts; several comments that disagree with what is said of an input, and none agrees, may be right.

    What cannot run with it counts as one that disagrees.
    """
    inline = [one for one in judged if one.attached.place not in CONTRACT]
    wrong = list(filter(is_wrong, judged))
    troubles = [event for event in evidence.events if is_trouble(event)]
    if not any(one.verdict is Verdict.REFUTED for one in inline) or len(wrong) + len(troubles) < FEWEST_AGAINST:
        return judged
    for met in docstrings:
        without = causes.run_without(met.attached)
        gone = {id(one.attached) for one in wrong} - without.wrong
        of_comments = any(id(one.attached) in gone for one in inline)
        cleared = [event for event in troubles if key(event) not in without.troubles]
        agree = [one for one in inline if one.verdict is Verdict.PROVED and id(one.attached) not in without.proved]
        if not of_comments or agree or len(gone) + len(cleared) < FEWEST_AGAINST:
            continue
        dropped = set(map(id, cleared))
        evidence.events[:] = [event for event in evidence.events if id(event) not in dropped]
        return [
            replace(one, verdict=Verdict.OPEN, reason=MANY_DISAGREE, letter=None) if id(one.attached) in gone else one
            for one in judged
        ]
    return judged


FEWEST_AGAINST = 2  # comments and operations that disagree with a docstring, for it to be in doubt
MANY_DISAGREE = "several comments disagree with what the docstring says of an input"


def _first_of_each(events: Iterable[Event | None]) -> list[Event]:
    """The events without the gone ones; of those that are laid at one claim, the first."""
    seen: set[int] = set()
    found: list[Event] = []
    for event in events:
        laid_at = event.against if isinstance(event, Failed) else None
        if event is None or (laid_at is not None and id(laid_at.attached) in seen):
            continue
        if laid_at is not None:
            seen.add(id(laid_at.attached))
        found.append(event)
    return found


def _is_conflict(one: Judged, facts: Facts) -> bool:
    """Whether a wrong claim may be right and a comment wrong that was believed.

    Of two inline comments that disagree about a size, each is as likely to be the wrong one as the other. About the
    number of dims or their order the code between them is the better witness, and so it is where a comment has one of
    its own sizes at a wrong place, or at two places.
    """
    if not isinstance(one.attached, Attached) or not is_wrong(one):
        return False
    if one.attached.place is Place.DOCSTRING:
        return True
    if one.match is not None and any(_is_batch_lost(one.match, index, size) for index, size in one.match.wrong):
        return False
    if one.letter is not None:
        return True
    if one.match is None or one.match.problem is not Problem.DIMS or one.match.shape is None:
        return False
    return not any(_is_slip(one.match, index, size, facts) for index, size in one.match.wrong)


def _is_batch_lost(match: Match, index: int, size: Dim) -> bool:
    """Whether a comment begins with the batch where the code has gone over it, `(batch, dim)` of `x.mean(0)`.

    The other comment has the batch first, too: which of the two is wrong, or the code, they do not go together.
    """
    said = match.shape.dims[index].size if index == 0 and match.shape is not None else None
    names = [one.as_symbol.name.lower() for one in (said, size) if one is not None and one.as_symbol is not None]
    return len(names) == 2 and names[0] in BATCHES and names[1] not in BATCHES and names[1] != "_"


def _is_slip(match: Match, index: int, size: Dim, facts: Facts) -> bool:
    """Whether a comment has another of its own sizes at a place, or a size of another of its places there again."""
    assert match.shape is not None
    if match.shape.said_again(index):
        return match.given is None or not match.given.known or match.given.dims.count(size) == 1
    others = [dim.size for place, dim in enumerate(match.shape.dims) if place != index and dim.size is not None]
    return any(facts.is_equal(other, size) for other in others)
