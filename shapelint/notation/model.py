"""What a comment says, as data: the result of reading, before any name in it has a meaning."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class Num:
    """A size written as a number."""

    value: int


@dataclass(frozen=True, slots=True)
class Name:
    """A size written as a name: `B`, `batch size`, `self.nh`, `T'`, `H_out`, `d_model`."""

    text: str


BATCHES = frozenset("b bs bsz bz bsize batch batch_size batchsize n_batch nbatch".split())
"""What the size of the batch is called, in lower case."""


@dataclass(frozen=True, slots=True)
class Binary:
    """Arithmetic on two sizes; `op` is one of `+ - * / // % **`."""

    op: str
    left: DimSpec
    right: DimSpec


@dataclass(frozen=True, slots=True)
class Call:
    """A function of sizes: `max(a, b)`, `min(...)`, `len(xs)`, `ceil(a/b)`, `lens.max()` (function `lens.max`)."""

    function: str
    arguments: tuple[DimSpec, ...]


@dataclass(frozen=True, slots=True)
class Anything:
    """One dim of any size: `?`, `_`, `None`, `-1`, `:`; or `#batch`, as many as there are of what is `counted`."""

    text: str
    counted: str = ""


@dataclass(frozen=True, slots=True)
class OneOf:
    """One dim that has one of several sizes: `1|N`, `1 or B`."""

    choices: tuple[DimSpec, ...]


@dataclass(frozen=True, slots=True)
class Rest:
    """Any number of dims: `...`, `*`, `*spatial_dims`."""

    name: str | None = None


DimSpec: TypeAlias = Num | Name | Binary | Call | Anything | OneOf


@dataclass(frozen=True, slots=True)
class ShapeSpec:
    """One shape as written; `text` is the author's own text of it, brackets and all."""

    items: tuple[DimSpec | Rest, ...]
    text: str

    @property
    def is_of_batch(self) -> bool:
        """Whether the first dim is the batch, by its name."""
        first = self.items[0] if self.items else None
        return isinstance(first, Name) and first.text.lower() in BATCHES

    @property
    def is_layout(self) -> bool:
        """Whether this is a layout's word, `NHWC`, whose letters say which axis is where, and no sizes."""
        names = [item.text for item in self.items if isinstance(item, Name)]
        return len(names) == len(self.items) > 1 and self.text == "".join(names) and self.text.isupper()


class Role(Enum):
    """What a claim speaks of, relative to the code that its comment stands at."""

    RESULT = "the value"
    INPUT = "the input"
    LINK = "a link of the chain"
    OPERAND = "an operand"
    ELEMENT = "each element"
    RAISES = "the error"


@dataclass(frozen=True, slots=True)
class Claim:
    """One thing that a text says of one tensor.

    `shapes` holds alternatives: the tensor has one of them (mostly there is one; none for RAISES, and none where only
    the layout is claimed). `subject` is the Python expression that the text names (`mask`, `K.transpose(2, 3)`), None
    where position decides. `index` of `count` tells which of several targets, operands or links is meant.
    A `tentative` claim is one by its form alone, `(2, 3)` or `(A, B)`: it counts only beside a tensor, and where the
    code knows the names in it. `item` is the name under which a docstring speaks of a part of the result, a key or a
    field; `within` is the place, among how many, of that result whose part it is. A `conditional` claim need not hold
    of every call. `in_words` where it is a number of dims alone, "2D tensor". `start` and `end` are offsets of the
    claim's own text within the text that was read.
    """

    role: Role
    shapes: tuple[ShapeSpec, ...]
    start: int
    end: int
    subject: str | None = None
    index: int = 0
    count: int = 1
    contiguous: bool | None = None
    dtype: str | None = None
    reason: str = ""
    tentative: bool = False
    item: str | None = None
    conditional: bool = False
    within: tuple[int, int] | None = None
    in_words: bool = False

    def is_in_sentence(self, text: str) -> bool:
        """Whether it stands in a sentence of this text, so that what it speaks of cannot be told from its place."""
        rest = text
        for shape in self.shapes:
            rest = rest.replace(shape.text, " ")
        return len(_LONGER_WORD.findall(rest)) > MOST_WORDS


MOST_WORDS = 2
_LONGER_WORD = re.compile(r"[A-Za-z]{2,}")


@dataclass(frozen=True, slots=True)
class Definition:
    """A size that the text defines or equates: `where P = H/ps * W/ps`, `img_dim = nh*d`, `D = embed_dim`, `B=4`.

    `attached` is True where it follows a shape in the same text (a where-clause, an equality after the shape).
    """

    name: str
    value: DimSpec
    start: int
    end: int
    attached: bool = False


@dataclass(frozen=True, slots=True)
class Reading:
    """All that one text says: claims in the order in which they stand, and the sizes that it defines."""

    claims: tuple[Claim, ...] = ()
    definitions: tuple[Definition, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.claims or self.definitions)
