"""Programs of random statements that run, with the shape of each tensor, as it is after each statement, beside them."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import torch

from tests.interp.at_random.statements import STATEMENTS

HEAD = """
import functools
import itertools
import math
import operator
from collections import OrderedDict, defaultdict, deque, namedtuple

import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F


def main():
"""
FIRST = (
    "x0 = torch.zeros(2, 3, 4)",
    "x1 = torch.ones(4, 6)",
    "a0 = 2",
    "a1 = 3",
    "l0 = [torch.zeros(2, 3), torch.zeros(2, 5)]",
    "u0 = (2, 3)",
    'd0 = {"a": torch.zeros(3, 4), "b": torch.zeros(1, 4)}',
)
NEW_NAMES = {"n": "n", "y": "y", "s": "s", "e": "e", "t": "t", "f": "fn", "C": "Kind", "i": "i", "v": "v"}
LARGEST, MOST_DIMS, LONGEST = 50_000, 6, 12


def is_tensor(value: Any) -> bool:
    return isinstance(value, torch.Tensor) and value.dtype.is_floating_point


def is_size(value: Any) -> bool:
    return type(value) is int and 0 < value < 13


def holds(kind: type, each: Callable[[Any], bool]) -> Callable[[Any], bool]:
    def is_one(value: Any) -> bool:
        items = value.values() if isinstance(value, dict) else value
        return isinstance(value, kind) and bool(value) and all(map(each, items))

    return is_one


KINDS: Mapping[str, Callable[[Any], bool]] = {
    "x": is_tensor,
    "a": is_size,
    "l": holds(list, is_tensor),
    "d": holds(dict, is_tensor),
    "u": holds(tuple, is_size),
}


def program(seed: int, statements: int = 30) -> str:
    """The text of a program that runs."""
    dice, body, names = random.Random(seed), list(FIRST), iter(range(1, 10_000))
    found = run(body)
    for _ in range(statements * 8):
        if len(body) >= statements:
            break
        statement = filled(dice.choice(STATEMENTS), found, dice, names)
        if statement is None:
            continue
        try:
            after = run([*body, statement])
        except Exception:
            continue
        if all(map(is_small, after.values())):
            body.append(statement)
            found = after
    return HEAD.lstrip() + "".join(f"    {line}\n" for line in annotated(body))


def filled(template: str, found: Mapping[str, Any], dice: random.Random, names: Iterator[int]) -> str | None:
    """A statement with names of values that are there in its places; None where there is none of a kind."""
    chosen: dict[str, str] = {}
    for key in dict.fromkeys(re.findall(r"<(\w+)>", template)):
        kind = key[0]
        if kind in NEW_NAMES:
            chosen[key] = f"{NEW_NAMES[kind]}{next(names)}"
        elif kind in "kz" or (kind == "a" and dice.random() < 0.2):
            chosen[key] = str(dice.randint(1, 4) if kind != "z" else dice.randint(-2, 2))
        else:
            fitting = [name for name, value in found.items() if KINDS[kind](value)]
            if not fitting:
                return None
            chosen[key] = dice.choice(fitting)
    return re.sub(r"<(\w+)>", lambda match: chosen[match[1]], template)


def run(body: list[str], after_each: Callable[[int, dict[str, Any]], None] | None = None) -> dict[str, Any]:
    """The names that the statements leave."""
    lines = [
        line
        for number, statement in enumerate(body)
        for line in (*statement.split("\n"), f"_after({number}, dict(locals()))")
    ]
    text = HEAD + "".join(f"    {line}\n" for line in lines) + "    return dict(locals())\n"
    space: dict[str, Any] = {"_after": after_each or (lambda number, names: None)}
    exec(text, space)
    return space["main"]()


def is_small(value: Any) -> bool:
    if isinstance(value, torch.Tensor):
        return value.numel() <= LARGEST and value.dim() <= MOST_DIMS
    return not isinstance(value, list) or len(value) <= LONGEST


def annotated(body: list[str]) -> Iterator[str]:
    """The lines of the statements, each followed by what has become of the values with their shapes as comments."""
    left: dict[int, dict[str, list[str]]] = {}
    run(
        body, lambda number, names: left.update({number: {name: said_of(name, value) for name, value in names.items()}})
    )
    before: Mapping[str, list[str]] = {}
    for number, statement in enumerate(body):
        yield from statement.split("\n")
        for name, said in left[number].items():
            if said and name != "_" and before.get(name) != said:
                yield from (f"told = {one}" for one in said)
        before = left[number]


def said_of(name: str, value: Any) -> list[str]:
    if isinstance(value, torch.Tensor):
        return [f"{name}  # {tuple(value.shape)}"]
    if type(value) is int and 0 < value < 400:
        return [f"torch.zeros({name}, 7)  # ({value}, 7)"]
    if isinstance(value, (list, tuple)) and value and all(isinstance(one, torch.Tensor) for one in value):
        return [f"{name}[{at}]  # {tuple(one.shape)}" for at, one in enumerate(value)]
    if isinstance(value, dict) and value and all(isinstance(one, torch.Tensor) for one in value.values()):
        return [f'{name}["{key}"]  # {tuple(one.shape)}' for key, one in value.items() if isinstance(key, str)]
    return []
