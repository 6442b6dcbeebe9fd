"""The verdicts of a private function's claims by what its program's calls give it.

What anyone may give it leaves its claims open, or assumed; what it is given tells. A claim is proved where each call
makes it true, and refuted where none does.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from shapelint.checks.model import Verdict
from shapelint.checks.verdicts.judged import Judged
from shapelint.checks.verdicts.matching import Problem
from shapelint.interp.state.events import ClaimMet, Evidence, Failed


def judged_in_calls(
    judged: Sequence[Judged], evidence: Evidence, judge: Callable[[Evidence], Sequence[Judged]]
) -> list[Judged]:
    """The verdicts, those that the calls decide among them; claims that only a call comes to stand at the end."""
    runs = [run for run in evidence.in_calls if not run.facts.contradictory]  # the others are of calls never made
    open_ = any(one.verdict is not Verdict.PROVED for one in judged)
    if not runs or not (open_ or _meets_more(evidence)):
        return list(judged)
    answers: dict[int, list[Judged]] = {}
    for run in runs:
        for one in _answers(run, judge):
            answers.setdefault(id(one.attached), []).append(one)
    if not all(map(_is_whole, runs)):  # what a run did not come to may be met there with something else
        answers = {key: found for key, found in answers.items() if len(found) == len(runs)}
    found = [_decided(one, answers.pop(id(one.attached), [])) for one in judged]
    return found + [_decided(replace(one[0], verdict=Verdict.OPEN), one) for one in answers.values()]


def _is_whole(run: Evidence) -> bool:
    """Whether a run came to its end, and everything in it could run."""
    return not run.limit and not any(isinstance(event, Failed) for event in run.events)


def _answers(run: Evidence, judge: Callable[[Evidence], Sequence[Judged]]) -> Iterator[Judged]:
    """The verdicts in one run; in one that was cut short only those of inputs, which are met once, are sure."""
    line = run.given_by.at[0] if run.given_by is not None else run.line
    is_whole = _is_whole(run)
    for one in judge(run):
        is_of_input = isinstance(one.event, ClaimMet) and one.event.is_input
        sure = one if is_whole or is_of_input else replace(one, verdict=Verdict.OPEN, reason=run.limit or CANNOT_RUN)
        yield replace(sure, calls=(line,), caller=_outermost(run))


def _outermost(run: Evidence) -> Evidence:
    """The evidence of the function from which a call comes, through other private functions perhaps."""
    return run if run.caller is None else _outermost(run.caller)


CANNOT_RUN = "what a call gives cannot run"


def _meets_more(evidence: Evidence) -> bool:
    met = {id(event.attached) for event in evidence.events if isinstance(event, ClaimMet)}
    return any(
        isinstance(event, ClaimMet) and id(event.attached) not in met
        for run in evidence.in_calls
        for event in run.events
    )


def _decided(claim: Judged, answers: Sequence[Judged]) -> Judged:
    """A verdict with what all calls say in place of it, where it is none for anything that is given."""
    verdicts = {one.verdict for one in answers}
    if len(verdicts) != 1 or claim.verdict is Verdict.PROVED or claim.letter is not None:
        return claim
    first = answers[0]
    if first.verdict is Verdict.PROVED:
        return first
    first = replace(first, calls=tuple(sorted({line for one in answers for line in one.calls})))
    refuted = first.verdict is Verdict.REFUTED and all(map(_is_wrong_by_itself, answers))
    return first if refuted and claim.verdict is not Verdict.REFUTED else claim


def _is_wrong_by_itself(claim: Judged) -> bool:
    """Whether a claim is wrong in the number of dims or their order, or says another size made of the same ones.

    Two sizes that have nothing to do with each other may be agreed upon between a function and what calls it, and
    numbers be those of another call.
    """
    match = claim.match
    if match is None or match.problem is not Problem.DIMS or match.shape is None:
        return True
    pairs = [(match.shape.dims[index].size, size) for index, size in match.wrong]
    return all(said is not None and bool(size.symbols & said.symbols) for said, size in pairs)
