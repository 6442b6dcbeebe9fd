"""What Lightning keeps of a constructor's arguments: `self.save_hyperparameters()`, read as `self.hparams.width`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from shapelint.interp.objects.rows import row_of
from shapelint.interp.state.machine import Frame
from shapelint.interp.state.values import ClassValue, DictObject, Instance, Ref, Value
from shapelint.program import nodes

KEEPING = "save_hyperparameters"


def keep_hyperparameters(
    frame: Frame, ref: Ref, content: Instance, args: Sequence[Value], kwargs: Mapping[str, Value], node: nodes.Call
) -> None:
    """Set `hparams` to the arguments of the constructor that runs: all, those that are named, or an object of them."""
    function = frame.function.node if frame.function is not None else None
    if not isinstance(function, nodes.Function):
        return
    named = [one for one in args if isinstance(one, str)]
    if args and not named:
        kept = args[0]
    else:
        ignored = kwargs.get("ignore")
        without = [ignored] if isinstance(ignored, str) else row_of(frame, ignored) if ignored is not None else ()
        names = [param.name for param in function.params[1:] if param.kind not in ("args", "kwargs")]
        taken = {name: frame.env.get(name) for name in named or names if name not in without and name in frame.env}
        before = content.attrs.get("hparams")
        earlier = frame.world.heap.get(before.id) if isinstance(before, Ref) else None
        attrs = {**(earlier.attrs if isinstance(earlier, Instance) else {}), **taken}
        kind = ClassValue(nodes.Class(node.at, "Hyperparameters", (), ()), frame, (), {})
        kept = frame.world.allocate(Instance(kind, attrs, True))
    if isinstance(kept, Ref) and isinstance(frame.world.heap.get(kept.id), DictObject):
        return  # its entries are attributes, too
    frame.world.heap[ref.id] = Instance(content.type, {**content.attrs, "hparams": kept}, content.open)
