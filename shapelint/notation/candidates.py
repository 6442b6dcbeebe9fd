"""Finds every piece of a comment that has the form of a shape, in brackets or bare; plausibility.py judges it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from shapelint.notation.brackets import NotAShape, is_cross, partners, split
from shapelint.notation.model import Binary, DimSpec, Name, Rest
from shapelint.notation.rows import Row, read_bracket, read_row
from shapelint.notation.tokens import Token, tokenize
from shapelint.notation.vocabulary import (
    DTYPE,
    DTYPE_NAMES,
    LAYOUTS,
    LISTS,
    PROSE_WORDS,
    TENSOR_LETTERS,
    VERBS,
    is_letter,
    name_strength,
    strength,
)

HOLDERS = re.compile(
    r"(?:torch\.)?(?:\w*Tensor|Size|TensorType)$|Float$|Int$|Bool$|(?:\w+\.)?(?:ndarray|(?:nd)?Array)$|array$", re.ASCII
)
"""Types in which a shape stands; `np.array(...)` makes one of values."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A row of dims at a place of the text; `form` is bracket, x, glued, comma, space, letters or scalar."""

    row: Row
    start: int
    end: int
    text: str
    form: str
    opened: str = ""
    holder: str = ""
    dtype: str | None = None
    rest: str = ""

    @property
    def strengths(self) -> list[int]:
        """How sure each dim is one: see `vocabulary.strength`."""
        return [strength(item) for item in self.row.items]


def find_candidates(text: str, tokens: Sequence[Token]) -> list[Candidate]:
    """All candidates of a cleaned comment, in order, none inside another."""
    found = _find_brackets(text, tokens)
    found = _find_bare(text, tokens, found)
    found += _find_scalar(text)
    found = [each for each in found if not _IN_A_WORD.match(text, each.end) and not _begins_a_row(text, each)]
    found = [replace(each, rest=text[each.end :]) for each in found]
    return sorted(found, key=lambda candidate: candidate.start)


_IN_A_WORD = re.compile(r"\)?(?<=\))[A-Z]\b")  # `(BxT)C`: the bracket is one dim of a longer word


def _begins_a_row(text: str, found: Candidate) -> bool:
    """Whether a bracket is the first dim of a row that goes on with blanks: `[(B, T) C H W]`, `(b hw) heads 1 n`."""
    before = text[: found.start].rstrip()
    if before.endswith(("[", "(")) and found.form == "bracket":
        return _GOES_ON_WITHIN.match(text, found.end) is not None
    further = (
        _GOES_ON_ALONE.fullmatch(text, found.end) if found.row.style == "space" and not before.strip("# ") else None
    )
    return further is not None and any(len(word) == 1 for word in further[0].split())


_GOES_ON_WITHIN = re.compile(r"(?:\s+(?:[A-Za-z]\w?|\d+))+\s*[\])]")
_GOES_ON_ALONE = re.compile(r"(?:\s+(?:[a-z]\w*|\d+))+\s*")


