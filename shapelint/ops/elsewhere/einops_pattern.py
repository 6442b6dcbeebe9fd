"""The patterns of einops, `b c (h p) w -> b (h w) (c p)`, read into groups of axes, with a reason where one is wrong.

https://einops.rocks/api/rearrange/
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeAlias

from shapelint.ops.needs import CannotRun, Trouble

Axis: TypeAlias = str
"""A name; a number with its place ("2@5", no two are the same axis); or `...`."""
DOTS = "..."


def wrong(reason: str) -> CannotRun:
    """The exception for a pattern that einops refuses."""
    return CannotRun(reason, Trouble.PATTERN)


@dataclass(frozen=True)
class Side:
    """One side of a pattern: a group of axes for each dim; a dim of size 1 is an empty group."""

    groups: tuple[tuple[Axis, ...], ...]
    text: str
    dots_in_brackets: bool = False

    @property
    def dots_at(self) -> int | None:
        """The place of a `...` without brackets."""
        return None if self.dots_in_brackets or not self.has_dots else self.groups.index((DOTS,))

    @property
    def axes(self) -> tuple[Axis, ...]:
        """All axes, in order."""
        return tuple(axis for group in self.groups for axis in group)

    @property
    def names(self) -> set[Axis]:
        """The axes with a name, and `...`."""
        return {axis for axis in self.axes if not is_number(axis)}

    @property
    def has_dots(self) -> bool:
        """Whether it holds `...`."""
        return DOTS in self.axes

    @property
    def has_numbers(self) -> bool:
        """Whether it holds a number other than 1."""
        return any(is_number(axis) for axis in self.axes)


def is_number(axis: Axis) -> bool:
    """Whether an axis is a number."""
    return axis[0].isdigit()


def number_of(axis: Axis) -> int:
    """The size that a number stands for."""
    return int(axis.partition("@")[0])


_PIECE = re.compile(r"[()]|[^\s()]+")


@lru_cache(maxsize=2048)
def side(text: str, *, underscore: bool = False, duplicates: bool = False) -> Side:
    """Read `b c (h w) ...`. `underscore` lets `_` stand for any axis, `duplicates` lets a name stand twice.

    Raises CannotRun.
    """
    if text.count(".") not in (0, 3) or ("." in text and DOTS not in text):
        raise wrong(f"{text.strip()!r} may hold dots only as one '...'")
    groups: list[tuple[Axis, ...]] = []
    inside: list[Axis] | None = None
    seen: set[Axis] = set()
    dots_in_brackets = False
    for match in _PIECE.finditer(text):
        piece = match.group()
        if piece == "(":
            if inside is not None:
                raise wrong(f"brackets inside brackets in {text.strip()!r}")
            inside = []
        elif piece == ")":
            if inside is None:
                raise wrong(f"brackets are not balanced in {text.strip()!r}")
            groups.append(tuple(inside))
            inside = None
        elif piece.isdecimal() and int(piece) == 1:
            if inside is None:
                groups.append(())
        else:
            axis = _axis(piece, match.start(), text, underscore)
            if axis in seen and not duplicates and axis != "_":
                raise wrong(f"{axis} stands twice in {text.strip()!r}")
            seen.add(axis)
            dots_in_brackets = dots_in_brackets or (axis == DOTS and inside is not None)
            if inside is None:
                groups.append((axis,))
            else:
                inside.append(axis)
    if inside is not None:
        raise wrong(f"brackets are not balanced in {text.strip()!r}")
    return Side(tuple(groups), text.strip(), dots_in_brackets)


def _axis(piece: str, place: int, text: str, underscore: bool) -> Axis:
    if piece == DOTS:
        return DOTS
    if piece.isdecimal():
        if int(piece) == 0:
            raise wrong(f"an axis of size 0 in {text.strip()!r}")
        return f"{int(piece)}@{place}"
    strange = next((letter for letter in piece if not (letter.isalnum() or letter == "_")), None)
    if strange is not None:
        raise wrong(f"{strange!r} in {text.strip()!r} belongs to no axis")
    if not piece.isidentifier():
        raise wrong(f"{piece!r} in {text.strip()!r} is no name of an axis")
    if (piece[0] == "_" or piece[-1] == "_") and not (underscore and piece == "_"):
        raise wrong(f"{piece!r} in {text.strip()!r} starts or ends with an underscore")
    return piece


def two_sides(pattern: str) -> tuple[Side, Side]:
    """Both sides of `left -> right`. Raises CannotRun."""
    parts = pattern.split("->")
    if len(parts) != 2:
        raise wrong(f"the pattern {pattern!r} has {'no' if len(parts) == 1 else 'more than one'} '->'")
    return side(parts[0]), side(parts[1])
