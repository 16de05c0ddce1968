"""Point vortices in the plane: a Poisson system in which x and y are conjugate variables."""

import numpy as np

from geoflow.ground import InputError
from geoflow.ground.floats import real_array
from geoflow.problems.elementary import log, zeros_like
from geoflow.problems.problem import Problem, textbook

PLACES = ((0.0, 0.5), (0.0, -0.5), (-1.0, 0.3), (-1.0, -0.3))


@textbook
def point_vortices(
    circulations: tuple[float, ...] = (1.0, -1.0, 1.0, -1.0), places: tuple[tuple[float, float], ...] = PLACES
) -> Problem:
    """G_k x_k' = dH/dy_k, G_k y_k' = -dH/dx_k with H = -1/(4 pi) sum_(i<j) G_i G_j log |z_i - z_j|^2 (Aref1983).

    The state contains all x, then all y. By default, two pairs leapfrog along the x-axis. Invariants are H, the impulse
    sum G_k z_k and the angular impulse sum G_k |z_k|^2.
    """
    n, starts = np.size(circulations), real_array(places, "places of the form ((x_1, y_1), (x_2, y_2), ...)")
    G = tuple(real_array(circulations, "numbers as circulations").ravel().tolist())
    if starts.shape != (n, 2):
        raise InputError(f"expected two coordinates for each of {n} vortices, got places of the shape {starts.shape}.")
    scale = 1 / (2 * np.pi)

    def energy(y):
        H = 0.0
        for i in range(n):
            for j in range(i):
                r2 = (y[i] - y[j]) ** 2 + (y[n + i] - y[n + j]) ** 2
                H -= scale / 2 * G[i] * G[j] * log(r2)
        return H

    def field(y):
        f = zeros_like(y)
        for i in range(n):
            for j in range(i):
                dx, dy = y[i] - y[j], y[n + i] - y[n + j]
                turn = scale / (dx * dx + dy * dy)
                f[i] -= G[j] * turn * dy
                f[n + i] += G[j] * turn * dx
                f[j] += G[i] * turn * dy
                f[n + j] -= G[i] * turn * dx
        return f

    def gradient(y):
        slope = zeros_like(y)
        for i in range(n):
            for j in range(i):
                dx, dy = y[i] - y[j], y[n + i] - y[n + j]
                pull = scale * G[i] * G[j] / (dx * dx + dy * dy)
                slope[i] -= pull * dx
                slope[n + i] -= pull * dy
                slope[j] += pull * dx
                slope[n + j] += pull * dy
        return slope

    def impulse(first):
        def component(y):
            total = 0.0
            for i in range(n):
                total += G[i] * y[first + i]
            return total

        return component

    def angular_impulse(y):
        total = 0.0
        for i in range(n):
            total += G[i] * (y[i] ** 2 + y[n + i] ** 2)
        return total

    return Problem(
        y0=starts.T.ravel(),
        span=(0.0, 20.0),
        reference="Aref1983",
        field=field,
        invariants={
            "energy": energy,
            "impulse_x": impulse(0),
            "impulse_y": impulse(n),
            "angular_impulse": angular_impulse,
        },
        # y' = B grad H with B = ((0, D), (-D, 0)), D = diag(1/G_k)
        offers={"poisson": np.kron([[0, 1], [-1, 0]], np.diag(1 / np.array(G))), "gradient": gradient},
    )
