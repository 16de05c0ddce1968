"""Networks: architectures as data, modules built from layers, and what can be certified about them.

`ARCHITECTURES` is light (no torch); modules load with `geoflow.networks.network`.
"""

from geoflow.networks.architectures import ARCHITECTURES

__all__ = ["ARCHITECTURES"]
