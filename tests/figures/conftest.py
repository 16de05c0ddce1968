"""A results folder for all tests of this folder."""

from pathlib import Path

import made_up
import pytest


@pytest.fixture(scope="session")
def synthetic(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Made-up results at two scales."""
    results = tmp_path_factory.mktemp("results")
    made_up.write(results)
    return results
