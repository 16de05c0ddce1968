"""Learning: data sets, losses, the one training loop, attacks. Importing this package costs nothing."""
