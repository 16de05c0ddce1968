"""One wrong bound, step or law of a layer is found and named."""

import pytest
import torch

from geoflow.check.layers import check_layer
from geoflow.layers.activate import MaxMin
from geoflow.layers.affine import Dense, Normalise, Orthogonal, UnitRows
from geoflow.layers.conservative import Conservative
from geoflow.layers.gradient_flow import GradientFlow
from geoflow.layers.hamiltonian import Hamiltonian
from geoflow.layers.lift import Lift
from geoflow.layers.residual import Residual
from geoflow.layers.scaled import ScaledFlow
from geoflow.layers.sdp import SdpResidual


class LowBound(Residual):
    def lipschitz_bound(self):
        return super().lipschitz_bound() / 3


class LongStep(GradientFlow):
    def settle(self):
        super().settle()
        self.h *= 1.5


class LongStepThatHides(LongStep):
    def lipschitz_bound(self):
        return 1.0


class WrongSign(Hamiltonian):
    """A symplectic step whose second half sees the old q."""

    def forward(self, x):
        q, p = x.chunk(2, dim=1)
        moved = q + self.h * self.activation(p @ self.B.T + self.b) @ self.B
        return torch.cat([moved, p - self.h * self.activation(q @ self.C.T + self.c) @ self.C], dim=1)


class Leaking(Conservative):
    def forward(self, x):
        return super().forward(x) * 0.999


class UncappedDense(Dense):
    def forward(self, x):
        return x @ self.W.T + self.b


class HalfCayley(Orthogonal):
    def weight(self):
        return 0.999 * super().weight()


class LongRows(UnitRows):
    def weight(self):
        return 1.1 * super().weight()


class TimesTwo(Lift):
    def forward(self, x):
        return super().forward(2 * x)


class MaxMax(MaxMin):
    def forward(self, x):
        half = self.dimension // 2
        u, v = x[:, :half], x[:, half : 2 * half]
        return torch.cat([torch.maximum(u, v), torch.maximum(u, v)], dim=1)


class FastFlow(ScaledFlow):
    def settle(self):
        super().settle()
        self.h *= 1.3


class SmallT(SdpResidual):
    def settle(self):
        super().settle()
        self.T /= 2


class Inverted(Lift):
    """Back from the lift, with a slip of the scale."""

    def inverse(self, y):
        return 1.01 * y[:, : self.dimension]


class Flagless(Dense):
    non_expansive = False
    law = "non-expansive: |phi(x) - phi(y)| <= |x - y|"


class Wordless(Dense):
    condition = ""


class WrongShape(Dense):
    def forward(self, x):
        return super().forward(x)[:, :-1]


class Crashing(Dense):
    def forward(self, x):
        return self.nothing(x)


class InverseScale(Normalise):
    """The bound is right at the default scale 1 only."""

    def lipschitz_bound(self):
        return self.scale


class ForgottenStep(Residual):
    """The bound is right at the default step 1 only."""

    def lipschitz_bound(self):
        return 1 + (super().lipschitz_bound() - 1) / self.factor


MISTYPED = [
    (InverseScale, "lipschitz_bound() = 0.5 is not a bound: a Jacobian of norm 2 is found for scale = 0.5"),
    (ForgottenStep, "is not a bound", "is found for h = 2.0"),
    (LowBound, "is not a bound: a Jacobian of norm"),
    (LongStep, "the layer is declared non-expansive, its bound is 2", "it is 1.49 times that"),
    (LongStepThatHides, "lipschitz_bound() = 1 is not a bound: a Jacobian of norm"),
    (WrongSign, "the Jacobian is not symplectic"),
    (Leaking, "the sum of the components is not preserved"),
    (UncappedDense, "is not a bound: a Jacobian of norm", "the Jacobian exceeds cap"),
    (HalfCayley, "a singular value is not 1: 0.001 too much"),
    (LongRows, "an output is steeper than 1: 0.1 too much"),
    (TimesTwo, "the layer expands distances: 1 too much", "distances are not preserved"),
    (MaxMax, "lengths are not preserved"),
    (FastFlow, "the Jacobian exceeds c"),
    (SmallT, "the layer is declared non-expansive, its bound is"),
    (Inverted, "inverse(phi(x)) is not x: 0.0"),
    (Flagless, "the law says 'non-expansive', non_expansive should be True"),
    (Wordless, "the layer does not state its condition"),
    (WrongShape, "the output has shape (32, 5), should be (32, 6)"),
    (Crashing, "the layer cannot be evaluated in dimension 6: AttributeError"),
]


@pytest.mark.parametrize("case", MISTYPED, ids=[case[0].__name__ for case in MISTYPED])
def test_what_is_wrong_is_named(case):
    layer, *words = case
    said = "\n".join(row.wrong for row in check_layer(layer) if row.wrong)
    assert all(word in said for word in words), said


def test_an_inverse_that_inverts_passes():
    class Invertible(Lift):
        def inverse(self, y):
            return y[:, : self.dimension]

    assert "inverse" in {row.quantity for row in check_layer(Invertible)}
    assert not [row.wrong for row in check_layer(Invertible) if row.wrong]


def test_the_number_of_threads_is_left_as_it_was():
    before = torch.get_num_threads()
    torch.set_num_threads(2)
    try:
        check_layer(Lift)
        assert torch.get_num_threads() == 2
    finally:
        torch.set_num_threads(before)
