"""The outer solar system in Jacobi coordinates: Kepler orbits about the Sun, and kicks between the planets."""

import numpy as np

from geoflow.problems.bodies import angular_momenta
from geoflow.problems.elementary import sqrt, zeros_like
from geoflow.problems.kepler_flow import kepler_coefficients
from geoflow.problems.outer_solar_system import GRAVITY, MASSES, outer_solar_system
from geoflow.problems.problem import Problem, textbook

PLANETS = len(MASSES) - 1
# M_i: mass of the Sun and the planets up to i; m'_i = m_i M_(i-1) / M_i; shares m_i / M_i and M_(i-1) / M_i.
INSIDE = tuple(np.cumsum(MASSES).tolist())
REDUCED = tuple(MASSES[i] * INSIDE[i - 1] / INSIDE[i] for i in range(1, PLANETS + 1))
SHARE = tuple(MASSES[i] / INSIDE[i] for i in range(1, PLANETS + 1))
REST = tuple(INSIDE[i - 1] / INSIDE[i] for i in range(1, PLANETS + 1))
PULL = tuple(GRAVITY * MASSES[0] * m for m in MASSES[1:])  # G m_0 m_i


def to_jacobi(y: np.ndarray) -> np.ndarray:
    """Jacobi coordinates (q', p'), shape (30,), of positions and momenta of six bodies, shape (36,)."""
    q, p = y.reshape(2, PLANETS + 1, 3)
    m = np.array(MASSES)[:, None]
    centre = np.cumsum(m * q, axis=0) / np.cumsum(m, axis=0)
    drift = np.cumsum(p, axis=0) / np.cumsum(m, axis=0)
    velocities = p[1:] / m[1:] - drift[:-1]
    return np.concatenate([q[1:] - centre[:-1], np.array(REDUCED)[:, None] * velocities]).ravel()


def from_jacobi(y: np.ndarray) -> np.ndarray:
    """Positions and momenta of six bodies, shape (36,), with their centre of mass at rest at the origin."""
    q, p = y.reshape(2, PLANETS, 3)
    m = np.array(MASSES)[:, None]

    def about_centre(x: np.ndarray) -> np.ndarray:
        offset = np.cumsum(np.array(SHARE)[:, None] * x, axis=0)  # of centre i from the Sun
        from_sun = np.concatenate([np.zeros((1, 3)), x + offset - np.array(SHARE)[:, None] * x])
        return from_sun - offset[-1]

    velocities = about_centre(p / np.array(REDUCED)[:, None])
    return np.concatenate([about_centre(q), m * velocities]).ravel()


def attract(scale, y, F, G, pull, mass, share, rest):
    """Add scale times -dU/dq' to the second half of F, where U is the whole potential and q' the first half of y.

    The position of planet i relative to the Sun is e = q'_i + sum_(k<i) share_k q'_k, and relative to planet k it is
    e_k - q'_k, where e_(k+1) = e_k - share_k q'_k and e_0 = e.
    """
    n = len(pull)
    for i in range(n):
        ex, ey, ez = y[3 * i], y[3 * i + 1], y[3 * i + 2]
        for k in range(i):
            ex = ex + share[k] * y[3 * k]
            ey = ey + share[k] * y[3 * k + 1]
            ez = ez + share[k] * y[3 * k + 2]
        r2 = ex * ex + ey * ey + ez * ez
        g = -scale * pull[i] / (r2 * sqrt(r2))
        X, Y, Z = g * ex, g * ey, g * ez  # force on planet i from the Sun and the planets before k
        for k in range(i):
            dx, dy, dz = ex - y[3 * k], ey - y[3 * k + 1], ez - y[3 * k + 2]
            r2 = dx * dx + dy * dy + dz * dz
            g = -scale * G * mass[i + 1] * mass[k + 1] / (r2 * sqrt(r2))
            F[3 * (n + k)] += share[k] * X - rest[k] * g * dx
            F[3 * (n + k) + 1] += share[k] * Y - rest[k] * g * dy
            F[3 * (n + k) + 2] += share[k] * Z - rest[k] * g * dz
            X, Y, Z = X + g * dx, Y + g * dy, Z + g * dz
            ex = ex - share[k] * y[3 * k]
            ey = ey - share[k] * y[3 * k + 1]
            ez = ez - share[k] * y[3 * k + 2]
        F[3 * (n + i)] += X
        F[3 * (n + i) + 1] += Y
        F[3 * (n + i) + 2] += Z


