"""torch.distributions: the shapes of what a distribution is made of, of its draws and of what it says of values."""

from __future__ import annotations

import copy
from typing import Any

from shapelint.dims import Dim
from shapelint.ops.families.create import sizes_of
from shapelint.ops.families.parameter import parameters_of
from shapelint.ops.families.pointwise import broadcast_all
from shapelint.ops.needs import current, need, need_equal, seeing
from shapelint.ops.registry import Layer, entry_of, layer
from shapelint.ops.signature import Operand, Sizes, Values
from shapelint.ops.stated import joined
from shapelint.ops.tensor import Tensor
from shapelint.shapes import NotKnown, Shape

PAGE = "https://docs.pytorch.org/docs/stable/distributions.html"
MOMENTS = ("mean", "mode", "variance", "stddev")
"""Attributes that are as large as one draw."""


class Distribution:
    """What is known of a distribution: `batch`, a tensor of its batch dims, and `event`, the sizes of one draw.

    `PARAMETERS` are the attributes that begin with the batch dims; `draws` is the dtype of what is drawn.
    """

    METHODS = frozenset("sample rsample sample_n log_prob cdf icdf survival_function entropy perplexity expand".split())
    PARAMETERS: tuple[str, ...] = ()

    def _made(self, batch: Tensor, event: Sizes = (), draws: str | None = None) -> None:
        self.batch, self.event, self.draws = batch, event, draws
        for name in MOMENTS:
            setattr(self, name, self._whole())

    def _whole(self) -> Tensor:
        return self._like(extended(current().settle(self.batch).shape, self.event))

    def _like(self, shape: Shape) -> Tensor:
        return Tensor(shape, None, self.batch.dtype, self.batch.device)

    @property
    def batch_shape(self) -> Shape:
        """The sizes of the draws that are made at a time."""
        return self.batch.shape

    @property
    def event_shape(self) -> Shape:
        """The sizes of one draw."""
        return Shape(self.event)

    def sample(self, sample_shape: Values = ()) -> Tensor:
        """(*a) -> (*a, *batch, *event)."""
        if isinstance(sample_shape, (Tensor, Dim)):
            raise NotKnown("the shape of the draws")
        ahead = Shape(sizes_of(sample_shape)) if isinstance(sample_shape, (tuple, list)) else Shape.unknown()
        return Tensor(joined(ahead, self._whole().shape), None, self.draws, self.batch.device)

    def rsample(self, sample_shape: Values = ()) -> Tensor:
        """(*a) -> (*a, *batch, *event)."""
        return self.sample(sample_shape)

    def sample_n(self, n: Dim) -> Tensor:
        """n -> (n, *batch, *event)."""
        return self.sample((n,))

    def log_prob(self, value: Operand) -> Tensor:
        """A value that broadcasts with (*batch, *event) -> the broadcast without the event."""
        return self._like(broadcast_all(value, self._whole()).with_last(dropping=len(self.event)))

    def cdf(self, value: Operand) -> Tensor:
        """A value that broadcasts with (*batch) -> the broadcast."""
        if self.event:
            raise NotKnown("a distribution of rows has no cdf")
        return self.log_prob(value)

    def icdf(self, value: Operand) -> Tensor:
        """A value that broadcasts with (*batch) -> the broadcast."""
        return self.cdf(value)

    def survival_function(self, value: Operand) -> Tensor:
        """A value that broadcasts with (*batch) -> the broadcast."""
        return self.cdf(value)

    def entropy(self) -> Tensor:
        """(*batch)."""
        return self.batch

    def perplexity(self) -> Tensor:
        """(*batch)."""
        return self.batch

    def expand(self, batch_shape: Sizes, _instance: Values = None) -> Distribution:
        """The same distribution with other batch dims, to which its own expand."""
        wide = copy.copy(self)
        old = current().settle(self.batch)
        shape = broadcast_all(self._like(Shape(batch_shape)), old)
        need(not shape.known or len(shape) == len(batch_shape), f"a batch {old.shape} does not expand to {batch_shape}")
        wide._made(self._like(Shape(batch_shape)), self.event, self.draws)
        for name in self.PARAMETERS:
            rest = current().settle(getattr(self, name)).shape[old.rank :]
            setattr(wide, name, self._like(Shape((*batch_shape, *rest))))
        return wide


def extended(shape: Shape, event: Sizes) -> Shape:
    """The shape with the dims of one draw behind it."""
    return joined(shape, Shape(event))


