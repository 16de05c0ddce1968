from geoflow.ground.study import Entry, Study
from geoflow.learning.settings import NetworkSpec, Training


class ExpansionMaps(Study):
    """The largest singular value of the Jacobian on a plane of inputs, for each trained network.

    points: number of grid points in each direction; margin: margin of the grid around the unit square of the plane.

    For inputs of two numbers the plane is the input space, (u, v) in [0, 1]^2. Otherwise it is the affine plane through
    three test images of different classes, with coordinates (u, v) = (0, 0), (1, 0) and (0, 1). chosen: predicted
    class; corners: the test images in the plane; least_clean: minimum over the networks with bound 1.
    """

    tables = {"maps": "network u v expansion chosen", "corners": "u v label"}
    summary = "largest/<network> median/<network> share_above_one/<network> bound/<network> clean/<network> least_clean"
    dataset: Entry
    networks: list[NetworkSpec]
    training: Training
    points: int
    margin: float
    seed: int
