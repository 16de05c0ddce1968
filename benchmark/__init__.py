"""How fast the compiled loops are: beside hand-written C, and beside other packages that are installed."""
