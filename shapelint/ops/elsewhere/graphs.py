"""Graphs outside of PyTorch: layers and functions of torch_geometric and torch_scatter, over rows of nodes and edges.

What these libraries refuse is left open: they are not PyTorch's code, and their versions differ.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from shapelint.dims import Dim, const
from shapelint.ops.along import found, replaced
from shapelint.ops.elsewhere.audio import size_made_with
from shapelint.ops.elsewhere.libraries import left_open
from shapelint.ops.layout import fresh_like
from shapelint.ops.needs import KindNotKnown, current
from shapelint.ops.registry import Op, add, layer
from shapelint.ops.signature import RowValues, Values
from shapelint.ops.tensor import Tensor
from shapelint.shapes import NotKnown, Shape


def _nodes(x: Any) -> Tensor:
    """The features whose rows the result has: of a pair those of the nodes to which the edges lead."""
    if isinstance(x, (tuple, list)) and len(x) == 2 and x[1] is not None:
        x = x[1]
    if not isinstance(x, Tensor):
        raise KindNotKnown("whether it is a tensor")
    nodes = current().settle(x)
    if nodes.shape.known and nodes.rank < 2:
        raise NotKnown("what the numbers of nodes stand for")
    return nodes


def _largest(index: Any, given: Any) -> Dim:
    """As many rows as are asked for, else as many as what tells of each its place counts."""
    if given is not None:
        return size_made_with(given)
    return current().number_in(index, "max") + 1 if isinstance(index, Tensor) else current().fresh("_")


# -- layers ------------------------------------------------------------------------------------------------------------


def _named(*names: str) -> tuple[str, ...]:
    return tuple(f"torch_geometric.nn.{place}{name}" for name in names for place in ("", "conv.", "dense."))


@layer(
    *_named(
        "GCNConv", "SAGEConv", "GraphConv", "ChebConv", "TAGConv", "SGConv", "ARMAConv", "LEConv", "ClusterGCNConv",
        "MFConv", "FeaStConv", "RGCNConv", "FastRGCNConv", "FiLMConv", "ResGatedGraphConv", "SSGConv", "GENConv",
        "DenseGCNConv", "DenseSAGEConv", "DenseGraphConv",
    )
)  # fmt: skip
class GraphLayer:
    """(*, N, in_channels) -> (*, N, out_channels). https://pytorch-geometric.readthedocs.io"""

    def __init__(self, in_channels: Values, out_channels: Values = None, *options: Values, **named: Values) -> None:
        self.out_channels = size_made_with(out_channels)

    def forward(self, x: RowValues, *others: Values, **named: Values) -> Tensor:
        nodes = _nodes(x)
        return fresh_like(nodes, nodes.shape.with_last(self.out_channels, dropping=1))


@layer(*_named("GATConv", "GATv2Conv", "TransformerConv", "SuperGATConv"))
class AttentionLayer:
    """(N, in_channels) -> (N, heads * out_channels), or (N, out_channels) without concat. https://pytorch-geometric.readthedocs.io"""

    def __init__(
        self, in_channels: Values, out_channels: Values, heads: Values = 1, concat: Values = True, *options: Values,
        **named: Values,
    ) -> None:  # fmt: skip
        self.out_channels, self.heads, self.concat = size_made_with(out_channels), size_made_with(heads), concat

    def forward(self, x: RowValues, *others: Values, **named: Values) -> Tensor:
        if "return_attention_weights" in named:
            raise NotKnown("whether the weights of attention come with it")
        nodes = _nodes(x)
        if not isinstance(self.concat, bool):
            raise NotKnown("whether the heads are put side by side")
        wide = self.heads * self.out_channels if self.concat else self.out_channels
        return fresh_like(nodes, nodes.shape.with_last(wide, dropping=1))


# -- functions ---------------------------------------------------------------------------------------------------------


