"""Lets every test import `asking`, which stands beside this file; threads that wait leave the cores to others."""

import os

# Two workers, each with as many OpenMP threads as the machine has cores, would spend most of their time waiting for
# each other in busy loops. To be set before torch is imported; what the tests start inherits it.
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
