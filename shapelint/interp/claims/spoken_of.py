"""What the place and the words of a comment at a statement tell of what it speaks of there."""

from __future__ import annotations

import re
from itertools import pairwise

from shapelint.interp.claims.subjects import evaluated_aside, links
from shapelint.interp.paths.defaults import is_module
from shapelint.interp.paths.join import alternatives
from shapelint.interp.state.machine import Frame
from shapelint.interp.state.values import Value
from shapelint.notation.model import Claim, DimSpec, Name, Num, Rest, Role
from shapelint.ops.tensor import Tensor, Unknown
from shapelint.program import nodes
from shapelint.program.nodes import OWN_LINE, Attached, Place
from shapelint.program.within import all_parts
from shapelint.program.written import statements_of, targets_of, text_of, value_expr

OF_WHAT_IS_MADE = "it may speak of what is made with these sizes"


def opens_the_statement(statement: nodes.Stmt, attached: Attached) -> bool:
    """Whether a comment stands behind an argument in the first line of what is assigned or returned, and alone within
    it."""
    link = statement.value if isinstance(statement, (nodes.Assign, nodes.Return)) else None
    while isinstance(link, nodes.Binary) and isinstance(link.left, nodes.Constant):  # `a = 2 * cat([f(x),  # (B,)`
        link = link.right
    if not isinstance(link, (nodes.Call, nodes.Subscript)) or attached.at[0] != statement.at[0]:
        return False
    if attached.claim.role is not Role.RESULT or attached.claim.count > 1 or len(statement.notes.claims) > 1:
        return False
    while isinstance(link, (nodes.Call, nodes.Attribute, nodes.Subscript)) and link is not attached.about:
        link = link.func if isinstance(link, nodes.Call) else link.value
    return link is not attached.about


def is_of_several_statements(frame: Frame, statement: nodes.Stmt, attached: Attached, expr: nodes.Expr | None) -> bool:
    """Whether a comment over a statement tells of more steps than that has.

    `# (B, N, D) -> (B, H, W, D) -> (B, D, H, W)` over `x = x.view(B, H, W, D)`, and a permute below it.
    """
    if attached.claim.role is not Role.RESULT or attached.place not in OWN_LINE or expr is None:
        return False
    steps = [one for one in statement.notes.claims if one.text == attached.text and one.claim.role is Role.LINK]
    return len(steps) > len(links(frame, expr)) == 0


def is_told_otherwise_beside(statement: nodes.Stmt, attached: Attached) -> bool:
    """Whether a comment that begins with its shape stands over a statement beside which another shape stands."""
    claim = attached.claim
    begins_with_it = not attached.text[: claim.start].strip("# ")
    if claim.role is not Role.RESULT or attached.place not in OWN_LINE or not begins_with_it:
        return False
    beside = [one.claim for one in statement.notes.claims if one.place is Place.TRAILING and one.subject is None]
    told = [one for one in beside if one.role is Role.RESULT]
    return claim.count == len(told) == 1 and told[0].count == 1 and _items_of(told[0]) != _items_of(claim)


def _items_of(claim: Claim) -> list[tuple[DimSpec | Rest, ...]]:
    return [shape.items for shape in claim.shapes]


def last_argument_beside(statement: nodes.Stmt, attached: Attached, expr: nodes.Expr | None) -> nodes.Expr | None:
    """The last argument of a call, where a comment behind it closes the lines of arguments that have a comment each."""
    if not isinstance(expr, nodes.Call) or attached.place is not Place.TRAILING or len(expr.args) < 2:
        return None
    if attached.claim.role is not Role.RESULT or attached.claim.count > 1:
        return None
    *others, last = [argument.value for argument in expr.args]
    if last.at[0] != attached.at[0] or last.at[0] == others[-1].at[0]:
        return None
    told = [one.about for one in statement.notes.claims if one.place is Place.INSIDE]
    return last if all(any(about is other for about in told) for other in others) else None


def without_unsqueeze(about: nodes.Expr) -> nodes.Expr:
    """What an argument is made of by giving it dims of 1 alone: its comment may tell what that was."""
    while isinstance(about, nodes.Call) and isinstance(about.func, nodes.Attribute) and about.func.attr == "unsqueeze":
        about = about.func.value
    return about


def gets_a_dim(expr: nodes.Expr) -> nodes.Expr | None:
    """What an expression gives a dim of 1 and nothing else: `x` of `x.unsqueeze(1)`, of `x[:, None]`."""
    if isinstance(expr, nodes.Subscript):
        places = expr.index.items if isinstance(expr.index, nodes.Sequence) else (expr.index,)
        is_new = any(isinstance(place, nodes.Constant) and place.value is None for place in places)
        return expr.value if is_new else None
    func = expr.func if isinstance(expr, nodes.Call) else None
    return func.value if isinstance(func, nodes.Attribute) and func.attr == "unsqueeze" else None


