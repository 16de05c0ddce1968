"""Your own methods, problems, potentials, layers, studies and experiments: `geoflow new` starts one.

The section on the own package in docs/recipes.md lists the files. The manifest of the archive marks them as yours.
"""
