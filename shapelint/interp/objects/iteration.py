"""What a value gives when it is run over or unpacked, and binding it to targets."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from shapelint.dims import Dim, Facts, symbol
from shapelint.interp.objects.formatted import may_be_key, set_by_name
from shapelint.interp.objects.handed_out import hand_out, set_on_any
from shapelint.interp.objects.rows import Parts, any_number_of, count_of, items_of, known_place, row_of
from shapelint.interp.objects.rules import fail, run_rule
from shapelint.interp.paths.join import alternatives, choice, join_worlds, mapped
from shapelint.interp.state.decorators import SETTER
from shapelint.interp.state.events import Unpacking
from shapelint.interp.state.machine import Frame, evaluate, invoke
from shapelint.interp.state.placement import kept_by_a_module
from shapelint.interp.state.remaking import of_its_own, one_time
from shapelint.interp.state.trail import note_binding
from shapelint.interp.state.values import (
    Bound,
    Choice,
    Container,
    DictObject,
    FunctionValue,
    Instance,
    Layer,
    ListObject,
    Ref,
    Value,
    unknown,
)  # fmt: skip
from shapelint.ops.call import apply
from shapelint.ops.needs import CannotRun, Context, Trouble, need_equal
from shapelint.ops.rows import Many, SizesOf
from shapelint.ops.tensor import Tensor, Unknown
from shapelint.ops.window import is_taken_for_a_batch
from shapelint.program import nodes
from shapelint.program.written import text_of
from shapelint.shapes import Shape


def bind(frame: Frame, target: nodes.Expr, value: Value, source: nodes.Expr | None) -> None:
    """Bind a value to a name, an attribute, an item, or several targets."""
    if isinstance(target, (nodes.Name, nodes.Attribute)) and isinstance(value, Unknown) and _is_result(source):
        value = _under_a_name(value, text_of(target))
    if isinstance(target, nodes.Name):
        frame.env[target.id] = named(frame, target.id, value) if frame.recording else value
        frame.lines[target.id] = target.at[0]
        if frame.recording and isinstance(value, Dim):
            frame.evidence.named.append((target.id, target.at[0], value))
        note_binding(frame, target, frame.env[target.id], source)
    elif isinstance(target, nodes.Attribute):
        _set_attribute(frame, target, value)
        note_binding(frame, target, value, source)
    elif isinstance(target, nodes.Sequence):
        unpack(frame, target, value, source)
    elif isinstance(target, nodes.Subscript):
        _set_item(frame, target, value)
    elif isinstance(target, nodes.Starred):
        bind(frame, target.value, value, source)


def _is_result(source: nodes.Expr | None) -> bool:
    """Whether an expression takes what is not known from elsewhere, so that the name it gets is as good as any."""
    return isinstance(source, (nodes.Call, nodes.Subscript))


def _under_a_name(value: Unknown, name: str) -> Unknown:
    """What an unknown function gave, under the name by which the author goes on with it."""
    if value.origin or value.calculated is not None:
        return value
    result = Unknown(value.reason, name, value.line, is_result=True, given=value.given)
    result.is_number = value.is_number
    result.keeps = value.keeps
    return result


def named(frame: Frame, name: str, value: Value) -> Value:
    """A size under the name that the author gives it: a number or an expression gets a symbol that equals it."""
    if not isinstance(value, Dim) or name == "_":
        return value
    if value.as_symbol is not None:
        return frame.world.give_name(value, name)
    known = value.value
    if known is not None and known < 2:
        return value
    size = symbol(name, scope=next(Context.serial), free=True, minimum=1 if known is not None else 0)
    frame.world.facts = frame.world.facts.define(size, value)
    return size


def _told_as_many(frame: Frame, value: Tensor, wanted: int) -> list[Value] | None:
    """The items of what a docstring tells to be as many as the targets, `(2, E)`: those of a list are as a tensor's."""
    front = value.shape.front
    if not value.shape.known or not front or frame.world.value_of(front[0]) != wanted:
        return None
    return [Tensor(Shape(front[1:]), None, value.dtype, value.device) for _ in range(wanted)]


