"""README and the pages of docs/ as data: their blocks, their recipes and how these are followed in a clean copy.

An HTML comment before a block says what the block is, invisibly for readers:
    <!-- file: PATH -->          the whole of a new file
    <!-- entry: PATH TABLE -->   an entry of the literal table TABLE in PATH, after its import
    <!-- entry: PATH.yaml -->    a line at the end of a list in PATH.yaml
    <!-- before: PATH LINE -->   to be put before LINE in PATH
"""

import ast
import json
import os
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
TEXT = "\n".join(path.read_text() for path in PAGES)
RECIPE = re.compile(r"^<!-- (file|entry|before): (\S+)(?: (\S+))? -->\n```\w+\n(.*?)^```$", re.M | re.S)
BLOCK = re.compile(r"^ *```(\w+)\n(.*?)^ *```$", re.M | re.S)
INLINE = [code.replace("\n", " ") for code in re.findall(r"`([^`]+)`", BLOCK.sub("", TEXT))]
METHODS = {"runge_3": 3, "triple_jump_6": 6}


def commands() -> list[str]:
    """Every line of the shell blocks, without its comment, once."""
    lines = [
        line.partition("  #")[0].strip()
        for language, block in BLOCK.findall(TEXT)
        if language == "bash"
        for line in block.splitlines()
    ]
    return list(dict.fromkeys(filter(None, lines)))


COMMANDS = commands()


def starting_with(*words: str) -> list[str]:
    found = [line for line in COMMANDS if line.startswith(tuple(f"{word} " for word in words))]
    assert found
    return found


def with_entry(text: str, table: str, block: str) -> str:
    """`text` with the lines of `block` at the end of its table, and its imports with the others."""
    imports = [line for line in block.splitlines() if line.startswith("from ")]
    entry = [line for line in block.splitlines() if line.strip() and line not in imports]
    lines = text.splitlines()
    for node in ast.parse(text).body:
        names = [node.target] if isinstance(node, ast.AnnAssign) else getattr(node, "targets", [])
        if any(isinstance(name, ast.Name) and name.id == table for name in names):
            end = next(one.end_lineno for one in ast.walk(node) if isinstance(one, ast.Dict))
            first = next(i for i, line in enumerate(lines) if line.startswith("from "))
            kept = [*lines[:first], *imports, *lines[first : end - 1], *entry, *lines[end - 1 :]]
            return "\n".join(kept) + "\n"
    raise AssertionError(f"there is no table {table}")


def follow_recipes(tree) -> None:
    recipes = RECIPE.findall(TEXT)
    assert len(recipes) == TEXT.count("<!--"), "a comment that marks no block"
    for kind, path, argument, block in recipes:
        if kind == "file":
            assert not (ROOT / path).exists(), f"{path} is there; the recipes need another example"
            tree.write(path, block)
        elif kind == "entry" and path.endswith(".yaml"):
            tree.write(path, tree.read(path) + block)
        elif kind == "entry":
            tree.write(path, with_entry(tree.read(path), argument, block))
        else:
            text = tree.read(path)
            assert text.count(argument) == 1
            tree.write(path, text.replace(argument, block + argument))


def shell(tree, line: str) -> subprocess.CompletedProcess[str]:
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    return tree.run(["bash", "-c", line], PATH=path)


def measured(tree, script: str):
    """What the last line of a Python script prints in the copy, as JSON; a warning is an error."""
    done = tree.run([sys.executable, "-W", "error", "-c", script])
    assert done.returncode == 0, done.stdout
    return json.loads(done.stdout.splitlines()[-1])
