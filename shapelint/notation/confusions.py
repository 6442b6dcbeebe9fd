"""Comments that hold no shape at all: code that is switched off, directives, type comments, citations, mathematics."""

from __future__ import annotations

import ast
import re
import warnings

from shapelint.notation.grammar import FUNCTIONS

DIRECTIVE = re.compile(
    r"\s*#?\s*(?:type:\s*ignore(?:\[[^\]]*\])?|noqa(?::\s*[\w, ]+?)?"
    r"|pyright:\s*\w+(?:\[[^\]]*\])?|pyrefly:\s*\w+(?:\[[^\]]*\])?"
    r"|ty:\s*ignore(?:\[[^\]]*\])?|mypy:\s*.*|pylint:\s*.*|fmt:\s*\w+|isort:\s*\w+|pragma:.*|nosec\b.*|ruff:.*)\s*(?=#|$)"
)
_TYPE_COMMENT = re.compile(r"\s*#\s*type:")
_MATHS = re.compile(r"\$|\\[a-zA-Z(]|_\{|\^\{|\bet al\b|\((?:[A-Z]\w+,? )+\d{4}\)|https?://|[{}]")
_CODE_MARK = re.compile(
    r"[\w\])]\(|\s=\s|^\s*(?:return|import|from|def|if|for|while|assert|print|del|with|elif|class)\b|[\w\])]\[|="
)


def refuses(body: str, docstring: bool = False) -> bool:
    """Whether no shape at all can stand in a comment: a type comment, a citation, mathematics, commented-out code."""
    if docstring:
        return bool(_MATHS.search(body))
    return bool(_TYPE_COMMENT.match(body)) or bool(_MATHS.search(body)) or is_code(body)


def is_code(body: str) -> bool:
    """Whether the comment is a statement that is switched off; `x = (B, C)` and `q.shape == (B, C)` are not."""
    text = body.lstrip("#").strip()
    if len(text) > 300 or not _CODE_MARK.search(text):
        return False
    tree = None
    for source in (text, text.rstrip(",") if text.endswith(",") else text + "\n    pass" if text.endswith(":") else ""):
        tree = _parse(source) if source else None
        if tree is not None:
            break
    if tree is None or not tree.body:
        return False
    statement = tree.body[0]
    match statement:
        case ast.Expr(
            value=ast.Tuple() | ast.List() | ast.Name() | ast.Compare() | ast.BinOp() | ast.BoolOp() | ast.Subscript()
        ):
            return len(tree.body) > 1 and text[0] not in "(["
        case ast.Expr(value=ast.Call(func=ast.Tuple() | ast.List())):
            return False
        case ast.Expr(value=ast.Call(func=function)):
            return not (
                isinstance(function, (ast.Name, ast.Attribute)) and ast.unparse(function).endswith(("Tensor", "Size"))
            )
        case ast.Assign(targets=[ast.Tuple(elts=[ast.Tuple() | ast.List(), *_])]):
            return False
        case ast.Assign(targets=[ast.Tuple() | ast.List()], value=ast.Tuple() | ast.List()) if text[0] in "([":
            return False
        case ast.Assign(value=value):
            return not _is_row(value)
        case ast.AnnAssign(value=None):
            return False
        case ast.Expr():
            return False
    return True


def _is_row(value: ast.expr) -> bool:
    if isinstance(value, ast.Call):
        return ast.unparse(value.func).endswith("Size")
    if not isinstance(value, (ast.Tuple, ast.List)):
        return False
    if all(isinstance(item, ast.Constant) for item in value.elts):
        return False
    parts = [part for item in value.elts for part in ast.walk(item)]
    if any(isinstance(part, ast.Call) and ast.unparse(part.func) not in FUNCTIONS for part in parts):
        return False
    return all(not isinstance(part, (ast.Dict, ast.Lambda, ast.ListComp)) for part in parts)


def _parse(source: str) -> ast.Module | None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return ast.parse(source)
        except (SyntaxError, ValueError, MemoryError, RecursionError):
            return None