def _find_brackets(text: str, tokens: Sequence[Token]) -> list[Candidate]:
    closing = partners(tokens)
    found: list[Candidate] = []
    index = 0
    while index < len(tokens):
        token = tokens[index]
        if token.kind != "OPEN" or index not in closing:
            index += 1
            continue
        last = closing[index]
        before = tokens[index - 1] if index else None
        glued = before is not None and before.end == token.start and before.kind not in ("ARROW", "COMMA", "OPEN")
        glued = glued and before is not None and before.kind not in ("EQUAL", "ANY", "STAR", "OTHER", "SLASH", "BAR")
        holder = before.text if glued and before is not None else ""
        start = token.start
        if glued and before is not None and _is_shape_held(tokens, index, last):
            glued, holder = False, "List" if holder in LISTS else ""
        if glued and before is not None:
            known = before.kind == "NAME" and (HOLDERS.match(holder) or (DTYPE.fullmatch(holder) and token.text == "["))
            if not known or holder.endswith((".size", ".shape")):
                inside = before.text in ("list", "tuple", "List", "Tuple", "Sequence")
                index = last + 1 if before.kind in ("NAME", "CLOSE") and not inside else index + 1
                continue
            start = before.start
            if tokens[index + 1].kind == "OPEN" and closing.get(index + 1) == last - 1:
                index, last = index + 1, last - 1
        try:
            row = read_bracket(tokens, index, last)
        except NotAShape:
            index += 1
            continue
        if _is_left_out_at_times(tokens, index, last, closing) or _YES_OR_NO.fullmatch(text, start, tokens[last].end):
            index = last + 1
            continue
        end = tokens[last].end
        if len(row.items) == 1 and (text[end : end + 1].isalpha() or _is_of_words(row.items[0])):
            index = last + 1  # a part of a longer word, `(Bx)CxN1xN2`; one size or several, `[Batch Variate Time]`
            continue
        if text[end : end + 1] in ("_", "^") or any(map(_says_an_order, row.items)):
            index = last + 1  # mathematics, `[e]_x`; or what an axis holds, `(h, w order)`
            continue
        if _takes_a_dim_apart(text[:start], row):
            index = last + 1
            continue
        if last + 1 < len(tokens) and tokens[last + 1].kind == "CLOSE" and start != token.start and index - 1 >= 0:
            end = tokens[last + 1].end if tokens[index - 1].kind == "OPEN" else end
        if len(row.items) == 1 and text[end - 2 : end - 1] != "," and _FOLLOWED.match(text, end):
            index = last + 1  # the first dim of a row, `(T+1),B,env_shape`
            continue
        if len(row.definitions) >= len(row.items) > 0:
            if not _SHAPE_SAID.search(text[:start]):
                index = last + 1
                continue
            row = Row(tuple(value for _, value, _, _ in row.definitions), (), row.style)  # the sizes of an example
        if row.style == "space" and before is not None and _is_einops(before):
            index = last + 1
            continue
        if len(row.items) == 1 and strength(row.items[0]) < 2 and text[end - 2 : end - 1] != ",":
            index += 1
            continue
        dtype = _dtype(holder)
        found.append(Candidate(row, start, end, text[start:end], "bracket", token.text, holder, dtype))
        index = last + 1
    return found


_SHAPE_SAID = re.compile(r"\bshape\s*[:=]\s*$", re.IGNORECASE)
"""What makes a row of sizes with names a shape, and no options: `shape: (batch=2, time=10)`."""

_FOLLOWED = re.compile(r",\w")


def _is_shape_held(tokens: Sequence[Token], index: int, last: int) -> bool:
    """Whether a bracket behind a word is a shape: `shape(n, h, w)`, `x(b, c, h, w)`, `List[B, N, D]`."""
    word = tokens[index - 1].text
    if word.rstrip("0123456789") not in TENSOR_LETTERS and word not in ("shape", "Shape") and word not in LISTS:
        return False
    try:
        row = read_bracket(tokens, index, last)
    except NotAShape:
        return False
    if row.style != "comma" or len(row.items) < 2:
        return False
    if word in ("shape", "Shape"):
        return True
    if tokens[index].text == "[" and word not in LISTS:
        return False  # `x[b, c, h, w]` is one number
    first = row.items[0]
    batch = isinstance(first, Name) and first.text.lower() in _BATCH
    if batch and len(row.items) > 2:
        return True  # `x(bs, na, no, ny, nx)`
    return all(strength(item) > 1 for item in row.items) and (word in LISTS or len(row.items) > 2 or batch)


_BATCH = frozenset(["b", "bs", "batch", "batch_size"])
_PRODUCT_BEFORE = re.compile(r"(?<![\w.,(\[*])(\w+(?:\s*\*\s*\w+)+)\s*(?:->|=>|→)\s*$")


def _takes_a_dim_apart(before: str, row: Row) -> bool:
    """Whether a bracket holds the factors of one dim that stands before the arrow: `B*C -> (b, c)`."""
    product = _PRODUCT_BEFORE.search(before)
    names = [item.text.lower() for item in row.items if isinstance(item, Name)]
    return product is not None and names == re.split(r"\s*\*\s*", product.group(1).lower())


def _is_of_words(item: DimSpec | Rest) -> bool:
    """Whether a dim by itself is a phrase of which each word may be a size."""
    return isinstance(item, Name) and item.text.count(" ") > 1 and item.text.istitle()


_ORDERS = frozenset("order format convention".split())


def _says_an_order(item: DimSpec | Rest) -> bool:
    """Whether a dim of several words is a remark on the others: `w order`."""
    return isinstance(item, Name) and " " in item.text and item.text.rpartition(" ")[2].lower() in _ORDERS


