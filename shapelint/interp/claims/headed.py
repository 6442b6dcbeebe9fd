"""What comments at the head of a function say of what it gives: after `# x: (B, L)` of an input, `# y: (B, D)`."""

from __future__ import annotations

from shapelint.interp.objects.lookup import is_defined
from shapelint.interp.state.machine import Frame
from shapelint.notation.model import Role
from shapelint.program import nodes
from shapelint.program.nodes import Attached, Place
from shapelint.program.written import targets_of

AT_THE_HEAD = "it may speak of something else than what the function gives"


def waits_for_the_end(frame: Frame, statement: nodes.Stmt, attached: Attached) -> bool:
    """Whether a comment at the head names what is not there yet, beside one that names a parameter.

    Of a local it tells what that is at the end; what is nothing of the code is what the function gives.
    """
    name = named_by(attached)
    if not name or attached.claim.role is not Role.RESULT or attached.claim.count > 1:
        return False
    if is_defined(frame, name) or name in targets_of(statement):
        return False
    node = frame.function.node if frame.function is not None else None
    params = {param.name for param in node.params} if isinstance(node, nodes.Function) else set()
    return any(named_by(other) in params for other in statement.notes.claims)


def named_by(attached: Attached) -> str:
    """The name that a comment at the head of a function's body speaks of."""
    is_named = attached.place is Place.FIRST and isinstance(attached.subject, nodes.Name)
    return attached.subject.id if is_named and isinstance(attached.subject, nodes.Name) else ""
