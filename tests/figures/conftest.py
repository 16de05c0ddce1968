"""A results folder for all tests of this folder."""

from pathlib import Path

import made_up
import pytest

from trees import compose_once


@pytest.fixture(scope="session")
def synthetic(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Made-up results at two scales."""
    compose_once()
    results = tmp_path_factory.mktemp("results")
    made_up.write(results)
    return results