def _is_einops(token: Token) -> bool:
    """Whether a bracket behind this token is a product within einops' notation: `b (h w) c`."""
    return token.kind in ("NUMBER", "CLOSE") or (token.kind == "NAME" and len(token.text) <= 2)


def _dtype(holder: str) -> str | None:
    match = DTYPE.fullmatch(holder)
    if match is None:
        return None
    return DTYPE_NAMES.get(match[1].lower(), match[1].lower())


_SCALAR = re.compile(
    r"(?:^[\s#]*(?:[\w.]{1,30}\s*[:=]\s*)?|(?:->|=>|→)\s*)(?:a\s+|shape:?\s+)?(?P<scalar>scalar|0-?[dD])(?:\s+tensor)?[\s.]*$"
)


def _find_scalar(text: str) -> list[Candidate]:
    match = _SCALAR.search(text)
    if match is None:
        return []
    return [Candidate(Row(()), match.start("scalar"), match.end("scalar"), match["scalar"], "scalar")]


# The bare forms: what stands between the connectors of a comment, all of it, is a row.
_LEAD = re.compile(
    r"[\s#]*(?:(?:[-*•]|\d{1,2}[.)])\s+)?"
    r"(?:[^;:()\[\]]{1,60}\b(?:of|has|have|with)\s+shapes?\s*[:=]?\s+"
    r"|(?:[A-Za-z_][\w.]{0,30}(?:\(\))?\s+)?(?:(?:out(?:put)?|in(?:put)?|result|tensor|the)\s+)?(?:shape|size|dims?)s?"
    r"(?:\s+(?:is|of|to))?\s*[:=]?\s+"
    r"|(?:now|still|output|input|returns?|out|to|into|from|(?:back|convert(?:ed)?|permuted?|transposed?|reshaped?)\s+to)\s+"
    r"|[A-Za-z_][\w.]{0,30}(?:\.shape|\.size\(\))?\s*(?::|==?|\s(?:is|are)(?:\s+(?:now|in))?\s)\s*)?"
)
_ATOM = r"(?:\d{0,3}[A-Za-z_][\w.]*(?:-[a-z]{2,}|')?|\d{1,6}|\([\w*+/. -]{1,40}\)|\*|\.\.\.)(?:\s?(?://?|\*\*?|\^|\+|-)\s?(?:\w{1,24}|\(\w{1,24}\)))?"
_CROSSED = re.compile(
    rf"(?<![\w.)\]*/+-])(?<![\w)] [*/+-] ){_ATOM}(?:\s+[x\u00d7]\s+{_ATOM}|\s?\u00d7\s?{_ATOM})+(?![\w(^])"
)
_OF_CAPITALS = r"(?:[A-Z]\w*|[a-z]|\d{1,6}|\([\w*+/. -]{1,40}\))"
_CROSSED_LARGE = re.compile(rf"(?<![\w.)\]*/+-]){_OF_CAPITALS}(?:\s+[xX\u00d7]\s+{_OF_CAPITALS}){{2,}}(?![\w(])")
"""A row with a large sign between its dims, `Batch x Channels X Length`: of words in capitals, lest it is a name X."""

_GLOSS = re.compile(r"(?<=\w)(?<!\b[xAa\u00d7])\s+\([^()]*\)(?=\s+[x\u00d7]\s)")
"""What a dim of a product is, said behind it: `utt x 1 (input channel num) x frame x dim`."""


_WITHIN_A_CALL = re.compile(r"\w\($")
"""What is within brackets of a word, or one dim of a longer word: `CBT -> C(BxT)`."""


_YES_OR_NO = re.compile(r"[(\[]\s*(?:t/f|y/n|true/false|yes/no)\s*[)\]]", re.IGNORECASE)


def _is_left_out_at_times(tokens: Sequence[Token], first: int, last: int, closing: Mapping[int, int]) -> bool:
    """Whether a word in brackets is a dim of a row that is not always there: `(N, 1, (coils))`."""
    around = [(opened, end) for opened, end in closing.items() if opened < first and last < end]
    if not around or last != first + 2 or tokens[first + 1].kind != "NAME" or tokens[first - 1].kind != "COMMA":
        return False
    opened = max(around)[0]
    return tokens[opened].text == tokens[first].text and tokens[opened + 1].kind != "OPEN"


