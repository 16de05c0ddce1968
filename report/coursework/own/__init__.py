"""Your own Python: what is in this folder is marked as yours in the manifest of the archive.

A new method, problem, experiment or figure lives in src/geoflow and config/, as the README shows: the
pipeline finds it there. Put here what belongs to this coursework alone.
"""
