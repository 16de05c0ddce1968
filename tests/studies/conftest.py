"""Methods with one deliberate mistake, which every study of the Hamiltonian stage has to notice."""

import pytest

from geoflow.integrators import METHODS
from geoflow.integrators.controls import CONTROLS
from geoflow.integrators.families.formula import Formula
from geoflow.integrators.formulas.variable_step import _verlet


def careless_verlet(t, y, h, eps, *, field):
    """Verlet whose second kick is made with the force of the first: consistent, and of order one."""
    d = len(y) // 2
    first, half = field(t, y), y + 0 * y
    half[d:] = half[d:] + h / 2 * first[d:]
    z = y + h * field(t, half)
    z[d:] = y[d:] + h * first[d:]
    return z, 2


def late_clock_verlet(t, y, h, eps, *, clocked_field):
    """Reversible Verlet whose density takes its second half step with the rate of the first."""
    last = len(y) - 1
    rate = clocked_field(t, y)[last]
    z = _verlet(t, y, h / (y[last] + h / 2 * rate), clocked_field=clocked_field)
    z[last] = y[last] + h * rate
    return z, 4


MISTAKEN = {
    "careless_verlet": Formula(careless_verlet, order=2, reference="Verlet1967"),
    "rk4_mistyped": CONTROLS["rk4_mistyped"],
    "late_clock_verlet": Formula(late_clock_verlet, order=2, reference="HLW"),
}


@pytest.fixture(scope="module", autouse=True)
def mistaken_methods():
    """MISTAKEN stand among METHODS while the tests of a module run."""
    METHODS.entries.update(MISTAKEN)
    yield
    for name in MISTAKEN:
        del METHODS.entries[name]
        METHODS._made.pop(name, None)
