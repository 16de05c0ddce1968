"""How long to fuzz: a short slice in every run of the tests, GEOFLOW_FUZZ examples per surface in `make fuzz`."""

import os

from hypothesis import HealthCheck, settings

settings.register_profile(
    "fuzz",
    max_examples=int(os.environ.get("GEOFLOW_FUZZ", "25")),
    deadline=None,  # the first call of a method compiles its loop
    suppress_health_check=list(HealthCheck),
    derandomize="GEOFLOW_FUZZ" not in os.environ,  # the slice is the same in every run
    database=None,
)
settings.load_profile("fuzz")
