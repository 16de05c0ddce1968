"""Networks: architectures as data, modules built from layers, and their certificates.

`ARCHITECTURES` does not import torch; `geoflow.networks.network` does.
"""

from geoflow.networks.architectures import ARCHITECTURES

__all__ = ["ARCHITECTURES"]
