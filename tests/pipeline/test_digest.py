"""A digest changes when what a job computes can change, and only then."""

from pathlib import Path

import pytest
from digest_steps import digest

from geoflow.pipeline import digests, source

STUDY = '''"""A study."""
from geoflow.problems import PROBLEMS, spring


def study():
    from geoflow.lazily import helper

    return helper(spring, PROBLEMS["pendulum"])
'''
PROBLEMS = '''"""Problems."""
from geoflow.problems.spring import spring
from geoflow.problems.pendulum import pendulum
from geoflow.problems.orbit import orbit

PROBLEMS = Table("problem", {"spring": spring(), "pendulum": pendulum(), "orbit": orbit()})
'''
METHODS = """
half = 1 / 2
third = 1 / 3
LITERAL = {
    "euler": make([i for i in (1,)], half),
    "verlet": make([2], half),
    "twice": compose("verlet", third),
    "gauss_S": Family(lambda S: gauss(S)),
}
"""


@pytest.fixture
def tree(tmp_path):
    files = {
        "geoflow/__init__.py": 'LAZY = {"METHODS": "geoflow.unrelated"}\n',
        "geoflow/study.py": STUDY,
        "geoflow/lazily.py": "def helper(x, y):\n    return x\n",
        "geoflow/names.py": 'TABLE = {"a": "geoflow.named:make", "b": "geoflow.unrelated:X"}\n',
        "geoflow/named.py": "make = 1\n",
        "geoflow/unrelated.py": "x = 1\n",
        "geoflow/problems/__init__.py": PROBLEMS,
        "geoflow/problems/spring.py": "spring = 1\n",
        "geoflow/problems/pendulum.py": "pendulum = 1\n",
        "geoflow/problems/orbit.py": "orbit = 1\n",
        "geoflow/integrators/__init__.py": (
            "from geoflow.integrators.methods import LITERAL\nMETHODS = Table('method', LITERAL)\n"
        ),
        "geoflow/integrators/methods.py": METHODS,
        "geoflow/runs.py": ("from geoflow.integrators import METHODS\n\ndef study(name):\n    return METHODS[name]\n"),
        "geoflow/typed.py": (
            "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from geoflow.unrelated import x\n"
        ),
    }
    for name, text in files.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return tmp_path


def reached(tree: Path, module: str = "geoflow.study", **more) -> set[str]:
    for one in (source.find_file, source.read, digests._catalogues, digests._entries_of):
        one.cache_clear()
    return set(digests.reach([module], source=tree, **more))


def digest_of(tree: Path, module: str = "geoflow.study", **more) -> str:
    reached(tree)
    return digest(module, source=tree, **more)


def edit(tree: Path, name: str, old: str, new: str) -> None:
    path = tree / name
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))


def test_the_reach_follows_lazy_imports_and_the_entries_that_the_code_names(tree):
    assert reached(tree) == {
        "geoflow",
        "geoflow.study",
        "geoflow.lazily",
        "geoflow.problems.spring",
        "geoflow.problems.pendulum",
        "geoflow.problems:PROBLEMS[pendulum]",
    }
    assert "geoflow.named" in reached(tree, "geoflow.names")
    assert "geoflow.unrelated" not in reached(tree, "geoflow.names"), "a table is only named there"


def test_lazy_attributes_of_the_package_and_imports_for_types_pull_in_nothing(tree):
    for module in ("geoflow.study", "geoflow.typed"):
        assert "geoflow.unrelated" not in reached(tree, module)


@pytest.mark.parametrize(
    "name, old, new",
    [
        ("geoflow/study.py", '"""A study."""', '"""Another\n\ntext."""\n\n\n# and a comment'),
        ("geoflow/study.py", "    return helper", "    # why\n\n    return  helper"),
        ("geoflow/problems/spring.py", "spring = 1", "spring = (  # a comment\n    1\n)"),
        ("geoflow/unrelated.py", "x = 1", "x = 2"),
        ("geoflow/problems/orbit.py", "orbit = 1", "orbit = 2"),
        ("geoflow/problems/__init__.py", '"orbit": orbit()', '"orbit": orbit(2), "new": orbit()'),
    ],
)
def test_comments_layout_other_modules_and_other_entries_do_not_count(tree, name, old, new):
    before = digest_of(tree)
    edit(tree, name, old, new)
    assert digest_of(tree) == before


@pytest.mark.parametrize(
    "name, old, new",
    [
        ("geoflow/study.py", "helper(spring", "helper(2 * spring"),
        ("geoflow/lazily.py", "return x", "return -x"),
        ("geoflow/problems/spring.py", "spring = 1", "spring = 2"),
        ("geoflow/problems/pendulum.py", "pendulum = 1", "pendulum = 2"),
        ("geoflow/problems/__init__.py", "pendulum()", "pendulum(2)"),
    ],
)
def test_code_and_entries_that_are_reached_count(tree, name, old, new):
    before = digest_of(tree)
    edit(tree, name, old, new)
    assert digest_of(tree) != before


@pytest.mark.parametrize(
    "words, old, counts",
    [
        (["euler"], "[i for i in (1,)]", True),
        (["euler"], "half = 1 / 2", True),
        (["euler"], "[2]", False),
        (["twice"], "third = 1 / 3", True),
        (["twice"], "make([2]", True),  # composed of verlet
        (["twice"], "[i for i in (1,)]", False),
        (["gauss_3"], "gauss(S)", True),
        (["gauss_3"], "[2]", False),
    ],
)
def test_a_method_counts_with_what_makes_it_and_with_the_methods_that_it_names(tree, words, old, counts):
    before = digest_of(tree, "geoflow.runs", words=words)
    edit(tree, "geoflow/integrators/methods.py", old, old.replace("1", "7").replace("2", "9").replace("S)", "S+1)"))
    assert (digest_of(tree, "geoflow.runs", words=words) != before) == counts


def test_a_new_method_counts_only_where_the_whole_table_is_asked_for(tree):
    table = ["geoflow.integrators:METHODS"]
    some = digest_of(tree, "geoflow.runs", words=["euler"])
    all_of_them = digest_of(tree, "geoflow.runs", whole=table)
    edit(tree, "geoflow/integrators/methods.py", "LITERAL = {", 'LITERAL = {\n    "new": make([3]),')
    assert digest_of(tree, "geoflow.runs", words=["euler"]) == some
    assert digest_of(tree, "geoflow.runs", whole=table) != all_of_them


def test_files_and_exceptions_are_part_of_the_question(tree):
    style = tree / "style"
    style.write_text("1")
    one = digest("geoflow.study", files=[style], source=tree)
    style.write_text("2")
    assert digest("geoflow.study", files=[style], source=tree) != one
    before = digest_of(tree, without=["geoflow.lazily"])
    edit(tree, "geoflow/lazily.py", "return x", "return -x")
    assert digest_of(tree, without=["geoflow.lazily"]) == before
