"""Meeting the claims at a statement with the values that they speak of, and believing them where nothing is known."""

from __future__ import annotations

from shapelint.dims import Dim, const, symbol
from shapelint.interp.claims.applied_layers import keep_for_layers
from shapelint.interp.claims.believed_inputs import (
    asked_for_none,
    believe_input,
    believe_items,
    is_list,
    walked_by_keys,
)
from shapelint.interp.claims.claimed_layers import meet_layers
from shapelint.interp.claims.claimed_parts import is_of_the_next_step, meet_parts
from shapelint.interp.claims.claimed_results import lists_targets, meet_result, shape_shown
from shapelint.interp.claims.claimed_values import givens_beside, meet_value
from shapelint.interp.claims.further_down import offer, takes_sizes_alone
from shapelint.interp.claims.givens import NO_TENSOR, givens_of
from shapelint.interp.claims.names import define, forget_letters
from shapelint.interp.claims.noted import note_claim, unmet
from shapelint.interp.claims.spoken_of import (
    before_and_after,
    follows_an_input,
    is_a_key,
    is_a_step_within,
    is_field,
    is_of_a_case,
    is_of_another_layer,
    is_of_several_statements,
    is_of_the_whole,
    is_one_of_several_ways,
    is_what_is_made_of_it,
    last_argument_beside,
    local_meant,
    names_the_places,
    opens_a_list,
    opens_the_statement,
    tells_of_a_case,
    tells_the_return,
    without_unsqueeze,
)
from shapelint.interp.claims.subjects import evaluated_aside, is_at_an_argument, value_of
from shapelint.interp.claims.supposed import is_a_label, is_as_given, parameter_meant
from shapelint.interp.objects.lookup import is_defined
from shapelint.interp.objects.rules import sources_of
from shapelint.interp.paths.join import alternatives
from shapelint.interp.state.asked import asked_for_its_shape, asserted_by, asserted_rank, counted_row
from shapelint.interp.state.events import ClaimMet, DefinitionMet, Failed, Given
from shapelint.interp.state.ground import size_of
from shapelint.interp.state.machine import Frame
from shapelint.interp.state.trail import note_result
from shapelint.interp.state.values import Value, unknown
from shapelint.notation.model import Role
from shapelint.ops.needs import Context
from shapelint.ops.tensor import Tensor, Unknown
from shapelint.program import nodes
from shapelint.program.nodes import OWN_LINE, Attached, Place
from shapelint.program.within import all_parts
from shapelint.program.written import targets_of, text_of, value_expr
from shapelint.shapes import Shape

GIVING = (nodes.Assign, nodes.AugAssign, nodes.Expression, nodes.Return, nodes.Comment)
"""The statements of which a comment over them may tell what they give."""

NO_SUCH_NAME = "the code has no such name here"
_ZERO = const(0)


def meet_named(frame: Frame, attached: Attached, subject: nodes.Expr) -> None:
    """Meet a claim with what its subject stands for; a parameter that is still what the caller gave is an input."""
    name = subject.id if isinstance(subject, nodes.Name) else ""
    if name and not is_defined(frame, name):
        own = _own_attribute(frame, subject)
        param = parameter_meant(frame, attached)
        if own is not None:
            meet_value(frame, attached, evaluated_aside(frame, own), text_of(own))
        elif param is not None and param.kind == "kwargs":
            note_claim(frame, attached, [Given(None, why_unknown=f"one of **{param.name}")], name, is_input=True)
        elif param is not None:
            meet_named(frame, attached, nodes.Name(subject.at, param.name))
        else:
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
    if isinstance(value, Unknown) and isinstance(node, nodes.Function) and name in walked_by_keys(node):
        unmet(frame, attached, "it may be said of the entries of a dict")
        return
    if is_input and isinstance(node, nodes.Function) and name in asked_for_none(node):
        believe_input(frame, attached, name, True)
        frame.given.setdefault(name, []).append(frame.env[name])
        return
    if is_input and is_list(frame, attached, name, value):
        believe_items(frame, attached, name)
        frame.given.setdefault(name, []).append(frame.env[name])
        return
    meet_value(frame, attached, value, text_of(subject), target=subject, is_input=is_input)
    if is_input:
        frame.letters.believed[name] = frame.env[name]
        frame.given.setdefault(name, []).append(frame.env[name])


def _own_attribute(frame: Frame, name: nodes.Expr) -> nodes.Attribute | None:
    """The instance's attribute of a name that is none of the code's own: a comment leaves out the `self.`."""
    node = frame.function.node if frame.function is not None and frame.cls is not None else None
    if not isinstance(node, nodes.Function) or not node.params or not isinstance(name, nodes.Name):
        return None
    own = nodes.Attribute(name.at, nodes.Name(name.at, node.params[0].name), name.id)
    return own if isinstance(frame.world.settle(evaluated_aside(frame, own)), Tensor) else None