# -- families ----------------------------------------------------------------------------------------------------------

FAMILIES: dict[str, tuple[str, int]] = {
    "Bernoulli": ("probs=None, logits=None", 0),
    "Beta": ("concentration1, concentration0", 0),
    "Binomial": ("total_count=1, probs=None, logits=None", 0),
    "Categorical": ("probs=None, logits=None", 1),
    "Cauchy": ("loc, scale", 0),
    "Chi2": ("df", 0),
    "ContinuousBernoulli": ("probs=None, logits=None, lims: Values=None", 0),
    "Dirichlet": ("concentration", 1),
    "Exponential": ("rate", 0),
    "FisherSnedecor": ("df1, df2", 0),
    "Gamma": ("concentration, rate", 0),
    "Geometric": ("probs=None, logits=None", 0),
    "Gumbel": ("loc, scale", 0),
    "HalfCauchy": ("scale", 0),
    "HalfNormal": ("scale", 0),
    "InverseGamma": ("concentration, rate", 0),
    "Kumaraswamy": ("concentration1, concentration0", 0),
    "Laplace": ("loc, scale", 0),
    "LogNormal": ("loc, scale", 0),
    "Multinomial": ("total_count: Values=1, probs=None, logits=None", 1),
    "NegativeBinomial": ("total_count, probs=None, logits=None", 0),
    "Normal": ("loc, scale", 0),
    "OneHotCategorical": ("probs=None, logits=None", 1),
    "OneHotCategoricalStraightThrough": ("probs=None, logits=None", 1),
    "Pareto": ("scale, alpha", 0),
    "Poisson": ("rate", 0),
    "RelaxedBernoulli": ("temperature: Values, probs=None, logits=None", 0),
    "RelaxedOneHotCategorical": ("temperature: Values, probs=None, logits=None", 1),
    "StudentT": ("df, loc=0.0, scale=1.0", 0),
    "Uniform": ("low, high", 0),
    "VonMises": ("loc, concentration", 0),
    "Weibull": ("scale, concentration", 0),
}
"""Each family with its parameters, and how many of their last dims are of one draw.

A parameter is a tensor or a number and broadcasts with the others, unless another kind is written behind its name.
"""

INDICES = frozenset({"Categorical"})
"""Families that draw a place in the last dim of the parameters."""


def _family(name: str, row: str, dims: int) -> None:
    words = [word if ":" in word else _operand(word) for word in row.split(", ")]
    signature = parameters_of(", ".join([*words, "validate_args=None"]), "self")
    names = [key for key, parameter in signature.parameters.items() if "Operand" in parameter.annotation]

    def __init__(self: Distribution, *values: Any) -> None:
        given = dict(zip(list(signature.parameters)[1:], values, strict=True))
        operands = {key: given[key] for key in names if isinstance(given[key], Tensor)}
        if "logits" in names:
            need(("probs" in operands) != ("logits" in operands), f"{name} takes either probs or logits")
        whole = _together(list(operands.values()))
        if dims:
            need(not whole.shape.known or whole.rank > 0, f"the parameters of {name} have no dims")
            whole = seeing(whole, dims)
        batch = Tensor(whole.shape.with_last(dropping=dims), None, whole.dtype, whole.device)
        if name in INDICES:
            self._made(batch, (), "int64")
        else:
            self._made(batch, whole.shape[-dims:] if dims else (), whole.dtype)
        for key in names:
            setattr(self, key, whole)

    __init__.__signature__ = signature  # type: ignore[attr-defined]
    takes = "(*a, k)" if dims else " and ".join(f"(*{letter})" for letter in "abc"[: len(names) - ("logits" in names)])
    batch_text = "(*a)" if dims or " and " not in takes else "their broadcast"
    event = "(k,)" if dims and name not in INDICES else "()"
    doc = f"{takes} -> a distribution of batch {batch_text} and event {event}.\n\n{PAGE}#{name.lower()}"
    members = {"__init__": __init__, "__doc__": doc, "__module__": __name__, "PARAMETERS": tuple(names)}
    cls = type(name, (Distribution,), members)
    layer(f"torch.distributions.{name}")(cls)


def _operand(word: str) -> str:
    """`loc` as a row of a signature has it; what may be left out may be None."""
    name, equals, default = word.partition("=")
    return f"{name}: Operand{' | None' if default == 'None' else ''}{equals}{default}"


