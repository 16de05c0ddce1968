"""The studies of the chapter convergence, one folder each."""
