"""What goes wrong in other runs of a function, in which some of its claims are not believed, and by which of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cached_property

from shapelint.checks.model import Verdict
from shapelint.checks.verdicts.doubt import is_in_doubt, is_wrong, key
from shapelint.checks.verdicts.judged import Judged
from shapelint.checks.verdicts.judging import judge
from shapelint.dims import Dim
from shapelint.interp.state.events import ClaimMet, Doubt, Evidence, Failed, Needed, Suspected
from shapelint.program.nodes import Attached, Place

CONTRACT = (Place.DOCSTRING, Place.PARAMETER, Place.ANNOTATION, Place.FIRST)
"""Where what is said is taken for what a function asks of its callers."""


class Run:
    """What went wrong in one run of a function: at its operations, and the claims that were refuted or are labels.

    The claims are judged where somebody asks for them.
    """

    def __init__(self, evidence: Evidence) -> None:
        self._evidence = evidence
        self.troubles = frozenset(key(event) for event in evidence.events if is_in_doubt(event))

    @cached_property
    def _judged(self) -> list[Judged]:
        return judge(self._evidence)

    @cached_property
    def wrong(self) -> frozenset[int]:
        """The claims that are refuted or are labels, by their ids."""
        return frozenset(id(one.attached) for one in self._judged if is_wrong(one))

    @cached_property
    def proved(self) -> frozenset[int]:
        """The claims that are proved, by their ids."""
        return frozenset(id(one.attached) for one in self._judged if one.verdict is Verdict.PROVED)


class Causes:
    """Which claim makes what went wrong, found by running the function with some of its claims believed, or without."""

    def __init__(self, again: Callable[[Doubt], Evidence], met: Sequence[ClaimMet], *, alone: bool) -> None:
        self._again, self._met = again, met
        self._alone = alone  # a run believes this claim alone among the comments, else all but this claim
        self._runs: dict[frozenset[int], Run] = {}

    def of_trouble(self, event: Failed | Needed) -> ClaimMet | None:
        """The claim by which alone, or not without which, an operation cannot run."""
        return self._first(lambda run: key(event) in run.troubles)

    def all_of_trouble(self, event: Failed | Needed) -> list[ClaimMet]:
        """The claims without any one of which an operation could run."""
        met_last = {id(met.attached): met for met in self._met}
        return [met for met in met_last.values() if key(event) not in self.run_without(met.attached).troubles]

    def are_several(self, event: Needed | Suspected) -> bool:
        """Whether each of two claims by itself makes an operation suspicious, and neither leaves out the batch.

        Not so where a size is to be a number: that is what this caller gives.
        """
        if isinstance(event, Needed) and any(size.value is not None for size in event.apart or ()):
            return False
        claims = [met for met in self._met if all(one.is_of_batch for one in met.attached.claim.shapes)]
        lines = {met.attached.at[0] for met in claims if key(event) in self._run_of(met.attached).troubles}
        return len(lines) > 1

    def of_verdict(self, claim: Judged) -> ClaimMet | None:
        """The claim by which alone, or not without which, another one is refuted."""
        return self._first(lambda run: id(claim.attached) in run.wrong)

    def _first(self, is_there: Callable[[Run], bool]) -> ClaimMet | None:
        """The first claim by which alone, or not without which, something is there; halves of them are tried first.

        Most functions have many claims, and each run costs as much as the function did.
        """

        def among(claims: list[ClaimMet]) -> ClaimMet | None:
            if not claims or is_there(self._run_of(*(met.attached for met in claims))) != self._alone:
                return None
            return within(claims)

        def within(claims: list[ClaimMet]) -> ClaimMet | None:
            if len(claims) == 1:
                return claims[0]
            half = len(claims) // 2
            return among(claims[:half]) or among(claims[half:])

        first_met = {id(met.attached): met for met in reversed(self._met)}
        claims = [met for met in self._met if first_met[id(met.attached)] is met]
        return among(claims) if len(claims) == 1 else within(claims)

    def run_without(self, claim: Attached) -> Run:
        """What goes wrong where a claim is not believed."""
        assert not self._alone
        return self._run_of(claim)

    def _run_of(self, *claims: Attached) -> Run:
        """What goes wrong by these claims alone, or without them."""
        chosen = frozenset(map(id, claims))

        def doubt(one: Attached) -> bool:
            return (one.place not in CONTRACT and id(one) not in chosen) if self._alone else id(one) in chosen

        if chosen not in self._runs:
            self._runs[chosen] = Run(self._again(doubt))
        return self._runs[chosen]

    def said_of(self, size: Dim) -> int:
        """Of how many values these claims say a size."""
        told = (met for met in self._met if any(dim.size is size for one in met.alternatives for dim in one.dims))
        return len({id(met.attached) for met in told})

    def of_one_value(self, claim: ClaimMet) -> bool:
        """Whether a claim speaks of one value, and not of each of several targets, of which it may mean one."""
        return all(met.part == claim.part for met in self._met if met.attached is claim.attached)
