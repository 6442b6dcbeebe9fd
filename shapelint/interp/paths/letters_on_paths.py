"""A letter that comments define by a value which is one of several: what it stands for on the path to each of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from shapelint.interp.state.events import ClaimedShape, Given
from shapelint.interp.state.machine import Frame


def on_each_path(frame: Frame, shapes: Sequence[ClaimedShape], givens: list[Given]) -> list[Given]:
    """The alternatives, with what the letters of comments are on the path to each.

    Of `(K, 1)` and `(K, 2)` for two results that a function returns with one size early, and with another at its end,
    the second is held against what the first tells K to be on the same path.
    """
    if len(givens) < 2:
        return givens
    on_paths = frame.letters.on_paths
    for shape in shapes:
        if shape.rest is not None:
            continue
        for given in givens:
            if (
                given.path is None
                or given.shape is None
                or not given.shape.known
                or given.shape.rank != len(shape.dims)
            ):
                continue
            for said, size in zip(shape.dims, given.shape.dims, strict=True):
                if said.fresh is not None and said.size is not None and said.size.as_symbol is not None:
                    on_paths.setdefault(given.path, {}).setdefault(said.size, size)
    return [_on_its_path(given, frame) for given in givens]


def take_letters(frame: Frame) -> None:
    """Take the letters of two branches for what they are in the only one of these that may have been taken."""
    for letter, ways in frame.letters.of_branches.items():
        facts = frame.world.facts
        left = [size for path, size in ways if not facts.rules_out(path)]
        if len(left) == 1 < len(ways):
            frame.world.facts = facts.equal(letter, left[0])


def _on_its_path(given: Given, frame: Frame) -> Given:
    path = given.path
    if path is None:
        return given
    for letter, size in frame.letters.on_paths.get(path, {}).items():
        path = path.equal(letter, size)
    return replace(given, path=path)
