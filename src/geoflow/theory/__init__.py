"""Facts that follow from the coefficients of a method: pure functions, no runs."""
