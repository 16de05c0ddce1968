"""Properties that follow from the coefficients of a method: pure functions without integration."""
