from geoflow.ground.study import Entry, Study


class Density(Study):
    """An ensemble that fills a disc of the phase plane: its density as a picture, and along orbits.

    h: step size; shown: numbers of steps after which there is a picture; members: of the ensemble; probes: small
    parallelograms whose area is followed: what a method does to it, it does to the inverse of the density along an
    orbit; centre, radius: of the disc; highest, bins: `bins` x `bins` cells of the cylinder -pi <= q < pi,
    |p| < highest. Densities are in units of that of the full disc.

    density_error: the largest |density - 1| along an orbit; density_ratio: their median at the end; densest: the
    largest cell of all pictures; chance: what the largest is expected to be when the counts of all cells that are at
    least half full, in all pictures, are independent Poisson counts with the mean of a full cell (in_a_cell); surplus:
    the excess of the largest over that, in standard deviations of such a count; escaped: the part of the members whose
    energy at the end is none that the disc has, widened by a tenth.
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
