"""Noting operations that run and are not likely to do what was meant, each looked at where it has been applied.

Every question here is answered with no where there is doubt: an operation is suspected only for sizes that are surely
so, of values that are surely known, in code that is judged by itself.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from shapelint.dims import Comparison, Dim, Facts, Symbol, const, polynomial_quotient, product
from shapelint.interp.state.batch_place import SEQUENCE_FIRST, batch_in_the_place_of_time
from shapelint.interp.state.cut_rows import view_across_rows
from shapelint.interp.state.events import Found, Source, Suspected, Suspicion
from shapelint.interp.state.machine import Frame
from shapelint.interp.state.meetings import TAKE_ONE_DTYPE, left_behind, made_elsewhere, mixed_dtypes
from shapelint.interp.state.merged_batch import norm_over_merged_batch
from shapelint.interp.state.method_names import RESHAPING
from shapelint.interp.state.placement import operator_of
from shapelint.interp.state.products import units_of_another_dim, weights_of_another_dim
from shapelint.interp.state.provenance import MOST_LINKS, called, last_given, literal
from shapelint.interp.state.reordered import view_of_reordered
from shapelint.interp.state.spread import first_against_last, reduced_against_itself, row_and_column, spread_loss
from shapelint.interp.state.values import Value
from shapelint.interp.state.weights import over_batch, over_one, over_others_than_chosen
from shapelint.ops.families.axes import is_reached
from shapelint.ops.tensor import Tensor
from shapelint.program import nodes
from shapelint.program.written import expressions_within
from shapelint.shapes import Shape

Sources = Callable[[], "tuple[Source, ...]"]
Arguments = tuple[Sequence[Value], Mapping[str, Value]]


class Applied:
    """An operator that has been applied: where, to what, and with what result."""

    __slots__ = ("args", "blame", "dim", "frame", "kwargs", "made", "name", "node", "result", "what")

    def __init__(
        self,
        frame: Frame,
        node: nodes.Expr,
        what: str,
        name: str,
        args: Sequence[Value],
        kwargs: Mapping[str, Value],
        result: Value,
    ) -> None:
        self.frame, self.node, self.what, self.name = frame, node, what, name
        self.args, self.kwargs, self.result = args, kwargs, result
        self.dim: Value = None  # along which a layer works
        self.made: object = None  # the layer
        self.blame: nodes.Expr | None = None  # what to blame, where it is an operand

    def value(self, position: int, *names: str) -> Value:
        """An argument by its place (the tensor itself is 0) or its name."""
        if position < len(self.args):
            return self.args[position]
        return next((self.kwargs[name] for name in names if name in self.kwargs), None)

    def known(self, position: int, *names: str) -> Tensor | None:
        """An argument that is a tensor of which the number of dims is known."""
        value = self.value(position, *names)
        return value if isinstance(value, Tensor) and value.shape.known else None

    def operand(self, position: int) -> nodes.Expr | None:
        """The expression that stands for an argument; the tensor itself is 0."""
        node = self.node
        if isinstance(node, nodes.Binary):
            return (node.left, node.right)[position]
        if isinstance(node, nodes.Compare) and len(node.ops) == 1:
            return (node.left, node.comparators[0])[position]
        if not isinstance(node, nodes.Call):
            return None
        is_method = isinstance(node.func, nodes.Attribute) and len(self.args) > len(node.args)
        if is_method and position == 0:
            return node.func.value if isinstance(node.func, nodes.Attribute) else None
        place = position - is_method
        return node.args[place].value if place < len(node.args) and not node.args[place].star else None


def suspect(
    frame: Frame,
    node: nodes.Expr,
    what: str,
    args: Sequence[Value],
    kwargs: Mapping[str, Value],
    result: Value,
    sources: Sources,
    made: object = None,
) -> None:
    """Note an operator that has been applied, if what it did is surely odd; `made` is the layer that it belongs to."""
    if frame.guarded or not (frame.recording or frame.recorder):
        return
    name = _name_of(what)
    looks = _LOOKS.get(name, ())
    if not frame.recording:
        looks = tuple(look for look in looks if look[0] in SHOWN_BY_CALLS)
        for kind, look in looks:
            _note_in_call(frame, node, kind, look(_applied(frame, node, what, (args, kwargs), result, made)), sources)
        return
    if name.endswith("_") or name in _WRITES:
        looks = looks or ((Suspicion.EXPANDED, _expanded),)
    if frame.cls is not None and frame.cls.is_module and frame.name not in BEFORE_MOVING:
        looks = (*looks, *_MEETINGS)
    if operator_of(what) in TAKE_ONE_DTYPE:
        looks = (*looks, (Suspicion.DTYPE, mixed_dtypes))
    if not looks:
        return
    applied = _applied(frame, node, what, (args, kwargs), result, made)
    for kind, look in looks:
        found = look(applied)
        _note(frame, applied.blame or node, kind, found, sources)


SHOWN_BY_CALLS = (Suspicion.OUTER, Suspicion.LOSS)
"""What is odd whoever calls it, though only the call tells the shapes: nobody means to compare each with all others."""


def _note_in_call(frame: Frame, node: nodes.Expr, kind: Suspicion, found: Found | None, sources: Sources) -> None:
    """Note what is odd in a called function of the same file, with the lines of the calls."""
    recorder = frame.recorder
    if found is None or recorder is None or recorder.scope[0] != frame.scope[0]:
        return
    reason, apart, notes = found
    lines, caller = [], frame.caller
    while caller is not None and caller.call_site is not None:
        lines.append(str(caller.call_site.at[0]))
        caller = None if caller is recorder else caller.caller
    called = "as it is called at line " + ", in the call at line ".join(lines)
    recorder.note(Suspected(node.at, node, kind, reason, frame.world.facts, apart, sources(), (*notes, called)))


def _applied(frame: Frame, node: nodes.Expr, what: str, given: Arguments, result: Value, made: object) -> Applied:
    applied = Applied(frame, node, what, _name_of(what), *given, result)
    applied.dim, applied.made = getattr(made, "dim", None), made
    return applied


def _note(frame: Frame, node: nodes.Expr, kind: Suspicion, found: Found | None, sources: Sources) -> None:
    if found is not None:
        reason, apart, notes = found
        frame.note(Suspected(node.at, node, kind, reason, frame.world.facts, apart, sources(), notes))


def is_looked_at(what: str) -> bool:
    """Whether an operator may be suspicious by what it is given alone."""
    return _name_of(what) in _LOOKS


def _name_of(what: str) -> str:
    return what.removeprefix("torch.").removeprefix("F.").strip(".()") if len(what) > 2 else what


def suspect_all(
    frame: Frame,
    node: nodes.Expr,
    what: str,
    each: Sequence[Arguments],
    sources: Sources,
    made: object = None,
) -> None:
    """Note an operator that is odd with each of the arguments that it may be given."""
    if not frame.recording or frame.guarded:
        return
    for kind, look in _LOOKS.get(_name_of(what), ()):
        found: Found | None = None
        for given in each:
            found = look(_applied(frame, node, what, given, None, made))
            if found is None:
                break
        _note(frame, node, kind, found, sources)


def _order(applied: Applied) -> Found | None:
    """A view in which a size that is kept does not stand behind as many elements as before."""
    input, result = applied.known(0, "input"), applied.result
    if input is None or not isinstance(result, Tensor) or not result.shape.known:
        return None
    if _packs_bits(applied.frame):
        return None
    facts = applied.frame.world.facts
    old, new = (tuple(_by_its_name(facts, size) for size in shape.dims) for shape in (input.shape, result.shape))
    if not facts.is_equal(product(old), product(new)):
        return None  # it runs only for some sizes, which may be those for which nothing is mixed
    for place, size in enumerate(new):
        if not _is_plain(size) or old.count(size) != 1 or new.count(size) != 1 or facts.value_of(size) == 1:
            continue
        at = old.index(size)
        before, after = product(old[:at]), product(new[:place])
        ones = {one.as_symbol: const(1) for one in old[at + 1 :] if one.as_symbol is not None and not _is_plain(one)}
        if ones and facts.is_equal(before.subs(ones), after.subs(ones)):
            continue  # nobody has spoken of what stands behind it, which may well be 1
        if _is_kept_in_parts(facts, size, before, new):
            continue
        apart = _is_multiple(before, after) or _is_multiple(after, before)
        if not apart or facts.is_equal(before, after) or _is_rearranged(applied, size):
            continue
        if facts.compare(before, after) not in (Comparison.DIFFERS, Comparison.NEVER):
            continue
        reason = f"this view of {input.shape} as {result.shape} mixes {size} with other dims"
        note = f"in memory {size} {_behind(old[: old.index(size)])}, in the new shape it {_behind(new[:place])}"
        return reason, (before, after), (note, REORDERING)
    return _gathered(applied, input.shape, result.shape, (old, new))


def _packs_bits(frame: Frame) -> bool:
    """Whether a function shifts what it takes out of a tensor, to put several numbers into one: it deals them out so
    that they can be read in another order, `x[..., 0] | (x[..., 1] << 4)`."""
    node = frame.function.node if frame.function is not None else None
    return isinstance(node, nodes.Function) and any(
        isinstance(part, nodes.Binary) and part.op == "<<" and isinstance(part.left, nodes.Subscript)
        for part in expressions_within(node)
    )


REORDERING = "changing the order of dims takes a transpose or a permute"


def _gathered(
    applied: Applied, shape: Shape, other: Shape, sizes: tuple[tuple[Dim, ...], tuple[Dim, ...]]
) -> Found | None:
    """A view that makes neighbours of dims between which another one lies: (h, p, w, p) as (h*w, p*p)."""
    facts = applied.frame.world.facts
    old, new = (tuple(map(facts.resolved, row)) for row in sizes)
    for cut in range(1, len(new)):
        head = product(new[:cut])
        taken = _dims_of(head, old)
        passed = [size for place, size in enumerate(sizes[0]) if place not in taken and taken and place < taken[-1]]
        if len(taken) < 2 or not passed or not all(map(_is_plain, passed)) or _is_rearranged(applied, passed[0]):
            continue
        if any(one.name == "_" for place in taken for one in old[place].symbols):
            continue  # nobody has spoken of it: it may well be 1
        heads = (product(old[:at]) for at in range(len(old) + 1))
        if any(facts.compare(head, one) not in (Comparison.DIFFERS, Comparison.NEVER) for one in heads):
            continue
        note = f"in memory {passed[0]} lies between {' and '.join(str(sizes[0][place]) for place in taken[-2:])}"
        return (
            f"this view of {shape} as {other} mixes {passed[0]} with other dims",
            (old[taken[-1]], const(1)),
            (note, REORDERING),
        )
    return None


def _dims_of(whole: Dim, dims: Sequence[Dim]) -> list[int]:
    """The places of the dims, from the first on, of which a size is the product; none where it is not."""
    taken: list[int] = []
    for place, size in enumerate(dims):
        left = polynomial_quotient(whole, size) if size.symbols else None
        if left is not None:
            taken, whole = [*taken, place], left
    return taken if whole.value == 1 else []


def _is_kept_in_parts(facts: Facts, size: Dim, before: Dim, new: tuple[Dim, ...]) -> bool:
    """Whether a size stands where it stood, cut into dims of the new shape, beside another one that is as large."""
    firsts = [first for first in range(len(new)) if facts.is_equal(product(new[:first]), before)]
    return any(
        facts.is_equal(product(new[first:last]), size) for first in firsts for last in range(first + 2, len(new) + 1)
    )


def _by_its_name(facts: Facts, size: Dim) -> Dim:
    """A size by the one name that all sizes go by which are known to equal it; a number that has a name keeps it."""
    known = facts.normalize(size)
    return known if known.symbols else size


def _is_multiple(larger: Dim, smaller: Dim) -> bool:
    """Whether a product of names has another one as a factor, so that both count the same things."""
    return all(isinstance(atom, Symbol) for size in (larger, smaller) for atom in size.atoms) and (
        polynomial_quotient(larger, smaller) is not None
    )


def _behind(sizes: tuple[Dim, ...]) -> str:
    if not sizes:
        return "comes first"
    return "follows " + " and ".join(filter(None, (", ".join(map(str, sizes[:-1])), str(sizes[-1]))))


def _is_plain(size: Dim) -> bool:
    """Whether a size is a product of names: one that the author speaks of as a dim, and none that was computed."""
    return (
        bool(size.symbols)
        and not size.opaque
        and len(size.sorted_terms) == 1
        and all(symbol.name != "_" for symbol in size.symbols)
    )


REARRANGED = frozenset("cat concat concatenate pad".split())
REPEATED = frozenset({"repeat", "tile"})


def _is_rearranged(applied: Applied, size: Dim) -> bool:
    """Whether the tensor was padded or put together for views like this one, as it is for relative positions.

    So it is where it was repeated along a dim: the new rows of `x[..., None].repeat(1, 1, k, k).view(b, h*k, w*k)` are
    the copies that lie one after another in what the dim `w*k` has become.
    """
    node = applied.operand(0)
    for _ in range(MOST_LINKS):
        if isinstance(node, nodes.Name):
            node = last_given(applied.frame, node)
        elif called(node) in REARRANGED or (called(node) in REPEATED and size.as_symbol is None):
            return True
        elif isinstance(node, nodes.Subscript):
            node = node.value
        elif called(node) in VIEWS and isinstance(node, nodes.Call) and isinstance(node.func, nodes.Attribute):
            node = node.func.value
    return False


VIEWS = frozenset({"view", "reshape", "view_as", "reshape_as", "contiguous", "clone", "narrow"})


def _squeeze_all(applied: Applied) -> Found | None:
    """`squeeze()` of a tensor whose first dim a caller may choose to be 1."""
    input = applied.known(0, "input")
    if input is None or input.rank < 2 or applied.value(1, "dim") is not None:
        return None
    facts, first = applied.frame.world.facts, input.shape[0]
    if first.as_symbol is None or not first.as_symbol.free or facts.value_of(first) is not None:
        return None
    low = facts.lower(first)
    ones = [place for place, size in enumerate(input.shape.dims) if facts.value_of(size) == 1]
    if first.as_symbol.name == "_" or not ones or (low is not None and low > 1):
        return None
    reason = f"squeeze() of {input.shape} drops {first} as well where it is 1"
    wanted = ", ".join(f"squeeze({place})" for place in ones)
    return reason, None, (f"{wanted} drops only what is always 1",)


def _squeeze_none(applied: Applied) -> Found | None:
    """`squeeze(d)` of a dim that is never 1."""
    input, position = applied.known(0, "input"), applied.value(1, "dim")
    number = position.value if isinstance(position, Dim) else position
    if input is None or type(number) is not int or not -input.rank <= number < input.rank:
        return None
    size, facts = input.shape[number], applied.frame.world.facts
    if facts.equality(size, 1) is not False or is_reached(size, facts):
        return None
    return f"squeeze({number}) of {input.shape} drops nothing: that dim is {size}", None, ()


def _same_order(applied: Applied) -> Found | None:
    """A transpose or permute, written with plain numbers, that leaves each dim where it is."""
    node = applied.node
    if not isinstance(node, nodes.Call):
        return None
    numbers = [literal(arg.value) for arg in node.args if isinstance(arg.value, (nodes.Constant, nodes.Unary))]
    rank = applied.args[0].shape.rank if applied.known(0) else None
    are_all = len(numbers) >= len(applied.args) - 1 and not any(arg.star for arg in node.args)
    if None in numbers or len(numbers) < 2 or not are_all:
        return None
    places = [number if rank is None or number is None else number % max(rank, 1) for number in numbers]
    still = places == list(range(len(places))) if applied.name == "permute" else places[0] == places[1]
    if not still or (applied.name != "permute" and len(places) != 2):
        return None
    if applied.name != "permute" and numbers[0] != numbers[1] and (applied.frame.letters.told or rank == 1):
        return None  # counted from both ends, perhaps for tensors of other numbers of dims than the docstring's
    if applied.frame.name.startswith("test"):
        return None  # a case of its own, beside those in which something changes
    shape = f" of {applied.args[0].shape}" if rank is not None else ""
    return f"{applied.name}({', '.join(map(str, numbers))}){shape} changes nothing", None, ()


def _expanded(applied: Applied) -> Found | None:
    """A write in place into a tensor in which one element of memory stands at several places."""
    tensor = applied.known(0, "input")
    if tensor is None or not tensor.expanded or applied.name in ("fill_", "zero_"):
        return None
    facts = applied.frame.world.facts
    once = [place for place, stride in enumerate(tensor.strides or ()) if stride.value == 0]
    once += [] if tensor.spread is None else [tensor.spread]
    grown = [place for place in once if facts.value_of(tensor.shape[place]) != 1]
    if applied.name == "item assignment":
        grown = [place for place in grown if _is_chosen(applied.value(1), place)]
    elif applied.name.startswith("requires_grad") or applied.name in _WRITING_NOTHING:
        return None
    if not grown:
        return None
    size = tensor.shape[grown[0]]
    reason = (
        f"this writes into {tensor.shape}, whose dim {grown[0] + 1} was expanded: its {size} rows are one in memory"
    )
    return reason, (size, const(1)), ("clone() or repeat() gives each row memory of its own",)


_WRITING_NOTHING = RESHAPING | {"detach_", "share_memory_"}


def _is_chosen(index: Value, place: int) -> bool:
    """Whether an index picks some elements along this dim and leaves others; False where it cannot be told."""
    parts = index if type(index) is tuple else (index,)
    if any(not isinstance(part, (Dim, slice)) for part in parts[: place + 1]) or place >= len(parts):
        return False
    part = parts[place]
    return isinstance(part, Dim) or (part.start, part.stop, part.step) != (None, None, None)


_WRITES = frozenset({"item assignment", "+=", "-=", "*=", "/=", "//=", "**=", "%=", "&=", "|=", "^="})

BEFORE_MOVING = frozenset("__init__ reset_parameters init_weights _init_weights".split())
"""Methods that run while the whole module is still where it was made."""

_MEETINGS = ((Suspicion.DEVICE, made_elsewhere), (Suspicion.ATTRIBUTE, left_behind))
_ORDER = ((Suspicion.ORDER, _order), (Suspicion.CUT, view_across_rows))
_SPREAD = (
    (Suspicion.OUTER, row_and_column),
    (Suspicion.LEADING, first_against_last),
    (Suspicion.LEADING, reduced_against_itself),
)
_PRODUCT = ((Suspicion.PRODUCT, weights_of_another_dim), (Suspicion.PRODUCT, units_of_another_dim))
_LOSS = ((Suspicion.LOSS, spread_loss),)
_SQUEEZE = ((Suspicion.SQUEEZE_ALL, _squeeze_all), (Suspicion.SQUEEZE_NONE, _squeeze_none))
_NORM = ((Suspicion.MERGED, norm_over_merged_batch),)
_SAME = ((Suspicion.SAME_ORDER, _same_order),)
_BATCH = (
    (Suspicion.BATCH, over_batch),
    (Suspicion.ONE, over_one),
    (Suspicion.PRODUCT, over_others_than_chosen),
)

_LOOKS: dict[str, tuple[tuple[Suspicion, Callable[[Applied], Found | None]], ...]] = {
    **dict.fromkeys("reshape view_as reshape_as".split(), _ORDER),
    "view": (*_ORDER, (Suspicion.REORDERED, view_of_reordered)),
    **dict.fromkeys(
        "+ - * / == != < <= > >= add sub subtract mul multiply div divide eq ne lt le gt ge".split(), _SPREAD
    ),
    **dict.fromkeys("mse_loss l1_loss smooth_l1_loss huber_loss kl_div".split(), _LOSS),
    **dict.fromkeys("nn.MSELoss nn.L1Loss nn.SmoothL1Loss nn.HuberLoss nn.KLDivLoss".split(), _LOSS),
    **dict.fromkeys(("@", "matmul", "bmm"), _PRODUCT),
    **dict.fromkeys("nn.BatchNorm1d nn.BatchNorm2d nn.BatchNorm3d".split(), _NORM),
    **dict.fromkeys(SEQUENCE_FIRST, ((Suspicion.BATCH_FIRST, batch_in_the_place_of_time),)),
    "squeeze": _SQUEEZE,
    "squeeze_": _SQUEEZE,
    **dict.fromkeys("transpose permute swapaxes swapdims movedim moveaxis".split(), _SAME),
    **dict.fromkeys("softmax log_softmax softmin nn.Softmax nn.LogSoftmax nn.Softmin".split(), _BATCH),
}
