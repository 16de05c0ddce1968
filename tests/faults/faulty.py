"""A small tree in which every kind of file is made, and bits that flip."""

import os
import random
from pathlib import Path

from trees import Tree

NAME = "harmonic_oscillator"
RESULTS = f"data/results/smoke/{NAME}"
TARGETS = (
    f"{RESULTS}/complete.json",
    *(f"figures/{NAME}.{suffix}" for suffix in ("pdf", "png")),
    "data/results/smoke/verdict.txt",
    "report/generated/tables/laws.tex",
)
WORDS = ("--cores", "2", "--config", "scale=smoke", "--", *TARGETS)


def made(tree: Tree) -> dict[str, bytes]:
    """All files that the run of TARGETS makes, and their bytes."""
    return tree.bytes_of(f"{RESULTS}/*", "data/results/smoke/*.*", "figures/*.p*", "report/generated/tables/*")


def flip(path: Path, bit: int) -> None:
    """Flip one bit of a file, and put its dates back: nothing but the content tells."""
    dates = path.stat()
    data = bytearray(path.read_bytes())
    data[bit // 8] ^= 1 << bit % 8
    path.write_bytes(data)
    os.utime(path, ns=(dates.st_atime_ns, dates.st_mtime_ns))


def random_bits(paths: list[Path], number: int, seed: int) -> list[tuple[Path, int]]:
    """(file, bit), each bit of all files as likely as any other, at least one in each file."""
    chosen = random.Random(seed)
    sizes = [8 * path.stat().st_size for path in paths]
    each = [(path, chosen.randrange(size)) for path, size in zip(paths, sizes, strict=True)]
    rest = chosen.choices(paths, sizes, k=number - len(each))
    return each + [(path, chosen.randrange(8 * path.stat().st_size)) for path in rest]