@textbook
def outer_solar_system_jacobi() -> Problem:
    """H = A + B, A = sum_i |p'_i|^2/(2 m'_i) - G m_0 m_i/|q'_i| and B the rest of the potential (WisdomHolman1991).

    B = sum_i G m_0 m_i (1/|q'_i| - 1/|q_i - q_0|) - sum_(0<j<i) G m_i m_j/|q_i - q_j| depends on q' alone and is
    about a thousand times smaller than A. q'_i (AU) is the position of planet i relative to the centre of mass of the
    bodies inside its orbit, p'_i = m'_i dq'_i/dt; the total centre of mass is omitted. Data: HLW I.2.4; time in days.
    """
    n, G, mass, share, rest, pull, reduced = PLANETS, GRAVITY, MASSES, SHARE, REST, PULL, REDUCED

    def hamiltonian(q, p):
        energy = 0.0
        for i in range(n):
            energy += (p[3 * i] ** 2 + p[3 * i + 1] ** 2 + p[3 * i + 2] ** 2) / (2 * reduced[i])
            # (x, y, z): planet i from planet k, for k = i - 1, ..., 0, and from the Sun at the end.
            x, y, z = q[3 * i], q[3 * i + 1], q[3 * i + 2]
            for j in range(i):
                k = i - 1 - j
                dx = x - rest[k] * q[3 * k]
                dy = y - rest[k] * q[3 * k + 1]
                dz = z - rest[k] * q[3 * k + 2]
                energy -= G * mass[i + 1] * mass[k + 1] / sqrt(dx * dx + dy * dy + dz * dz)
                x = x + share[k] * q[3 * k]
                y = y + share[k] * q[3 * k + 1]
                z = z + share[k] * q[3 * k + 2]
            energy -= pull[i] / sqrt(x * x + y * y + z * z)
        return energy

    def field(y):
        f = zeros_like(y)
        for i in range(n):
            for k in range(3):
                f[3 * i + k] = y[3 * (n + i) + k] / reduced[i]
        attract(1.0, y, f, G, pull, mass, share, rest)
        return f

    def drift(h, y):
        new = zeros_like(y)
        for i in range(n):
            a, b = 3 * i, 3 * (n + i)
            m = reduced[i]
            r = sqrt(y[a] ** 2 + y[a + 1] ** 2 + y[a + 2] ** 2)
            u = (y[a] * y[b] + y[a + 1] * y[b + 1] + y[a + 2] * y[b + 2]) / m
            v2 = (y[b] ** 2 + y[b + 1] ** 2 + y[b + 2] ** 2) / m / m
            F, g, f, D = kepler_coefficients(h, pull[i] / m, r, u, v2)
            for k in range(3):
                new[a + k] = y[a + k] + (F * y[a + k] + g * y[b + k] / m)
                new[b + k] = y[b + k] + (f * m * y[a + k] + D * y[b + k])
        return new

    def kick(h, y):
        new = zeros_like(y)
        for i in range(n):
            a, b = 3 * i, 3 * (n + i)
            r2 = y[a] ** 2 + y[a + 1] ** 2 + y[a + 2] ** 2
            back = h * pull[i] / (r2 * sqrt(r2))
            for k in range(3):
                new[a + k] = y[a + k]
                new[b + k] = y[b + k] + back * y[a + k]
        attract(h, y, new, G, pull, mass, share, rest)
        return new

    return Problem(
        y0=to_jacobi(outer_solar_system().y0), span=(0.0, 200_000.0), reference="WisdomHolman1991",
        field=field, hamiltonian=hamiltonian,
        invariants={"energy": hamiltonian, **angular_momenta(n)}, flows={"A": drift, "B": kick},
        units={"t": "day", "q": "AU", "p": "solar mass AU/day"},
    )  # fmt: skip