def unpack(frame: Frame, target: nodes.Sequence, value: Value, source: nodes.Expr | None) -> None:
    """Bind the items of a value to several targets; `B, C, H, W = x.shape` tells the number of dims, too."""
    value = frame.world.settle(value)
    if isinstance(value, Choice):
        _unpack_choice(frame, target, value, source)
        return
    star = next((i for i, item in enumerate(target.items) if isinstance(item, nodes.Starred)), None)
    if isinstance(value, SizesOf):
        shape = frame.world.settle_shape(value.shape)
        if star is not None and not shape.known:
            _name_ends(frame, target, shape, star, source)
            return
        value = shape.dims if shape.known else _name_dims(frame, target, shape)
    items, element = items_of(frame, value)
    wanted = len(target.items)
    if items is None and star is None and isinstance(value, Tensor):
        items = _told_as_many(frame, value, wanted)
    if items is None and star is None:
        items = _as_many_as_targets(frame, target, value, source)
    if items is None:
        for place, item in enumerate(target.items):
            if place:
                _, element = items_of(frame, value)  # of which no more is known than of the one before
            part = _part(item, value, element)
            if isinstance(item, nodes.Starred):
                part = frame.world.allocate(ListObject.some(part))
            elif isinstance(value, Unknown) and star is None and value.first not in frame.world.written:
                part = value.first.parts.setdefault(f"[{place}]", part)
            bind(frame, item, part, source)
        return
    if (star is None and len(items) != wanted) or (star is not None and len(items) < wanted - 1):
        # nearly always what a loop would have filled, or what has no batch
        sizes = [one for one in items if isinstance(one, Dim)]
        if not items or (len(items) == wanted + 1 and any(map(is_taken_for_a_batch, sizes))):
            for item in target.items:
                bind(frame, item, unknown("unpacking of another number of values", target.at[0]), source)
            return
        what = f"{len(items)} values for {wanted} names"
        if source is not None and all(isinstance(item, Dim) for item in items) and items:
            what = f"a shape of {len(items)} dims {Shape(tuple(items))} for {wanted} names"
        fail(frame, source or target, CannotRun(what, Trouble.UNPACK))
        items = [Unknown("unpacking that cannot run", line=target.at[0], may_be_size=False)] * wanted
        star = None
    if star is not None:
        after = wanted - star - 1
        middle = tuple(items[star : len(items) - after])
        items = [*items[:star], middle, *items[len(items) - after :]]
    for item, part in zip(target.items, items, strict=True):
        bind(frame, item, part, source)
    if source is not None and _is_shape(source):
        sizes = [frame.world.renamed(item) for item in items if isinstance(item, Dim)]
        keep_apart(frame, sizes, _axes_of_one(source))
        names = tuple(item.id for item in target.items if isinstance(item, nodes.Name))
        if len(names) == len(sizes) == wanted - (star is not None) and frame.recording:
            frame.evidence.unpacked.append(Unpacking(text_of(source), tuple(sizes), names, source.at[0]))


def _as_many_as_targets(
    frame: Frame, target: nodes.Sequence, value: Value, source: nodes.Expr | None
) -> list[Value] | None:
    """The items of a list of which the number is a size: it must be that of the targets. None where it is not known."""
    row = row_of(frame, value) if isinstance(value, Ref) else ()
    count, wanted = count_of(row), len(target.items)
    many = [part for part in row if isinstance(part, Many)]
    if count is None or not many:
        return None

    def so_many(args: Sequence[Value], kwargs: Mapping[str, Value]) -> Value:
        need_equal(count, wanted, "the number of values", "that of names", Trouble.UNPACK)
        return None

    if isinstance(run_rule(frame, source or target, so_many, (), {}, "unpacking"), Unknown):
        return [Unknown("unpacking that cannot run", line=target.at[0], may_be_size=False)] * wanted
    times, left = divmod(wanted - len(row) + 1, len(many[0].group))
    if len(many) > 1 or left or times < 0:
        return None
    place = row.index(many[0])
    each = [one for _ in range(times) for one in one_time(frame.world, many[0])]
    own = [_part(item, value, one) for item, one in zip(target.items[place:], each, strict=False)]
    return [*row[:place], *own, *row[place + 1 :]]


def _is_shape(source: nodes.Expr) -> bool:
    if isinstance(source, nodes.Attribute):
        return source.attr == "shape"
    return isinstance(source, nodes.Call) and isinstance(source.func, nodes.Attribute) and source.func.attr == "size"


