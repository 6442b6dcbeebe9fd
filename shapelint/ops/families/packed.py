"""Sequences of different lengths: padded into one tensor, or packed one behind the other for a recurrent layer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from shapelint.dims import Dim, const, maximum
from shapelint.ops.along import ends_seen
from shapelint.ops.families.parameter import truth
from shapelint.ops.join_rows import pad_row
from shapelint.ops.needs import Trouble, current, need, need_equal, need_rank, number
from shapelint.ops.registry import op
from shapelint.ops.rows import Many, Row
from shapelint.ops.signature import RowValues, Tensors, Values
from shapelint.ops.tensor import Tensor
from shapelint.shapes import NotKnown, Shape

UTILS = "torch.nn.utils.rnn"
OF_PACKED = ("data", "batch_sizes", "sorted_indices", "unsorted_indices")


@dataclass(frozen=True)
class PackedSequence:
    """The elements of all sequences one behind the other: data (all, *); how many sequences, and the longest length."""

    data: Tensor
    count: Dim
    longest: Dim
    lengths: tuple[Dim, ...] | None = None

    @property
    def batch_sizes(self) -> Tensor:
        """How many sequences are still running at each step."""
        return Tensor(Shape.of(self.longest), "contiguous", "int64")

    @property
    def sorted_indices(self) -> Tensor:
        """The order in which the sequences are packed."""
        return Tensor(Shape.of(self.count), "contiguous", "int64")

    @property
    def unsorted_indices(self) -> Tensor:
        """The order that undoes the packing's."""
        return Tensor(Shape.of(self.count), "contiguous", "int64")

    def with_data(self, data: Tensor) -> PackedSequence:
        """The same sequences with other elements."""
        return PackedSequence(data, self.count, self.longest, self.lengths)


def _known_lengths(lengths: Values) -> tuple[Dim, ...] | None:
    if isinstance(lengths, Tensor) and lengths.items is not None:
        return tuple(const(item) for item in lengths.items)
    if isinstance(lengths, (tuple, list)) and all(isinstance(one, (int, Dim)) for one in lengths):
        return tuple(one if isinstance(one, Dim) else const(one) for one in lengths)
    return None


def _total(lengths: tuple[Dim, ...]) -> Dim:
    total = const(0)
    for length in lengths:
        total = total + length
    return total


def _with_time_and_batch(input: Tensor) -> Tensor:
    """The padded sequences with their first two dims seen; the last one, where that is seen, is another one.

    Where three are seen there are no others: a recurrent layer takes no more.
    """
    shape = current().settle(input).shape
    if shape.run is None or not shape.back or len(shape.front) > 1:
        return ends_seen(input, 2, 0)
    if len(shape.front) + len(shape.back) == 3:
        current().fill(shape.run, Shape())
        return current().settle(input)
    missing = tuple(current().fresh("_", free=shape.run.given, minimum=1) for _ in range(2 - len(shape.front)))
    current().fill(shape.run, Shape(missing, shape.run.rest()))
    return current().settle(input)


def _time_and_batch(input: Tensor, batch_first: Values) -> tuple[Dim, Dim]:
    first = truth(batch_first)
    if first is None:
        raise NotKnown("batch_first is not known")
    if input.shape.known:
        need(input.rank >= 2, f"the input has {input.rank} dims {input.shape}, not 2 or more", Trouble.LAYER_INPUT)
    a, b = input.shape.front[:2]
    return (b, a) if first else (a, b)


def _with_front(shape: Shape, dropping: int, *sizes: Dim) -> Shape:
    """The shape with other sizes in the place of its first dims, be it not known how many there are behind them."""
    return Shape((*sizes, *shape.front[dropping:]), shape.run, shape.back)


def _need_as_many(lengths: Values, batch: Dim) -> None:
    if isinstance(lengths, Tensor) and lengths.shape.known:
        need_rank(lengths, 1, what="lengths")
        need_equal(lengths.shape[0], batch, "the number of lengths", "the batch", Trouble.LAYER_INPUT)
    elif isinstance(lengths, (tuple, list)):
        need_equal(len(lengths), batch, "the number of lengths", "the batch", Trouble.LAYER_INPUT)


