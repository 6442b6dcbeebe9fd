"""The text of a comment or a docstring without what only makes it look well: signs, emphasis, mathematics."""

from __future__ import annotations

import re

from shapelint.notation.confusions import DIRECTIVE

MAX_ENTRY = 1500


def with_plain_signs(text: str) -> str:
    """The text, as long as it is, with one sign for all that mean the same."""
    return text.translate(_SIGNS)


def clean(text: str) -> str:
    """The comment with its signs blanked out that say nothing: `#`, directives, back quotes, a second comment."""
    text = with_plain_signs(text)
    start = len(text) - len(text.lstrip("#!: \t"))
    body = " " * start + text[start:]
    directive = DIRECTIVE.match(body)
    if directive and directive.end() > start:
        rest = body[directive.end() :]
        kept = rest.lstrip("# ")
        body = " " * (len(body) - len(kept)) + kept
    second = re.search(r"\s#\s", body[start:])
    if second and body[start : start + second.start()].strip() and not _TWO_SHAPES.fullmatch(body[start:]):
        cut, behind = start + second.start(), start + second.end()
        alone = _ROW_ALONE.fullmatch(body, behind) and _WORDS_ALONE.fullmatch(body, 0, cut)
        if alone:
            body = " " * behind + body[behind:]
        elif _NAME_ALONE.fullmatch(body, 0, cut) and _ROW_ALONE.fullmatch(body, behind):  # `x: # (B, L)`
            body = body[:cut] + "   " + body[behind:]
        else:
            body = body[:cut].rstrip()
    if _NAMES_WITH_ARROWS.fullmatch(body):
        body = _ARROW_OF_A_NAME.sub(lambda match: ":".ljust(len(match[0])), body)
    if _ROWS_WITH_SHIFTS.fullmatch(body):
        body = body.replace(">>", "->")
    body = _CROSSED_WITH_STARS.sub(lambda match: match[1] + match[2].replace("*", "x"), body)
    body = _DASH_BEHIND.sub(lambda match: f"{match[1]}:", body)
    body = _SAID_OF_A_NAME.sub(lambda match: match[1] + " " * len(match[2]), body)
    body = body.replace(":math:", "      ")
    body = _ORDER.sub(lambda match: " " * len(match[0]), body)
    body = _DIMENSIONAL.sub(lambda match: " " * len(match[0]), body)
    body = _QUOTED.sub(lambda match: f" {match[2]} ", body)
    return body.replace("`", " ").replace("\t", " ").replace("\xa0", " ").replace("\r", " ").replace("\n", " ")


_CROSSED_WITH_STARS = re.compile(r"((?<= x )\(\w+(?: ?\* ?\w+)+\))((?: \* \w+)+)(?=\s*(?:$|[-=]>|→))")
"""A row in which both signs stand between dims, of which one is a product in brackets: `B x (h * d) * H * W`."""
_DASH_BEHIND = re.compile(r"^(\s*(?:[Dd]imensions|[Dd]ims|[Ss]hapes?)\s+)[-\u2013](?=\s+[A-Za-z(\[])")
"""A dash in the place of a colon: `dimensions - batch, length`."""
_SAID_OF_A_NAME = re.compile(r"^(\s*[A-Za-z_]\w*)(\s\([a-z]{3,}(?:[ -][a-z]+)*\))(?=\s*:?\s*[(\[][^()\[\]]*,)")
"""What is said of a value between its name and its shape: `spec (real) [B, T, F, 2]`."""
_SIGNS = str.maketrans("\uff0c\uff1a\uff1b\uff08\uff09\uff3b\uff3d\u3010\u3011\u3002◦⚬●▪‣", ",:;()[][].•••••")
"""The signs of Chinese and Japanese text that stand for those of a row, and the kinds of bullets."""
_NAME_ALONE = re.compile(r"\s*[A-Za-z_][\w.]*\s*:\s*")
_ARROW_OF_A_NAME = re.compile(r"(?<=[\w)])\s*(?:-{1,2}>|=>|→)(?=\s*[(\[])")
_NAMES_WITH_ARROWS = re.compile(
    r"(?:\s*[A-Za-z_]\w*(?:\.shape)?\s*(?:-{1,2}>|=>|→)\s*(?:\([^()]*\)|\[[^\[\]]*\])\s*(?:[,;|]|$)){2,}\s*"
)
"""Names of several values with their shapes: `out -> (B, T, H), h -> (1, B, H)`."""
_ROWS_WITH_SHIFTS = re.compile(r"\s*(?=.*(?:\sx\s|,))[\w \t,*+()\[\]]+(?:\s>>\s[\w \t,*+()\[\]]+)+")
"""Rows with signs between them that others write as arrows: `B x N*H >> B x N x H`."""
_ROW_ALONE = re.compile(r"\s*(?:[Ss]hape:?\s*)?[(\[][^()\[\]#]*,[^()\[\]#]*[)\]][\s.]*")
"""What the second of two comments on a line is where it tells the shape: `# add channels  # (B, 1, H, W)`."""
_WORDS_ALONE = re.compile(r"[\s#]{0,3}[A-Za-z][\w']*(?:(?:\s|/|-|\s-\s)[A-Za-z][\w']*)+\s?[:.]?\s*")
_ORDER = re.compile(r"(?:-{1,2}>|=>|→)\s*[(\[][^()\[\]]*\s(?:order|format|convention)\s*[)\]]")
_TWO_SHAPES = re.compile(r"\s*(?:\[[^\[\]]*\]|\([^()]*\))\s+#\s*(?:\[[^\[\]]*\]|\([^()]*\))\s*")
"""Two comments on one line, both of them a shape: of what comes in and of what goes out, or of either."""
_DIMENSIONAL = re.compile(r"(?:(?<=`)|(?<=[x\u00d7] \w))-dim(?:ensional)?\b(?=\s+\w)")
"""What makes an adjective of a shape: "a `B x n x d`-dim tensor", "a B x n x d-dim tensor"."""
_QUOTED = re.compile(r"(?<![\w'\"])(['\"])([^'\"]{3,80}->[^'\"]{3,80})\1")


def body_of(text: str, begin: int, end: int) -> str:
    """A piece of a docstring, cleaned, of a length that is worth reading."""
    return clean(plain_maths(text[begin : min(end, begin + MAX_ENTRY)]))


_EMPHASIS = re.compile(r"(?<![\w*)])\*{1,2}((?:[Ss]hape|[Ss]ize)s?:?)\*{1,2}(?!\w)")


def plain_maths(text: str) -> str:
    """`H_{in}` as `H_in`, `\\times` as `x`, with blanks so that nothing moves."""
    text = re.sub(r"_\{(\w+)\}", lambda match: f"_{match[1]}  ", text)
    text = _EMPHASIS.sub(lambda match: match[1].center(len(match[0])), text)
    text = re.sub(r"\$[^$\n]*\$", lambda match: " " * len(match[0]), text)
    text = re.sub(r"\\(?:text|mathrm)\{(\w+)\}", lambda match: match[1].ljust(len(match[0])), text)
    return re.sub(r"\\(?:times|cdot)\b", lambda match: "*".ljust(len(match[0])), text)
