"""Functions, classes and attributes of the program, found and called."""
