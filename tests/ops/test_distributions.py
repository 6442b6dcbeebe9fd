"""torch.distributions against torch: each expression is evaluated by the rules and by torch, and both must agree."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

torch = pytest.importorskip("torch")

from shapelint.dims import Dim, const, dim
from shapelint.ops.call import apply, call_method, construct
from shapelint.ops.families.distributions import FAMILIES, Distribution
from shapelint.ops.needs import CannotRun, Context, using
from shapelint.ops.registry import find_layer, has_method
from shapelint.ops.tensor import Tensor, Unknown
from shapelint.shapes import NotKnown, Shape

RUNS = (
    "Normal(0.0, 1.0).sample()",
    "Normal(loc=x(2, 3), scale=1).rsample()",
    "Normal(x(2, 1), x(3)).rsample((5,))",
    "Normal(x(2, 3), 1.0).sample(torch.Size([4, 5]))",
    "Normal(x(2, 3), 1.0).sample_n(4)",
    "Normal(x(2, 3), 1.0).log_prob(x(4, 1, 3))",
    "Normal(x(2, 3), 1.0).log_prob(0.5)",
    "Normal(x(2, 3), 1.0).cdf(x(3))",
    "Normal(x(2, 3), 1.0).icdf(x(3))",
    "Normal(x(2, 3), 1.0).entropy()",
    "Normal(x(2, 1), x(3)).mean",
    "Normal(x(2, 1), x(3)).loc",
    "Normal(x(2, 1), x(3)).scale",
    "Normal(x(2, 1), x(3)).stddev",
    "Normal(x(2, 1), x(3)).batch_shape",
    "Normal(x(2, 1), x(3)).event_shape",
    "Normal(x(3), 1.0).expand((4, 2, 3)).sample()",
    "Normal(x(3), 1.0).expand((4, 2, 3)).loc",
    "Uniform(0.0, 1.0).rsample((5, 2))",
    "Uniform(x(3), x(3) + 1).rsample([5])",
    "Bernoulli(x(2, 3)).sample()",
    "Bernoulli(logits=x(2, 3)).probs",
    "Bernoulli(logits=x(2, 3)).log_prob(x(2, 3))",
    "Beta(x(2), x(3, 1)).sample((4,))",
    "Beta(0.5, 0.5).sample((4, 1, 1))",
    "StudentT(x(2), x(3, 1)).sample()",
    "Binomial(10, x(3)).sample()",
    "NegativeBinomial(x(2, 1), x(3)).variance",
    "Categorical(logits=x(2, 3)).sample()",
    "Categorical(x(3)).sample((4,))",
    "Categorical(logits=x(2, 3)).log_prob(x(5, 2))",
    "Categorical(logits=x(2, 3)).probs",
    "Categorical(x(2, 3)).logits",
    "Categorical(x(2, 3)).entropy()",
    "Categorical(x(2, 3)).perplexity()",
    "Categorical(x(2, 3)).mode",
    "Categorical(x(2, 3)).batch_shape",
    "Categorical(x(2, 3)).expand([4, 2]).probs",
    "OneHotCategorical(x(2, 3)).sample((4,))",
    "OneHotCategorical(logits=x(2, 3)).log_prob(x(5, 2, 3))",
    "OneHotCategorical(logits=x(2, 3)).mode",
    "OneHotCategorical(logits=x(2, 3)).event_shape",
    "RelaxedOneHotCategorical(0.5, logits=x(2, 3)).rsample()",
    "RelaxedBernoulli(x(1), logits=x(2, 3)).rsample()",
    "Multinomial(10, x(2, 3)).sample()",
    "Multinomial(10, probs=x(3)).log_prob(x(5, 3))",
    "Dirichlet(x(2, 3)).rsample((4,))",
    "Dirichlet(x(2, 3)).mean",
    "Dirichlet(x(2, 3)).entropy()",
    "MultivariateNormal(x(3), scale_tril=x(3, 3)).rsample((2,))",
    "MultivariateNormal(x(4, 3), scale_tril=x(2, 1, 3, 3)).log_prob(x(4, 3))",
    "MultivariateNormal(x(4, 3), scale_tril=x(2, 1, 3, 3)).loc",
    "MultivariateNormal(x(4, 3), scale_tril=x(3, 3)).scale_tril",
    "MultivariateNormal(x(4, 3), scale_tril=x(3, 3)).batch_shape",
    "Independent(Normal(x(2, 3, 4), 1.0), 2).log_prob(x(5, 2, 3, 4))",
    "Independent(Normal(x(2, 3, 4), 1.0), 2).rsample((5,))",
    "Independent(Normal(x(2, 3, 4), 1.0), 1).entropy()",
    "Independent(Normal(x(2, 3, 4), 1.0), 1).event_shape",
    "Independent(Normal(x(2, 3), 1.0), 0).batch_shape",
    "MixtureSameFamily(Categorical(x(2, 3)), Normal(x(2, 3), x(2, 3))).sample((4,))",
    "MixtureSameFamily(Categorical(x(3)), Independent(Normal(x(3, 5), x(3, 5)), 1)).log_prob(x(7, 5))",
    "TransformedDistribution(Normal(x(2, 3), 1.0), [TanhTransform()]).rsample((4,))",
    "TransformedDistribution(Normal(x(3), 1.0), AffineTransform(x(2, 1), 2.0)).log_prob(x(2, 3))",
    "TransformedDistribution(Normal(x(3), 1.0), ComposeTransform([ExpTransform(), SigmoidTransform()])).batch_shape",
    "TransformedDistribution(Independent(Normal(x(2, 3), 1.0), 1), [ExpTransform()]).event_shape",
    "kl_divergence(Normal(x(2, 1), 1.0), Normal(x(3), 2.0))",
    "kl_divergence(Categorical(x(2, 3)), Categorical(logits=x(2, 3)))",
    "kl_divergence(Independent(Normal(x(2, 3), 1.0), 1), Independent(Normal(x(2, 3), 1.0), 1))",
)

FAILS = (
    ("Normal(x(2, 3), x(4))", "3 against 4"),
    ("Normal(x(2, 3), 1.0).log_prob(x(4))", "4 against 3"),
    ("Normal(x(2, 3), 1.0).expand((3,))", "does not expand"),
    ("Categorical(x(2, 3), logits=x(2, 3))", "either probs or logits"),
    ("Categorical(x())", "no dims"),
    ("Categorical(x(2, 3)).log_prob(x(4))", "4 against 2"),
    ("OneHotCategorical(x(2, 3)).log_prob(x(2, 4))", "4 against 3"),
    ("MultivariateNormal(x(3))", "takes one of"),
    ("MultivariateNormal(x(), x(3, 3))", "no dims"),
    ("MultivariateNormal(x(3), x(3))", "the matrix has 1 dims"),
    ("Independent(Normal(x(2), 1.0), 2)", "2 dims of a batch (2,)"),
    ("kl_divergence(Normal(x(2), 1.0), Normal(x(3), 2.0))", "2 against 3"),
)


class Made:
    """An instance of a rule's class, whose methods are called as a program calls them."""

    def __init__(self, instance: Any) -> None:
        self.instance = instance

    def __getattr__(self, name: str) -> Any:
        if has_method(type(self.instance), name):
            return lambda *args, **kwargs: wrapped(call_method(self.instance, name, *abstract(args, kwargs)))
        return getattr(self.instance, name)


