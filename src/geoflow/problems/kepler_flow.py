"""Exact flow of the Kepler problem on an ellipse, in plain arithmetic: the drift of near-integrable splittings."""

from geoflow.problems.elementary import cos, sin, sqrt


def kepler_coefficients(h, mu, r, u, v2):
    """Coefficients (F, g, f', G) of q(h) = q + F q + g v, v(h) = v + f' q + G v for q'' = -mu q / |q|^3.

    r = |q|, u = q . v, v2 = |v|^2 for a bound orbit (v2 < 2 mu / r). With the semi-axis a, the mean motion n,
    e cos E_0 = 1 - r/a and e sin E_0 = u / (n a^2), the change x of the eccentric anomaly solves Kepler's equation
    x - e cos E_0 sin x + e sin E_0 (1 - cos x) = n h (Danby1988, chapter 6). Three corrections of order four, from
    E = M + e sin M (1 + e cos M), give an error below 1e-36 for e <= 0.9 (1e-60 for e <= 0.8) for any h. There is no
    branch, so that columns, complex and mpmath numbers are possible. F = f - 1 and G = g' - 1 in terms of the Gauss
    functions f, g': the small change is added last.
    """
    a = 1 / (2 / r - v2 / mu)
    n = sqrt(mu / a) / a
    c0, s0 = 1 - r / a, u / (n * a * a)
    y = n * h - s0
    s, c = s0 * cos(y) + c0 * sin(y), c0 * cos(y) - s0 * sin(y)
    x = y + s * (1 + c)
    for _ in range(3):
        s, c = s0 * cos(x) + c0 * sin(x), c0 * cos(x) - s0 * sin(x)
        defect = x - s + s0 - n * h
        dx = -defect / (1 - c)
        dx = -defect / (1 - c + dx * s / 2)
        dx = -defect / (1 - c + dx * s / 2 + dx * dx * c / 6)
        x = x + dx
    half, rest = sin(x / 2), cos(x / 2)
    sine, turned = 2 * half * rest, 2 * half**2  # sin x and 1 - cos x, without cancellation
    share = 1 / (1 - c0 + c0 * turned + s0 * sine)  # a / |q(h)|
    return -a / r * turned, h - (x - sine) / n, -share * n * a / r * sine, -share * turned
