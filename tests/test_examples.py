"""The examples in the docstrings of the public functions and classes."""

import doctest
import inspect

import pytest

import geoflow

PUBLIC = [name for name in geoflow.__all__ if inspect.isroutine(one := getattr(geoflow, name)) or inspect.isclass(one)]


@pytest.mark.parametrize("name", PUBLIC)
def test_every_public_function_and_class_has_an_example_that_gives_what_it_shows(name):
    names = {one: getattr(geoflow, one) for one in geoflow.__all__}
    (example,) = doctest.DocTestFinder(recurse=False).find(getattr(geoflow, name), name, globs=names)
    said: list[str] = []
    done = doctest.DocTestRunner().run(example, out=said.append)
    assert done.attempted > 0 and done.failed == 0, "".join(said)
