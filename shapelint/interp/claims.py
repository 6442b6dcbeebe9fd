"""Meeting the claims at a statement with the values that they speak of, and believing them where nothing is known."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from shapelint.dims import const
from shapelint.interp.asked import asked_for_its_shape
from shapelint.interp.believed_inputs import asked_for_none, believe_input
from shapelint.interp.claimed_layers import meet_layers
from shapelint.interp.claimed_parts import is_of_the_next_step, meet_parts
from shapelint.interp.claimed_results import lists_targets, meet_result
from shapelint.interp.claimed_values import (
    OWN_LINE,
    STATEMENTS_COVERED,
    givens_beside,
    givens_of,
    meet_value,
    note_claim,
    unmet,
)
from shapelint.interp.events import ClaimMet, DefinitionMet, Failed, Given
from shapelint.interp.headed import waits_for_the_end
from shapelint.interp.join import alternatives
from shapelint.interp.lookup import is_defined
from shapelint.interp.machine import Frame
from shapelint.interp.names import define, forget_letters
from shapelint.interp.rules import sources_of
from shapelint.interp.subjects import (
    evaluated_aside,
    inputs,
    is_at_an_argument,
    names_another,
    targets_of,
    text_of,
    value_expr,
    value_of,
)
from shapelint.interp.supposed import is_a_label, is_as_given, suppose_inputs
from shapelint.interp.trail import note_result
from shapelint.interp.values import Value, unknown
from shapelint.notation.model import Role
from shapelint.ops.tensor import Tensor, Unknown
from shapelint.program import nodes
from shapelint.program.nodes import Attached, Place
from shapelint.program.within import all_parts

NO_SUCH_NAME = "the code has no such name here"
_ZERO = const(0)


def claims_before(frame: Frame, statement: nodes.Stmt) -> None:
    """What the comments over a statement say of values that are there before it; definitions are taken in."""
    notes = statement.notes
    frame.statement = statement
    frame.supposed, frame.met_before, frame.rebound = {}, set(), {}
    if notes is nodes.NO_NOTES or not frame.recording:
        waits = frame.recording and any(one.event.attached.claim.role is Role.INPUT for one in frame.pending)
        frame.seen = {} if waits else None
        return
    frame.seen = {}
    for attached_definition in notes.definitions:
        if attached_definition.place in OWN_LINE:
            take_definition(frame, attached_definition)
    written = targets_of(statement)
    for attached in notes.claims:
        if attached.subject is None or attached.place not in OWN_LINE or _is_after(frame, statement, attached):
            continue
        if is_a_label(frame, statement, attached) or _is_of_a_case(statement, attached):
            continue
        if waits_for_the_end(frame, statement, attached):
            frame.letters.awaited.append(attached)
            continue
        if _is_of_an_argument(frame, statement, attached.subject):
            unmet(frame, attached, "it may speak of an argument")
        elif isinstance(statement, nodes.If) or not _written(attached.subject, written):
            meet_named(frame, attached, attached.subject)
        elif not isinstance(attached.subject, nodes.Name) or is_defined(frame, attached.subject.id):
            before = evaluated_aside(frame, attached.subject)
            if attached.place is Place.FIRST and _is_input_not_told(frame, attached.subject, before):
                meet_named(frame, attached, attached.subject)
                frame.met_before.add(id(attached))
            else:
                frame.rebound[id(attached)] = before
    frame.mark = len(frame.failures)
    suppose_inputs(frame, statement)


def _is_of_an_argument(frame: Frame, statement: nodes.Stmt, subject: nodes.Expr) -> bool:
    """Whether what a comment names over a statement may be something within it, and is no input of the function."""
    return (
        isinstance(subject, nodes.Name) and not is_as_given(frame, subject.id) and names_another(statement, subject.id)
    )


def _is_input_not_told(frame: Frame, subject: nodes.Expr, value: Value) -> bool:
    """Whether a name is that of an input of which nothing is known but what its use has shown."""
    is_known = isinstance(value, Tensor) and value.shape.known
    return isinstance(subject, nodes.Name) and is_as_given(frame, subject.id) and not is_known


def meet_named(frame: Frame, attached: Attached, subject: nodes.Expr) -> None:
    """Meet a claim with what its subject stands for; a parameter that is still what the caller gave is an input."""
    name = subject.id if isinstance(subject, nodes.Name) else ""
    if name and not is_defined(frame, name):
        unmet(frame, attached, NO_SUCH_NAME)
        return
    value = evaluated_aside(frame, subject)
    if id(attached) in frame.rebound and _fits_before_alone(frame, attached, value):
        value = frame.rebound[id(attached)]
    given = frame.letters.believed.get(name)
    unknown_yet = isinstance(value, Unknown) or (isinstance(value, Tensor) and not value.shape.known)
    of_caller = (given is not None and frame.env.get(name) is given) or is_as_given(frame, name)
    is_input = of_caller and unknown_yet
    node = frame.function.node if frame.function is not None else None
    if is_input and isinstance(node, nodes.Function) and name in asked_for_none(node):
        believe_input(frame, attached, name, True)
        frame.given.setdefault(name, []).append(frame.env[name])
        return
    meet_value(frame, attached, value, text_of(subject), target=subject, is_input=is_input)
    if is_input:
        frame.letters.believed[name] = frame.env[name]
        frame.given.setdefault(name, []).append(frame.env[name])


def _fits_before_alone(frame: Frame, attached: Attached, after: Value) -> bool:
    """Whether a comment over the statement that binds a name anew has as many dims as the name had, and now has not."""
    ranks = {len(spec.items) for spec in attached.claim.shapes}

    def known(value: Value) -> set[int]:
        shapes = [given.shape for given in givens_of(frame, value)]
        return {shape.rank for shape in shapes if shape is not None and shape.known} if None not in shapes else set()

    before, after_it = known(frame.rebound[id(attached)]), known(after)
    return bool(before & ranks) and bool(after_it) and after_it.isdisjoint(ranks)


def with_claims_over(frame: Frame, statement: nodes.If, body: Sequence[nodes.Stmt]) -> Sequence[nodes.Stmt]:
    """A branch of an `if`: what a comment over the `if` says without a name may speak of the first statement within."""
    if statement.notes is nodes.NO_NOTES or not body:
        return body
    first = body[0]
    claims = [attached for attached in statement.notes.claims if _may_be_within(attached)]
    if not claims or not isinstance(first, (nodes.Assign, nodes.AugAssign, nodes.Expression, nodes.Return, nodes.If)):
        return body
    if len(body) > 1:
        frame.doubted.update(id(attached) for attached in claims)
    notes = nodes.Notes((*claims, *first.notes.claims), first.notes.definitions)
    return (replace(first, notes=notes), *body[1:])


def _may_be_within(attached: Attached) -> bool:
    unnamed = attached.subject is None and attached.about is None
    return unnamed and attached.place in OWN_LINE and attached.claim.role is not Role.RAISES


def _is_after(frame: Frame, statement: nodes.Stmt, attached: Attached) -> bool:
    """Whether a comment over an `if` says what a name is after it.

    That is so of the name before its arrow, `# x: (B, C, T) -> x: (B, T)`, and of one that nothing but its branches
    binds.
    """
    if not isinstance(statement, nodes.If):
        return False
    subject = attached.subject
    if isinstance(subject, nodes.Name) and not is_defined(frame, subject.id) and subject.id in targets_of(statement):
        return True
    return attached.claim.role is Role.RESULT and _follows_an_input(statement, attached)


def _written(subject: nodes.Expr, written: set[str]) -> bool:
    return text_of(subject) in written


def take_definition(frame: Frame, attached: nodes.AttachedDefinition) -> None:
    """Take in a definition; where the code knows both its sides, it is a claim to be judged."""
    sides = define(frame, attached)
    if sides is not None:
        left, right, exact = sides
        frame.note(DefinitionMet(attached, left, right, exact, frame.world.facts))
    else:
        frame.note(DefinitionMet(attached, _ZERO, _ZERO, (), frame.world.facts, defines=True))


def claims_after(frame: Frame, statement: nodes.Stmt, value: Value) -> Value:
    """What the comments say of a statement's value and of its parts; the value, perhaps believed."""
    notes = statement.notes
    if not frame.recording:
        return value
    if frame.pending:
        _offer(frame, statement, value)
    if notes is not nodes.NO_NOTES:
        frame.statement = statement
        for attached_definition in notes.definitions:
            if attached_definition.place not in OWN_LINE:
                take_definition(frame, attached_definition)
        meet_layers(frame, statement, value)
        for attached in notes.claims:
            value = _meet(frame, statement, attached, value)
    if isinstance(statement, (nodes.Assign, nodes.AugAssign, nodes.Expression, nodes.Return)):
        frame.previous = value
    note_result(frame, statement, value)
    return value


