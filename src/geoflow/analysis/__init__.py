"""What can be derived from a method, and what can be measured of it: pure functions."""
