"""The program evaluated over abstract values: what each expression's shape is, and what the code needs to run."""
