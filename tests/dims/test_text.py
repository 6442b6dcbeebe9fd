"""Printing: the authors' names, in their order, in a form that reads back as the same size."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from random_sizes import DIVISIONS, RING, SIZES, as_dim, texts

from shapelint.dims import Comparison, Dim, Facts, const, format_dims, maximum, minimum, opaque, symbol

B, H, W, P, N, k, p, s, a, b = (symbol(name, scope=520) for name in ("B", "H", "W", "P", "N", "k", "p", "s", "a", "b"))

PRINTED = [
    (const(0), "0"),
    (const(-3), "-3"),
    (W * H, "H*W"),
    (1 + P, "P+1"),
    (W * 2, "2*W"),
    (B - 1, "B-1"),
    (1 - B, "1-B"),
    (-1 - B, "-B-1"),
    (H * 2 - 1, "2*H-1"),
    (1 + H * W, "H*W+1"),
    (H + H * W, "H*W+H"),
    (H // 2, "H//2"),
    (-(H // 2), "-(H//2)"),
    (2 * (H // 2), "2*(H//2)"),
    (B * (H // 2), "B*(H//2)"),
    (H // (2 * W), "H//(2*W)"),
    ((H - k) // s + 1, "(H-k)//s+1"),
    ((H + 2 * p - k) // s + 1, "(H-k+2*p)//s+1"),
    (H // P * (W // P), "(H//P)*(W//P)"),
    ((H // P) ** 2, "(H//P)**2"),
    (H**2 * W, "H**2*W"),
    (H // W**2, "H//W**2"),
    (H**2 // W, "H**2//W"),
    (H // (k * s), "H//(k*s)"),
    (N % 4, "N%4"),
    (N % s, "N%s"),
    ((N + 1) % 2, "(N+1)%2"),
    (2 * (N % 4) + 1, "2*(N%4)+1"),
    (B - N % 4, "B-N%4"),
    (-(N % 4), "-(N%4)"),
    (-(-H // 2), "(H+1)//2"),
    (-(-H // s), "(H-1)//s+1"),
    (H - H // 2, "H-H//2"),
    (maximum(a, b), "max(a, b)"),
    (minimum(b, a), "min(a, b)"),
    (maximum(a - b, 0), "max(a-b, 0)"),
    (2 * maximum(a, b) + 1, "2*max(a, b)+1"),
    (opaque("f", H, W + 1), "f(H, W+1)"),
    (opaque("n"), "n"),
    (opaque("**", k, N), "k**N"),
    (3 * opaque("**", const(2), N + 1) + 1, "3*(2**(N+1))+1"),
    (opaque("**", k, N) // 2, "(k**N)//2"),
    (symbol("self.d", scope=520) * 2, "2*self.d"),
    (symbol("B", scope=521) * B, "B*B'"),
]


@pytest.mark.parametrize(("size", "text"), PRINTED, ids=lambda value: str(value))
def test_a_size_prints_as(size: Dim, text: str) -> None:
    assert str(size) == text


SHAPES = [
    ([], "()"),
    ([B], "(B,)"),
    ([B, H * W, const(3)], "(B, H*W, 3)"),
    ([B, symbol("B", scope=521), symbol("B", scope=522) + 1], "(B, B', B''+1)"),
    ([symbol("B", scope=521), B], "(B', B)"),
    ([symbol("B", scope=521)], "(B,)"),
]


def test_order_of_creation_decides_who_gets_the_prime() -> None:
    first, second = symbol("Q", scope=523), symbol("Q", scope=524)
    assert format_dims([second, first]) == "(Q', Q)"


@pytest.mark.parametrize(("dims", "text"), SHAPES, ids=lambda value: str(value))
def test_a_shape_prints_as(dims: list[Dim], text: str) -> None:
    assert format_dims(dims) == text


@settings(deadline=None)
@given(texts(RING + DIVISIONS))
def test_what_is_printed_reads_back_as_the_same_size(text: str) -> None:
    d = as_dim(text, SIZES)
    if d is not None and "..." not in str(d):
        assert as_dim(str(d), SIZES) is d


@settings(deadline=None)
@given(texts())
def test_what_is_printed_with_extrema_reads_back_as_an_equal_size(text: str) -> None:
    d = as_dim(text, SIZES)
    if d is not None and "..." not in str(d):
        again = as_dim(str(d), SIZES)
        assert again is not None
        assert Facts().compare(d, again) is not Comparison.NEVER
        assert str(d).count("(") == str(d).count(")")


def test_sizes_that_nobody_named_are_not_told_apart() -> None:
    first, second = symbol("_", scope=1), symbol("_", scope=2)

    assert format_dims([first, second, first]) == "(_, _, _)"