def _find_bare(text: str, tokens: Sequence[Token], found: list[Candidate]) -> list[Candidate]:
    found = list(found)
    pieces = _between_arrows(text, tokens)
    barred = [token.start for token in tokens if token.kind in _NOT_IN_A_ROW]
    for start, end in pieces:
        candidate = _whole_piece(text, start, end, len(pieces) > 1, barred)
        if candidate is None:
            continue
        inside = [other for other in found if candidate.start <= other.start and other.end <= candidate.end]
        if any(start <= other.start < end and other not in inside for other in found):
            continue
        if any(len(other.row.items) > 1 and other.row.style == "comma" for other in inside):
            continue
        found = [other for other in found if other not in inside] + [candidate]
    plain = _GLOSS.sub(lambda gloss: " " * len(gloss[0]), text)
    large = [match for match in _CROSSED_LARGE.finditer(plain) if " X " in match[0]]
    for match in (*large, *_CROSSED.finditer(plain)):
        if _WITHIN_A_CALL.search(plain[: match.start()]):
            continue
        _add_crossed(text, plain, match.start(), match.end(), "x", found)
    for token in tokens:
        before = text[: token.start]
        if token.kind == "GLUED" and not before.endswith(")") and not _WITHIN_A_CALL.search(before):
            _add_crossed(text, text, token.start, token.end, "glued", found)
    return found


def _between_arrows(text: str, tokens: Sequence[Token]) -> list[tuple[int, int]]:
    pieces: list[tuple[int, int]] = []
    begin = 0
    for token in tokens:
        is_arrow = token.kind == "ARROW" and token.text != "=="
        if is_arrow or (token.text in ("to", "or") and (_joins_layouts(text, token) or _parts_rows(text, token))):
            pieces.append((begin, token.start))
            begin = token.end
    pieces.append((begin, len(text)))
    return [(start, end) for start, end in pieces if text[start:end].strip(" #\t")]


def _parts_rows(text: str, token: Token) -> bool:
    """The `or` of `N x C x L or C x L`, or of `B, C, T or B, T`, which is not that of `1 or B`."""
    if token.text != "or":
        return False
    before, after = text[: token.start], text[token.end :]
    if re.search(r"\sx\s", before) and " x " in after:
        return True
    first, again = _ROW_BEFORE.search(before), _ROW_AFTER.match(after)
    return first is not None and again is not None and first[1] == again[1]


_ROW_BEFORE = re.compile(r"(?<![\w,(\[])\s*(\w+)(?:\s*,\s*\w+)+\s*$")
_ROW_AFTER = re.compile(r"\s*(\w+)\s*,")


def _joins_layouts(text: str, token: Token) -> bool:
    """The `to` of `HWC to CHW`."""
    return token.text == "to" and text[: token.start].rstrip().rpartition(" ")[2] in LAYOUTS


_NOT_IN_A_ROW = frozenset(["QUOTE", "OTHER", "FLOAT", "EQUAL", "ARROW", "LEFT_ARROW"])


def _whole_piece(text: str, start: int, end: int, arrows: bool, barred: Sequence[int]) -> Candidate | None:
    """The piece without its lead (`mask:`, `shape`) and its gloss, if all of the rest is one bare row.

    `barred` is where tokens stand that no row holds.
    """
    lead = _LEAD.match(text, start, end)
    begin = lead.end() if lead else start
    middle = text[begin:end]
    longest = next((at for at in barred if at >= begin), end) - begin
    for cut in _tail_starts(middle):
        if cut > longest:
            continue
        body = middle[:cut].strip()
        if body.count("[") != body.count("]"):
            if body.endswith(","):
                continue  # the row goes on on the next line
            body = body.removeprefix("[").removesuffix("]").strip()
        if not body:
            continue
        candidate = _bare(text, begin + middle.index(body), body, arrows)
        if candidate is not None:
            return candidate
    return None


def _tail_starts(middle: str) -> list[int]:
    starts = [len(middle)]
    for mark in (
        " where ",
        " with ",
        ", where",
        " (",
        " - ",
        " \u2013 ",
        " — ",
        " #",
        ". ",
        ";",
        ".",
        ", so ",
        ", as ",
        ", for ",
    ):
        at = middle.find(mark, 1)
        if at > 0 and not middle[at : at + 2].strip(".").isdigit():  # `p**0.5` goes on
            starts.append(at)
    return sorted(set(starts), reverse=True)


