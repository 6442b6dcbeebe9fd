"""What surrounds the linting of one file: which files, the configuration, the cache and the worker processes."""