class Rules(dict[str, Any]):
    """The names of torch.distributions, as an expression looks them up."""

    def __missing__(self, name: str) -> Callable[..., Any]:
        full = f"torch.distributions.{name}"
        make = construct if find_layer(full) else apply
        return lambda *args, **kwargs: wrapped(make(full, *abstract(args, kwargs)))


class Sizes:
    """`torch`, of which the expressions use the one class."""

    Size = tuple


def wrapped(value: Any) -> Any:
    return value if isinstance(value, Tensor) else Made(value)


def abstract(args: Any, kwargs: dict[str, Any]) -> tuple[Any, dict[str, Any]]:
    return plain(args), {key: plain(value) for key, value in kwargs.items()}


def plain(value: Any) -> Any:
    if isinstance(value, int):
        return const(value)
    return type(value)(map(plain, value)) if isinstance(value, (tuple, list)) else value


class Summable(Tensor):
    """A tensor to which an expression may add a number."""

    __slots__ = ()

    def __add__(self, other: object) -> Summable:
        return self


def by_rules(expression: str) -> Any:
    def x(*sizes: int) -> Summable:
        return Summable(Shape.of(*sizes), "contiguous", "float32")

    return eval(expression, Rules(x=x, torch=Sizes))


def by_torch(expression: str, seen: Callable[[Any], Any] = lambda cls: cls) -> Any:
    world = {name: seen(getattr(torch.distributions, name)) for name in dir(torch.distributions) if name[0].isupper()}
    names = {"x": lambda *sizes: torch.rand(sizes) * 0.9 + 0.05, "torch": torch}
    return eval(expression, {**world, **names, "kl_divergence": torch.distributions.kl_divergence})


