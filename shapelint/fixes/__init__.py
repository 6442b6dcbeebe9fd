"""Edits to the files that findings stand in."""
