"""Functions from which the general one-step maps (family `Formula`) are built."""
