"""Statements, expressions and conditions run, and the analysis of a whole program."""
