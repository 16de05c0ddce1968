"""The pipeline: composes values, runs studies, judges claims, writes numbers and tables."""