def _axes_of_one(source: nodes.Expr) -> object:
    """The place at which one tensor is asked for its shape: each time that the line is run it is another tensor."""
    return "axes", source.at, next(Context.serial)


def keep_apart(frame: Frame, sizes: list[Dim], place: object) -> None:
    """Note that the author gives these sizes names of their own at one place, and so keeps them apart."""
    for size in sizes:
        if size.value is None:
            frame.evidence.groups.setdefault(size, set()).add(str(place))


def _part(item: nodes.Expr, whole: Value, element: Value) -> Value:
    """What one of several targets gets from a value whose items are not known one by one."""
    if isinstance(element, Unknown):
        origin = text_of(item) if isinstance(item, (nodes.Name, nodes.Attribute)) else ""
        origin = "" if origin == "_" else origin
        free = isinstance(whole, Unknown) and whole.of_sizes
        return Unknown(element.reason, origin, element.line, free=free, given=element.given)
    if isinstance(element, Choice):
        return mapped(element, lambda one: of_its_own(one) if isinstance(one, Unknown) else one)
    return element


def _unpack_choice(frame: Frame, target: nodes.Sequence, value: Choice, source: nodes.Expr | None) -> None:
    columns: list[list[Value]] = [[] for _ in target.items]
    paths: list[Facts | None] = []
    starred = any(isinstance(item, nodes.Starred) for item in target.items)
    for one, path in value.each():
        items, _ = items_of(frame, one)
        if items is not None and len(items) != len(target.items):
            continue
        paths.append(path)
        for i, column in enumerate(columns):
            column.append(items[i] if items is not None else items_of(frame, one)[1])
    for item, column in zip(target.items, columns, strict=True):
        lost = starred or not column
        bind(frame, item, unknown("unpacking of one of several values") if lost else choice(column, paths), source)


def _name_dims(frame: Frame, target: nodes.Sequence, shape: Shape) -> Value:
    """The dims of a tensor of unknown rank, named by the targets that unpack its shape."""
    run = shape.run
    assert run is not None
    lead, tail, wanted = len(shape.front), len(shape.back), len(target.items)
    if wanted < lead + tail:
        return (*shape.front, *shape.back)
    new = [_fresh_dim(frame, item) for item in target.items[lead : wanted - tail]]
    frame.world.fill(run, Shape(tuple(new)))
    return (*shape.front, *new, *shape.back)


def _name_ends(frame: Frame, target: nodes.Sequence, shape: Shape, star: int, source: nodes.Expr | None) -> None:
    """Bind the first and last dims of a tensor of unknown rank, and to the starred target the row of those between."""
    run = shape.run
    assert run is not None
    before, after = target.items[:star], target.items[star + 1 :]
    front = [_fresh_dim(frame, item) for item in before[len(shape.front) :]]
    back = [_fresh_dim(frame, item) for item in after[: max(0, len(after) - len(shape.back))]]
    rest = run.rest() if front or back else run
    if rest is not run:
        frame.world.fill(run, Shape(tuple(front), rest, tuple(back)))
    whole = frame.world.settle_shape(shape)
    lead, tail = len(before), len(whole.back) - len(after)
    for item, size in zip(target.items, (*whole.front[:lead], None, *whole.back[tail:]), strict=True):
        inner = Shape(whole.front[lead:], whole.run, whole.back[:tail])
        bind(frame, item, SizesOf(inner) if size is None else size, None)
    if source is not None and _is_shape(source):
        keep_apart(frame, [*whole.front[:lead], *whole.back[tail:]], _axes_of_one(source))


def _fresh_dim(frame: Frame, item: nodes.Expr) -> Dim:
    """A size that an unpacking tells of; within a call it stays without a name, for the caller never gave it that."""
    if not frame.recording:
        return symbol("_", scope=next(Context.serial))
    name = item.id if isinstance(item, nodes.Name) else item.attr if isinstance(item, nodes.Attribute) else "_"
    return symbol(name, scope=next(Context.serial))


