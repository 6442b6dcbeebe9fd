"""Meeting a claim with what it names: a local, a parameter, an attribute, a call."""

from __future__ import annotations

from shapelint.interp.claims.believed_inputs import (
    asked_for_none,
    believe_input,
    believe_items,
    is_list,
    walked_by_keys,
)
from shapelint.interp.claims.claimed_values import meet_value
from shapelint.interp.claims.givens import givens_of
from shapelint.interp.claims.held_against import fitting_by_name
from shapelint.interp.claims.noted import note_claim, unmet
from shapelint.interp.claims.spoken_of import given_a_dim
from shapelint.interp.claims.subjects import evaluated_aside
from shapelint.interp.claims.supposed import is_as_given, parameter_meant
from shapelint.interp.objects.lookup import is_defined
from shapelint.interp.state.events import Given
from shapelint.interp.state.machine import Frame
from shapelint.interp.state.values import Value
from shapelint.ops.tensor import Tensor, Unknown
from shapelint.program import nodes
from shapelint.program.nodes import Attached, Place
from shapelint.program.within import all_parts
from shapelint.program.written import targets_of, text_of, value_expr

NO_SUCH_NAME = "the code has no such name here"


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
    before, after_it = _ranks(frame, frame.rebound[id(attached)]), _ranks(frame, after)
    return bool(before & ranks) and bool(after_it) and after_it.isdisjoint(ranks)


def _ranks(frame: Frame, value: Value) -> set[int]:
    """The numbers of dims that a value may have, none where it may have any."""
    shapes = [given.shape for given in givens_of(frame, value)]
    return {shape.rank for shape in shapes if shape is not None and shape.known} if None not in shapes else set()


def item_meant(frame: Frame, statement: nodes.Stmt, attached: Attached) -> nodes.Expr | None:
    """What a comment over a statement names: `steps[i]` of what is used for one item of it, `x.unsqueeze(-1)` of what
    is used with a dim more, if that alone has as many dims as the comment says of `steps`, and of `x`."""
    subject, expr = attached.subject, value_expr(statement)
    if not isinstance(subject, nodes.Name) or expr is None:
        return subject
    parts, larger = list(all_parts([expr])), given_a_dim(statement, subject)
    items: list[nodes.Expr] = [
        part for part in parts if isinstance(part, nodes.Subscript) and text_of(part.value) == subject.id
    ]
    items = [larger] if larger is not None else items
    uses = [part for part in parts if isinstance(part, nodes.Name) and part.id == subject.id]
    if not items or len(items) != len(uses) or len({text_of(item) for item in items}) > 1:
        return subject
    ranks = {len(spec.items) for spec in attached.claim.shapes}
    whole, of_item = (_ranks(frame, evaluated_aside(frame, one)) for one in (subject, items[0]))
    return items[0] if whole and whole.isdisjoint(ranks) and of_item and of_item <= ranks else subject


def names_what_goes_in(frame: Frame, statement: nodes.Stmt, attached: Attached, value: Value) -> bool:
    """Whether a comment beside an assignment names what it does not make, and has the known sizes of what comes out
    alone.

    `y = project(x)  # x: (B, hidden)`, as it stands when the line above was copied; each of `a, b = a.mT, b.mT` may be
    what it means.
    """
    subject, expr = attached.subject, value_expr(statement)
    if not isinstance(statement, nodes.Assign) or not isinstance(subject, nodes.Name) or expr is None:
        return False
    if attached.place is not Place.TRAILING or subject.id in targets_of(statement):
        return False
    named = givens_of(frame, evaluated_aside(frame, subject))
    made = [one for each in (value if type(value) is tuple else (value,)) for one in givens_of(frame, each)]
    return all(
        all(any(one is each for each in made) for one in fitting_by_name(frame, spec, [*named, *made]))
        for spec in attached.claim.shapes
    )


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
