"""Every attack is refused or found; it writes nothing outside, reads no environment, and leaves no process.

`make hostile` runs all of them; `make test` leaves out those that rebuild results.
"""

import json
import os
import shutil
from collections.abc import Callable
from dataclasses import replace

import pytest
from attacks import Attack
from containers import FOUND, REFUSED
from forgeries import DRAWN, FORGERIES
from harness import CANARY, Seen
from rebuilds import LIMITS, REBUILDS

MEMORY = 1_000_000_000
IDENTIFIERS = [attack.name for attack in REFUSED + FOUND + FORGERIES + DRAWN + REBUILDS]


whole = pytest.mark.skipif("GEOFLOW_HOSTILE" not in os.environ, reason="takes minutes: make hostile")


def check(attack: Attack, seen: Seen) -> None:
    assert (seen.status, seen.written, seen.left) == (attack.expected, [], [])
    assert CANARY not in seen.results + seen.printed
    assert attack.words in seen.results
    assert json.loads(seen.results)["tests"]
    assert seen.memory < MEMORY and seen.seconds < attack.limit


def test_every_attack_has_a_name_of_its_own() -> None:
    assert len(set(IDENTIFIERS)) == len(IDENTIFIERS) >= 40


@pytest.mark.parametrize("attack", REFUSED + FOUND, ids=lambda attack: attack.name)
def test_a_container_is_refused_or_found(attack: Attack, attacked: Callable[..., Seen]) -> None:
    check(attack, attacked(attack))


@pytest.mark.parametrize("attack", FORGERIES, ids=lambda attack: attack.name)
def test_a_forgery_is_found_and_runs_nothing(attack: Attack, attacked: Callable[..., Seen]) -> None:
    check(attack, attacked(replace(attack, level="consistency")))


@whole
@pytest.mark.parametrize("attack", DRAWN, ids=lambda attack: attack.name)
def test_a_forgery_of_results_or_pictures_is_found(attack: Attack, attacked: Callable[..., Seen]) -> None:
    check(attack, attacked(replace(attack, level="consistency")))


@whole
@pytest.mark.skipif(not shutil.which("bwrap"), reason="bubblewrap is not installed")
@pytest.mark.parametrize("attack", REBUILDS, ids=lambda attack: attack.name)
def test_code_that_was_trusted_by_mistake_is_confined(attack: Attack, attacked: Callable[..., Seen]) -> None:
    timeout = 10.0 if "never ends" in attack.name else LIMITS["timeout"]
    trusted = attack.name != "code that nobody trusted"
    check(attack, attacked(attack, **{**LIMITS, "timeout": timeout, "trust_code": trusted}))