def _set_attribute(frame: Frame, target: nodes.Attribute, value: Value) -> None:
    receiver = frame.world.settle(evaluate(frame, target.value))
    is_named = isinstance(target.value, (nodes.Name, nodes.Attribute))
    if target.attr == "data" and isinstance(receiver, Tensor) and is_named:
        if isinstance(value, Tensor):  # of what is loaded it is taken that it is as large
            bind(frame, target.value, value, None)
        return
    if isinstance(receiver, Layer) and is_named and _has_another_shape(frame, receiver, target.attr, value):
        bind(frame, target.value, Unknown(f"{target.attr} of the layer is set anew", line=target.at[0]), None)
        return
    value = named(frame, target.attr, value)
    if isinstance(receiver, Unknown):
        frame.world.written |= {receiver.first}
        hand_out(frame, (value,))
    set_on_any(frame, alternatives(receiver), target.value, target.attr)
    if isinstance(receiver, Choice):
        in_one_of(frame, receiver, lambda one: set_attribute_of(frame, one, target.attr, value, target))
    else:
        set_attribute_of(frame, receiver, target.attr, value, target)


def _has_another_shape(frame: Frame, layer: Layer, name: str, value: Value) -> bool:
    """Whether a layer's weight or bias gets another shape, as far as is known, than the layer was made with."""
    own = getattr(layer.instance, name, None)
    if not isinstance(own, Tensor) or not isinstance(value, Tensor) or not (own.shape.known and value.shape.known):
        return False
    pairs = list(zip(own.shape.dims, value.shape.dims, strict=False))
    return own.rank != value.rank or not all(frame.world.facts.is_equal(*pair) for pair in pairs)


def set_attribute_of(frame: Frame, receiver: Value, name: str, value: Value, target: nodes.Expr) -> None:
    """An object gets an attribute, or its class's setter of a property what is assigned to that."""
    content = frame.world.heap.get(receiver.id) if isinstance(receiver, Ref) else None
    if isinstance(receiver, Ref) and _is_set_by(frame, receiver, name + SETTER, [value], target):
        return
    if isinstance(content, Instance):
        kept = kept_by_a_module(value) if content.type.is_module and frame.name == "__init__" else value
        frame.world.heap[receiver.id] = Instance(content.type, {**content.attrs, name: kept}, content.open)


def _set_item(frame: Frame, target: nodes.Subscript, value: Value) -> None:
    if (holder := holder_of(target.value)) is not None:
        held = frame.world.settle(evaluate(frame, holder))
        if isinstance(held, Ref):
            set_by_name(frame, held, evaluate(frame, target.index), value, target.at[0])
        return
    receiver = frame.world.settle(evaluate(frame, target.value))
    index = evaluate(frame, target.index)
    if isinstance(receiver, Choice):
        in_one_of(frame, receiver, lambda one: _set_item_of(frame, target, one, index, value))
    else:
        _set_item_of(frame, target, receiver, index, value)


def holder_of(expr: nodes.Expr) -> nodes.Expr | None:
    """What has the attributes of which an expression is the dict: `config` of `vars(config)`; None for any other."""
    if isinstance(expr, nodes.Attribute) and expr.attr == "__dict__":
        return expr.value
    if isinstance(expr, nodes.Call) and isinstance(expr.func, nodes.Name) and expr.func.id == "vars" and expr.args:
        return expr.args[0].value
    return None


def in_one_of(frame: Frame, receiver: Choice, change: Callable[[Value], None]) -> None:
    """Change one of several objects, where it is not known which: each is as it was, or as the change leaves it."""
    objects = [one for one in receiver.values if isinstance(one, Ref)]
    if len(objects) == 1 and all(one is None or one in objects for one in receiver.values):
        change(objects[0])
        return
    before, after = frame.machine.world, frame.machine.world
    for one in objects:
        frame.machine.world = before.fork()
        change(one)
        after = join_worlds(after, frame.machine.world)
    frame.machine.world = before
    before.heap = after.heap


