"""A clean copy in which every recipe of README was followed, made once."""

import pytest
from recipes import follow_recipes

from trees import clean_copy


@pytest.fixture(scope="session")
def tree(tmp_path_factory):
    """A clean copy in which every recipe was followed."""
    copy = clean_copy(tmp_path_factory.mktemp("readme") / "geoflow")
    follow_recipes(copy)
    return copy
