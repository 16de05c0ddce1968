"""The table of network layers: one map per file; the law of each entry is tested automatically."""

from collections.abc import Callable

from geoflow.ground import Table
from geoflow.layers.activate import Activate, MaxMin
from geoflow.layers.affine import Dense, Normalise, Orthogonal, UnitRows
from geoflow.layers.base import Layer
from geoflow.layers.conservative import Collect, Conservative
from geoflow.layers.convolutional import AlmostOrthogonal, Convolutional
from geoflow.layers.gradient_flow import ConvolutionalFlow, GradientFlow
from geoflow.layers.hamiltonian import Hamiltonian
from geoflow.layers.lift import Lift, Restrict
from geoflow.layers.pool import Pool
from geoflow.layers.residual import ConvolutionalResidual, Residual, Spherical
from geoflow.layers.scaled import ScaledFlow
from geoflow.layers.sdp import ConvolutionalSdp, SdpResidual

__all__ = ["LAYERS", "Layer"]

LAYERS: Table[Callable[..., Layer]] = Table(
    "layer",
    {
        "gradient_flow": GradientFlow,
        "convolutional_flow": ConvolutionalFlow,
        "sdp_residual": SdpResidual,
        "convolutional_sdp": ConvolutionalSdp,
        "scaled_flow": ScaledFlow,
        "residual": Residual,
        "convolutional_residual": ConvolutionalResidual,
        "hamiltonian": Hamiltonian,
        "conservative": Conservative,
        "collect": Collect,
        "spherical": Spherical,
        "dense": Dense,
        "orthogonal": Orthogonal,
        "unit_rows": UnitRows,
        "convolutional": Convolutional,
        "almost_orthogonal": AlmostOrthogonal,
        "activate": Activate,
        "max_min": MaxMin,
        "pool": Pool,
        "normalise": Normalise,
        "lift": Lift,
        "restrict": Restrict,
    },
    own="LAYERS",
)
