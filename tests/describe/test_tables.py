"""Tables show themselves, and are filtered by properties."""

import re

import pytest

from geoflow import LAYERS, METHODS, POTENTIALS, PROBLEMS, integrate
from geoflow.describe import TABLES, table
from geoflow.ground import InputError
from geoflow.theory.structure import PROPERTIES, properties

CHEAP = ("order", "stages", "explicit", "symmetric", "symplectic")


@pytest.mark.parametrize("kind", TABLES)
def test_every_table_shows_all_its_names_as_text_and_html(kind):
    one = table(kind)
    text, html = repr(one), one._repr_html_()
    assert all(f"\n{name} " in text and f"<th>{name}</th>" in html for name in one)
    assert not re.search(r"\bnan\b", text, re.I) and "<table" in html


@pytest.mark.parametrize("name", CHEAP)
def test_where_agrees_with_the_properties_of_every_method(name):
    derived = {method: PROPERTIES[name](METHODS[method]) for method in METHODS}
    for value in set(derived.values()):
        found = METHODS.where(**{name: value})
        assert set(found) == {method for method, one in derived.items() if one == value}
        assert all(found[method] is METHODS[method] for method in found)


def test_columns_are_the_derived_properties():
    frame = METHODS.where(order=6).to_pandas("a_stable", "contractivity_radius")
    assert "gauss_3" in frame.index
    for method, row in frame.iterrows():
        derived = properties(METHODS[method])
        assert all(row[name] == derived[name] or derived[name] is None for name in frame.columns)


def test_conditions_are_values_functions_or_members_of_a_list():
    found = METHODS.where(symplectic=True, explicit=True, order=4)
    assert {"yoshida_4", "suzuki_4", "blanes_moan_6_4"} <= set(found) and "rk4" not in found
    assert set(METHODS.where(order=lambda p: p >= 10)) == {"gauss_5", "gauss_6", "sofroniou_spaletta_10"}
    assert set(PROBLEMS.where(invariants="casimir")) == {"rigid_body", "breathing_body"}
    assert "huber" not in POTENTIALS.where(smooth=True) and "quadratic" in POTENTIALS.where(mu=lambda mu: mu > 0)
    assert "residual" not in LAYERS.where(non_expansive=True)
    assert len(METHODS.where(order=99)) == 0 and "order" in repr(METHODS.where(order=99))


def test_an_unknown_property_gets_one_sentence_with_the_nearest_names():
    with pytest.raises(InputError, match="a method has no property 'simplectic'; did you mean 'symplectic'"):
        METHODS.where(simplectic=True)
    with pytest.raises(InputError, match="a problem has no property 'order'"):
        PROBLEMS.to_pandas("order")


def test_a_trajectory_is_one_line_and_a_frame_of_its_samples():
    run = integrate("kepler", "stormer_verlet", h=0.05, steps=100, every=10)
    assert repr(run).startswith("<Trajectory of kepler by stormer_verlet: 100 steps of 0.05, energy changes by ")
    frame = run.to_pandas()
    assert list(frame) == ["t", "y1", "y2", "y3", "y4", "energy", "angular_momentum"]
    assert (frame[["y1", "y2", "y3", "y4"]].to_numpy() == run.y).all() and (frame["t"] == run.t).all()
