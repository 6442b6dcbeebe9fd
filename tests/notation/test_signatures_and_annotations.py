"""Shapes and signatures alone, with carets under what is wrong, and the strings of jaxtyping annotations."""

from __future__ import annotations

import pytest
from reading_text import show_shape

from shapelint.notation import NotationError, parse_dims, parse_signature, read_annotation

DIMS = [
    ("(B, C, H*W)", "(B, C, H*W)"),
    ("B, L, D", "(B, L, D)"),
    ("[B x T x C]", "(B, T, C)"),
    ("b t (h d)", "(b, t, h*d)"),
    ("(*, C)", "(*, C)"),
    ("()", "()"),
    ("(5,)", "(5)"),
]
NO_DIMS = ["", "(B, C", "B, C)", "(B, the size)", "(B, 'a')", "{B, C}", "f(B)", "(B) (C)"]


@pytest.mark.parametrize(("text", "expected"), DIMS)
def test_a_shape_alone_is_parsed(text: str, expected: str) -> None:
    shape = parse_dims(text)

    assert shape is not None
    assert show_shape(shape) == expected
    assert shape.text == text


@pytest.mark.parametrize("text", NO_DIMS)
def test_what_is_no_shape_gives_none(text: str) -> None:
    assert parse_dims(text) is None


def test_a_signature_has_shapes_on_both_sides_of_its_arrow() -> None:
    inputs, results = parse_signature("(B, L, H, D), (B, S, H, D) -> (B, L, H, D)")

    assert [show_shape(shape) for shape in inputs] == ["(B, L, H, D)", "(B, S, H, D)"]
    assert [show_shape(shape) for shape in results] == ["(B, L, H, D)"]
    assert [shape.text for shape in inputs] == ["(B, L, H, D)", "(B, S, H, D)"]
    assert parse_signature("-> (B,)")[0] == ()


ERRORS = [
    (
        "(B, C), (B, D)",
        "a signature needs an arrow: (B, C) -> (B, D)\n    (B, C), (B, D)\n                  ^",
    ),
    (
        "(B, C) -> (B, D) -> (B)",
        "a signature has one arrow\n    (B, C) -> (B, D) -> (B)\n                     ^",
    ),
    (
        "(B, C) -> B, D",
        "a shape begins with a bracket\n    (B, C) -> B, D\n              ^",
    ),
    (
        "(B, C -> (B, D)",
        "this bracket is not closed\n    (B, C -> (B, D)\n    ^",
    ),
    (
        "(B, 'a') -> (B, D)",
        "unexpected \"'\"\n    (B, 'a') -> (B, D)\n        ^",
    ),
    (
        "(B, -2) -> (B, D)",
        "a size cannot be negative\n    (B, -2) -> (B, D)\n        ^",
    ),
    (
        "(B, C) (B, D) -> (B)",
        "a comma or an arrow should stand here\n    (B, C) (B, D) -> (B)\n           ^",
    ),
]


@pytest.mark.parametrize(("text", "message"), ERRORS)
def test_a_wrong_signature_shows_where_it_goes_wrong(text: str, message: str) -> None:
    with pytest.raises(NotationError) as caught:
        parse_signature(text)

    assert str(caught.value) == message
    assert caught.value.text == text


ANNOTATIONS = [
    ("b c h*w", "(b, c, h*w)"),
    ("batch channels height width", "(batch, channels, height, width)"),
    ("*batch c", "(*batch, c)"),
    ("... c", "(*, c)"),
    ("#b c", "(any:#b, c)"),
    ("*#b c", "(*, c)"),
    ("_ c", "(any:_, c)"),
    ("_b c", "(any:_b, c)"),
    ("b=4 c", "(4, c)"),
    ("2*c n-1", "(2*c, n-1)"),
    ("3 224 224", "(3, 224, 224)"),
    ("b {self.d}", "(b, self.d)"),
    ("dim+1 (a+b)*2", "(dim+1, (a+b)*2)"),
    ("", "()"),
]
NO_ANNOTATIONS = ["b, c", "(b c", "*a *b", "... ...", "b 'c'", "b=", "=4", "**b c", "b {f(x)}"]


@pytest.mark.parametrize(("text", "expected"), ANNOTATIONS)
def test_an_annotation_is_read(text: str, expected: str) -> None:
    shape = read_annotation(text)

    assert shape is not None
    assert show_shape(shape) == expected


@pytest.mark.parametrize("text", NO_ANNOTATIONS)
def test_what_jaxtyping_would_not_take_is_none(text: str) -> None:
    assert read_annotation(text) is None
