"""The table of convex potentials with their constants.

`POTENTIALS["huber"](threshold=2.0)` is a `Potential`, `POTENTIALS["huber"]()` the one with default parameters.

To add one, add a file and a line here.
"""

from collections.abc import Callable

from geoflow.ground import Table
from geoflow.potentials.huber import huber
from geoflow.potentials.log_cosh import log_cosh
from geoflow.potentials.logistic import logistic
from geoflow.potentials.monotone import MonotoneField, gradient_field, with_skew
from geoflow.potentials.p_norm import p_norm
from geoflow.potentials.potential import Potential
from geoflow.potentials.quadratic import quadratic
from geoflow.potentials.ramps import ramps
from geoflow.potentials.softplus_network import softplus_network
from geoflow.potentials.total_variation import total_variation

__all__ = ["POTENTIALS", "MonotoneField", "Potential", "gradient_field", "with_skew"]

POTENTIALS: Table[Callable[..., Potential]] = Table(
    "potential",
    {
        "quadratic": quadratic,
        "log_cosh": log_cosh,
        "huber": huber,
        "logistic": logistic,
        "softplus_network": softplus_network,
        "total_variation": total_variation,
        "p_norm": p_norm,
        "ramps": ramps,
    },
    own="POTENTIALS",
)