def given_a_dim(statement: nodes.Stmt, subject: nodes.Expr | None) -> nodes.Expr | None:
    """The part within a statement's value in which a name has got dims of 1, where it stands nowhere else there."""
    expr = value_expr(statement) if isinstance(subject, nodes.Name) else None
    parts = list(all_parts([expr])) if expr is not None else []
    uses = [part for part in parts if isinstance(part, nodes.Name) and part.id == text_of(subject)]
    found: nodes.Expr | None = None
    link: nodes.Expr | None = uses[0] if len(uses) == 1 else None
    while link is not None and (made := [part for part in parts if gets_a_dim(part) is link]):
        found = link = made[0]
    return found if found is not expr else None


def names_the_places(about: nodes.Expr, attached: Attached) -> bool:
    """Whether a shape has a dim for each place of an index, and the index itself at its own: `x[:, t],  # (b, t)`."""
    if not isinstance(about, nodes.Subscript) or not isinstance(about.index, nodes.Sequence):
        return False
    places, items = about.index.items, attached.claim.shapes[0].items if len(attached.claim.shapes) == 1 else ()
    return len(places) == len(items) and any(
        isinstance(place, nodes.Name) and isinstance(item, Name) and item.text == place.id
        for place, item in zip(places, items, strict=True)
    )


def tells_use_of_numbers(value: nodes.Expr | None, claim: Claim) -> bool:
    """Whether numbers stand beside a row of other numbers, `(2, 2),  # (64, 64)`: they tell what comes of that."""
    if not isinstance(value, nodes.Sequence) or not value.items:
        return False
    items = [item for spec in claim.shapes for item in spec.items]
    return all(isinstance(one, nodes.Constant) for one in value.items) and all(isinstance(one, Num) for one in items)


def opens_a_list(statement: nodes.Stmt, attached: Attached) -> bool:
    """Whether a comment stands behind the bracket that opens a list within an assignment, `cat([  # (B, C)`."""
    about, claim = attached.about, attached.claim
    if not isinstance(statement, nodes.Assign) or not isinstance(about, nodes.Sequence) or statement.value is about:
        return False
    if not about.items:
        return False
    return claim.role is Role.RESULT and claim.count == 1 and attached.at[:2] < about.items[0].at[:2]


def is_a_key(statement: nodes.Stmt, attached: Attached) -> bool:
    """Whether the name that a comment over a statement tells of is the key of a dict there, `batch["rows"][i]`."""
    name = attached.subject.id if isinstance(attached.subject, nodes.Name) else ""
    expr = value_expr(statement) if name and attached.place in OWN_LINE else None
    parts = list(all_parts([expr])) if expr is not None else []
    keys = [part.index for part in parts if isinstance(part, nodes.Subscript)]
    is_key = any(isinstance(key, nodes.Constant) and key.value == name for key in keys)
    return is_key and not any(isinstance(part, nodes.Name) and part.id == name for part in parts)


def is_of_a_case(statement: nodes.Stmt, attached: Attached) -> bool:
    """Whether the comments over a statement tell several numbers of dims of one name, which it does not bind anew."""
    subject = attached.subject
    return (
        subject is not None and text_of(subject) not in targets_of(statement) and tells_of_a_case(statement, attached)
    )


def tells_of_a_case(statement: nodes.Stmt, attached: Attached) -> bool:
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


def is_one_of_several_ways(statement: nodes.Stmt, attached: Attached) -> bool:
    """Whether arrows over a statement tell what it makes of inputs that lie in several ways, each of as many dims."""
    arrows = [one for one in statement.notes.claims if one.place in OWN_LINE and one.subject is None]
    taken = {one.text: one.claim for one in arrows if one.claim.role is Role.INPUT and one.claim.count == 1}
    made = {one.text: one.claim for one in arrows if one.claim.role is Role.RESULT and one.text in taken}
    if len(taken) < 2 or taken.keys() != made.keys() or attached.text not in taken:
        return False
    ranks = {tuple(len(spec.items) for spec in (*taken[text].shapes, *made[text].shapes)) for text in taken}
    starts, ends = ({one.shapes[0].items for one in claims.values()} for claims in (taken, made))
    return len(ranks) == 1 and len(starts) == len(taken) and starts.isdisjoint(ends)


def is_of_another_case(frame: Frame, statement: nodes.Stmt, attached: Attached, value: Value) -> bool:
    """Whether an arrow with an "or" to the next one tells of a result of another number of dims than the statement
    gives."""
    arrows = [one for one in statement.notes.claims if one.place in OWN_LINE and one.subject is None]
    made = {one.text: one.claim for one in arrows if one.claim.role is Role.RESULT and one.claim.count == 1}
    taken = {one.text for one in arrows if one.claim.role is Role.INPUT}
    if attached.text not in made or taken != made.keys() or not any(map(_OR_ELSE.search, taken)):
        return False
    ranks = {len(spec.items) for spec in made[attached.text].shapes}
    ways = alternatives(frame.world.settle(value))
    return all(isinstance(one, Tensor) and one.shape.known and one.rank not in ranks for one in ways)


