"""Quantities measured on runs: orders, defects, drifts, expansions, sections."""
