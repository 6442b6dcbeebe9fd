"""Tokens into one dim by recursive descent; each method's docstring is its line of the grammar."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from shapelint.notation.brackets import NotAShape, is_cross, partners, split
from shapelint.notation.model import Anything, Binary, Call, DimSpec, Name, Num, OneOf, Rest
from shapelint.notation.terms import check_phrase, einops_word, explained, glosses, grouped, is_of_ideographs
from shapelint.notation.tokens import Token, tokenize
from shapelint.notation.vocabulary import PROSE_WORDS, SIZE_WORDS, is_mixed

# The name, the value, and where the text of both begins and ends.
Defined: TypeAlias = tuple[str, DimSpec, int, int]

MAX_DEPTH = 6
FUNCTIONS = frozenset(
    [
        "max",
        "min",
        "len",
        "ceil",
        "floor",
        "int",
        "sum",
        "prod",
        "round",
        "abs",
        "sqrt",
        "log2",
        "cdiv",
        "ceil_div",
        "math.ceil",
        "math.floor",
        "triu_size",
    ]
)


def read_item(tokens: Sequence[Token]) -> tuple[DimSpec | Rest, list[Defined]]:
    """item := rest | choice ["=" sum] [gloss], the whole of the tokens, and the sizes that it defines in passing."""
    reader = _Reader(tokens)
    return reader.item(), reader.definitions


def glued_parts(token: Token) -> list[list[Token]]:
    """The tokens between the `x` of one word."""
    parts: list[list[Token]] = [[]]
    depth = 0
    begin = 0
    text = token.text
    for at, character in enumerate(text + "x"):
        depth += (character == "(") - (character == ")")
        if depth == 0 and character in "x\u00d7":
            parts[-1].extend(tokenize(text[begin:at], token.start + begin))
            parts.append([])
            begin = at + 1
    return parts[:-1]


def read_value(tokens: Sequence[Token]) -> DimSpec:
    """value := sum, the whole of the tokens."""
    reader = _Reader(tokens)
    value = reader.sum()
    reader.finish()
    return value


def product_of(tokens: Sequence[Token]) -> DimSpec:
    """product := atom {atom}, as in einops' `(h d)`; a bracket with an operator in it is read as a sum."""
    plain = all(token.kind in ("NAME", "NUMBER") and not is_cross(token) for token in tokens)
    if not tokens or not plain or not all(token.kind == "NUMBER" or einops_word(token.text) for token in tokens):
        return read_value(tokens)
    value: DimSpec | None = None
    for token in tokens:
        factor: DimSpec = Name(token.text) if token.kind == "NAME" else Num(int(token.text[:18]))
        value = factor if value is None else Binary("*", value, factor)
    assert value is not None
    return value