def _together(operands: list[Tensor]) -> Tensor:
    """A tensor of the shape that parameters broadcast to, numbers among them."""
    tensors = [operand for operand in operands if not (operand.dtype or "").startswith("number ")]
    dtypes = {tensor.dtype for tensor in tensors}
    device = next((tensor.device for tensor in tensors if tensor.device), None)
    shape = broadcast_all(*tensors) if tensors else Shape()
    return Tensor(shape, None, dtypes.pop() if len(dtypes) == 1 else None, device)


for _name, (_row, _dims) in FAMILIES.items():
    _family(_name, _row, _dims)


def _entry(name: str) -> Layer:
    """The entry of a family, for its examples."""
    return entry_of(next(cls for cls in Distribution.__subclasses__() if cls.__name__ == name))


_entry("Normal").gives("(B, D), (D,)", "(S,)", "(S, B, D)", method="rsample")
_entry("Normal").gives("(B, D), 1.0", "(S, B, D)", "(S, B, D)", method="log_prob")
_entry("Normal").fails("(2, 3), (4,)", "", "3 against 4 in dim -1", method="rsample")
_entry("Normal").fails("(2, 3), 1.0", "(4,)", "4 against 3 in dim -1", method="log_prob")
_entry("Uniform").gives("(D,), (D,), validate_args=False", "(B,)", "(B, D)", method="rsample")
_entry("Beta").gives("(B, 1), (D,)", "", "(B, D)", method="entropy")
_entry("Categorical").gives("logits=(B, V)", "(S,)", "(S, B)", method="sample")
_entry("Categorical").gives("logits=(B, V)", "int64 (S, B)", "(S, B)", method="log_prob")
_entry("Categorical").fails("logits=(2, 3)", "int64 (3,)", "3 against 2 in dim -1", method="log_prob")
_entry("Categorical").fails("", "()", "Categorical takes either probs or logits", method="sample")
_entry("OneHotCategorical").gives("logits=(B, V)", "(S,)", "(S, B, V)", method="sample")
_entry("Dirichlet").gives("(B, V), validate_args=False", "(S, B, V)", "(S, B)", method="log_prob")
_entry("Dirichlet").fails("()", "", "the parameters of Dirichlet have no dims", method="rsample")


@layer("torch.distributions.MultivariateNormal")
class MultivariateNormal(Distribution):
    """(*a, d) and a matrix (*b, d, d) -> a distribution of batch the broadcast of a and b, and event (d,).

    https://docs.pytorch.org/docs/stable/distributions.html#multivariatenormal
    """

    PARAMETERS = ("loc", "covariance_matrix", "precision_matrix", "scale_tril")

    def __init__(
        self, loc: Tensor, covariance_matrix: Tensor | None = None, precision_matrix: Tensor | None = None,
        scale_tril: Tensor | None = None, validate_args: Values = None,
    ) -> None:  # fmt: skip
        given = [matrix for matrix in (covariance_matrix, precision_matrix, scale_tril) if matrix is not None]
        need(len(given) == 1, "MultivariateNormal takes one of covariance_matrix, precision_matrix and scale_tril")
        need(not loc.shape.known or loc.rank >= 1, "loc has no dims")
        matrix = given[0]
        need(not matrix.shape.known or matrix.rank >= 2, f"the matrix has {matrix.shape.least_rank} dims, not 2")
        loc, matrix = seeing(loc, 1), seeing(matrix, 2)
        need_equal(matrix.shape[-2], matrix.shape[-1], "the rows of the matrix", "its columns")
        batches = [self._cut(loc, 1), self._cut(matrix, 2)]
        batch = Tensor(broadcast_all(*batches), None, loc.dtype, loc.device)
        event = loc.shape[-1:]
        self._made(batch, event, loc.dtype)
        self.loc = self._whole()
        for name in self.PARAMETERS[1:]:
            setattr(self, name, self._like(extended(batch.shape, (*event, *event))))

    @staticmethod
    def _cut(tensor: Tensor, count: int) -> Tensor:
        return Tensor(tensor.shape.with_last(dropping=count), None, tensor.dtype, tensor.device)


entry_of(MultivariateNormal).gives(
    "(B, D), scale_tril=(D, D), validate_args=False", "(S,)", "(S, B, D)", method="rsample"
)
entry_of(MultivariateNormal).fails("(3,), (2, 3)", "()", "the rows of the matrix", method="rsample")
