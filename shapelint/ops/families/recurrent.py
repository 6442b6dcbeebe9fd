"""Recurrent layers and their cells: RNN, LSTM and GRU, batched or not, packed or not."""

from __future__ import annotations

from typing import Any

from shapelint.dims import Dim
from shapelint.ops.along import of_rank
from shapelint.ops.families.packed import PackedSequence
from shapelint.ops.families.parameter import optional, weight_of
from shapelint.ops.needs import CannotRun, Trouble, current, need, need_at_least, need_equal, need_rank, number, seeing
from shapelint.ops.registry import entry_of, layer, op
from shapelint.ops.signature import Tensors, Values
from shapelint.ops.tensor import ONE, Tensor, Unknown
from shapelint.ops.window import ZERO, need_positive, spatial
from shapelint.shapes import NotKnown, Shape

PAGE = "https://docs.pytorch.org/docs/stable/generated/torch.nn"


def _need_shape(tensor: Tensor, sizes: tuple[Dim, ...], what: str) -> None:
    """A state must have exactly these sizes."""
    if not tensor.shape.known:
        return
    text = f"{what} is {tensor.shape}, not {Shape(sizes)}"
    need(tensor.rank == len(sizes), text, Trouble.LAYER_INPUT)
    for place, (a, b) in enumerate(zip(tensor.shape, sizes, strict=True)):
        need_equal(a, b, f"dim {place} of {what} {tensor.shape}", f"that of {Shape(sizes)}", Trouble.LAYER_INPUT)


class Recurrent:
    """What RNN, LSTM and GRU share: (L, N, input_size) -> (L, N, D*H), states (D*num_layers, N, H)."""

    gates = 1
    states = 1

    def __init__(
        self, input_size: Dim, hidden_size: Dim, num_layers: Dim, bias: Values, batch_first: bool, dropout: Values,
        bidirectional: bool, proj_size: Dim,
    ) -> None:  # fmt: skip
        need_positive((hidden_size,), "hidden_size")
        need_positive((num_layers,), "num_layers")
        need_at_least(proj_size, 0, f"proj_size is {proj_size}")
        need_at_least(
            hidden_size, proj_size + 1, f"proj_size {proj_size} is not smaller than hidden_size {hidden_size}"
        )
        self.input_size, self.hidden_size, self.num_layers, self.bias = input_size, hidden_size, num_layers, bias
        self.batch_first, self.dropout = batch_first, dropout
        self.bidirectional, self.proj_size = bidirectional, proj_size
        self._keep_weights()

    @property
    def directions(self) -> int:
        """2 if it runs both ways."""
        return 2 if self.bidirectional else 1

    @property
    def width(self) -> Dim:
        """H, the size of one direction's output."""
        return self.hidden_size if self.proj_size.value == 0 else self.proj_size

    def _keep_weights(self) -> None:
        rows = self.hidden_size * self.gates
        for at in range(min(number(self.num_layers) or 1, 8)):
            for suffix in ("", "_reverse")[: self.directions]:
                columns = self.input_size if at == 0 else self.width * self.directions
                setattr(self, f"weight_ih_l{at}{suffix}", weight_of(rows, columns))
                setattr(self, f"weight_hh_l{at}{suffix}", weight_of(rows, self.width))
                setattr(self, f"bias_ih_l{at}{suffix}", optional(self.bias, rows))
                setattr(self, f"bias_hh_l{at}{suffix}", optional(self.bias, rows))

    def forward(self, input: Values, hx: Values = None) -> tuple[Any, Any]:
        if isinstance(input, PackedSequence):
            data = of_rank(input.data, 2)
            self._need_input(data)
            made = data.with_shape(data.shape[0], self.width * self.directions)
            return input.with_data(made), self._states(data, (input.count,), hx)
        tensor = current().as_tensor(input) if isinstance(input, Unknown) else input
        if not isinstance(tensor, Tensor):
            if isinstance(input, Unknown):
                raise NotKnown(input.reason)
            raise CannotRun(f"the input is a {type(input).__name__}, not a tensor", Trouble.LAYER_INPUT)
        tensor = current().settle(tensor)
        if tensor.shape.run is not None and "pack" in tensor.shape.run.name.lower():
            raise NotKnown("whether the sequences are packed")
        return self._run(tensor, hx)

    def _need_input(self, input: Tensor) -> None:
        need_equal(input.shape[-1], self.input_size, "the last dim of the input", "input_size", Trouble.LAYER_INPUT)

    def _run(self, input: Tensor, hx: Values) -> tuple[Tensor, Any]:
        input = spatial(input, 1, type(self).__name__)
        self._need_input(input)
        shape = input.shape.with_last(self.width * self.directions)
        layout = None if self.batch_first else "contiguous"
        output = Tensor(shape, layout, input.dtype, input.device)  # type: ignore[arg-type]
        batch = () if input.rank == 2 else (input.shape[0 if self.batch_first else 1],)
        return output, self._states(input, batch, hx)

    def _sizes(self) -> tuple[Dim, ...]:
        """The last dim of each state: an LSTM's cell state is not projected."""
        return (self.width, self.hidden_size)[: self.states]

    def _states(self, input: Tensor, batch: tuple[Dim, ...], hx: Values) -> Any:
        front = (self.num_layers * self.directions, *batch)
        if self.states == 1 and isinstance(hx, Tensor):
            _need_shape(hx, (*front, self.width), "hx")
        if self.states == 2 and isinstance(hx, Tensor):
            raise CannotRun("hx is one tensor, an LSTM takes (h_0, c_0)", Trouble.LAYER_INPUT)
        if self.states == 2 and isinstance(hx, (tuple, list)):
            need(len(hx) == 2, f"hx has {len(hx)} tensors, an LSTM takes (h_0, c_0)", Trouble.LAYER_INPUT)
            for state, size, what in zip(hx, self._sizes(), ("h_0", "c_0"), strict=True):
                if isinstance(state, Tensor):
                    _need_shape(state, (*front, size), what)
        made = tuple(input.with_shape(*front, size) for size in self._sizes())
        return made if self.states == 2 else made[0]

    def flatten_parameters(self) -> None:
        """Changes no shape."""


