"""Takes a function, class or module, and gives what its docstring and its annotations say of shapes."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from functools import lru_cache

from shapelint.notation import might_hold_claim, read_annotation, read_docstring
from shapelint.notation import model as notation
from shapelint.notation.model import Reading, Role
from shapelint.program import nodes
from shapelint.program.lower_expressions import lower_text
from shapelint.program.nodes import NO_NOTES, Attached, AttachedDefinition, Expr, Name, Notes, Param, Place
from shapelint.program.positions import Positions, StringText


def describe_function(
    node: ast.FunctionDef | ast.AsyncFunctionDef,
    params: Sequence[Param],
    returns: Expr | None,
    positions: Positions,
) -> Notes:
    """What the docstring and the annotations of a function say of its parameters and its result."""
    docstring = _without_rows_of_tensors(describe_block(node, positions), params)
    annotated: list[Attached] = []
    for param in params:
        if param.annotation is not None:
            annotated += _annotated(param.annotation, Role.INPUT, Name(param.at, param.name))
    if returns is not None:
        annotated += _annotated(returns, Role.RESULT, None)
    if not annotated:
        return docstring
    return Notes(docstring.claims + tuple(annotated), docstring.definitions)


def _without_rows_of_tensors(told: Notes, params: Sequence[Param]) -> Notes:
    """What a docstring says, but for rows of parameters that are tensors: "the histogram (t, w)" is of no shape."""
    tensors = {param.name for param in params if param.annotation is not None and _is_tensor(param.annotation)}
    claims = [one for one in told.claims if not all(_is_row_of(shape, tensors) for shape in one.claim.shapes)]
    return told if len(claims) == len(told.claims) else Notes(tuple(claims), told.definitions)


def _is_row_of(shape: notation.ShapeSpec, tensors: set[str]) -> bool:
    return len(shape.items) > 1 and all(isinstance(one, notation.Name) and one.text in tensors for one in shape.items)


def _is_tensor(annotation: Expr) -> bool:
    return _last_name(annotation).endswith("Tensor") or _shape_text(annotation) is not None


def constructor_beside_forward(node: ast.ClassDef) -> ast.FunctionDef | None:
    """The `__init__` of a class that has a `forward`, or is called, as well."""
    functions = {each.name: each for each in node.body if isinstance(each, ast.FunctionDef)}
    return functions.get("__init__") if {"forward", "__call__"} & set(functions) else None


def told_of_forward(constructor: ast.FunctionDef, positions: Positions) -> Notes:
    """What the docstring of an `__init__` says of the `forward`, with the meaning of its letters.

    A constructor gives nothing, and takes but its own parameters: `Input: (N, C)` and `Output: (N, D)` are not of it.
    """
    said = describe_block(constructor, positions)
    claims = tuple(one for one in said.claims if not _is_of_a_parameter(one, constructor))
    return Notes(claims, said.definitions) if claims else NO_NOTES


def without_what_is_told_of_forward(said: Notes, constructor: ast.FunctionDef) -> Notes:
    """What is said of an `__init__` itself."""
    claims = [one for one in said.claims if one.place is not Place.DOCSTRING or _is_of_a_parameter(one, constructor)]
    return said if len(claims) == len(said.claims) else Notes(tuple(claims), said.definitions)


def _is_of_a_parameter(attached: Attached, constructor: ast.FunctionDef) -> bool:
    subject = attached.subject
    if subject is None:
        return False
    return not isinstance(subject, Name) or not {subject.id, subject.id.lower()}.isdisjoint(
        _parameters(constructor) or ()
    )


def describe_block(
    node: ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef, positions: Positions
) -> Notes:
    """What a docstring says."""
    first = node.body[0] if node.body else None
    if not isinstance(first, ast.Expr) or not isinstance(first.value, ast.Constant):
        return NO_NOTES
    value = first.value.value
    if not isinstance(value, str) or not might_hold_claim(value):
        return NO_NOTES
    parameters = _parameters(node)
    reading = _read(value, None if parameters is None else tuple(parameters))
    if not reading:
        return NO_NOTES
    text = StringText(first.value, value, positions)
    claims = []
    for claim in reading.claims:
        at = text.span(claim.start, claim.end)
        subject = None if claim.subject is None else lower_text(claim.subject, at)
        if claim.subject is None or subject is not None:
            claims.append(Attached(at, claim, Place.DOCSTRING, _line_of(value, claim.start), subject))
    definitions = [
        AttachedDefinition(text.span(each.start, each.end), each, Place.DOCSTRING, _line_of(value, each.start))
        for each in reading.definitions
    ]
    return Notes(tuple(claims), tuple(definitions))


@lru_cache(maxsize=1024)
def _read(text: str, parameters: tuple[str, ...] | None) -> Reading:
    """What a docstring claims, kept: a file with claims that is imported is mostly linted as well."""
    return read_docstring(text, parameters)


def _parameters(node: ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef) -> list[str] | None:
    """The names of which a docstring may speak: a function's parameters, those of a class's methods, and its fields."""
    if isinstance(node, ast.Module):
        return None
    if isinstance(node, ast.ClassDef):
        names: list[str] = []
        for each in node.body:
            if isinstance(each, ast.AnnAssign) and isinstance(each.target, ast.Name):
                names.append(each.target.id)
            elif isinstance(each, ast.FunctionDef) and each.name in _CONTRACTS:
                names += _parameters(each) or []
        return names
    arguments = node.args
    return [argument.arg for argument in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs)]


_CONTRACTS = ("__init__", "forward", "__call__")


def variable_annotation(target: Expr, annotation: Expr) -> Notes:
    """What a variable's annotation says of it."""
    claims = tuple(_annotated(annotation, Role.RESULT, target))
    return Notes(claims) if claims else NO_NOTES


