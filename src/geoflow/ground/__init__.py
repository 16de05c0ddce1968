"""The floor on which all others stand: errors, registry, arrays, files, results, and what a study takes and returns."""