def _set_item_of(frame: Frame, target: nodes.Subscript, receiver: Value, index: Value, value: Value) -> None:
    if isinstance(receiver, Unknown):
        frame.world.written |= {receiver.first}
    if isinstance(receiver, Tensor):
        args = [receiver, index, value]
        run_rule(frame, target, lambda a, k: apply("torch.Tensor.__setitem__", a, k), args, {}, "item assignment")
        return
    if isinstance(receiver, Ref) and _is_set_by(frame, receiver, "__setitem__", [index, value], target):
        return
    content = frame.world.heap.get(receiver.id) if isinstance(receiver, Ref) else None
    if isinstance(content, ListObject) and isinstance(index, slice):
        frame.world.heap[receiver.id] = ListObject(_with_slice(frame, content.row, index, value))
    elif isinstance(content, ListObject):
        at = frame.world.value_of(index) if isinstance(index, Dim) else None
        if content.items is not None and at is not None and -len(content.items) <= at < len(content.items):
            items = list(content.items)
            items[at] = value
            frame.world.heap[receiver.id] = ListObject(tuple(items))
        elif (changed := _with_item(content.row, at, value)) is not None:
            frame.world.heap[receiver.id] = ListObject(changed)
        else:
            either = tuple(_one_of_two(part, value) for part in content.row)
            frame.world.heap[receiver.id] = ListObject(either)
    elif isinstance(content, DictObject):
        key = frame.world.value_of(index) if isinstance(index, Dim) else index
        if isinstance(key, (str, int)):
            entries = {**content.entries, key: value}
            frame.world.heap[receiver.id] = DictObject(entries, content.open, content.element)
        else:
            frame.world.heap[receiver.id] = _with_any_key(content, index, value)
    elif isinstance(content, Container):
        key = frame.world.value_of(index) if isinstance(index, Dim) else index
        if isinstance(key, (str, int)) and content.parts is not None:
            parts_by_name = {**dict(content.parts), str(key): value}
            frame.world.heap[receiver.id] = Container.of(content.kind, parts_by_name.items())
        else:
            many = any_number_of(frame, (*content.row, value))
            frame.world.heap[receiver.id] = Container.numbered(content.kind, (many,))


def _is_set_by(frame: Frame, receiver: Ref, name: str, args: Sequence[Value], target: nodes.Expr) -> bool:
    """Whether a method of an instance's class took what is assigned: `__setitem__`, the setter of a property."""
    content = frame.world.heap.get(receiver.id)
    lineage = content.type.lineage if isinstance(content, Instance) else ()
    method = next((each.attrs[name] for each in lineage if name in each.attrs), None)
    if not isinstance(method, FunctionValue):
        return False
    invoke(frame, Bound(receiver, method), args, {}, nodes.Call(target.at, target, ()))
    return True


def _with_any_key(content: DictObject, key: Value, value: Value) -> DictObject:
    """A dict in which something is set under a key that is not known: any that fits it may be what it was, or this."""
    entries = {name: choice([kept, value]) if may_be_key(key, name) else kept for name, kept in content.entries.items()}
    if not content.open:
        return DictObject(entries, True, value)
    return DictObject(entries, True, None if content.element is None else choice([content.element, value]))


def _with_slice(frame: Frame, row: Parts, index: slice, value: Value) -> Parts:
    """A row in which a slice is set to what another one holds, however many that is."""
    inner = row_of(frame, value)
    start, stop, step = (known_place(frame, at) for at in (index.start, index.stop, index.step))
    begin, end = start or 0, stop
    if step in (None, 1) and isinstance(begin, int) and not isinstance(end, str):
        one_by_one = next((place for place, part in enumerate(row) if isinstance(part, Many)), len(row))
        if one_by_one == len(row):
            first, last, _ = slice(begin, end).indices(len(row))
            return (*row[:first], *inner, *row[max(first, last) :])
        if end is None and 0 <= begin <= one_by_one:
            return (*row[:begin], *inner)
    return (any_number_of(frame, (*row, *inner)),)


def _with_item(row: Parts, at: int | None, value: Value) -> Parts | None:
    """A row with its first or last item set, where that is one of many alike; None of any other place."""
    many = row[at] if row and at in (0, -1) else None
    if not isinstance(many, Many) or len(many.group) != 1 or many.count is None:
        return None
    rest = Many(many.group, many.count - 1, many.varying)
    return (value, rest, *row[1:]) if at == 0 else (*row[:-1], rest, value)


def _one_of_two(part: Value, value: Value) -> Value:
    """A part of a list, an item of which may have been set to another value."""
    if not isinstance(part, Many):
        return choice([part, value])
    return Many(tuple(choice([item, value]) for item in part.group), part.count, part.varying)
