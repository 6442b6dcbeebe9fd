"""What rests on a comment that was only believed: no error of the code follows from it.

A claim on a value of unknown shape is taken at its word, so that later lines can be held against it. Where the code then
cannot run, it is the comment that is more likely to be wrong, or to speak of something else. Whether a case rests on such
claims is found by running the function again without them.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from shapelint.checks.model import Verdict
from shapelint.checks.verdicts import Judged, judge
from shapelint.interp.events import Evidence, Failed, Needed
from shapelint.ops.needs import Trouble
from shapelint.program.nodes import Attached, Place


def weighed(evidence: Evidence) -> list[Judged]:
    """The verdicts of the claims met in a function; what went wrong only by a believed comment is taken from it."""
    judged = judge(evidence)
    comments = [one for one in evidence.believed if one.place not in CONTRACT]
    if evidence.again is None or not (comments or any(one.place is Place.DOCSTRING for one in evidence.believed)):
        return judged
    troubled = any(map(_is_trouble, evidence.events))
    in_doubt = any(_is_refuted_result(one) for one in judged)
    if comments and (troubled or in_doubt):
        without = evidence.again(lambda one: one.place not in CONTRACT)
        kept = _troubles(without)
        evidence.events[:] = [one for one in evidence.events if not _is_trouble(one) or _key(one) in kept]
        if in_doubt:
            firm = {id(one.attached) for one in judge(without) if one.verdict is Verdict.REFUTED}
            judged = [
                replace(one, verdict=Verdict.OPEN, reason=DISAGREE)
                if _is_refuted_result(one) and id(one.attached) not in firm
                else one
                for one in judged
            ]
    _blame_docstrings(evidence)
    return judged


CONTRACT = (Place.DOCSTRING, Place.PARAMETER, Place.ANNOTATION, Place.FIRST)
"""Where what is said is taken for what a function asks of its callers."""

DISAGREE = "it disagrees with a comment that could not be checked"
OF_ITS_RANK = (Trouble.DIM_INDEX, Trouble.UNPACK)


def _blame_docstrings(evidence: Evidence) -> None:
    """What fails for the number of dims that one sentence of a docstring gives an input is laid at that sentence."""
    again = evidence.again
    assert again is not None
    said = [one for one in evidence.believed if one.place is Place.DOCSTRING]
    for place, event in enumerate(evidence.events):
        if not isinstance(event, Failed) or event.trouble not in OF_ITS_RANK:
            continue
        against = _only_cause(again, event, said)
        if against is not None:
            evidence.events[place] = replace(event, against=against)


def _only_cause(again: object, event: Failed, said: Iterable[Attached]) -> Attached | None:
    assert callable(again)
    for claim in said:
        if _key(event) not in _troubles(again(lambda one, claim=claim: one is claim)):
            return claim
    return None


def _is_trouble(event: object) -> bool:
    return isinstance(event, Failed) or (
        isinstance(event, Needed) and event.apart is not None and not event.conditional
    )


def _key(event: object) -> tuple[object, ...]:
    assert isinstance(event, (Failed, Needed))
    return (type(event), event.trouble, id(event.blame), *map(id, event.sites))


def _troubles(evidence: Evidence) -> set[tuple[object, ...]]:
    return {_key(event) for event in evidence.events if _is_trouble(event)}


def _is_refuted_result(one: Judged) -> bool:
    return (
        one.verdict is Verdict.REFUTED and isinstance(one.attached, Attached) and one.attached.place is Place.DOCSTRING
    )