def _annotated(annotation: Expr, role: Role, subject: Expr | None) -> Iterator[Attached]:
    """The claims of `Float[Tensor, "b c"]`, alone, in `Optional[...]`, in `... | None`, or one by one in a tuple."""
    parts = _tuple_parts(annotation)
    for index, part in enumerate(parts):
        text = _shape_text(part)
        if text is None or not isinstance(text.value, str):
            continue
        spec = read_annotation(text.value)
        if spec is None:
            continue
        name = subject.id if isinstance(subject, Name) else None
        claim = notation.Claim(role, (spec,), 0, len(text.value), name, index, len(parts))
        yield Attached(text.at, claim, Place.ANNOTATION, text.value, subject)


def _tuple_parts(annotation: Expr) -> Sequence[Expr]:
    match annotation:
        case nodes.Subscript(value=nodes.Name(id="tuple" | "Tuple"), index=nodes.Sequence(items=items)):
            return items
        case _:
            return [annotation]


_GENERIC = frozenset(
    "Union dict Dict Mapping MutableMapping OrderedDict defaultdict DefaultDict Callable Generator Literal".split()
)
"""What holds the name of a class as text in its second place: `Union[Tensor, "Node"]`."""
_SHAPED = frozenset("Float Int Bool Shaped Complex float int bool".split())
"""What some projects write with the dims alone, for a tensor of such elements: `Float["b n d"]`, `float["b n d"]`."""
_ARRAYS = ("Tensor", "Array", "array", "Parameter", "ArrayLike")


def _last_name(expr: Expr) -> str:
    return expr.id if isinstance(expr, Name) else expr.attr if isinstance(expr, nodes.Attribute) else ""


def _shape_text(annotation: Expr) -> nodes.Constant | None:
    """The string that holds the dims."""
    match annotation:
        case nodes.Subscript(value=kind, index=nodes.Sequence(items=[array, nodes.Constant() as text])):
            is_shaped = _last_name(kind) not in _GENERIC and _last_name(array).endswith(_ARRAYS)
            return text if isinstance(text.value, str) and is_shaped else None
        case nodes.Subscript(value=kind, index=nodes.Constant(value=str()) as text) if _last_name(kind) in _SHAPED:
            return text
        case nodes.Subscript(value=nodes.Name(id="Optional") | nodes.Attribute(attr="Optional"), index=inner):
            return _shape_text(inner)
        case nodes.Binary(op="|", left=left, right=nodes.Constant(value=None)):
            return _shape_text(left)
        case nodes.Binary(op="|", left=nodes.Constant(value=None), right=right):
            return _shape_text(right)
        case _:
            return None


def _line_of(text: str, offset: int) -> str:
    start = text.rfind("\n", 0, offset) + 1
    end = text.find("\n", offset)
    return text[start : len(text) if end < 0 else end].strip()
