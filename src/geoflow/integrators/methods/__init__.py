"""The literal tables that METHODS is made of, a file for each kind of method."""
