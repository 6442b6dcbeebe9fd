"""The inputs of a function that is judged by itself: whatever a caller may give, named after the parameter."""

from __future__ import annotations

from functools import lru_cache

from shapelint.dims import Dim, symbol
from shapelint.interp.inputs.annotated import class_annotated
from shapelint.interp.inputs.told_numbers import told_numbers
from shapelint.interp.inputs.zeros import least_asked
from shapelint.interp.paths.defaults import may_stand_in
from shapelint.interp.paths.join import choice
from shapelint.interp.state.decorators import decorators_of, is_kernel, is_of_arrays
from shapelint.interp.state.ground import count_by_name
from shapelint.interp.state.machine import Frame, evaluate
from shapelint.interp.state.values import ClassValue, DictObject, External, FunctionValue, Layer, Ratio, Value, unknown
from shapelint.notation.model import Name
from shapelint.ops.families.activation import ELEMENTWISE
from shapelint.ops.families.create import CONSTRUCTORS
from shapelint.ops.families.indexing import INDEX_DTYPES
from shapelint.ops.needs import Context
from shapelint.ops.signature import NumberType
from shapelint.ops.tensor import ADDRESS, INPUT_DEVICE, OBJECT, Tensor, Unknown, new_elements
from shapelint.program import nodes
from shapelint.program.within import all_parts, roots
from shapelint.program.written import expressions_within, statements_within
from shapelint.shapes import Shape

TENSOR_TYPES = frozenset("Tensor FloatTensor LongTensor BoolTensor IntTensor HalfTensor".split())


def symbolic_input(frame: Frame, param: nodes.Param, default: Value, function: FunctionValue) -> Value:
    """What a parameter stands for when nobody says with what the function is called."""
    if param.kind == "args":
        return Unknown(f"the arguments *{param.name}", given=True)
    if param.kind == "kwargs":
        return frame.world.allocate(DictObject({}, True, Unknown(f"one of **{param.name}", given=True)))
    if is_kernel(function) and _is_launched(function) and not _is_constant(param):
        return Tensor(Shape(), None, device=ADDRESS if param.name in added_to(function.node) else None)
    of_a_dataset = _is_place_in_a_dataset(param, function)
    names = annotation_names(param.annotation) or ["int"] * of_a_dataset
    names = [] if names == ["constexpr"] else names
    optional = (param.default is not None and default is None) or _may_be_none(param.annotation)
    if names == ["int"] or (isinstance(default, Dim) and not names):
        least = default.value if isinstance(default, Dim) and default.value is not None else 1 - of_a_dataset
        least = min(least, least_asked(function).get(param.name, least))
        size = symbol(param.name, scope=next(Context.serial), free=True, minimum=min(1, least))
        if optional:
            frame.machine.optional.add(size)
            frame.world.used.update(
                (one, Unknown("a size, or None", param.name, is_input=True)) for one in size.symbols
            )
        if isinstance(default, Dim) and default.value is not None:
            frame.machine.defaults[size] = default.value
        return size
    if names and names[0] in TENSOR_TYPES and is_of_another_library(frame, param.annotation):
        return unknown(f"{OBJECT}the parameter {param.name} of {function.name} stands for", param.at[0])
    if names and names[0] in TENSOR_TYPES and not optional:
        place = "numpy" if is_of_arrays(function) else INPUT_DEVICE
        return Tensor(Shape.unknown(param.name, chosen=True), None, _said_dtype(names), place, elements=new_elements())
    is_number = (
        isinstance(default, (float, Ratio)) and not names and not is_asked_of_its_kind(param.name, function.node)
    )
    if names == ["float"] or is_number:
        number = NumberType("float32")
        return choice([None, number]) if optional else number
    if names and names[0] in ("ndarray", "NDArray") and not optional:
        return Tensor(Shape.unknown(param.name, chosen=True), None, device="numpy")
    reason = f"the parameter {param.name} of {function.name}"
    is_size = not isinstance(default, (bool, str, float, Ratio)) and (not names or names[0] == "int")
    is_size = is_size and not _is_told_apart_from_a_size(param.name, function)
    numbers = [one.value for one in (default if type(default) is tuple else (default,)) if isinstance(one, Dim)]
    least = min((number for number in numbers if number is not None), default=1)
    least = min(least, least_asked(function).get(param.name, least)) if is_size else least
    of_sizes = is_size or _is_row_of_ints(param.annotation)
    given = Unknown(
        reason,
        param.name,
        param.at[0],
        free=is_size,
        of_sizes=of_sizes,
        minimum=min(1, least),
        is_input=True,
        may_be_size=not _holds_no_sizes(param),
    )
    _note_length(frame, param.name, default)
    given.may_be_row = is_size and not names and default is None and not _is_told_number(param.name, function)
    given.dtype = _said_dtype(names)
    given.is_number = _is_of_numbers(param.annotation) or _is_constant(param)
    given.annotated = class_annotated(frame, param.annotation)
    given.keeps = isinstance(default, Layer) and f"torch.nn.{default.name.rpartition('.')[2]}" in ELEMENTWISE
    stands_in = may_stand_in(frame.world, default) and not _is_a_loss(default)
    given.default = default if stands_in else _class_said(frame, param.annotation)
    return given


