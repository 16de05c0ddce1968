"""The documentation site: `make site` writes it to site/html/, which opens without a network.

`entries` gathers the facts of the tables and `notebooks` executes the tutorials (one job each). `source` then writes
one Markdown page per entry, experiment, study and figure, and Sphinx (`conf`) turns them into HTML.
"""