def _as_row(lengths: Values, batch: Dim | None) -> Values:
    """The lengths, which are in a row; what else has the dims of which nothing is known but them has one dim, too."""
    shape = current().settle(lengths).shape if isinstance(lengths, Tensor) else Shape()
    seen = len(shape.front) + len(shape.back)
    if not isinstance(lengths, Tensor) or shape.run is None or seen > 1:
        return lengths
    one = current().fresh("N", free=shape.run.given, minimum=1) if batch is None else batch
    current().fill(shape.run, Shape(() if seen else (one,)))
    return current().settle(lengths)


@op(f"{UTILS}.pack_padded_sequence")
def pack_padded_sequence(
    input: Tensor, lengths: Values, batch_first: Values = False, enforce_sorted: Values = True
) -> PackedSequence:
    """(T, N, *), lengths (N,) -> packed: data (all, *).

    https://docs.pytorch.org/docs/stable/generated/torch.nn.utils.rnn.pack_padded_sequence.html
    """
    padded = current().settle(input).shape
    has_batch = padded.known and padded.rank > 1 and truth(batch_first) is not None
    lengths = _as_row(lengths, _time_and_batch(current().settle(input), batch_first)[1] if has_batch else None)
    input = _with_time_and_batch(current().settle(input))
    time, batch = _time_and_batch(input, batch_first)
    _need_as_many(lengths, batch)
    known = _known_lengths(lengths)
    total = _total(known) if known else current().fresh("steps", minimum=1)
    longest = maximum(*known) if known else current().fresh("longest", minimum=1)
    if not known:
        current().assume_fills(longest, time)
    return PackedSequence(input.made(_with_front(input.shape, 2, total)), batch, longest, known)


@op(f"{UTILS}.pad_packed_sequence")
def pad_packed_sequence(
    sequence: Values, batch_first: Values = False, padding_value: Values = 0.0, total_length: Dim | None = None
) -> tuple[Tensor, Tensor]:
    """packed: data (all, *) -> (T, N, *) and lengths (N,), T the longest or total_length.

    https://docs.pytorch.org/docs/stable/generated/torch.nn.utils.rnn.pad_packed_sequence.html
    """
    if not isinstance(sequence, PackedSequence):
        raise NotKnown("the packed sequence is not known")
    first = truth(batch_first)
    if first is None:
        raise NotKnown("batch_first is not known")
    time = sequence.longest if total_length is None else total_length
    pair = (sequence.count, time) if first else (time, sequence.count)
    data = sequence.data
    layout = None if first else "contiguous"
    padded = Tensor(_with_front(data.shape, 1, *pair), layout, data.dtype, data.device)  # type: ignore[arg-type]
    return padded, Tensor(Shape.of(sequence.count), "contiguous", "int64")


def _same_trailing(sequences: Tensors) -> Shape:
    """The dims behind the first, which all sequences must share."""
    need(len(sequences) > 0, "no sequences")
    rest = Shape(sequences[0].shape[1:]) if sequences[0].shape.known else None
    if rest is None:
        raise NotKnown("the number of dims of a sequence is not known")
    for one in sequences[1:]:
        need(one.rank == len(rest) + 1, f"sequences of {sequences[0].shape} and {one.shape}", Trouble.JOIN)
        for a, b in zip(one.shape[1:], rest, strict=True):
            need_equal(a, b, f"a dim of the sequence {one.shape}", "that of the first", Trouble.JOIN)
    return rest


