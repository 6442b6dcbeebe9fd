"""Data sets of torch and what loads them: the batches that a loader makes of the items, as `default_collate` does."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from shapelint.dims import Dim, const
from shapelint.interp.objects.arithmetic import as_number, number_of
from shapelint.interp.objects.rows import any_of, count_of, row_of
from shapelint.interp.state.ground import Ground
from shapelint.interp.state.machine import Frame, invoke
from shapelint.interp.state.values import Bound, DictObject, FunctionValue, Instance, ListObject, Ref, Value, unknown
from shapelint.ops.rows import Many
from shapelint.ops.signature import NumberType
from shapelint.ops.tensor import OBJECT, Tensor
from shapelint.program import nodes
from shapelint.shapes import Shape


def tensor_dataset(frame: Frame, args: Sequence[Value], kwargs: Mapping[str, Value], node: nodes.Call) -> Value:
    """A row of tuples: the same row of each tensor."""
    tensors = [frame.world.settle(one) for one in args]
    known = [one for one in tensors if isinstance(one, Tensor) and one.shape.known and one.shape.dims]
    if kwargs or not known or len(known) != len(tensors):
        return _object("TensorDataset", node)
    item = tuple(one.with_shape(*one.shape.dims[1:]) for one in known)
    return frame.world.allocate(ListObject((Many((item,), known[0].shape.dims[0]),)))


def data_loader(frame: Frame, args: Sequence[Value], kwargs: Mapping[str, Value], node: nodes.Call) -> Value:
    """A row of batches, unless the code says otherwise how items are put together."""
    dataset = args[0] if args else kwargs.get("dataset")
    size = args[1] if len(args) > 1 else kwargs.get("batch_size", const(1))
    if dataset is None or size is None or len(args) > 4 or not kwargs.keys() <= _PLAIN:
        return _object("DataLoader", node)
    batch = number_of(as_number(frame, node, size)) or Ground(frame.world).fresh("batch_size", minimum=1)
    batches = _batches(frame, dataset, batch, node)
    if batches is None or not _tells(batches):
        return _object("DataLoader", node)
    return frame.world.allocate(ListObject.some(_in_heap(frame, batches)))


def _object(name: str, node: nodes.Call) -> Value:
    return unknown(f"{OBJECT}torch.utils.data.{name} makes at line {node.at[0]}", node.at[0])


_PLAIN = frozenset(
    "dataset batch_size shuffle sampler num_workers pin_memory drop_last timeout worker_init_fn generator"
    " prefetch_factor persistent_workers pin_memory_device".split()
)
"""What leaves it to the loader how items become a batch."""


def _batches(frame: Frame, dataset: Value, batch: Dim, node: nodes.Call) -> Value:
    """A batch of a dataset's items, with dicts as they are; None where nothing is known of the items."""
    content = frame.world.heap.get(dataset.id) if isinstance(dataset, Ref) else None
    if isinstance(dataset, Tensor) or isinstance(content, ListObject):
        row = row_of(frame, dataset)
        count = count_of(row)
        held, most = (frame.world.value_of(one) if one is not None else None for one in (count, batch))
        if held is not None and most is not None and held < most:
            batch = const(held)
        return _together(frame, any_of(frame, row), batch) if row else None
    method = None
    if isinstance(content, Instance):
        method = next((one.attrs["__getitem__"] for one in content.type.lineage if "__getitem__" in one.attrs), None)
    if not isinstance(dataset, Ref) or not isinstance(method, FunctionValue):
        return None
    machine = frame.machine
    world, machine.world = machine.world, machine.world.fork()
    frame.guarded += 1
    failures = len(frame.failures)
    try:
        index = Ground(frame.world).fresh("index", minimum=0)
        return _together(frame, invoke(frame, Bound(dataset, method), [index], {}, node), batch)
    finally:
        frame.guarded -= 1
        del frame.failures[failures:]
        machine.world = world


def _together(frame: Frame, item: Value, batch: Dim) -> Value:
    """What items such as this one become in a batch; None of what nothing is known of."""
    item = frame.world.settle(item)
    if isinstance(item, Tensor):
        shape = frame.world.settle_shape(item.shape)
        run = shape.run
        whole = Shape((batch, *shape.dims)) if run is None else Shape((batch, *shape.front), run, shape.back)
        return Tensor(whole, "contiguous", item.dtype)
    if isinstance(item, (bool, float, NumberType, Dim)):
        dtype = "bool" if isinstance(item, bool) else "int64" if isinstance(item, Dim) else None
        return Tensor(Shape((batch,)), "contiguous", dtype)
    if type(item) is tuple:
        return tuple(_together(frame, one, batch) for one in item)
    content = frame.world.heap.get(item.id) if isinstance(item, Ref) else None
    if isinstance(content, ListObject) and content.items is not None:
        return tuple(_together(frame, one, batch) for one in content.items)
    if isinstance(content, DictObject):
        entries = {key: _together(frame, value, batch) for key, value in content.entries.items()}
        return replace(content, entries=entries, element=None)
    return None


def _tells(batches: Value) -> bool:
    if isinstance(batches, DictObject):
        return any(map(_tells, batches.entries.values()))
    return isinstance(batches, Tensor) or (type(batches) is tuple and any(map(_tells, batches)))


def _in_heap(frame: Frame, batches: Value) -> Value:
    """The same in the world of the program, with a value of which nothing is known for each None."""
    if batches is None:
        return unknown("a part of a batch")
    if type(batches) is tuple:
        return tuple(_in_heap(frame, one) for one in batches)
    if isinstance(batches, DictObject):
        entries = {key: _in_heap(frame, value) for key, value in batches.entries.items()}
        return frame.world.allocate(replace(batches, entries=entries))
    return batches


OF_DATA = {
    "torch.utils.data.TensorDataset": tensor_dataset,
    "torch.utils.data.dataset.TensorDataset": tensor_dataset,
    "torch.utils.data.DataLoader": data_loader,
    "torch.utils.data.dataloader.DataLoader": data_loader,
}