def _offer(frame: Frame, statement: nodes.Stmt, value: Value) -> None:
    """Offer a statement's value to the own-line claims above it, which may speak of it."""
    for pending in frame.pending:
        pending.left -= 1
        if pending.subject:
            if pending.subject in targets_of(statement) and pending.event.attached.subject is not None:
                pending.event.others.extend(givens_of(frame, evaluated_aside(frame, pending.event.attached.subject)))
            elif pending.left == STATEMENTS_COVERED - 1 and _is_named_after(pending.subject, statement):
                pending.event.others.extend(givens_of(frame, value))
        elif isinstance(statement, (nodes.Assign, nodes.AugAssign, nodes.Expression, nodes.Return)):
            pending.event.others.extend(givens_of(frame, value))
            if pending.event.attached.claim.role is Role.INPUT and (expr := value_expr(statement)) is not None:
                for part in inputs(frame, expr):
                    pending.event.others.extend(givens_of(frame, value_of(frame, part)))
    frame.pending = [pending for pending in frame.pending if pending.left > 0]


def _is_named_after(subject: str, statement: nodes.Stmt) -> bool:
    """Whether a statement makes something that goes by the subject's name and more: `# x: ...` over `x_expanded = ...`.

    What is said over it by the name of what it is made from may be said of what is made.
    """
    return any(f"_{subject}_" in f"_{target}_" and target != subject for target in targets_of(statement))


