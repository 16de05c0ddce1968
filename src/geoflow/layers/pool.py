"""1-Lipschitz downsampling; the necessary scaling factor is part of the map and of the bound."""

from typing import ClassVar

from torch import Tensor
from torch.nn.functional import max_pool2d

from geoflow.ground import InputError
from geoflow.layers.base import NonExpansive, Random, Size, image_shape


class Pool(NonExpansive):
    """Map each non-overlapping window of `size` x `size` pixels to one pixel.

    kind "mean": the sum divided by `size`, which has norm 1 (the mean itself has norm 1 / size, and the bound would
    lose this factor); "max": the maximum; "shuffle": all pixels of the window as channels (an isometry). Pixels
    outside complete windows are dropped, except for "shuffle", which raises InputError.
    """

    formula = "sum_w x / size, max_w x, or (x_w)_w over each window w"
    condition = "the windows do not overlap"
    reference = "Murari2025"
    kinds: ClassVar[tuple[str, ...]] = ("mean", "max", "shuffle")

    def __init__(self, shape: Size, kind: str = "mean", size: int = 2, *, generator: Random = None) -> None:
        C, H, W = image_shape(shape, "pool")
        if kind not in self.kinds:
            raise InputError(f"pool: expected one of {', '.join(self.kinds)}, got {kind!r}.")
        if not 1 <= size <= min(H, W) or (kind == "shuffle" and (H % size or W % size)):
            raise InputError(f"pool: windows of {size} do not fit into {H} x {W} pixels; try 1.")
        channels = C * (size**2 if kind == "shuffle" else 1)
        super().__init__(shape, (channels, H // size, W // size))
        self.kind, self.size = kind, size

    def forward(self, x: Tensor) -> Tensor:
        s, (_, H, W) = self.size, self.shape
        if self.kind == "max":
            return max_pool2d(x.unflatten(1, self.shape), s).flatten(1)
        images = x.unflatten(1, self.shape)[:, :, : H - H % s, : W - W % s]
        windows = images.unflatten(3, (-1, s)).unflatten(2, (-1, s))  # (N, C, h, s, w, s)
        if self.kind == "mean":
            return windows.sum(dim=(3, 5)).flatten(1) / s
        return windows.permute(0, 1, 3, 5, 2, 4).flatten(1)