def _fits_before_alone(frame: Frame, attached: Attached, after: Value) -> bool:
    """Whether a comment over the statement that binds a name anew has as many dims as the name had, and now has not."""
    ranks = {len(spec.items) for spec in attached.claim.shapes}

    def known(value: Value) -> set[int]:
        shapes = [given.shape for given in givens_of(frame, value)]
        return {shape.rank for shape in shapes if shape is not None and shape.known} if None not in shapes else set()

    before, after_it = known(frame.rebound[id(attached)]), known(after)
    return bool(before & ranks) and bool(after_it) and after_it.isdisjoint(ranks)


def meet_above(frame: Frame, attached: Attached) -> None:
    """Meet a comment over a statement that gives no value with the value above: it may speak of that."""
    frame.doubted.add(id(attached))
    is_own_line = attached.place in OWN_LINE and attached.subject is None and not attached.apart
    above = frame.world.settle(frame.previous)
    if not is_own_line or attached.claim.role is not Role.RESULT or not isinstance(above, Tensor):
        unmet(frame, attached, "the comment stands at no value")
    else:
        meet_value(frame, attached, frame.previous, "the value above")


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
        offer(frame, statement, value)
    if notes is not nodes.NO_NOTES:
        frame.statement = statement
        for attached_definition in notes.definitions:
            if attached_definition.place not in OWN_LINE:
                take_definition(frame, attached_definition)
        meet_layers(frame, statement, value)
        keep_for_layers(frame, statement, value)
        for attached in notes.claims:
            value = _meet(frame, statement, attached, value)
    if isinstance(statement, (nodes.Assign, nodes.AugAssign, nodes.Expression, nodes.Return)):
        frame.previous = shape_shown(frame, statement, value)
        frame.previous_whole = _written_into(statement)
    note_result(frame, statement, value)
    return value


def _written_into(statement: nodes.Stmt) -> nodes.Expr | None:
    """What a statement writes a part of: `x` of `x[i] = y`."""
    target = statement.targets[0] if isinstance(statement, nodes.Assign) and statement.targets else None
    return target.value if isinstance(target, nodes.Subscript) else None


def called_as(statement: nodes.Stmt, subject: nodes.Expr) -> nodes.Call | None:
    """The call within a statement that a comment begins with: `# attn.view: (B, n, T, T)` over `attn.view(...) + m`.

    Of several in a row, `mask.unsqueeze(1).unsqueeze(0)`, it is the last.
    """
    expr = value_expr(statement) if isinstance(subject, nodes.Attribute) else None
    calls = [part for part in all_parts([expr]) if isinstance(part, nodes.Call)] if expr is not None else []
    found = [call for call in calls if text_of(call.func) == text_of(subject)]
    while len(found) == 1:
        further = [call for call in calls if _is_called_on(call, found[0])]
        if not further:
            return found[0]
        found = further
    return None


def _is_called_on(call: nodes.Call, made: nodes.Call) -> bool:
    """Whether a call is one of the same method on what another one gives."""
    func, before = call.func, made.func
    if not isinstance(func, nodes.Attribute) or not isinstance(before, nodes.Attribute):
        return False
    return func.value is made and func.attr == before.attr