def _meet(frame: Frame, statement: nodes.Stmt, attached: Attached, value: Value) -> Value:
    claim = attached.claim
    may_be_met = isinstance(statement, nodes.If) or attached.place is Place.HEADER
    is_awaited = any(one is attached for one in frame.letters.awaited)
    if is_awaited or id(attached) in frame.met_before or (may_be_met and _is_met(frame, attached)):
        return value
    if claim.role is Role.RAISES:
        _meet_error(frame, attached)
        return value
    if claim.role is Role.RESULT and attached.place is Place.FIRST and _follows_an_input(statement, attached):
        unmet(frame, attached, "it may speak of what the function returns")
        return value
    if attached.place in OWN_LINE and _RETURNS.match(attached.text) and not isinstance(statement, nodes.Return):
        unmet(frame, attached, "it may speak of what the function returns")
        return value
    if frame.function is None and frame.cls is not None and _is_field(statement):
        _meet_field(frame, attached, is_input=not frame.cls.is_module)
        return value
    if _is_of_a_case(statement, attached):
        unmet(frame, attached, "it is said of one of several cases")
        return value
    if _is_a_step_within(statement, attached):
        unmet(frame, attached, "it may speak of one of several steps")
        return value
    is_label = is_a_label(frame, statement, attached)
    is_one_of_two = _tells_of_a_case(statement, attached) or _is_what_is_made_of_it(statement, attached)
    is_one_of_two = is_one_of_two or _is_one_of_several_ways(statement, attached)
    leads_on = claim.role is Role.RESULT and is_of_the_next_step(frame, attached, value, value_expr(statement))
    if is_label or is_at_an_argument(statement, attached) or is_one_of_two or leads_on or _is_of_the_whole(attached):
        frame.doubted.add(id(attached))
    if (
        attached.subject is not None
        and not is_label
        and (isinstance(statement, nodes.If) or not _before_and_after(statement, attached))
    ):
        if _is_a_key(statement, attached):
            unmet(frame, attached, "it may speak of what stands under this key")
            return value
        is_met = not isinstance(statement, nodes.If) and not _written(attached.subject, targets_of(statement))
        if attached.place in OWN_LINE and is_met:
            return value
        meet_named(frame, attached, attached.subject)
        return value
    if isinstance(statement, nodes.Comment) and statement.of_value and claim.role is Role.RESULT and claim.count == 1:
        meet_value(frame, attached, frame.previous, "the value above")
        return value
    local = _local_meant(frame, statement, attached)
    if local is not None:
        meet_named(frame, attached, local)
        return value
    expr = value_expr(statement)
    if claim.role is Role.INPUT and lists_targets(statement, attached):
        unmet(frame, attached, "it names what the shape behind it is said of")
        return value
    if claim.role in (Role.INPUT, Role.LINK, Role.OPERAND):
        meet_parts(frame, attached, attached.about or expr)
        return value
    if attached.about is not None:
        about = attached.about
        if attached.or_about is not None and not _may_be_one(frame, about):
            about = attached.or_about
        # `a = draw(f(x),  # (B,)`: of the argument, or of `a`
        if _opens_the_statement(statement, attached) or _opens_a_list(statement, attached):
            either = [*givens_of(frame, value), *givens_beside(frame, attached, value_of(frame, about))]
            note_claim(frame, attached, either, text_of(about), any_of=True)
            return value
        whole = _without_unsqueeze(about)
        if whole is not about and claim.role is Role.RESULT and claim.count == 1:  # `f(x.unsqueeze(0),  # (C, H, W)`
            either = [*givens_of(frame, value_of(frame, about)), *givens_of(frame, value_of(frame, whole))]
            note_claim(frame, attached, either, text_of(about), any_of=True)
            return value
        meet_value(frame, attached, value_of(frame, about), text_of(about))
        return value
    if isinstance(statement, nodes.Assert) and attached.place not in OWN_LINE and claim.count == 1:
        asked = {text_of(one): one for one in asked_for_its_shape(statement.test)}
        if len(asked) == 1:  # `assert x.dim() == 3  # (B, T, D)`
            meet_named(frame, attached, next(iter(asked.values())))
            return value
    if not isinstance(statement, (nodes.Assign, nodes.AugAssign, nodes.Expression, nodes.Return)):
        unmet(frame, attached, "the comment stands at no value")
        return value
    return meet_result(frame, statement, attached, value)


