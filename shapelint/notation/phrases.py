"""The phrases before a shape, as tables: fillers, words that make it no claim, words of amounts, lists of tensors."""

from __future__ import annotations

import re

_NAME = r"[A-Za-z_]\w*'?"
EXPRESSION = rf"{_NAME}(?:\.[A-Za-z_]\w*|\[[^\[\]\n]{{0,30}}\]|\([^()\n]{{0,50}}\))*"

# Bullets and section marks that say nothing.
BULLET = re.compile(r"\s*(?:#+\s*)?(?:(?:[-*•>+]|\(?\d{1,2}[.):](?!\d)|[Ss]tep\s*\d{0,3}\s*[.:)-])\s+)*")

# Words between a subject and its shape; they are taken away from the right, one after another.
_FILLER_TABLE: tuple[tuple[str, str], ...] = (
    ("colon", r":|(?<=[\w\])])\s+[-\u2013—]"),
    ("equals", r"==?"),
    ("arrow", r"->"),
    ("copula", r"\b(?:is|are|was|be|will|now|going\s+to)"),
    ("has", r"\b(?:has|have|having|with|of|in|as)"),
    ("dot", r"\.(?:shape|size\(\))"),
    ("shape", r"\b(?:[Ss]hapes?|[Ss]haped|SHAPE)"),
    ("size", r"\b(?:[Ss]izes?|sized|dims?|dimensions?|dimensionality)"),
    ("tensor", r"\b(?:[Tt]ensors?|matrix|torch\.Size)"),
    ("into", r"\b(?:into|to|becomes?|To)"),
    ("out", r"\bfrom|\bFrom"),
    (
        "article",
        r"\b(?:a|an|the|now|still|already|currently|also|its|their|final|new|resulting|this|it|all|both|each of which)",
    ),
    ("named", r"\(shape\)"),
    ("bracket", r"[(\[]"),
    ("not_contiguous", r"\b(?:non|not|un)[- ]?contiguous"),
    ("contiguous", r"\bcontiguous"),
    ("dash", r"[-\u2013—,;.]"),
    ("output", r"\b(?:[Oo]utputs?|[Rr]eturns?|[Rr]eturned|[Rr]esults?|[Rr]esulting|[Rr]et|[Oo]ut|OUTPUT|RETURNS?)"),
    ("input", r"\b(?:[Ii]nputs?|INPUT|[Ii]n)"),
)
FILLERS = re.compile("(?:" + "|".join(f"(?P<{kind}>{pattern})" for kind, pattern in _FILLER_TABLE) + r")\s*$")


def _any_of(table: str, behind: str) -> re.Pattern[str]:
    """One pattern for the phrases of a table, parted by commas and line ends, and for what stands behind them."""
    phrases = [phrase.strip() for line in table.strip().splitlines() for phrase in line.split(",") if phrase.strip()]
    return re.compile(rf"\b(?:{'|'.join(phrases)}){behind}", re.IGNORECASE)


