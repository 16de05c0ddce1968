from geoflow.ground.study import Entry, Study


class Density(Study):
    """Density of an ensemble that initially fills a disc in the phase plane, as a picture and along orbits.

    h: step size; shown: numbers of steps after which a picture is stored; members: size of the ensemble; probes: number
    of small parallelograms whose area is computed, which is proportional to the inverse of the density along an orbit;
    centre, radius: of the disc; highest, bins: `bins` x `bins` cells of the cylinder -pi <= q < pi, |p| < highest.

    Densities are in units of the initial density of the disc. density_error: largest |density - 1| along an orbit;
    density_ratio: median of the final densities; densest: largest density of a cell in all pictures; chance: expected
    maximum if the counts of all cells that are at least half full are independent Poisson counts with the mean of a
    full cell (in_a_cell); surplus: excess of the maximum over chance, in standard deviations of such a count; escaped:
    fraction of members whose final energy is outside the range of energies in the disc, widened by a tenth.
    """

    tables = {"density": "method t q p density", "probes": "method t probe density"}
    summary = "members h time in_a_cell {density_error,density_ratio,densest,surplus,chance,escaped}/<method>"
    problem: Entry
    methods: list[str]
    h: float
    shown: list[int]
    members: int
    probes: int
    centre: list[float]
    radius: float
    highest: float
    bins: int
    seed: int
