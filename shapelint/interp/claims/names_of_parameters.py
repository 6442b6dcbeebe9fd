"""A name in a docstring that no parameter has -> the parameter that it means."""

from __future__ import annotations

from collections.abc import Sequence

from shapelint.interp.claims.entries import holder_of, place_in
from shapelint.interp.inputs.symbolic import TENSOR_TYPES, is_plain
from shapelint.program import nodes
from shapelint.program.nodes import Attached
from shapelint.program.written import bound_in

ANY_INPUT = frozenset({"input", "inputs", "tensor", "x"})
"""What any input is called; two names that say more may be those of two versions, with two meanings."""


def parameter_meant(said: str, names: Sequence[str], spoken: set[str]) -> str:
    """The parameter of this name; else the one that a slip of the pen names, of which nothing else is said."""
    if said in names:
        return said
    if said.lower() in names:
        return said.lower()
    close = [name for name in names if name not in spoken and _letters(name) == _letters(said) and name[0] == said[0]]
    return close[0] if len(close) == 1 else ""


def names_of_others(claims: Sequence[Attached], names: Sequence[str], node: nodes.Function) -> dict[str, str]:
    """The names that no parameter has, with the parameters of which nothing is said and that are meant by them.

    There are as many of these, or the name is longer or shorter by a word.
    """
    spoken = dict.fromkeys(attached.subject.id for attached in claims if isinstance(attached.subject, nodes.Name))
    plain = {param.name for param in node.params if is_plain(param)}
    strange = [name for name in spoken if name not in names and name not in TENSOR_TYPES | bound_in(node)]
    silent = [name for name in names if name not in spoken and name not in plain]
    if any(holder_of(node, name) is not None or place_in(node, name) is not None for name in strange):
        return {}
    if len(strange) == len(silent):
        return dict(zip(strange, silent, strict=True))
    return _longer_or_shorter(strange, silent)


def says_as_much(said: str, name: str) -> bool:
    """Whether either of two names is that of any input, and so says no more than the other one."""
    return not {said, name}.isdisjoint(ANY_INPUT) and not _is_longer_or_shorter(said, name)


def _longer_or_shorter(strange: Sequence[str], silent: Sequence[str]) -> dict[str, str]:
    """The names with the parameters of a name with more or less words, where each has but one such other."""
    pairs = [(said, name) for said in strange for name in silent if _is_longer_or_shorter(said, name)]
    said_of = [said for said, _ in pairs]
    meant = [name for _, name in pairs]
    return {said: name for said, name in pairs if said_of.count(said) == 1 and meant.count(name) == 1}


def _is_longer_or_shorter(said: str, name: str) -> bool:
    """Whether one name has all words of the other, and both are of the same thing, which the last word tells.

    `flat_labels` are `labels`, `ys_pad` is `ys_in_pad`, and `x_input` is `x`; `x_mask` is no `x`.
    """
    ours, theirs = said.split("_"), name.split("_")
    fewer, more = sorted((set(ours), set(theirs)), key=len)
    return fewer < more and (ours[-1] == theirs[-1] or more - fewer <= ANY_INPUT)


def _letters(name: str) -> list[str]:
    """The letters of a name in no order, of each of its words without the s of a plural."""
    return sorted("".join(word.rstrip("s") for word in name.split("_")))
