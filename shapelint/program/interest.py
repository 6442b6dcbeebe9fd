"""Says cheaply of a text whether it may have to do with tensors, and of a program whether it claims anything."""

from __future__ import annotations

import re
from collections.abc import Iterable

from shapelint.program import nodes
from shapelint.program.nodes import Module, Notes, Stmt

_LIBRARIES = (
    "torch|einops|timm|lightning|transformers|diffusers|kornia|fairseq|fairseq2|allennlp|espnet2?|speechbrain|"
    "open_clip|x_transformers|vit_pytorch|monai|ultralytics|jaxtyping|torchtyping|accelerate|xformers|flash_attn"
)
_IMPORT = re.compile(
    rf"^[ \t]*(?:>>>[ \t]*)?(?:import|from)[ \t][^#\n]*?(?:\b(?:{_LIBRARIES})\b|\btorch\w|\bpytorch\w*)", re.MULTILINE
)


_EVERYTHING = re.compile(r"^[ \t]*from[ \t][^#\n]*?[ \t]import[ \t]*\*", re.MULTILINE)
_USE = re.compile(r"(?<![\w.])(?:torch|nn)\.[A-Za-z]")


def imports_torch(text: str) -> bool:
    """Does a line import torch, or a library of tensors that is built on it, or all of a module, with torch in use?"""
    if "import" not in text:
        return False
    if _IMPORT.search(text) is not None:
        return True
    return "*" in text and _EVERYTHING.search(text) is not None and _USE.search(text) is not None


def has_claims(module: Module) -> bool:
    """Does any comment, docstring or annotation of the program claim or define something?"""
    return _says(module.described) or _any_says(module.body)


def _says(notes: Notes) -> bool:
    return bool(notes.claims or notes.definitions)


def _any_says(body: Iterable[Stmt]) -> bool:
    waiting = list(body)
    while waiting:
        statement = waiting.pop()
        if _says(statement.notes):
            return True
        match statement:
            case nodes.Function() | nodes.Class():
                if _says(statement.described):
                    return True
                waiting += statement.body
            case nodes.If() | nodes.For() | nodes.While():
                waiting += statement.body + statement.orelse
            case nodes.With():
                waiting += statement.body
            case nodes.Try():
                waiting += statement.body + statement.orelse + statement.final
                for handler in statement.handlers:
                    waiting += handler.body
            case nodes.Match():
                for case in statement.cases:
                    waiting += case.body
            case _:
                pass
    return False
