"""The functions that methods of the family Formula are made of."""
