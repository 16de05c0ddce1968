"""Facts that are measured on runs: orders, defects, drifts, expansions, sections."""
