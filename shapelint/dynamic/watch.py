"""What is watched in one program while it runs: each claim and definition, and the functions that they stand in."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from shapelint.notation import model
from shapelint.notation.model import Claim, Definition, DimSpec, ShapeSpec
from shapelint.program.nodes import Expr, Place, Span


@dataclass(frozen=True, slots=True)
class Scope:
    """A function of the program (or its body, at index 0) as the place where names and letters have their meaning.

    `owner` is the class of a method, "" otherwise. `concrete` is True where nobody can call it with other sizes.
    """

    index: int
    name: str
    line: int
    owner: str = ""
    concrete: bool = False
    definitions: dict[str, DimSpec] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Watch:
    """A claim or a definition with what is needed to judge it as the code runs.

    `names` are the sizes that it mentions. With `looks_back` it may speak of the value of the statement before instead.
    """

    index: int
    at: Span
    text: str
    place: Place
    scope: Scope
    claim: Claim | None = None
    definition: Definition | None = None
    about: str = ""
    names: tuple[str, ...] = ()
    looks_back: bool = False

    @property
    def key(self) -> tuple[int, int, int]:
        """What identifies it within its file: its place, and which of several shapes it is."""
        return self.at[0], self.at[1], self.claim.index if self.claim is not None else -1


@dataclass(slots=True)
class Statement:
    """An expression of which parts are watched: what a claim on its input, an operand or a link speaks of."""

    expr: Expr
    watches: list[int]
    parts: dict[int, Expr] = field(default_factory=dict)  # by the number under which its value is noted


@dataclass(slots=True)
class Program:
    """All that is watched in one file; `module` is the name under which the file is known in messages."""

    path: str
    watches: list[Watch] = field(default_factory=list)
    scopes: list[Scope] = field(default_factory=list)
    statements: list[Statement] = field(default_factory=list)


def names_in(shapes: tuple[ShapeSpec, ...]) -> tuple[str, ...]:
    """The names of sizes in these shapes, each once."""
    found: dict[str, None] = {}
    for shape in shapes:
        for item in shape.items:
            if not isinstance(item, model.Rest):
                found.update(dict.fromkeys(names_of(item)))
    return tuple(found)


def names_of(spec: DimSpec) -> Iterator[str]:
    """The names in one dim."""
    if isinstance(spec, model.Name):
        yield spec.text
        if len(spec.text) > 1 and spec.text.isalpha() and spec.text.isupper():
            yield from spec.text  # `HW` may be H*W
    elif isinstance(spec, model.Binary):
        yield from names_of(spec.left)
        yield from names_of(spec.right)
    elif isinstance(spec, model.Call):
        for argument in spec.arguments:
            yield from names_of(argument)
    elif isinstance(spec, model.OneOf):
        for choice in spec.choices:
            yield from names_of(choice)
