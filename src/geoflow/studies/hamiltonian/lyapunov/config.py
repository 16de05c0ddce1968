from geoflow.ground.study import Study
from geoflow.studies.hamiltonian import Run


class Lyapunov(Study):
    """Lyapunov exponents of orbits that fill the section of the Henon-Heiles problem, by methods of equal cost.

    margin: how many times log(t)/t the exponent of a chaotic orbit exceeds. H: the energy; chaotic: the fraction, with
    its 95 % interval as if the orbits were drawn at random; median: of all exponents; regular, irregular: the median of
    the orbits of either kind; undecided: the largest fraction of the first method at any energy.
    """

    tables = {"exponents": "method energy orbit t exponent", "fractions": "method energy chaotic low high median"}
    summary = "threshold cost_ratio undecided {chaotic,chaotic_low,chaotic_high,median,regular,irregular}/<method>/<H>"
    energies: list[float]
    runs: list[Run]
    orbits: int
    time: float
    samples: int
    margin: float
