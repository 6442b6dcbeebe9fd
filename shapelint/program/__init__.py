"""Python text -> small frozen nodes with positions, and each comment's claims attached to the code it speaks of."""

from __future__ import annotations

from shapelint.program.cst import warm_up_parser
from shapelint.program.interest import has_claims, imports_torch
from shapelint.program.parse import CannotParse, check_syntax, lower

__all__ = ["CannotParse", "check_syntax", "has_claims", "imports_torch", "lower", "warm_up_parser"]
