"""Time of a process before its first step: imports, and the first call of a cached compiled loop."""

import json
import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator

from benchmark.measure import Row

PROGRAM = """
import json, time
began = time.process_time()
from geoflow.integrators.integrate import integrate
import llvmlite.binding
imported = time.process_time()
integrate({problem!r}, {method!r}, h=0.01, steps=10)
print(json.dumps([began, imported - began, time.process_time() - imported]))
"""


def second_process(rounds: int = 5) -> Iterator[Row]:
    """CPU seconds; each round is a separate process, the first of which fills the cache and is not counted."""
    for problem, method in [("kepler", "stormer_verlet"), ("outer_solar_system", "gauss_2")]:
        with tempfile.TemporaryDirectory(prefix="geoflow-benchmark-") as folder:
            program = PROGRAM.format(problem=problem, method=method)
            cold, *warm = [measured(program, folder) for _ in range(rounds + 1)]
        imports, first = (statistics.median(run[k] for run in warm) for k in (1, 2))
        note = f"imports {imports:.2f} s, interpreter {warm[0][0]:.2f} s, compiling {cold[2]:.2f} s"
        label = "second process: first call beyond the imports / 1 s"
        yield Row(label, problem, method, first, 1.0, "s", 0.5, note)


def measured(program: str, cache: str) -> list[float]:
    done = subprocess.run(
        [sys.executable, "-c", program],
        env={**os.environ, "GEOFLOW_CACHE": cache},
        capture_output=True,
        text=True,
        check=True,
    )
    numbers: list[float] = json.loads(done.stdout)
    return numbers