@layer("torch.nn.RNN")
class RNN(Recurrent):
    """(L, N, input_size) -> (L, N, D*hidden_size) and h_n (D*num_layers, N, hidden_size); N may be missing.

    https://docs.pytorch.org/docs/stable/generated/torch.nn.RNN.html
    """

    def __init__(
        self, input_size: Dim, hidden_size: Dim, num_layers: Dim = ONE, nonlinearity: Values = "tanh",
        bias: Values = True, batch_first: bool = False, dropout: Values = 0.0, bidirectional: bool = False,
    ) -> None:  # fmt: skip
        need(not isinstance(nonlinearity, str) or nonlinearity in ("tanh", "relu"), f"nonlinearity is {nonlinearity!r}")
        self.nonlinearity = nonlinearity
        super().__init__(input_size, hidden_size, num_layers, bias, batch_first, dropout, bidirectional, ZERO)


@layer("torch.nn.LSTM")
class LSTM(Recurrent):
    """(L, N, input_size) -> (L, N, D*H) and (h_n (D*num_layers, N, H), c_n (D*num_layers, N, hidden_size)).

    H is proj_size where one is given, else hidden_size; N may be missing.
    https://docs.pytorch.org/docs/stable/generated/torch.nn.LSTM.html
    """

    gates = 4
    states = 2

    def __init__(
        self, input_size: Dim, hidden_size: Dim, num_layers: Dim = ONE, bias: Values = True,
        batch_first: bool = False, dropout: Values = 0.0, bidirectional: bool = False, proj_size: Dim = ZERO,
    ) -> None:  # fmt: skip
        super().__init__(input_size, hidden_size, num_layers, bias, batch_first, dropout, bidirectional, proj_size)


@layer("torch.nn.GRU")
class GRU(Recurrent):
    """(L, N, input_size) -> (L, N, D*hidden_size) and h_n (D*num_layers, N, hidden_size); N may be missing.

    https://docs.pytorch.org/docs/stable/generated/torch.nn.GRU.html
    """

    gates = 3

    def __init__(
        self, input_size: Dim, hidden_size: Dim, num_layers: Dim = ONE, bias: Values = True,
        batch_first: bool = False, dropout: Values = 0.0, bidirectional: bool = False,
    ) -> None:  # fmt: skip
        super().__init__(input_size, hidden_size, num_layers, bias, batch_first, dropout, bidirectional, ZERO)


entry_of(RNN).gives("D, H", "(L, N, D)", "(L, N, H), (1, N, H)")
entry_of(GRU).gives("D, H, 2, batch_first=True, bidirectional=True", "(N, L, D)", "(N, L, 2*H), (4, N, H)")
entry_of(GRU).fails("8, 16", "(5, 3, 7)", "the last dim of the input is 7, input_size is 8")
entry_of(GRU).fails("8, 16", "(5, 3, 8), (1, 2, 16)", "dim 1 of hx (1, 2, 16) is 2, that of (1, 3, 16) is 3")
entry_of(LSTM).gives("D, H, proj_size=8", "(L, N, D)", "(L, N, 8), (1, N, 8), (1, N, H)")
entry_of(LSTM).gives("D, H", "(L, D)", "(L, H), (1, H), (1, H)")


