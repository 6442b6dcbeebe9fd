"""Rules for operators and layers of other libraries."""