def _is_launched(function: FunctionValue) -> bool:
    """Whether a kernel is run by itself, in many programs: then no other kernel calls it with a block."""
    if not {"triton.heuristics", "triton.autotune"}.isdisjoint(decorators_of(function)):
        return True
    parts = expressions_within(function.node) if isinstance(function.node, nodes.Function) else ()
    return any(isinstance(one, nodes.Attribute) and one.attr == "program_id" for one in parts)


@lru_cache(maxsize=64)
def added_to(node: nodes.Function | nodes.Lambda) -> frozenset[str]:
    """The names to which a function adds something, or by which it loads and stores: the addresses of a kernel."""
    found: list[nodes.Expr] = []
    for part in expressions_within(node) if isinstance(node, nodes.Function) else ():
        if isinstance(part, nodes.Binary) and part.op == "+":
            found.append(part.left)
        elif isinstance(part, nodes.Call) and isinstance(part.func, nodes.Attribute) and part.args:
            found += [part.args[0].value] * (part.func.attr in _BY_ADDRESS)
    return frozenset(one.id for one in found if isinstance(one, nodes.Name))


_BY_ADDRESS = frozenset("load store make_block_ptr make_tensor_descriptor atomic_add".split())


def _is_constant(param: nodes.Param) -> bool:
    """Whether a kernel is made anew for each value of a parameter, `BLOCK: tl.constexpr`: such are sizes and flags."""
    return annotation_names(param.annotation) == ["constexpr"]


def _note_length(frame: Frame, name: str, default: Value) -> None:
    """Note how many items a row of sizes has by default, if all that go by its name have as many."""
    defaults, length = frame.machine.defaults, count_by_name(name)
    number = len(default) if type(default) is tuple and all(isinstance(one, Dim) for one in default) else 0
    if number or length in defaults:
        defaults[length] = number if defaults.get(length, number) == number else 0


def is_flag_of_caller(frame: Frame, value: Value) -> bool:
    """Whether a value is a parameter that is True or False, by its annotation or its default: as a number, 1 or 0."""
    node = frame.function.node if isinstance(value, Unknown) and value.is_input and frame.function is not None else None
    param = next((one for one in node.params if one.name == value.origin), None) if node is not None else None
    if param is None:
        return False
    is_by_default = isinstance(param.default, nodes.Constant) and isinstance(param.default.value, bool)
    return annotation_names(param.annotation) == ["bool"] or (param.annotation is None and is_by_default)


def _is_a_loss(default: Value) -> bool:
    """Whether a layer is a loss: who gives another one may ask it for many numbers, and not for their mean."""
    return isinstance(default, Layer) and hasattr(default.instance, "reduction")


def _is_told_number(name: str, function: FunctionValue) -> bool:
    return isinstance(function.node, nodes.Function) and name in told_numbers(function.node)


def _is_place_in_a_dataset(param: nodes.Param, function: FunctionValue) -> bool:
    """Whether a parameter is the number of an item: what a loader of torch asks a `Dataset` for."""
    if function.name.rpartition(".")[2] != "__getitem__" or not isinstance(function.owner, ClassValue):
        return False
    is_item = len(function.node.params) == 2 and param is function.node.params[1]
    return is_item and any(name == "torch.utils.data.Dataset" for name in function.owner.externals)


