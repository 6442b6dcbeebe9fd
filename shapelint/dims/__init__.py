"""Sizes: their normal form, the laws of division, facts, bounds, comparison, witnesses and printing."""

from shapelint.dims.assumption import Assumption, Relation
from shapelint.dims.atoms import as_fraction, divisions, numerator_and_denominator, opaque, rounded_divisions
from shapelint.dims.compare import Comparison
from shapelint.dims.division import exact_div, floor_div, polynomial_quotient
from shapelint.dims.expr import Dim, const, dim, product
from shapelint.dims.extrema import branches, maximum, minimum
from shapelint.dims.facts import Facts, forget_sizes
from shapelint.dims.symbols import Symbol, symbol
from shapelint.dims.text import format_dims

__all__ = [
    "Assumption",
    "Comparison",
    "Dim",
    "Facts",
    "Relation",
    "Symbol",
    "as_fraction",
    "branches",
    "const",
    "dim",
    "divisions",
    "exact_div",
    "floor_div",
    "forget_sizes",
    "format_dims",
    "maximum",
    "minimum",
    "numerator_and_denominator",
    "opaque",
    "polynomial_quotient",
    "product",
    "rounded_divisions",
    "symbol",
]
