"""A clean copy in which every recipe of README was followed, made once."""

import importlib.util
import sys

import pytest
from recipes import ROOT, follow_recipes


def workflow_helpers():
    """The helpers of the workflow's tests, which are a conftest and so no module of their own."""
    path = ROOT / "tests" / "pipeline" / "conftest.py"
    spec = importlib.util.spec_from_file_location("workflow_conftest", path)
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="session")
def tree(tmp_path_factory):
    """A clean copy in which every recipe was followed."""
    helpers = workflow_helpers()
    copy = helpers.clean_copy(tmp_path_factory.mktemp("readme") / "geoflow")
    follow_recipes(copy)
    return copy