def _meet(frame: Frame, statement: nodes.Stmt, attached: Attached, value: Value) -> Value:
    claim = attached.claim
    may_be_met = attached.place is Place.HEADER or not isinstance(statement, GIVING)
    is_awaited = any(one is attached for one in frame.letters.awaited)
    if is_awaited or id(attached) in frame.met_before or (may_be_met and _is_met(frame, attached)):
        return value
    if claim.role is Role.RAISES:
        _meet_error(frame, attached)
        return value
    if claim.role is Role.RESULT and attached.place is Place.FIRST and follows_an_input(statement, attached):
        unmet(frame, attached, "it may speak of what the function returns")
        return value
    if attached.place in OWN_LINE and tells_the_return(attached) and not isinstance(statement, nodes.Return):
        unmet(frame, attached, "it may speak of what the function returns")
        return value
    if frame.function is None and frame.cls is not None and is_field(statement):
        _meet_field(frame, attached, is_input=not frame.cls.is_module)
        return value
    if is_of_a_case(statement, attached):
        unmet(frame, attached, "it is said of one of several cases")
        return value
    if is_a_step_within(statement, attached):
        unmet(frame, attached, "it may speak of one of several steps")
        return value
    if is_of_another_layer(frame, statement, attached):
        unmet(frame, attached, "it may speak of another layer")
        return value
    is_label = is_a_label(frame, statement, attached)
    is_one_of_two = tells_of_a_case(statement, attached) or is_what_is_made_of_it(statement, attached)
    is_one_of_two = is_one_of_two or is_one_of_several_ways(statement, attached)
    leads_on = claim.role is Role.RESULT and is_of_the_next_step(frame, attached, value, value_expr(statement))
    if is_label or is_at_an_argument(statement, attached) or is_one_of_two or leads_on or is_of_the_whole(attached):
        frame.doubted.add(id(attached))
    if (
        attached.subject is not None
        and not is_label
        and (isinstance(statement, nodes.If) or not before_and_after(statement, attached))
    ):
        if is_a_key(statement, attached):
            unmet(frame, attached, "it may speak of what stands under this key")
            return value
        if (call := called_as(statement, attached.subject)) is not None and isinstance(call.func, nodes.Attribute):
            part = call.func.value if claim.role is Role.INPUT else call
            meet_value(frame, attached, value_of(frame, part), text_of(part))
            return value
        is_met = not isinstance(statement, nodes.If) and text_of(attached.subject) not in targets_of(statement)
        if attached.place in OWN_LINE and is_met:
            return value
        meet_named(frame, attached, attached.subject)
        return value
    local = local_meant(frame, statement, attached)
    if local is not None:
        meet_named(frame, attached, local)
        return value
    if isinstance(statement, nodes.Comment) and statement.of_value and claim.role is Role.RESULT and claim.count == 1:
        if frame.previous_whole is not None:  # below `x[i] = y`: of what is put there, or of `x`
            whole = evaluated_aside(frame, frame.previous_whole)
            either = [*givens_of(frame, frame.previous), *givens_of(frame, whole)]
            note_claim(frame, attached, either, text_of(frame.previous_whole), any_of=True)
        else:
            meet_value(frame, attached, frame.previous, "the value above")
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
        if names_the_places(about, attached):
            unmet(frame, attached, "it may tell what stands at the places of the index")
            return value
        # `a = draw(f(x),  # (B,)`: of the argument, or of `a`
        if opens_the_statement(statement, attached) or opens_a_list(statement, attached):
            either = [*givens_of(frame, value), *givens_beside(frame, attached, value_of(frame, about))]
            note_claim(frame, attached, either, text_of(about), any_of=True)
            return value
        whole = without_unsqueeze(about)
        if whole is not about and claim.role is Role.RESULT and claim.count == 1:  # `f(x.unsqueeze(0),  # (C, H, W)`
            either = [*givens_of(frame, value_of(frame, about)), *givens_of(frame, value_of(frame, whole))]
            note_claim(frame, attached, either, text_of(about), any_of=True)
            return value
        meet_value(frame, attached, value_of(frame, about), text_of(about))
        return value
    if attached.place not in OWN_LINE and claim.count == 1 and (asserted := asserted_by(statement)):
        asked = {text_of(one): one for part in asserted for one in asked_for_its_shape(part)}
        if len(asked) == 1:  # `assert x.dim() == 3  # (B, T, D)`
            of = next(iter(asked.values()))
            if _agrees_with_the_assertion_alone(frame, statement, attached, of):
                unmet(frame, attached, "what is asserted here is not so by what is known")
            else:
                meet_named(frame, attached, of)
            return value
        counted = counted_row(asserted[0])
        if counted is not None and claim.role is Role.RESULT:  # `assert len(input_shape) == 3  # (C, H, W)`
            row, count = counted
            note_claim(frame, attached, _of_so_many(frame, evaluated_aside(frame, row), count), text_of(row))
            return value
    if not isinstance(statement, (nodes.Assign, nodes.AugAssign, nodes.Expression, nodes.Return)):
        meet_above(frame, attached)
        return value
    if is_of_several_statements(frame, statement, attached, expr):
        note_claim(frame, attached, givens_of(frame, value), text_of(expr), doubt="it may speak of several statements")
        return value
    last = last_argument_beside(statement, attached, expr)
    if last is not None:
        either = [*givens_of(frame, value), *givens_of(frame, value_of(frame, last))]
        note_claim(frame, attached, either, text_of(last), any_of=True)
        return value
    if attached.place in OWN_LINE and takes_sizes_alone(frame, statement, attached, value):
        unmet(frame, attached, NO_TENSOR)
        return value
    return meet_result(frame, statement, attached, value)


def _agrees_with_the_assertion_alone(frame: Frame, statement: nodes.Stmt, attached: Attached, expr: nodes.Expr) -> bool:
    """Whether a shape has as many dims as is asserted beside it, where what is known of the value tells of others."""
    rank = asserted_rank(statement)
    if rank is None or any(len(spec.items) != rank for spec in attached.claim.shapes):
        return False
    shapes = [given.shape for given in givens_of(frame, evaluated_aside(frame, expr))]
    return all(shape is not None and shape.known and shape.rank != rank for shape in shapes)


def _of_so_many(frame: Frame, row: Value, count: int) -> list[Given]:
    """A row of sizes that is asserted to hold so many, of which each goes by its place in the row."""
    if not isinstance(row, Unknown) or not row.origin:
        return givens_of(frame, row) if not isinstance(row, Unknown) else [Given(Shape(_new_sizes(count)))]
    sizes = [size_of(frame.world, row.part(f"[{place}]")) for place in range(count)]
    known = tuple(size for size in sizes if size is not None)
    return [Given(Shape(known if len(known) == count else _new_sizes(count)))]


def _new_sizes(count: int) -> tuple[Dim, ...]:
    return tuple(symbol("_", scope=next(Context.serial), free=True, minimum=1) for _ in range(count))


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
