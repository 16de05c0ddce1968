"""Hand-written C code in `benchmark/c`, compiled on demand and called through ctypes."""

import ctypes
import shutil
import subprocess
import tempfile
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

FOLDER = Path(__file__).parent / "c"
# errno prevents gcc from vectorising sqrt; no other rule is relaxed.
FLAGS = ["-O3", "-march=native", "-fno-math-errno", "-shared", "-fPIC"]


def compiler() -> str | None:
    return shutil.which("gcc")


@cache
def library(problem: str, source: str = "loops") -> ctypes.CDLL:
    folder = Path(tempfile.mkdtemp(prefix="geoflow-benchmark-"))
    target = folder / f"{source}.so"
    words = [*FLAGS, f'-DPROBLEM="{problem}.h"', str(FOLDER / f"{source}.c"), "-lm"]
    try:
        subprocess.run(["gcc", *words, "-o", str(target)], check=True)
        return ctypes.CDLL(str(target))
    finally:
        shutil.rmtree(folder)


def run(
    problem: str, method: str, y0: NDArray[np.float64], h: float, steps: int, every: int
) -> tuple[NDArray[np.float64], int]:
    """Return every `every`-th state, shape (samples, d), and the total number of fixed-point iterations."""
    loop = getattr(library(problem), method)
    pointer = np.ctypeslib.ndpointer(np.float64, flags="C_CONTIGUOUS")
    loop.argtypes = [pointer, ctypes.c_double, ctypes.c_long, ctypes.c_long, pointer]
    loop.restype = ctypes.c_long
    states = np.empty((steps // every + 1, len(y0)))
    states[0] = y0
    iterations = loop(y0.copy(), h, steps, every, states)
    return states, iterations


def run_ensemble(problem: str, method: str, y0: NDArray[np.float64], h: float, steps: int) -> NDArray[np.float64]:
    """Return the final states of all members, shape (N, d)."""
    loop = getattr(library(problem, "ensemble"), method)
    pointer = np.ctypeslib.ndpointer(np.float64, flags="C_CONTIGUOUS")
    loop.argtypes = [pointer, ctypes.c_long, ctypes.c_double, ctypes.c_long]
    loop.restype = None
    states = y0.copy()
    loop(states, len(states), h, steps)
    return states