def quiet(cls: Any) -> Any:
    """A class whose instances look at the shapes of values, but not at the values."""
    takes = isinstance(cls, type) and issubclass(cls, torch.distributions.Distribution)
    return (lambda *args, **kwargs: cls(*args, **kwargs, validate_args=False)) if takes else cls


def sizes_of(result: Any) -> tuple[int | None, ...]:
    shape = result if isinstance(result, (tuple, Shape)) else result.shape
    return tuple(size.value if isinstance(size, Dim) else size for size in shape)


@pytest.mark.parametrize("expression", RUNS)
def test_the_shape_is_that_of_torch(expression: str) -> None:
    with using(Context()):
        assert sizes_of(by_rules(expression)) == sizes_of(by_torch(expression, quiet))


@pytest.mark.parametrize(("expression", "reason"), FAILS)
def test_what_torch_refuses(expression: str, reason: str) -> None:
    with pytest.raises((ValueError, RuntimeError)):
        by_torch(expression)
    with using(Context()), pytest.raises(CannotRun) as refusal:
        by_rules(expression)
    assert reason in str(refusal.value)


@pytest.mark.parametrize("name", FAMILIES)
def test_a_family_has_the_parameters_that_torch_gives_it(name: str) -> None:
    import inspect

    found = find_layer(f"torch.distributions.{name}")
    assert found is not None
    theirs = inspect.signature(getattr(torch.distributions, name)).parameters
    assert [parameter.name for parameter in found.signature.parameters] == list(theirs)
    assert find_layer(getattr(torch.distributions, name).__module__ + f".{name}") is found


def test_what_is_drawn_where_the_number_of_dims_is_not_known() -> None:
    with using(Context()):
        spread = construct("torch.distributions.Normal", [Tensor(Shape.unknown("mu")), 1.0])
        drawn = call_method(spread, "rsample", [(dim(4),)], {})
        assert drawn.shape.front == (const(4),)
        assert not drawn.shape.known
        even = construct("torch.distributions.Uniform", [Tensor(Shape.of(3)), Tensor(Shape.of(3))])
        assert call_method(even, "sample", [Unknown("a shape")], {}).shape.back == (const(3),)


def test_parts_that_are_not_known() -> None:
    with using(Context()):
        for name, args in (("Independent", [Unknown("a distribution"), const(1)]),
                           ("TransformedDistribution", [normal(), [Unknown("a transform")]])):  # fmt: skip
            with pytest.raises(NotKnown):
                construct(f"torch.distributions.{name}", args)
        with pytest.raises(NotKnown):
            call_method(normal(), "forward", [Tensor(Shape.of(3))], {})


def normal() -> Distribution:
    made = construct("torch.distributions.Normal", [0.0, 1.0])
    assert isinstance(made, Distribution)
    return made