def is_asked_of_its_kind(name: str, node: nodes.Function | nodes.Lambda) -> bool:
    """Whether a function asks `isinstance(scale, Tensor)` of a parameter: its default tells one kind of several."""
    body = node.body if isinstance(node, nodes.Function) else ()
    for part in all_parts([root for statement in statements_within(body) for root in roots(statement)]):
        called = part.func if isinstance(part, nodes.Call) and part.args else None
        asks = isinstance(called, nodes.Name) and called.id == "isinstance"
        asks = asks or (isinstance(called, nodes.Attribute) and called.attr == "is_tensor")
        first = part.args[0].value if asks and isinstance(part, nodes.Call) else None
        if isinstance(first, nodes.Name) and first.id == name:
            return True
    return False


def _is_told_apart_from_a_size(name: str, function: FunctionValue) -> bool:
    """Whether what is said of a parameter holds its own name, `B: (B, L, N)`: that letter of the row is not this B."""
    if not isinstance(function.node, nodes.Function):
        return False
    at_the_head = (one for statement in function.node.body[:2] for one in statement.notes.claims)
    own = (one.claim for one in (*function.node.described.claims, *at_the_head) if _names(one, name))
    return any(Name(name) in spec.items and len(spec.items) > 1 for claim in own for spec in claim.shapes)


def _names(attached: nodes.Attached, name: str) -> bool:
    return isinstance(attached.subject, nodes.Name) and attached.subject.id == name


def _said_dtype(names: list[str]) -> str | None:
    """The dtype by an annotation's type, where a tensor of it can be an index: what it picks is told by that."""
    dtype = CONSTRUCTORS.get(names[0]) if names else None
    return dtype if dtype in INDEX_DTYPES else None


def _class_said(frame: Frame, annotation: nodes.Expr | None) -> Value:
    """The class of the program in an annotation `type[Block]`, which a caller gives, or one derived from it."""
    if not isinstance(annotation, nodes.Subscript) or annotation_names(annotation.value) not in (["Type"], ["type"]):
        return None
    if not isinstance(annotation.index, nodes.Name):
        return None
    found = frame.world.settle(evaluate(frame, annotation.index))
    return found if isinstance(found, ClassValue) else None


def _may_be_none(annotation: nodes.Expr | None) -> bool:
    """Whether an annotation allows None: `Optional[float]`, `float | None`, `Union[float, None]`."""
    if isinstance(annotation, nodes.Binary):
        return _may_be_none(annotation.left) or _may_be_none(annotation.right)
    if isinstance(annotation, nodes.Subscript):
        items = annotation.index.items if isinstance(annotation.index, nodes.Sequence) else (annotation.index,)
        names = annotation_names(annotation.value)
        if names in (["Union"], ["Annotated"]):
            return any(map(_may_be_none, items if names == ["Union"] else items[:1]))
        return names == ["Optional"]
    return isinstance(annotation, nodes.Constant) and annotation.value is None


def _is_of_numbers(annotation: nodes.Expr | None) -> bool:
    """Whether an annotation tells several kinds of numbers, and no other thing: `Union[float, int]`, `int | float`."""
    if isinstance(annotation, nodes.Subscript) and annotation_names(annotation.value) in (["Union"], ["Optional"]):
        inner = annotation.index
        parts = inner.items if isinstance(inner, nodes.Sequence) else (inner,)
        names = [name for part in parts for name in annotation_names(part)]
    else:
        names = annotation_names(annotation)
    return len(names) > 1 and "float" in names and {"float", "int"}.issuperset(names)


def _is_row_of_ints(annotation: nodes.Expr | None) -> bool:
    """Whether an annotation says that a caller gives several sizes: `tuple[int, int]`, `tuple[int, ...]`."""
    if annotation_names(annotation) == ["Size"]:
        return True
    if isinstance(annotation, nodes.Binary):  # `list[int] | None`
        sides = [side for side in (annotation.left, annotation.right) if annotation_names(side)]
        return bool(sides) and all(map(_is_row_of_ints, sides))
    if isinstance(annotation, nodes.Subscript) and annotation_names(annotation.value) == ["Optional"]:
        return _is_row_of_ints(annotation.index)
    if not isinstance(annotation, nodes.Subscript) or not ROWS.intersection(annotation_names(annotation.value)):
        return False
    inner = annotation.index
    items = inner.items if isinstance(inner, nodes.Sequence) else (inner,)
    named = [item for item in items if not (isinstance(item, nodes.Constant) and item.value is Ellipsis)]
    return bool(named) and all(isinstance(item, nodes.Name) and item.id == "int" for item in named)


