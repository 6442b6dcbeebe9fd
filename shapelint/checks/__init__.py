"""Verdicts of claims and of what operations need, one file per rule code."""
