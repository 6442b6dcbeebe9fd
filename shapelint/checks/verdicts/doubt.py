"""What went wrong in a run of a function, told so that two runs can be held against each other."""

from __future__ import annotations

from typing import TypeAlias, TypeGuard

from shapelint.checks.model import Verdict
from shapelint.checks.verdicts.judged import Judged
from shapelint.interp.state.events import Failed, Needed, Suspected

Key: TypeAlias = tuple[object, ...]


def is_trouble(event: object) -> TypeGuard[Failed | Needed]:
    """Whether an event says that an operation cannot run, or only by equating what the author keeps apart."""
    return isinstance(event, Failed) or (
        isinstance(event, Needed) and event.apart is not None and not event.conditional
    )


def is_in_doubt(event: object) -> TypeGuard[Failed | Needed | Suspected]:
    """Whether an event is one that would be shown."""
    return is_trouble(event) or isinstance(event, Suspected)


def key(event: Failed | Needed | Suspected) -> Key:
    """What is equal for the same trouble in two runs of one function."""
    if isinstance(event, Suspected):
        return (event.kind, id(event.blame))
    return (type(event), event.trouble, id(event.blame), *map(id, event.sites))


def is_wrong(one: Judged) -> bool:
    """Whether a claim is refuted, or has a letter that stands for two sizes."""
    return one.verdict is Verdict.REFUTED or one.letter is not None
