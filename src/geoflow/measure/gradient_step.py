"""One step of x' = -F(x) and its derivative at many points, for a monotone field F and any Runge-Kutta method.

The stages solve Z = -h (A x I) F(x + Z). Newton's method can cycle between the pieces of a gradient with kinks (Huber,
ReLU), and damping by the residual can stall at a kink. Therefore a Newton step is accepted only if it halves the
residual; otherwise Z <- -(I + h A x C)^-1 h A x (F - C)(x + Z) is applied, C the centre of the field. This map is a
contraction by at most h spread / (2 alpha + h spread) in the norm of D if A is regular and D A^-1 + A^-T D >= 2 alpha D
for a positive diagonal matrix D (HairerWanner1996, IV.14). The iteration therefore converges for Gauss, Radau, Lobatto
IIIC and SDIRK methods; for other methods convergence is not guaranteed.
"""

import numpy as np
from numpy.typing import NDArray

from geoflow.ground import Floats, InputError, SolveError
from geoflow.integrators import METHODS, RungeKutta
from geoflow.potentials import MonotoneField

SWEEPS = 3000
ROUNDING = 1e-14


def stages(method: RungeKutta, F: MonotoneField, h: float | Floats, x: Floats) -> Floats:
    """Stages Y of one step from each column of x, shape (d, N) -> (s, d, N).

    h: one step size, or one per column. Raises SolveError if the equations of an implicit method are not solved.
    """
    A = method.as_floats()[0]
    if not method.explicit:
        # Stages of equal rows are equal: round-off must not put them on two sides of a kink.
        return x + _implicit(method, F, h, x)[[int((row == A).all(axis=1).argmax()) for row in A]]
    Y = np.empty((method.stages, *x.shape))
    slopes = np.empty_like(Y)
    for i in range(method.stages):
        Y[i] = x - h * np.tensordot(A[i, :i], slopes[:i], 1)
        if i + 1 < method.stages:
            slopes[i] = F.value(Y[i])
    return Y


def flow_step(method: RungeKutta, F: MonotoneField, h: float | Floats, x: Floats) -> Floats:
    """Step phi_h(x) from each column of x, shape (d, N)."""
    b = method.as_floats()[1]
    return x - h * np.tensordot(b, _slopes(F, stages(method, F, h, x)), 1)


def step_jacobian(method: RungeKutta, F: MonotoneField, h: float | Floats, x: Floats) -> Floats:
    """Derivative of phi_h at each column of x, shape (N, d, d); at a kink the derivative of one of the pieces.

    phi_h is piecewise smooth, so that the supremum of a norm of the derivative is the Lipschitz constant in that norm.
    """
    A, b, _ = method.as_floats()
    Y, s, d, N = stages(method, F, h, x), method.stages, *x.shape
    J = [F.jacobian(y) for y in Y]
    one = np.broadcast_to(np.eye(d), (N, d, d))
    h = np.broadcast_to(h, (N,))[:, None, None]
    if method.explicit:
        slopes: list[Floats] = []
        for i in range(s):
            inner = sum((A[i, j] * slopes[j] for j in range(i) if A[i, j]), np.zeros((d, d)))
            slopes.append(J[i] @ (one - h * inner))
        return one - h * sum(b[i] * slopes[i] for i in range(s) if b[i])
    right = np.concatenate(J, axis=1)  # (N, s d, d)
    DK = np.linalg.solve(_matrix(A, h, J, outside=True), right).reshape(N, s, d, d)
    return one - h * np.einsum("i,nide->nde", b, DK)


def _slopes(F: MonotoneField, Y: Floats) -> Floats:
    """Evaluate F at all stages, shape (s, d, N)."""
    s, d, N = Y.shape
    columns = np.moveaxis(Y, 0, 1).reshape(d, s * N)
    return np.moveaxis(F.value(columns).reshape(d, s, N), 1, 0)


def _matrix(A: Floats, h: Floats, J: list[Floats], outside: bool = False) -> Floats:
    """Derivative I + h (A x I) diag(J) of the stage equations, or I + h diag(J) (A x I), shape (N, s d, s d).

    h: shape (N, 1, 1).
    """
    s, (N, d, _) = len(A), J[0].shape
    blocks = np.einsum("ij,inde->nidje" if outside else "ij,jnde->nidje", A, np.stack(J))
    return np.eye(s * d) + h * blocks.reshape(N, s * d, s * d)


def _implicit(method: RungeKutta, F: MonotoneField, h: float | Floats, x: Floats) -> Floats:
    """Solve for Z, shape (s, d, N); each column is iterated until its increment is round-off."""
    A = method.as_floats()[0]
    s, d = method.stages, len(x)
    h = np.broadcast_to(h, x.shape[1:])
    Z = np.zeros((s, *x.shape))
    tiny = ROUNDING * (1 + np.abs(x).max(axis=0)) * (1 + h * F.L)

    def residual(Z: Floats, k: NDArray[np.int64]) -> Floats:
        return Z + h[k] * np.tensordot(A, _slopes(F, x[:, k] + Z), 1)

    def size(G: Floats) -> Floats:
        return np.abs(G).max(axis=(0, 1))

    open_ = np.arange(x.shape[1])
    G = residual(Z, open_)
    best = size(G)
    open_ = np.flatnonzero(best > tiny)
    for _ in range(SWEEPS):
        if not open_.size:
            return Z
        z, g, n = Z[..., open_], G[..., open_], len(open_)
        matrix = _matrix(A, h[open_, None, None], [F.jacobian(x[:, open_] + y) for y in z])
        right = np.moveaxis(g.reshape(s * d, n), -1, 0)[..., None]
        newton = z - np.moveaxis(np.linalg.solve(matrix, right)[..., 0], 0, -1).reshape(s, d, n)
        after = residual(newton, open_)
        helps = (size(after) <= best[open_] / 2) | (size(after) <= tiny[open_])
        if not helps.all():
            # Z - (I + h A x C)^-1 G(Z) is the step with the constant slope C.
            k = np.flatnonzero(~helps)
            fixed = np.linalg.solve(np.eye(s * d) + h[open_[k], None, None] * np.kron(A, F.centre), right[k])
            newton[..., k] = z[..., k] - np.moveaxis(fixed[..., 0], 0, -1).reshape(s, d, len(k))
            after[..., k] = residual(newton[..., k], open_[k])
        Z[..., open_], G[..., open_] = newton, after
        best[open_] = np.minimum(best[open_], size(after))
        open_ = open_[size(after) > tiny[open_]]
    raise SolveError(
        f"{method.name or 'an implicit method'}: the stages of a step of {F.name} with h L up to "
        f"{h[open_].max() * F.L:.3g} were not solved at {len(open_)} points "
        f"(residual {size(G).max():.1e}); try a smaller h."
    )


def runge_kutta(name: str) -> RungeKutta:
    """Return the Runge-Kutta method `name`; raises InputError for a method of a different family."""
    method = METHODS[name].tableau
    if method is None:
        raise InputError(f"expected a Runge-Kutta method, got {name!r}; try 'implicit_midpoint'.")
    return method