@dataclass(slots=True)
class _Reader:
    """Reads the tokens of one dim from left to right."""

    tokens: Sequence[Token]
    position: int = 0
    depth: int = 0
    definitions: list[Defined] = field(default_factory=list)

    @property
    def now(self) -> Token | None:
        return self.tokens[self.position] if self.position < len(self.tokens) else None

    def ahead(self, kind: str, text: str | None = None) -> bool:
        token = self.now
        return token is not None and token.kind == kind and (text is None or token.text == text)

    def take(self) -> Token:
        token = self.tokens[self.position]
        self.position += 1
        return token

    def glued(self) -> bool:
        """Whether no blank stands before the present token."""
        return self.position > 0 and self.tokens[self.position - 1].end == self.tokens[self.position].start

    def finish(self) -> None:
        if self.now is not None:
            raise NotAShape(f"unexpected {self.now.text!r}", self.now)

    def item(self) -> DimSpec | Rest:
        """item := rest | choice ["=" sum] [gloss]."""
        rest = self.rest()
        if rest is not None:
            return rest
        start = self.position
        loose = _loose_factors(self.tokens)
        if loose:
            return loose
        dim = self.choice()
        if self.ahead("EQUAL"):
            self.take()
            dim = self.equated(dim, start)
        self.gloss()
        self.finish()
        if isinstance(dim, Name) and dim.text.endswith("_shape"):
            return Rest(dim.text)  # `batch_shape x n x d`
        if isinstance(dim, Name) and len(dim.text) > 1 and not dim.text.strip("Xx"):
            return Rest()  # `(bsz, XX, hidden)`: what has no name here, be it one dim or several
        return dim

    def rest(self) -> Rest | None:
        """rest := "..." [NAME] | "*" [NAME]."""
        token = self.now
        if token is None or token.kind not in ("REST", "STAR"):
            return None
        others = self.tokens[self.position + 1 :]
        if token.kind == "STAR" and token.text != "*":
            return None
        if not others:
            return Rest()
        if len(others) == 1 and others[0].kind == "NAME" and others[0].start == token.end:
            return Rest(others[0].text)
        if token.kind == "REST" and len(others) == 1 and others[0].kind == "REST":
            return Rest()
        raise NotAShape(f"unexpected {others[0].text!r}", others[0])

    def equated(self, dim: DimSpec, start: int) -> DimSpec:
        """The right side of `d=64`: a definition when a name stands on the left; `2=real_imag` only explains.

        `C*H=128*16` is said of an example, whatever size of it the letters stand for elsewhere.
        """
        value = self.sum()
        if isinstance(dim, Binary) and _is_calculated(value) and not _is_calculated(dim):
            return value
        if isinstance(dim, Name) and _begins_with_a_number(value):
            return value  # `(B=1 * copies, L)`: what is equated is the first factor
        if isinstance(dim, Name):
            self.definitions.append((dim.text, value, self.tokens[start].start, self.tokens[self.position - 1].end))
        elif isinstance(value, Name) and isinstance(dim, Binary) and " " not in value.text:
            self.definitions.append((value.text, dim, self.tokens[start].start, self.tokens[self.position - 1].end))
        return dim

    def gloss(self) -> None:
        """gloss := "(" words ")", an explanation that is dropped: `3 (rgb)`, `T (time)`."""
        if not self.ahead("OPEN", "("):
            return
        if self.tokens[-1].text == ")" and not any(
            t.kind in ("OPEN", "COMMA") for t in self.tokens[self.position + 1 :]
        ):
            self.position = len(self.tokens)

    def choice(self) -> DimSpec:
        """choice := sum {("|" | "or") sum}."""
        choices = [self.sum()]
        while self.ahead("BAR") or self.ahead("NAME", "or"):
            self.take()
            choices.append(self.sum())
        return choices[0] if len(choices) == 1 else OneOf(tuple(choices))

    def sum(self) -> DimSpec:
        """sum := product {("+" | "-") product}."""
        value = self.product()
        while self.ahead("PLUS") or self.ahead("MINUS"):
            op = "+" if self.take().kind == "PLUS" else "-"
            value = Binary(op, value, self.product())
        return value

    def product(self) -> DimSpec:
        """product := power {("*" | "x" | "/" | "//" | "%") power}, from left to right; see `grouped` for `H/p*W/p`."""
        operands, ops = [self.power()], []
        while (token := self.now) is not None:
            if token.kind in ("STAR", "TIMES") or is_cross(token):
                op = "*"
            elif token.kind in ("SLASH", "FLOOR", "PERCENT"):
                if self.either(operands[-1]):
                    operands[-1] = OneOf((operands[-1], self.power()))
                    continue
                op = {"SLASH": "/", "FLOOR": "//", "PERCENT": "%"}[token.kind]
            elif self.times_a_group(operands[-1]):
                ops.append("*")
                operands.append(self.group())
                continue
            else:
                break
            self.take()
            ops.append(op)
            operands.append(self.power())
        return grouped(operands, ops)

    def times_a_group(self, left: DimSpec) -> bool:
        """Whether a group follows a number without a blank, as a factor: `2(R+1)`; else it is what is said of it."""
        token, following = self.now, self.tokens[self.position + 2 :]
        if not isinstance(left, Num) or token is None or token.kind != "OPEN" or len(following) < 3:
            return False
        return self.tokens[self.position - 1].end == token.start and any(
            one.kind in ("PLUS", "MINUS", "STAR") for one in following
        )

    def either(self, left: DimSpec) -> bool:
        """Takes the stroke of `3/4`, which is one of two numbers: their quotient is no size."""
        following = self.tokens[self.position + 1] if self.position + 1 < len(self.tokens) else None
        if not isinstance(left, Num) or following is None or following.kind != "NUMBER" or not self.ahead("SLASH"):
            return False
        divisor = int(following.text[:12])
        if divisor and left.value % divisor == 0:
            return False
        if left.value < 2:
            raise NotAShape("a fraction is no size", following)
        self.take()
        return True

    def power(self) -> DimSpec:
        """power := atom [("**" | "^") power | "²" | "³"]; `4w²` is four times the square."""
        is_glued = self.ahead("NUMBER")
        value = self.atom()
        exponent: DimSpec
        if self.ahead("SQUARE"):
            exponent = Num(2 if self.take().text == "²" else 3)
        elif self.ahead("POWER"):
            self.take()
            self.deeper()
            exponent = self.power()
            self.depth -= 1
        else:
            return value
        if is_glued and isinstance(value, Binary):
            return Binary("*", value.left, Binary("**", value.right, exponent))
        return Binary("**", value, exponent)

    def deeper(self) -> None:
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise NotAShape("nested too deeply", self.now)

    def atom(self) -> DimSpec:
        """atom := NUMBER [NAME] | "-1" | "?" | "_" | ":" | "#" NAME | "(" sum ")" | phrase."""
        token = self.now
        if token is None:
            raise NotAShape("a size is missing")
        if token.kind == "NUMBER":
            return self.number()
        if token.kind == "ANY":
            self.take()
            return Anything(token.text)
        if token.kind == "MINUS":
            self.take()
            following = self.now
            if following is not None and following.text == "1" and self.position == 1 and len(self.tokens) == 2:
                self.take()
                return Anything("-1")
            raise NotAShape("a size cannot be negative", token)
        if token.kind == "OPEN":
            return self.group()
        if token.kind == "NAME":
            return self.phrase()
        if token.kind == "GLUED":
            self.take()
            factors = [read_value(part) for part in glued_parts(token)]
            return grouped(factors, ["*"] * (len(factors) - 1))
        if token.text == "#" and self.position + 1 < len(self.tokens) and self.tokens[self.position + 1].kind == "NAME":
            self.position += 2
            counted = self.tokens[self.position - 1].text
            return Anything(f"#{counted}", counted)
        raise NotAShape(f"unexpected {token.text!r}", token)

    def number(self) -> DimSpec:
        """NUMBER [NAME], the name glued to it: `2C` is 2*C."""
        token = self.take()
        if len(token.text) > 12:
            raise NotAShape("the number is too large", token)
        value = Num(int(token.text))
        if self.ahead("NAME") and self.glued():
            return Binary("*", value, Name(self.take().text))
        return value

    def group(self) -> DimSpec:
        """group := "(" (sum | atom {atom}) ")"."""
        closing = partners(self.tokens[self.position :]).get(0)
        token = self.now
        if closing is None or token is None or token.text != "(":
            raise NotAShape("a size in unexpected brackets", token)
        self.deeper()
        inner = self.tokens[self.position + 1 : self.position + closing]
        if len(inner) == 1 and inner[0].kind == "NAME":
            raise NotAShape("a dim in brackets may be there or not", token)
        reader = _Reader(inner, depth=self.depth)
        if len(inner) > 1 and all(t.kind in ("NAME", "NUMBER") and not is_cross(t) for t in inner):
            value = product_of(inner)
        else:
            value = reader.sum()
            reader.finish()
        self.position += closing + 1
        self.depth -= 1
        return value

    def phrase(self) -> DimSpec:
        """phrase := NAME {NAME} | NAME "[" index "]" | NAME "(" [sum {"," sum}] ")"."""
        first = self.take()
        if first.text == "None":
            return Anything("None")
        texts = [first.text]
        if not self.glued_open():
            while self.ahead("NAME") and not is_cross(self.tokens[self.position]) and not self.ahead("NAME", "or"):
                texts.append(self.take().text)
        if any(map(is_of_ideographs, texts)):
            raise NotAShape("words of prose", first)
        if len(texts) > 1 or (
            len(first.text) > 1 and first.text.lower() in PROSE_WORDS - SIZE_WORDS and not is_mixed(first.text)
        ):
            check_phrase(texts, first)
            return Name(" ".join(texts))
        return self.suffixed(first)

    def glued_open(self) -> bool:
        return self.ahead("OPEN") and self.glued()

    def suffixed(self, name: Token) -> DimSpec:
        """What may be glued to a name: an index, the arguments of a call, its own size in brackets."""
        if not self.glued_open():
            if self.ahead("OPEN", "(") and self.sized(name):
                self.position += 3
            return Name(name.text)
        length = partners(self.tokens[self.position :]).get(0)
        if length is None:
            raise NotAShape("a bracket stays open", self.now)
        opened = self.position
        inner = self.tokens[opened + 1 : opened + length]
        text = "".join(token.text for token in inner)
        if self.tokens[opened].text == "[" and inner:
            if any(token.text == ":" for token in inner) and not name.text.endswith("shape"):
                raise NotAShape("a part of a tensor", name)
            self.position = opened + length + 1
            return Name(f"{name.text}[{text}]")
        if self.tokens[opened].text == "(":
            if name.text in FUNCTIONS or "." in name.text:
                return self.call(name, inner, opened + length + 1)
            if self.sized(name):
                self.position = opened + length + 1
                return Name(name.text)
            if len(inner) == 1 and inner[0].kind == "NAME" and glosses(inner[0].text, name.text):
                self.position = opened + length + 1
                return explained(name.text, inner[0].text)
        raise NotAShape("a call that is no size", name)

    def call(self, name: Token, inner: Sequence[Token], after: int) -> DimSpec:
        """call := NAME "(" [sum {"," sum}] ")"."""
        self.deeper()
        arguments: list[DimSpec] = []
        for piece in split(inner, lambda token: token.kind == "COMMA") if inner else ():
            if len(piece) == 2 and piece[0].kind == "MINUS" and piece[1].kind == "NUMBER":
                arguments.append(Name(f"-{piece[1].text}"))
                continue
            reader = _Reader(piece, depth=self.depth)
            arguments.append(reader.sum())
            reader.finish()
        self.depth -= 1
        self.position = after
        return Call(name.text, tuple(arguments))

    def sized(self, name: Token) -> bool:
        """`C(64)` and `height (24)`: a name with its size, which is a definition; the position is not moved."""
        following = self.tokens[self.position : self.position + 3]
        kinds = [token.kind for token in following]
        if kinds != ["OPEN", "NUMBER", "CLOSE"]:
            return False
        self.definitions.append((name.text, Num(int(following[1].text[:12])), name.start, following[2].end))
        return True


