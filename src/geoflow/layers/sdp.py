"""SDP-based residual layer: non-expansive by a dominating diagonal matrix, without computing a norm."""

import torch
from torch import Tensor, nn

from geoflow.layers.activate import ACTIVATIONS
from geoflow.layers.base import Layer, Random, Size, image_shape
from geoflow.layers.linear import Convolution, LinearMap, Matrix
from geoflow.layers.norms import SMALLEST

MARGIN = 4e-9  # relative margin of T, larger than the rounding errors of T and of the check


class SdpResidual(Layer):
    """x - 2 A^T T^-1 s(A x + b), T_i = sum_j |A A^T|_ij q_j / q_i with free q > 0 (A = W^T).

    By Gershgorin A A^T <= T, so B = T^(-1/2) A has norm at most 1 and the Jacobian I - 2 B^T D B,
    0 <= D <= I, has eigenvalues in [-1, 1]. T is exact and differentiable, so that training and
    evaluation use the same T. orthogonal: A starts with orthonormal rows, for which T = I is sharp; for
    m random rows T is of size sqrt(m), and the layer is close to the identity.
    """

    formula = "x - 2 W T^-1 s(W^T x + b), T_i = sum_j |W^T W|_ij q_j / q_i"
    law = "non-expansive: |phi(x) - phi(y)| <= |x - y|"
    condition = "q > 0; s nondecreasing, 1-Lipschitz"
    reference = "AraujoHavensDelattreAllauzenHu2023"
    non_expansive = True
    T: Tensor

    def __init__(
        self, shape: Size, hidden: int | None = None, activation: str = "relu",
        orthogonal: bool = False, *, linear: LinearMap | None = None, generator: Random = None,
    ) -> None:  # fmt: skip
        super().__init__(shape)
        self.activation = ACTIVATIONS[activation]
        rows = hidden or self.dimension
        self.A = linear or Matrix(self.dimension, rows, orthogonal, generator=generator)
        self.b = nn.Parameter(torch.zeros(self.A.rows))
        self.log_q = nn.Parameter(torch.zeros(self.A.rows))
        self.register_buffer("T", torch.ones(self.A.rows), persistent=False)
        self.settle()

    def settle(self) -> None:
        with torch.no_grad():
            self.T.copy_(self._dominating())

    def _dominating(self) -> Tensor:
        ratios = (self.log_q[None, :] - self.log_q[:, None]).exp()
        return (1 + MARGIN) * (self.A.overlaps() * ratios).sum(dim=1).clamp(min=SMALLEST**2)

    def forward(self, x: Tensor) -> Tensor:
        T = self.A.spread(self._dominating() if self.training else self.T)
        return x - 2 * self.A.adjoint(self.activation(self.A(x) + self.A.spread(self.b)) / T)

    def lipschitz_bound(self) -> float:
        """Lipschitz bound max(1, 2 ||T^(-1/2) A||^2 - 1), from an upper bound of this norm."""
        return max(1.0, 2 * self.A.upper(self.T.rsqrt()) ** 2 - 1)


class ConvolutionalSdp(SdpResidual):
    """`SdpResidual` with a zero-padded convolution: T has one entry per channel, with a sum over all
    shifts at which two kernels overlap. orthogonal: the kernel starts as an orthonormal matrix at its
    centre, for which T = I is sharp."""

    formula = "x - 2 A^T T^-1 s(A x + b), A a convolution"

    def __init__(
        self, shape: Size, hidden: int | None = None, kernel: int = 3, activation: str = "relu",
        orthogonal: bool = False, *, generator: Random = None,
    ) -> None:  # fmt: skip
        images = image_shape(shape, "convolutional_sdp")
        linear = Convolution(images, hidden, kernel, orthogonal, generator=generator)
        super().__init__(shape, activation=activation, linear=linear)