def _scattered(
    src: Tensor, index: Tensor, dim: int = -1, out: Tensor | None = None, dim_size: Values = None, *others: Values,
    **named: Values,
) -> Tensor:  # fmt: skip
    if out is not None:
        return out
    seen, at = found(src, dim)
    return fresh_like(seen, replaced(seen.shape, at, _largest(index, dim_size)))


def _scattered_with_places(
    src: Tensor, index: Tensor, dim: int = -1, out: Tensor | None = None, dim_size: Values = None
) -> tuple[Tensor, Tensor]:
    result = _scattered(src, index, dim, out, dim_size)
    return result, fresh_like(result, result.shape)


def _same(src: Tensor, *others: Values, **named: Values) -> Tensor:
    return fresh_like(src, src.shape)


def _scattered_in_front(
    src: Tensor, index: Tensor, dim: int = 0, dim_size: Values = None, reduce: Values = "sum"
) -> Tensor:
    return _scattered(src, index, dim, None, dim_size)


def _pooled(x: Tensor, batch: Values, size: Values = None) -> Tensor:
    seen, at = found(x, -2)
    if not isinstance(batch, Tensor) and not (seen.shape.known and seen.rank == 2):
        raise NotKnown("whether there is a batch")
    return fresh_like(seen, replaced(seen.shape, at, _largest(batch, size)))


def _degree(index: Tensor, num_nodes: Values = None, dtype: Values = None) -> Tensor:
    return fresh_like(index, Shape((_largest(index, num_nodes),)))


def _dense_batch(
    x: Tensor, batch: Values = None, fill_value: Values = 0.0, max_num_nodes: Values = None, batch_size: Values = None
) -> tuple[Tensor, Tensor]:
    seen, at = found(x, 0)
    rows = (_largest(batch, batch_size), size_made_with(max_num_nodes))
    return fresh_like(seen, replaced(seen.shape, at, *rows)), fresh_like(seen, Shape(rows))


def _edges_of(adj: Tensor, *others: Values, **named: Values) -> tuple[Tensor, Tensor]:
    count = current().fresh("_")
    return fresh_like(adj, Shape((const(2), count))), fresh_like(adj, Shape((count,)))


_RULES: dict[str, tuple[Callable[..., Any], str]] = {
    **{
        f"torch_scatter.{name}": (_scattered, "(*a, n, *b), index -> (*a, dim_size, *b), of any size by default")
        for name in "scatter scatter_add scatter_sum scatter_mean scatter_mul scatter_std".split()
    },
    **{
        f"torch_scatter.{name}": (_scattered_with_places, "(*a, n, *b), index -> twice (*a, dim_size, *b)")
        for name in ("scatter_max", "scatter_min")
    },
    **{
        f"torch_scatter.{prefix}scatter_{name}": (_same, "(*) -> (*)")
        for name in ("softmax", "log_softmax")
        for prefix in ("", "composite.")
    },
    "torch_geometric.utils.scatter": (_scattered_in_front, "(n, *b), index -> (dim_size, *b), of any size by default"),
    "torch_geometric.utils.softmax": (_same, "(*) -> (*)"),
    "torch_geometric.utils.degree": (_degree, "(E,) -> (num_nodes,), of any size by default"),
    "torch_geometric.utils.to_dense_batch": (_dense_batch, "(N, *f) -> (B, n, *f), (B, n)"),
    "torch_geometric.utils.dense_to_sparse": (_edges_of, "(n, n) -> (2, E), (E,)"),
    **{
        f"torch_geometric.nn.{place}global_{name}_pool": (_pooled, "(N, F), batch -> (B, F)")
        for name in ("add", "mean", "max")
        for place in ("", "pool.", "glob.")
    },
}

for _name, (_rule, _formula) in _RULES.items():
    _lenient = left_open(_rule)
    _site = "https://pytorch-scatter.readthedocs.io" if _name.startswith("torch_scatter") else ""
    _lenient.__doc__ = f"{_formula}.\n\n{_site or 'https://pytorch-geometric.readthedocs.io'}"
    add(Op(_lenient, (_name,)))