def _begins_with_a_number(value: DimSpec) -> bool:
    """Whether a product has a number for its first factor."""
    while isinstance(value, Binary) and value.op == "*":
        value = value.left
        if isinstance(value, Num):
            return True
    return False


def _is_calculated(dim: DimSpec) -> bool:
    """Whether a dim is made of numbers alone."""
    return isinstance(dim, Num) or (isinstance(dim, Binary) and _is_calculated(dim.left) and _is_calculated(dim.right))


def _loose_factors(tokens: Sequence[Token]) -> DimSpec | None:
    """`2*Wh-1 * 2*Ww-1`: where the sums are written tight and a `*` has blanks around it, the sums come first."""
    tight = False
    cuts: list[int] = []
    depth = 0
    for at in range(1, len(tokens) - 1):
        token = tokens[at]
        depth += (token.kind == "OPEN") - (token.kind == "CLOSE")
        if depth or tokens[at - 1].kind == "OPEN":
            continue
        spaced = tokens[at - 1].end < token.start and token.end < tokens[at + 1].start
        tight = tight or (
            token.kind in ("PLUS", "MINUS") and tokens[at - 1].end == token.start == tokens[at + 1].start - 1
        )
        if spaced and (token.kind == "STAR" or is_cross(token)):
            cuts.append(at)
        elif spaced and token.kind in ("PLUS", "MINUS"):
            return None
    if not tight or not cuts:
        return None
    value: DimSpec | None = None
    for first, last in zip([-1, *cuts], [*cuts, len(tokens)], strict=True):
        factor = read_value(tokens[first + 1 : last])
        value = factor if value is None else Binary("*", value, factor)
    return value
