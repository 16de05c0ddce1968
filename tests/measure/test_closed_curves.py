"""Areas inside curves: by hand, of known curves, and of images under maps of known determinant."""

from dataclasses import replace

import numpy as np
import pytest

from geoflow.ground.errors import InputError
from geoflow.measure.closed_curves import CAT, EDGE, closed_curve, enclosed_area, polygon_area
from geoflow.studies.hamiltonian.area.config import Shape

DISC = Shape([1.0, -2.0], 0.5)
KITTEN = replace(DISC, figure="cat")


def test_the_area_of_a_polygon_by_hand():
    assert polygon_area(np.array([[0.0, 0.0], [2, 0], [2, 1], [0, 1]])) == 2
    assert polygon_area(np.array([[0.0, 0.0], [0, 1], [2, 1], [2, 0]])) == -2


def test_the_area_of_a_disc_is_extrapolated_from_few_points():
    assert polygon_area(closed_curve(DISC, 128)) != pytest.approx(np.pi / 4, rel=1e-4)
    assert enclosed_area(closed_curve(DISC, 128)) == pytest.approx(np.pi / 4, rel=1e-8)


def test_the_cat_runs_anticlockwise_and_has_the_area_of_its_corners():
    exact = polygon_area(np.array(CAT)) * (0.5 / 10) ** 2
    assert exact > 0
    assert enclosed_area(closed_curve(KITTEN, 256)) == pytest.approx(exact, rel=1e-13)
    assert len(closed_curve(KITTEN, 256)) == len(CAT) * 256 // EDGE


@pytest.mark.parametrize("shape", [DISC, KITTEN], ids=["disc", "cat"])
def test_a_map_of_determinant_one_keeps_the_area_and_another_does_not(shape):
    x, y = (points := closed_curve(shape, 512)).T
    bent = np.stack([x, y + np.sin(2 * x)], axis=1)
    assert enclosed_area(bent) == pytest.approx(enclosed_area(points), rel=1e-9)
    grown = np.stack([1.01 * x, y + np.sin(2 * x)], axis=1)
    assert enclosed_area(grown) == pytest.approx(1.01 * enclosed_area(points), rel=1e-9)


def test_an_unknown_figure_is_refused():
    with pytest.raises(InputError, match="unknown figure 'dog'; choose one of cat, disc"):
        closed_curve(replace(DISC, figure="dog"), 128)


def test_points_are_as_many_as_the_extrapolation_asks_for():
    with pytest.raises(InputError, match="a number of points that 128 divides, got 100"):
        closed_curve(DISC, 100)