@op(f"{UTILS}.pad_sequence")
def pad_sequence(
    sequences: RowValues, batch_first: Values = False, padding_value: Values = 0.0, padding_side: Values = "right"
) -> Tensor:
    """[(L1, *), ..., (Ln, *)] -> (max(L), n, *), or (n, max(L), *) with batch_first.

    https://docs.pytorch.org/docs/stable/generated/torch.nn.utils.rnn.pad_sequence.html
    """
    first = truth(batch_first)
    if first is None:
        raise NotKnown("batch_first is not known")
    if isinstance(sequences, Tensor):
        need(sequences.rank >= 2, f"the sequences are {sequences.shape}", Trouble.LAYER_INPUT)
        batch, time = sequences.shape[:2]
        rest: tuple[Dim, ...] = sequences.shape[2:]
        like = sequences
    elif isinstance(sequences, Row) and _holds_tensors(sequences):
        return pad_row(sequences, batch_first=first)
    else:
        members = _members(sequences)
        rest = _same_trailing(members).dims
        batch, time, like = const(len(members)), maximum(*(one.shape[0] for one in members)), members[0]
    return like.with_shape(*((batch, time) if first else (time, batch)), *rest)


def _holds_tensors(row: Row) -> bool:
    items = [one for part in row.parts for one in (part.group if isinstance(part, Many) else (part,))]
    return bool(items) and all(isinstance(one, Tensor) for one in items)


def _members(sequences: Values) -> Tensors:
    if not isinstance(sequences, (tuple, list)) or not all(isinstance(one, Tensor) for one in sequences):
        raise NotKnown("the sequences are not known one by one")
    return tuple(sequences)


pad_sequence.gives("[(3, D), (5, D)]", "(5, 2, D)")
pad_sequence.gives("[(L, D), (L, D)], batch_first=True", "(2, L, D)")
pad_sequence.fails("[(3, 4), (5, 6)]", "a dim of the sequence (5, 6) is 6, that of the first is 4")


@op(f"{UTILS}.pack_sequence")
def pack_sequence(sequences: Values, enforce_sorted: Values = True) -> PackedSequence:
    """[(L1, *), ..., (Ln, *)] -> packed: data (L1 + ... + Ln, *).

    https://docs.pytorch.org/docs/stable/generated/torch.nn.utils.rnn.pack_sequence.html
    """
    members = _members(sequences)
    rest = _same_trailing(members)
    lengths = tuple(one.shape[0] for one in members)
    data = members[0].with_shape(_total(lengths), *rest)
    return PackedSequence(data, const(len(members)), maximum(*lengths), lengths)


@op(f"{UTILS}.unpad_sequence")
def unpad_sequence(padded_sequences: Tensor, lengths: Values, batch_first: Values = False) -> Any:
    """(T, N, *), lengths (N,) -> [(L1, *), ..., (LN, *)].

    https://docs.pytorch.org/docs/stable/generated/torch.nn.utils.rnn.unpad_sequence.html
    """
    padded_sequences = _with_time_and_batch(padded_sequences)
    _, batch = _time_and_batch(padded_sequences, batch_first)
    _need_as_many(lengths, batch)
    return _apart(padded_sequences, padded_sequences.shape[2:], _known_lengths(lengths), batch)


@op(f"{UTILS}.unpack_sequence")
def unpack_sequence(packed_sequences: Values) -> Any:
    """packed: data (all, *) -> [(L1, *), ..., (LN, *)].

    https://docs.pytorch.org/docs/stable/generated/torch.nn.utils.rnn.unpack_sequence.html
    """
    if not isinstance(packed_sequences, PackedSequence):
        raise NotKnown("the packed sequence is not known")
    data = packed_sequences.data
    return _apart(data, data.shape[1:], packed_sequences.lengths, packed_sequences.count)


def _apart(like: Tensor, rest: tuple[Dim, ...], lengths: tuple[Dim, ...] | None, batch: Dim) -> list[Tensor]:
    if lengths is None:
        count = number(batch)
        if count is None:
            raise NotKnown("the number of sequences is not a known number")
        lengths = tuple(current().fresh("length") for _ in range(count))
    return [Tensor(Shape((length, *rest)), None, like.dtype, like.device) for length in lengths]
