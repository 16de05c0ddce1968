"""Data sets, losses, the training loop and attacks. Importing this package loads no large library."""
