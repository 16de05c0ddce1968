"""A digest changes when what a job computes can change, and only then."""

from pathlib import Path

import pytest

from geoflow.pipeline import digest as digests

STUDY = '''"""A study."""
from geoflow.problems import spring


def study():
    from geoflow.lazily import helper

    return helper(spring)
'''


@pytest.fixture
def source(tmp_path):
    files = {
        "geoflow/__init__.py": 'LAZY = {"METHODS": "geoflow.unrelated"}\n',
        "geoflow/study.py": STUDY,
        "geoflow/lazily.py": "def helper(x):\n    return x\n",
        "geoflow/tables.py": 'TABLE = {"a": "geoflow.named:make"}\n',
        "geoflow/named.py": "make = 1\n",
        "geoflow/unrelated.py": "x = 1\n",
        "geoflow/problems/__init__.py": "from .spring import spring\n",
        "geoflow/problems/spring.py": "spring = 1\n",
        "geoflow/typed.py": (
            "from typing import TYPE_CHECKING\n"
            "if TYPE_CHECKING:\n    from geoflow.unrelated import x\n"
        ),
    }
    for name, text in files.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return tmp_path


def digest_of(source: Path, module: str = "geoflow.study") -> str:
    digests.closure.cache_clear()
    digests._file.cache_clear()
    digests._read.cache_clear()
    return digests.digest(module, source=source)


def edit(source: Path, name: str, old: str, new: str) -> None:
    path = source / name
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))


def test_the_closure_follows_lazy_relative_and_tabled_imports(source):
    reached = set(digests.closure("geoflow.study", source))
    assert reached == {
        "geoflow",
        "geoflow.study",
        "geoflow.lazily",
        "geoflow.problems",
        "geoflow.problems.spring",
    }
    assert "geoflow.named" in digests.closure("geoflow.tables", source)


def test_lazy_attributes_of_the_package_and_imports_for_types_pull_in_nothing(source):
    for module in ("geoflow.study", "geoflow.typed"):
        assert "geoflow.unrelated" not in digests.closure(module, source)


@pytest.mark.parametrize(
    "name, old, new",
    [
        ("geoflow/study.py", '"""A study."""', '"""Another\n\ntext."""\n\n\n# and a comment'),
        ("geoflow/study.py", "    return helper", "    # why\n\n    return  helper"),
        ("geoflow/problems/spring.py", "spring = 1", "spring = (  # a comment\n    1\n)"),
        ("geoflow/unrelated.py", "x = 1", "x = 2"),
    ],
)
def test_comments_docstrings_layout_and_other_modules_do_not_count(source, name, old, new):
    before = digest_of(source)
    edit(source, name, old, new)
    assert digest_of(source) == before


@pytest.mark.parametrize(
    "name, old, new",
    [
        ("geoflow/study.py", "helper(spring)", "helper(2 * spring)"),
        ("geoflow/lazily.py", "return x", "return -x"),
        ("geoflow/problems/spring.py", "spring = 1", "spring = 2"),
        ("geoflow/problems/__init__.py", "from", "x = 0\nfrom"),
    ],
)
def test_code_that_is_reached_counts(source, name, old, new):
    before = digest_of(source)
    edit(source, name, old, new)
    assert digest_of(source) != before


def test_a_string_that_is_no_docstring_counts(source):
    before = digest_of(source, "geoflow.tables")
    edit(source, "geoflow/tables.py", '"a"', '"b"')
    assert digest_of(source, "geoflow.tables") != before


def test_files_and_exceptions_are_part_of_the_question(source):
    style = source / "style"
    style.write_text("1")
    one = digests.digest("geoflow.study", files=[style], source=source)
    style.write_text("2")
    assert digests.digest("geoflow.study", files=[style], source=source) != one
    before = digests.digest("geoflow.study", without=["geoflow.lazily"], source=source)
    edit(source, "geoflow/lazily.py", "return x", "return -x")
    digests._read.cache_clear()
    assert digests.digest("geoflow.study", without=["geoflow.lazily"], source=source) == before