def ints_in(annotation: nodes.Expr | None) -> int:
    """How many ints a caller gives in a row by an annotation `tuple[int, int]`; 0 where it does not tell."""
    if not isinstance(annotation, nodes.Subscript) or annotation_names(annotation.value) not in (["tuple"], ["Tuple"]):
        return 0
    items = annotation.index.items if isinstance(annotation.index, nodes.Sequence) else (annotation.index,)
    return len(items) if all(isinstance(item, nodes.Name) and item.id == "int" for item in items) else 0


LISTS = frozenset("list List Sequence".split())
ROWS = LISTS | {"tuple", "Tuple"}
_HOLDERS = ROWS | frozenset("Iterable Iterator Generator Collection Mapping dict Dict OrderedDict set Set".split())


def is_row(param: nodes.Param) -> bool:
    """Whether a parameter's annotation says that it is a list, tuple or dict: a shape said of it is not its own."""
    names = annotation_names(param.annotation)
    return bool(names) and _HOLDERS.issuperset(names)


def is_plain(param: nodes.Param) -> bool:
    """Whether a parameter's annotation says that it is no tensor: a number, a string, a sparse matrix of SciPy's.

    A shape said of it is that of its content, or of something whose operators are not those of tensors.
    """
    names = annotation_names(param.annotation)
    return bool(names) and all(name in _PLAIN_TYPES or name.endswith("matrix") for name in names)


_PLAIN_TYPES = frozenset("int float str bool DataFrame Series".split())


def _holds_no_sizes(param: nodes.Param) -> bool:
    """Whether an annotation says that a parameter is a row of something else than sizes: `list[float]`, `list`."""
    if not is_row(param):
        return False
    if not isinstance(param.annotation, nodes.Subscript):
        return isinstance(param.annotation, nodes.Name)
    inner = param.annotation.index
    names = {name for item in getattr(inner, "items", (inner,)) for name in annotation_names(item)}
    return not names.isdisjoint(("float", "str", "bool", "dict", "Dict", *TENSOR_TYPES))


def is_of_another_library(frame: Frame, annotation: nodes.Expr | None) -> bool:
    """Whether an annotation names the tensor of a library that is not torch: `cute.Tensor`, `tf.Tensor`."""
    named = [each for each in all_parts([annotation]) if isinstance(each, nodes.Attribute)] if annotation else []
    found = [evaluate(frame, each) for each in named if each.attr in TENSOR_TYPES]
    return any(isinstance(one, External) and one.name.partition(".")[0] not in OF_TORCH for one in found)


OF_TORCH = frozenset("torch jaxtyping torchtyping typing tensordict t th".split())


def annotation_names(annotation: nodes.Expr | None) -> list[str]:
    """The plain names of the types in an annotation, None left out: `Optional[torch.Tensor]` is ["Tensor"]."""
    if annotation is None:
        return []
    if isinstance(annotation, nodes.Name):
        return [annotation.id]
    if isinstance(annotation, nodes.Attribute):
        return [annotation.attr]
    if isinstance(annotation, nodes.Constant):
        text = annotation.value
        return [text.rsplit(".", 1)[-1]] if isinstance(text, str) and text.replace(".", "").isidentifier() else []
    if isinstance(annotation, nodes.Binary) and annotation.op == "|":
        return [name for side in (annotation.left, annotation.right) for name in annotation_names(side)]
    if isinstance(annotation, nodes.Subscript):
        outer = annotation_names(annotation.value)
        if outer in (["Optional"], ["Annotated"]):
            return annotation_names(annotation.index)
        if outer and (outer[0] in JAXTYPING or _is_shaped(outer[0], annotation.index)):
            return ["Tensor"]
        return outer
    if isinstance(annotation, nodes.Sequence) and annotation.items:
        return annotation_names(annotation.items[0])
    return []


def _is_shaped(name: str, index: nodes.Expr) -> bool:
    """Whether an annotation is the type of the elements with their dims: `float["b n d"]`."""
    is_text = isinstance(index, nodes.Constant) and isinstance(index.value, str)
    return is_text and name in ("float", "int", "bool")


JAXTYPING = frozenset("Float Int Bool Shaped Num Inexact Integer UInt Float32 Float16 Int64 Int32 Complex".split())