def _opens_the_statement(statement: nodes.Stmt, attached: Attached) -> bool:
    """Whether a comment stands behind an argument in the first line of an assignment, and alone within it."""
    link = statement.value if isinstance(statement, nodes.Assign) else None
    if not isinstance(link, (nodes.Call, nodes.Subscript)) or attached.at[0] != statement.at[0]:
        return False
    if attached.claim.role is not Role.RESULT or attached.claim.count > 1 or len(statement.notes.claims) > 1:
        return False
    while isinstance(link, (nodes.Call, nodes.Attribute, nodes.Subscript)) and link is not attached.about:
        link = link.func if isinstance(link, nodes.Call) else link.value
    return link is not attached.about


def _without_unsqueeze(about: nodes.Expr) -> nodes.Expr:
    """What an argument is made of by giving it dims of 1 alone: its comment may tell what that was."""
    while isinstance(about, nodes.Call) and isinstance(about.func, nodes.Attribute) and about.func.attr == "unsqueeze":
        about = about.func.value
    return about


def _opens_a_list(statement: nodes.Stmt, attached: Attached) -> bool:
    """Whether a comment stands behind the bracket that opens a list within an assignment, `cat([  # (B, C)`."""
    about, claim = attached.about, attached.claim
    if not isinstance(statement, nodes.Assign) or not isinstance(about, nodes.Sequence) or statement.value is about:
        return False
    return claim.role is Role.RESULT and claim.count == 1 and attached.at[:2] < about.items[0].at[:2]


