"""The tables of which METHODS consists, one file per kind of method."""
