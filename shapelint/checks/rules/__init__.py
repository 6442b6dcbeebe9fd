"""One file for each rule code, what a rule is, and what its cases are made of."""