def _is_a_key(statement: nodes.Stmt, attached: Attached) -> bool:
    """Whether the name that a comment over a statement tells of is the key of a dict there, `batch["rows"][i]`."""
    name = attached.subject.id if isinstance(attached.subject, nodes.Name) else ""
    expr = value_expr(statement) if name and attached.place in OWN_LINE else None
    parts = list(all_parts([expr])) if expr is not None else []
    keys = [part.index for part in parts if isinstance(part, nodes.Subscript)]
    is_key = any(isinstance(key, nodes.Constant) and key.value == name for key in keys)
    return is_key and not any(isinstance(part, nodes.Name) and part.id == name for part in parts)


def _is_of_a_case(statement: nodes.Stmt, attached: Attached) -> bool:
    """Whether the comments over a statement tell several numbers of dims of one name, which it does not bind anew."""
    subject = attached.subject
    return (
        subject is not None and not _written(subject, targets_of(statement)) and _tells_of_a_case(statement, attached)
    )


def _tells_of_a_case(statement: nodes.Stmt, attached: Attached) -> bool:
    """Whether the comments over a statement tell several numbers of dims of one name."""
    subject, ranks = attached.subject, {len(spec.items) for spec in attached.claim.shapes}
    if subject is None or attached.place not in OWN_LINE:
        return False
    return any(
        other.subject is not None
        and other.place in OWN_LINE
        and other.at[0] != attached.at[0]
        and text_of(other.subject) == text_of(subject)
        and ranks.isdisjoint(len(spec.items) for spec in other.claim.shapes)
        for other in statement.notes.claims
    )


def _is_one_of_several_ways(statement: nodes.Stmt, attached: Attached) -> bool:
    """Whether arrows over a statement tell what it makes of inputs that lie in several ways, each of as many dims."""
    arrows = [one for one in statement.notes.claims if one.place in OWN_LINE and one.subject is None]
    taken = {one.text: one.claim for one in arrows if one.claim.role is Role.INPUT and one.claim.count == 1}
    made = {one.text: one.claim for one in arrows if one.claim.role is Role.RESULT and one.text in taken}
    if len(taken) < 2 or taken.keys() != made.keys() or attached.text not in taken:
        return False
    ranks = {tuple(len(spec.items) for spec in (*taken[text].shapes, *made[text].shapes)) for text in taken}
    starts, ends = ({one.shapes[0].items for one in claims.values()} for claims in (taken, made))
    return len(ranks) == 1 and len(starts) == len(taken) and starts.isdisjoint(ends)


def _is_what_is_made_of_it(statement: nodes.Stmt, attached: Attached) -> bool:
    """Whether the name at the end of a `return` may be what is returned: `return p.transpose(0, 1)  # p: (m, n)`."""
    link = statement.value if isinstance(statement, nodes.Return) else None
    name = text_of(attached.subject)
    is_made = link is not None and text_of(link) != name
    while isinstance(link, (nodes.Call, nodes.Attribute, nodes.Subscript)):
        link = link.func if isinstance(link, nodes.Call) else link.value
    return is_made and attached.place is Place.TRAILING and isinstance(link, nodes.Name) and link.id == name


def _is_a_step_within(statement: nodes.Stmt, attached: Attached) -> bool:
    """Whether a comment line within a statement is followed by others that tell of the same expression."""
    return attached.about is not None and any(
        other.about is attached.about and other.at[0] > attached.at[0] for other in statement.notes.claims
    )


def _is_met(frame: Frame, attached: Attached) -> bool:
    """Whether a claim was met before, as one over an `if` is within it."""
    events = reversed(frame.evidence.events)
    return any(isinstance(event, ClaimMet) and event.attached is attached for event in events)


def _meet_field(frame: Frame, attached: Attached, *, is_input: bool) -> None:
    """Note what is said of a field: what an instance is made with is an input, a module sets its attributes itself."""
    letters = dict(frame.letters.bound)
    given = Given(None, why_unknown="it is said of a field, of which the value here is but the default")
    note_claim(frame, attached, [given], "", is_input=is_input)
    forget_letters(frame, letters)