def is_what_is_made_of_it(statement: nodes.Stmt, attached: Attached) -> bool:
    """Whether the name at the end of a `return` may be what is returned: `return p.transpose(0, 1)  # p: (m, n)`."""
    link = statement.value if isinstance(statement, nodes.Return) else None
    name = text_of(attached.subject)
    is_made = link is not None and text_of(link) != name
    while isinstance(link, (nodes.Call, nodes.Attribute, nodes.Subscript)):
        link = link.func if isinstance(link, nodes.Call) else link.value
    return is_made and attached.place is Place.TRAILING and isinstance(link, nodes.Name) and link.id == name


def is_a_step_within(statement: nodes.Stmt, attached: Attached) -> bool:
    """Whether a comment line within a statement is followed by others that tell of the same expression."""
    return attached.about is not None and any(
        other.about is attached.about and other.at[0] > attached.at[0] for other in statement.notes.claims
    )


def is_of_another_layer(frame: Frame, statement: nodes.Stmt, attached: Attached) -> bool:
    """Whether a comment begins with a layer that its statement has not: `# phi => (B, C)` over `self.theta(x)`."""
    match = _LED_BY.match(attached.text) if attached.place in OWN_LINE and attached.subject is None else None
    node = frame.function.node if frame.function is not None and frame.cls is not None else None
    if match is None or not isinstance(node, nodes.Function) or not node.params:
        return False
    expr = value_expr(statement)
    parts = all_parts([expr]) if expr is not None else ()
    if any(isinstance(part, nodes.Attribute) and part.attr == match[1] for part in parts):
        return False
    layer = evaluated_aside(frame, nodes.Attribute(attached.at, nodes.Name(attached.at, node.params[0].name), match[1]))
    return all(is_module(frame.world, one) for one in alternatives(layer))


def is_field(statement: nodes.Stmt) -> bool:
    """Whether a statement of a class's body says of what type a field is, and perhaps its default."""
    return isinstance(statement, nodes.Assign) and statement.annotation is not None


_OR_ELSE = re.compile(r"\bor\s*$", re.IGNORECASE)
_LED_BY = re.compile(r"#+\s*([A-Za-z_]\w*)\s*(?:-{1,2}|=)>")
_RETURNS = re.compile(r"#+\s*returns?\b", re.IGNORECASE)
_RETURNED_ROW = re.compile(r"#+\s*returns?\s*:", re.IGNORECASE)
_A_NAME = re.compile(r"#+\s*(?!(?:shape|size|dim)s?\b)([A-Za-z_]\w*)(?:\s+(?:shape|size))?\s*:")
_OF_THE_WHOLE = re.compile(r"#+\s*(?:the\s+)?(?:outputs?|results?)\s+(?:shapes?|sizes?|dims?)\b", re.IGNORECASE)


def tells_the_return(attached: Attached) -> bool:
    """Whether a comment begins with what the function returns."""
    return _RETURNS.match(attached.text) is not None


def is_returned(function: nodes.Function, statement: nodes.Stmt) -> bool:
    """Whether a function returns what a statement, or the one above a comment, gives its name last.

    Other statements may do so after it, where a comment tells that, too: those of another branch.
    """
    every = sorted(statements_of(function), key=lambda one: one.at)
    stands_at = {
        id(one): above if isinstance(one, nodes.Comment) else one for above, one in pairwise((every[0], *every))
    }
    tellers = {id(one) for one in every if any(_RETURNED_ROW.match(claim.text) for claim in one.notes.claims)}
    meant = stands_at.get(id(statement)) if id(statement) in tellers else None
    if not isinstance(meant, nodes.Assign) or len(meant.targets) > 1:
        return False
    name = text_of(meant.targets[0])
    returned = {text_of(one.value) if one.value else "" for one in every if isinstance(one, nodes.Return)}
    later = {id(one) for one in every if one.at > meant.at and name in targets_of(one)}
    return returned == {name} and later <= {id(stands_at[one]) for one in tellers}


def is_of_the_whole(attached: Attached) -> bool:
    """Whether a comment over a function's first line may tell what the function gives: `# output shape: (B, D)`."""
    return attached.place is Place.FIRST and _OF_THE_WHOLE.match(attached.text) is not None


def local_meant(frame: Frame, statement: nodes.Stmt, attached: Attached) -> nodes.Name | None:
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


def follows_an_input(statement: nodes.Stmt, attached: Attached) -> bool:
    """Whether the comment names the function's input first: `# x: (B, C) -> (B, D)`."""
    return any(
        other.text == attached.text and other.claim.role is Role.INPUT and other.subject is not None
        for other in statement.notes.claims
    )


def before_and_after(statement: nodes.Stmt, attached: Attached) -> bool:
    """Whether the comment says what the statement makes of its own target: `# x: (C,) -> (1, C)` at `x = x[None]`."""
    return (
        attached.claim.role is Role.INPUT
        and attached.subject is not None
        and text_of(attached.subject) in targets_of(statement)
        and any(o.text == attached.text and o.claim.role is Role.RESULT for o in statement.notes.claims)
    )