_SHAPE_AND_WORD = re.compile(r"[(\[]\s*[A-Za-z](?:\s+[A-Za-z]){2,}\s*[)\]]\s*,\s*[A-Za-z]{4,}")
"""A row of three letters or more in brackets, and one word behind it, which tells what the tensor holds."""


def _bare(text: str, start: int, body: str, arrows: bool) -> Candidate | None:
    if len(body) > 120:
        return None
    end = start + len(body)
    if body in LAYOUTS or (arrows and re.fullmatch(r"[BN][A-Z]{2,4}", body) and len(set(body)) == len(body)):
        items = tuple(Name(letter) for letter in body)
        return Candidate(Row(items, (), "letters"), start, end, body, "letters")
    tokens = tokenize(body, start)
    kinds = {token.kind for token in tokens}
    if not kinds.isdisjoint(_NOT_IN_A_ROW) or tokens[0].kind == "CLOSE":
        return None
    try:
        row = read_row(tokens)
    except NotAShape:
        return None
    if len(row.items) < 2:
        return None
    form = row.style
    if form == "comma" and _SHAPE_AND_WORD.fullmatch(body):
        return None  # `(b c t), mels`
    if form == "x" and not all(len(piece) <= 5 for piece in split(tokens, is_cross)):
        return None
    if form == "x" and any(isinstance(item, Name) and " " in item.text and _wordy(item.text) for item in row.items):
        return None
    first = row.items[0]
    if form == "x" and isinstance(first, Name) and re.search(r" [A-Z]$", first.text):
        return None  # `decoder state B x D` is of the shape `B x D`
    if form == "comma" and not _plausible_commas(row):
        return None
    if form == "space" and sum(map(_letters_in, row.items)) < 2:
        return None
    if form in ("comma", "space") and any(strength(item) == 0 for item in row.items):
        return None
    return Candidate(row, start, end, text[start:end], form)


def _letters_in(item: DimSpec | Rest) -> int:
    """How many letters stand in a dim of a spaced row: both of `(b n)`."""
    if isinstance(item, Binary) and item.op == "*":
        return _letters_in(item.left) + _letters_in(item.right)
    return isinstance(item, Name) and is_letter(item.text)


def _wordy(phrase: str) -> bool:
    return any(word.lower() in VERBS or name_strength(word) == 0 for word in phrase.split())


def _plausible_commas(row: Row) -> bool:
    names = [item.text for item in row.items if isinstance(item, Name)]
    if any(" " in name for name in names):
        return False
    return not any(isinstance(item, Rest) for item in row.items[1:])


_GOES_ON = re.compile(
    r"\s+[xX\u00d7]\s+[^\W\d_]\w*\(|\s*[xX\u00d7]\s*[(\[]"
)  # `B x T x T(k)`: another dim, which is not read

_NEXT_WORDS = re.compile(
    r"(?:\s+(?!(?:and|or|to|by|with|for|of|plus|from|into|then)\b)[a-z]+){1,2}\s+[x\u00d7]\s[^()]*\)"
)
"""A dim of several words, in the row of which more dims follow: `(batch x sequence index x phoneme index)`."""


def _add_crossed(text: str, plain: str, start: int, end: int, form: str, found: list[Candidate]) -> None:
    """Add a product of dims; `plain` is the text without what is said of single dims."""
    for index, other in enumerate(found):
        if start < other.end and other.start < end:
            if not (start <= other.start and other.end <= end and end - start > other.end - other.start):
                return
            if other.form not in ("bracket", form):
                return
            del found[index]
            _add_crossed(text, plain, start, end, form, found)
            return
    if _GOES_ON.match(text, end) or (plain[:start].endswith("(") and _NEXT_WORDS.match(plain, end)):
        return
    try:
        row = read_row(tokenize(plain[start:end], start))
    except NotAShape:
        return
    if any(isinstance(item, Name) and item.text in PROSE_WORDS and len(item.text) > 1 for item in row.items):
        return
    if len(row.items) > 1:
        found.append(Candidate(replace(row, style=form), start, end, text[start:end], form))