# What comes between the words and the shape makes it something else than the shape of this value.
REFUSING = _any_of(
    r"""
    e\.?g\.?, i\.?e\.?, eg, for example, such as, like, see, cf\.?, at least, at most, originally, previously
    instead of, rather than, same as, unlike, broadcast(?:able|s|ed)?(?:\s+(?:to|with|against))?
    needs?, expects?, expected, expecting, takes?, requires?, required
    supports?(?! (?:set|sample|image|vec|feat|embed)\w*), assumes?, assuming, wants?, accepts?
    must, should, could, would, may, might, can, cannot, can't, used to be, was, were, todo, fixme
    if, when, unless, whether, either, not, never, no longer, don't, doesn't, isn't, or, than
    range, ranges, between, interval, over, along, across, against, on, onto, at, via, by, using, within, per, for
    for each, in each, function, callable, fn, lambda, signature, mode, modes, args, arguments, kwargs, keys
    kernel(?:_size| size)?, strides?, dilations?, versions?, ratios?, order, format, formatted
    pairs?, triples?, triplets?, an index, items, yields?, entries, options?, choices, epochs?, std, seeds?
    consists?, consisting, composed, comprised, made up
    columns, fields, names, angles?, points? at, equation, eq\.?, fig\.?, figure, table, section, sec\.?
    et al\.?, http\S*, defaults?(?: (?:is|to|value|size))?
    """,
    behind=r"[\s:=(\[]*$",
)
REFUSING_ANYWHERE = _any_of(
    r"""
    e\.g\.?, i\.e\.?, for example, such as, instead of, rather than, needs?, expects?, expecting, requires?, required
    supports?(?! (?:set|sample|image|vec|feat|embed)\w*), assumes?, accepts?, must
    should, would, may, might, can, could, can't, cannot, don't, doesn't, isn't
    won't, if, when, whenever, unless, whether, either, previously, originally, wrong, evaluates, deprecated
    broadcastable, callables?, each mapping, returning, todo, fixme, http\S*, mypy, pylint, noqa
    """,
    behind=r"\b",
)
# What a caller gives for places: `it is so for aux_pos=[n-2, n-1]`.
PLACES_GIVEN = re.compile(r"\w\s+\w+_(?:pos|positions?|idx|index|indices|places?|axes|perm)=\s*$", re.IGNORECASE)
# What a picture is cut into has the size of a window: `so that each grid of (p, p) lies together`.
WINDOW_OF = re.compile(
    r"\b(?:grid|tile|window|patch|block|cell|region|square|crop|neighbou?rhood)(?:e?s)?\s+of\s*$", re.IGNORECASE
)
# An axis named before a row: the row is what there is along it, unless the axis is made or the row is longer.
AXIS = _any_of(
    r"\w+ (?:dims?|dimensions?|axis)(?:\s+(?:to|into|as))?, axis, axes",
    behind=r"[\s:=(\[]*$",
)
AXES = re.compile(
    r"\b(?:dims|dimensions|axes|(?:per|each|every|any|spatial)\s+(?:dim|dimension|axis))\b[\s:=(\[]*$", re.IGNORECASE
)
MAKES_AN_AXIS = re.compile(
    r"(?:(?:and|then|now|so)\s+)*(?:add|insert|append|prepend|introduce|expand|unsqueeze|remove|drop|squeeze|restore)"
    r"(?:s|e?d|ing)?\s(?=.*(?:\b(?:to|into)|[:\u2013\u2014-])\s*$)",
    re.IGNORECASE,
)
# What a value should be, its author takes it to be: `x should now be (B, C)`.
SHOULD = re.compile(
    r"\bshould\s+(?:(?:now|still|again|always|then)\s+)?"
    r"(?=(?:be|have)\b(?:\s+(?:now|of|the|an?|in(?=\s+(?:the\s+)?shapes?)|with|shapes?|sizes?|shaped|tensors?))*\s*[:=]?\s*$)",
    re.IGNORECASE,
)
# Before numbers or doubtful names these words tell of amounts, orders and places; before a sure shape they do not.
AMOUNTS = _any_of(
    r"""
    permute, permutation, padding, pads?, padded, clip(?:ped)?, clamp(?:ed)?, normali[sz]ed?, scaled?, rescaled?
    values?, coordinates?, coords?, steps, means?, indices, index, offsets?, at
    """,
    behind=r"(?:\s+(?:is|are|of|to|by|in|with))?[\s:=(\[]*$",
)
# In a docstring these are claims on a parameter: `must be of shape (B, T)`.
DEMANDS = _any_of(
    r"""
    must, should, needs?, expects?, expected, expecting, requires?, required, assumes?, assumed, takes?, accepts?
    can, may, will, values?, keys, pairs?, indices, coordinates?, points?, names, mode, args, columns, for
    """,
    behind=r"\b",
)
ELEMENT = re.compile(
    r"(?:(?:\b(?:list|lists|tuple|tuples|sequence|stack|iterable|dict|dictionary)\s*(?:\(?s?\)?)\s*(?:of|\[)"
    r"|\b(?:list|tuple|sequence)s?\b.{0,40}\beach(?:\s+of)?(?:\s+shape)?"
    r"|\blists?\s+of(?:\s+[\w-]+){1,4}"
    r"|\b(?:shapes?|sizes?)\s+of\s+each\s+tensor(?:\s+(?:is|are|be|should\s+be))?"
    r"|(?<!\bof\s)\beach(?:\s+(?!of\b)\w+){1,3}|\bevery(?:\s+\w+){1,2}|\bList\[|\bTuple\["
    r"|(?<![\w)])(?:[A-Za-z_][\w.]*|\d+)(?:\s+(?:x|times)|\s*(?:\u00d7|\*)))"
    r"\s*(?:\d+\s+|n\s+)?(?:tensors?|arrays?|elements?|items?)?)[\s:\[]*$",
    re.IGNORECASE,
)
# A tensor of some dimensions is one of that shape; other things of a dimension are named with the axis they lie along.
OF_DIMENSIONS = re.compile(
    r"\b(?P<what>(?:\w*tensor|matrix|array|mask|image|embedding|feature|logit|score|weight|vector)s?)\s+(?:of|with|having)\s+"
    r"(?:the\s+)?dim(?:ension)?s?(?=\s*[:=]?\s*$)",
    re.IGNORECASE,
)
OF_SHAPE = re.compile(r"\s+(?:(?:of|with|having)\s+(?:shapes?|sizes?)|shaped)\s*[:=]?\s*$", re.IGNORECASE)
INPUT_OR_OUTPUT = re.compile(r"(?:the\s+)?(input|output)s?\b(?!\s+(?:dim|channel|size))", re.IGNORECASE)
IN_OR_OUT = re.compile(r"(in|out)(?:puts?)?\s*[:=]", re.IGNORECASE)
SHAPE_OF = re.compile(
    rf"(?:the\s+)?(?:(?:output|input|final|new)\s+)?(?:shapes?|sizes?|dims?)"
    rf"\s+(?:of|for)\s+(?:the\s+)?`?(?P<names>{EXPRESSION})`?$",
    re.IGNORECASE,
)
ADVERBS = re.compile(
    r"^(?:(?:and|so|then|here|where|now|currently|thus|finally|note(?:\s+that)?|at this point|the|our|these|both)"
    r"[,:]?\s+)+(?=\S+$)",
    re.IGNORECASE,
)