def _is_field(statement: nodes.Stmt) -> bool:
    """Whether a statement of a class's body says of what type a field is, and perhaps its default."""
    return isinstance(statement, nodes.Assign) and statement.annotation is not None


_RETURNS = re.compile(r"#+\s*returns?\b", re.IGNORECASE)
_A_NAME = re.compile(r"#+\s*(?!(?:shape|size|dim)s?\b)([A-Za-z_]\w*)\s*:")
_OF_THE_WHOLE = re.compile(r"#+\s*(?:the\s+)?(?:outputs?|results?)\s+(?:shapes?|sizes?|dims?)\b", re.IGNORECASE)


def _is_of_the_whole(attached: Attached) -> bool:
    """Whether a comment over a function's first line may tell what the function gives: `# output shape: (B, D)`."""
    return attached.place is Place.FIRST and _OF_THE_WHOLE.match(attached.text) is not None


def _local_meant(frame: Frame, statement: nodes.Stmt, attached: Attached) -> nodes.Name | None:
    """The name at the start of `# out: (B, D)`, which is a local one above a statement that gives it no value.

    It is a word that alone names nothing: an output, what a layer does. What is behind an arrow is made of it.
    """
    if any(one.text == attached.text and one.claim.role is Role.INPUT for one in statement.notes.claims):
        return None
    match = _A_NAME.match(attached.text) if attached.place in OWN_LINE and attached.claim.role is Role.RESULT else None
    if match is None or match[1] not in frame.env or match[1] in targets_of(statement):
        return None
    held = alternatives(frame.world.settle(frame.env[match[1]]))
    return nodes.Name(attached.at, match[1]) if any(isinstance(one, (Tensor, Unknown)) for one in held) else None


def _follows_an_input(statement: nodes.Stmt, attached: Attached) -> bool:
    """Whether the comment names the function's input first: `# x: (B, C) -> (B, D)`."""
    return any(
        other.text == attached.text and other.claim.role is Role.INPUT and other.subject is not None
        for other in statement.notes.claims
    )


def _before_and_after(statement: nodes.Stmt, attached: Attached) -> bool:
    """Whether the comment says what the statement makes of its own target: `# x: (C,) -> (1, C)` at `x = x[None]`."""
    return (
        attached.claim.role is Role.INPUT
        and attached.subject is not None
        and _written(attached.subject, targets_of(statement))
        and any(o.text == attached.text and o.claim.role is Role.RESULT for o in statement.notes.claims)
    )


def _may_be_one(frame: Frame, expr: nodes.Expr) -> bool:
    """Whether what a part of the statement gave may be a tensor."""
    return any(isinstance(one, (Tensor, Unknown)) for one in alternatives(frame.world.settle(value_of(frame, expr))))


def _meet_error(frame: Frame, attached: Attached) -> None:
    """A claim that the statement fails."""
    failures = [event for event in frame.failures[frame.mark :] if isinstance(event, Failed)]
    if frame.recording:
        expected = {id(event) for event in failures}
        frame.evidence.events[:] = [event for event in frame.evidence.events if id(event) not in expected]
    statement = frame.statement
    expr = value_expr(statement) if statement is not None else None
    value = frame.world.settle(value_of(frame, expr)) if expr is not None else None
    if not failures and _may_lie_otherwise(frame):
        value = unknown("how the tensor lies in memory is not known")
    frame.note(
        ClaimMet(
            attached,
            text_of(expr),
            (),
            tuple(givens_of(frame, value)),
            frame.world.facts,
            failure=failures[0] if failures else None,
            sources=sources_of(frame, expr) if expr is not None else (),
        )
    )


def _may_lie_otherwise(frame: Frame) -> bool:
    """Whether a tensor of the statement may lie in memory in a way that a view of it cannot."""
    values = (frame.world.settle(value) for value in (frame.seen or {}).values())
    return any(isinstance(value, Tensor) and value.layout is None for value in values)