class Cell:
    """What the cells share: (N, input_size), states (N, hidden_size) -> states (N, hidden_size)."""

    gates = 1
    states = 1

    def __init__(self, input_size: Dim, hidden_size: Dim, bias: Values = True) -> None:
        self.input_size, self.hidden_size, self.bias = input_size, hidden_size, bias
        rows = hidden_size * self.gates
        self.weight_ih, self.weight_hh = weight_of(rows, input_size), weight_of(rows, hidden_size)
        self.bias_ih, self.bias_hh = optional(bias, rows), optional(bias, rows)

    def forward(self, input: Tensor, hx: Values = None) -> Any:
        input = seeing(input, 1)
        if input.shape.known:
            need_rank(input, 1, 2, what=f"the input of {type(self).__name__}")
        need_equal(input.shape[-1], self.input_size, "the last dim of the input", "input_size", Trouble.LAYER_INPUT)
        made = input.made(input.shape.with_last(self.hidden_size))
        for state, what in self._given(hx):
            if isinstance(state, Tensor) and made.shape.known:
                _need_shape(state, made.shape.dims, what)
        return made if self.states == 1 else (made, made)

    def _given(self, hx: Values) -> list[tuple[Any, str]]:
        if self.states == 1:
            return [(hx, "hx")]
        if not isinstance(hx, (tuple, list)):
            need(not isinstance(hx, Tensor), "hx is one tensor, an LSTMCell takes (h_0, c_0)", Trouble.LAYER_INPUT)
            return []
        need(len(hx) == 2, f"hx has {len(hx)} tensors, an LSTMCell takes (h_0, c_0)", Trouble.LAYER_INPUT)
        return [(hx[0], "h_0"), (hx[1], "c_0")]


@layer("torch.nn.RNNCell")
class RNNCell(Cell):
    """(N, input_size), (N, hidden_size) -> (N, hidden_size); N may be missing.

    https://docs.pytorch.org/docs/stable/generated/torch.nn.RNNCell.html
    """

    def __init__(self, input_size: Dim, hidden_size: Dim, bias: Values = True, nonlinearity: Values = "tanh") -> None:
        super().__init__(input_size, hidden_size, bias)
        self.nonlinearity = nonlinearity


@layer("torch.nn.LSTMCell")
class LSTMCell(Cell):
    """(N, input_size), ((N, hidden_size), (N, hidden_size)) -> ((N, hidden_size), (N, hidden_size)).

    https://docs.pytorch.org/docs/stable/generated/torch.nn.LSTMCell.html
    """

    gates = 4
    states = 2


@layer("torch.nn.GRUCell")
class GRUCell(Cell):
    """(N, input_size), (N, hidden_size) -> (N, hidden_size); N may be missing.

    https://docs.pytorch.org/docs/stable/generated/torch.nn.GRUCell.html
    """

    gates = 3


entry_of(GRUCell).gives("D, H", "(N, D)", "(N, H)")
entry_of(GRUCell).fails("4, 8", "(2, 4), (3, 8)", "dim 0 of hx (3, 8) is 3, that of (2, 8) is 2")
entry_of(LSTMCell).gives("D, H", "(N, D)", "(N, H), (N, H)")


@op("torch.gru_cell", "torch.rnn_tanh_cell", "torch.rnn_relu_cell")
def one_step(input: Tensor, hx: Tensor, w_ih: Tensor, w_hh: Tensor, b_ih: Values = None, b_hh: Values = None) -> Tensor:
    """(N, D), (N, H), (g*H, D), (g*H, H) -> (N, H)."""
    need_equal(input.shape[-1], w_ih.shape[1], "the last dim of the input", "that of w_ih", Trouble.LAYER_INPUT)
    need_equal(hx.shape[-1], w_hh.shape[1], "the last dim of hx", "that of w_hh", Trouble.LAYER_INPUT)
    return hx.made(hx.shape)


@op("torch.lstm_cell")
def lstm_cell(
    input: Tensor, hx: Tensors, w_ih: Tensor, w_hh: Tensor, b_ih: Values = None, b_hh: Values = None
) -> tuple[Tensor, Tensor]:
    """(N, D), ((N, H), (N, H)), (4*H, D), (4*H, H) -> (N, H), (N, H)."""
    made: Tensor = one_step.rule(input, hx[0], w_ih, w_hh)
    return made, made


@op("torch.gru", "torch.rnn_tanh", "torch.rnn_relu")
def whole_run(
    input: Tensor, hx: Tensor, params: Values, has_biases: Values, num_layers: Values, dropout: Values, train: Values,
    bidirectional: bool, batch_first: Values,
) -> tuple[Tensor, Tensor]:  # fmt: skip
    """(L, N, D_in), (D*layers, N, H) -> (L, N, D*H), (D*layers, N, H)."""
    need_rank(input, 3)
    need_rank(hx, 3, what="hx")
    width = hx.shape[-1] * (2 if bidirectional else 1)
    return Tensor(input.shape.with_last(width), None, input.dtype, input.device), hx.made(hx.shape)


@op("torch.lstm")
def lstm(
    input: Tensor, hx: Tensors, params: Values, has_biases: Values, num_layers: Values, dropout: Values,
    train: Values, bidirectional: bool, batch_first: Values,
) -> tuple[Tensor, Tensor, Tensor]:  # fmt: skip
    """(L, N, D_in), ((D*layers, N, H), (D*layers, N, C)) -> (L, N, D*H) and both states."""
    output, state = whole_run.rule(input, hx[0], None, None, None, None, None, bidirectional, batch_first)
    return output, state, hx[1].made(hx[1].shape)
