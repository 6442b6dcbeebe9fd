"""Telling cases apart: what the rules' `applies` are made of."""

from __future__ import annotations

from shapelint.checks.model import Verdict
from shapelint.checks.rules.rule import Case
from shapelint.checks.verdicts.judged import Judged
from shapelint.checks.verdicts.matching import Problem
from shapelint.interp.state.events import DefinitionMet, Failed, Needed, Suspected, Suspicion
from shapelint.notation.model import Role
from shapelint.ops.needs import Trouble
from shapelint.program.nodes import Attached, Place


def is_comment(case: Case, *problems: Problem) -> bool:
    """Whether a comment about one value is refuted in one of these ways."""
    return (
        isinstance(case, Judged)
        and case.verdict is Verdict.REFUTED
        and case.match is not None
        and case.match.problem in problems
        and not is_operand(case)
        and not is_at(case, Place.DOCSTRING)
        and not is_at(case, Place.ANNOTATION)
    )


def is_operand(case: Case) -> bool:
    """Whether a comment about an operand is refuted."""
    return (
        isinstance(case, Judged)
        and case.verdict is Verdict.REFUTED
        and isinstance(case.attached, Attached)
        and case.attached.claim.role is Role.OPERAND
    )


def is_at(case: Case, place: Place) -> bool:
    """Whether a claim that stands at this kind of place is refuted."""
    return (
        isinstance(case, Judged)
        and case.verdict is Verdict.REFUTED
        and isinstance(case.attached, Attached)
        and case.attached.place is place
    )


def is_equality(case: Case) -> bool:
    """Whether an equality of sizes in a comment is refuted."""
    return isinstance(case, Judged) and case.verdict is Verdict.REFUTED and isinstance(case.event, DefinitionMet)


def is_label(case: Case) -> bool:
    """Whether a letter of the comments comes to stand for two sizes."""
    return isinstance(case, Judged) and case.letter is not None


def cannot_run(case: Case, *troubles: Trouble) -> bool:
    """Whether an operation cannot run, for one of these troubles."""
    if not isinstance(case, Failed) or case.against is not None:
        return False
    trouble = Trouble.CALL if case.chain else case.trouble
    return trouble in troubles


def is_against_a_claim(case: Case, *, in_docstring: bool) -> bool:
    """Whether an operation cannot run on a value that has as many dims as a docstring, or a comment, says."""
    return (
        isinstance(case, Failed)
        and case.against is not None
        and (case.against.attached.place is Place.DOCSTRING) == in_docstring
    )


def equates(case: Case) -> bool:
    """Whether an operation runs only when two names that the author keeps apart are equal."""
    return isinstance(case, Needed)


def is_suspected(case: Case, kind: Suspicion) -> bool:
    """Whether an operation runs and is not likely to do what was meant, in this way."""
    return isinstance(case, Suspected) and case.kind is kind


def is_conditional(case: Case) -> bool:
    """Whether a claim holds only where divisions come out, which it writes or the code makes."""
    return isinstance(case, Judged) and case.verdict is Verdict.PROVED and case.note.startswith("when ")
