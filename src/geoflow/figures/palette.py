"""One colour, label, marker and line style for each method and network, the same in every figure.

The colours are those of Okabe and Ito (2008) and some of Paul Tol's, which people with any of the
common colour vision deficiencies can tell apart; marker and line style repeat what the colour says.
A solid line means that the method is symplectic (or the network non-expansive), a dashed one that
it is not.
A name that is not listed here gets a look that depends on the name alone.
"""

import re
import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

COLOURS = {
    "blue": "#0072B2",
    "vermillion": "#D55E00",
    "green": "#009E73",
    "purple": "#CC79A7",
    "orange": "#E69F00",
    "sky": "#56B4E9",
    "black": "#000000",
    "wine": "#882255",
    "indigo": "#332288",
    "olive": "#999933",
    "grey": "#777777",
}
CYCLE = ("blue", "vermillion", "green", "purple", "orange", "sky", "indigo", "wine", "olive", "black")
MARKERS = ("o", "s", "^", "v", "D", "<", ">", "P", "X", "p", "h", "d")
SOLID, DASHED, DOTTED, DASHDOT = "-", (0, (4, 1.5)), (0, (1, 1.2)), (0, (4, 1.2, 1, 1.2))


@dataclass(frozen=True)
class Look:
    """How one method or network is drawn: label without LaTeX, colour as hexadecimal RGB."""

    label: str
    colour: str
    marker: Any = "o"
    line: Any = SOLID

    def plot(self, markers: bool = True, **changes: Any) -> dict[str, Any]:
        """Keyword arguments for `Axes.plot`."""
        style = {"color": self.colour, "linestyle": self.line, "label": self.label}
        if markers:
            style |= {"marker": self.marker, "markeredgecolor": "white"}
        return {**style, **changes}


def _look(label: str, colour: str, marker: str = "o", line: Any = SOLID) -> Look:
    return Look(label, COLOURS[colour], marker, line)


LOOKS = {
    # explicit Runge-Kutta
    "explicit_euler": _look("explicit Euler", "vermillion", "o", DASHED),
    "explicit_midpoint": _look("explicit midpoint", "wine", "v", DASHDOT),
    "heun_2": _look("Heun 2", "orange", "^", DASHED),
    "ralston_2": _look("Ralston 2", "olive", "<", DASHED),
    "ssprk_2_2": _look("SSPRK(2,2)", "olive", "P", DASHED),
    "heun_3": _look("Heun 3", "orange", "D", DASHED),
    "kutta_3": _look("Kutta 3", "wine", "X", DASHED),
    "ralston_3": _look("Ralston 3", "olive", ">", DASHED),
    "ssprk_3_3": _look("SSPRK(3,3)", "purple", "P", DASHED),
    "rk4": _look("RK4", "black", "D", DASHED),
    "rk4_38": _look("RK4, 3/8 rule", "black", "h", DASHDOT),
    "rk45": _look("RK45, adaptive", "orange", "h", DASHDOT),
    "ssprk_10_4": _look("SSPRK(10,4)", "green", "P", DASHED),
    "butcher_6": _look("Butcher 6", "wine", "p", DASHDOT),
    "dormand_prince_5": _look("Dormand-Prince 5", "purple", ">", DASHDOT),
    "dormand_prince_8": _look("Dormand-Prince 8", "blue", "p", DASHDOT),
    # implicit Runge-Kutta
    "implicit_euler": _look("implicit Euler", "purple", "X", DASHED),
    "implicit_midpoint": _look("implicit midpoint", "blue", "s", SOLID),
    "trapezoidal": _look("trapezoidal rule", "olive", "d", DASHED),
    "sdirk_2": _look("SDIRK 2", "sky", "d", DASHED),
    "sdirk_3": _look("SDIRK 3", "indigo", "d", DASHED),
    "crouzeix_2": _look("Crouzeix", "wine", "d", DASHED),
    # splittings and compositions
    "symplectic_euler": _look("symplectic Euler", "sky", "<", SOLID),
    "symplectic_euler_adjoint": _look("symplectic Euler, adjoint", "indigo", ">", SOLID),
    "stormer_verlet": _look("St\u00f6rmer-Verlet", "green", "v", SOLID),
    "stormer_verlet_position": _look("St\u00f6rmer-Verlet, position", "olive", "^", SOLID),
    "yoshida_4": _look("Yoshida 4", "blue", "P", SOLID),
    "suzuki_4": _look("Suzuki 4", "purple", "p", SOLID),
    "yoshida_6": _look("Yoshida 6", "wine", "p", SOLID),
    "kahan_li_6": _look("Kahan-Li 6", "orange", "h", SOLID),
    "yoshida_8": _look("Yoshida 8", "black", "X", SOLID),
    "mclachlan_8": _look("McLachlan 8", "vermillion", "p", SOLID),
    "kahan_li_8": _look("Kahan-Li 8", "green", "h", SOLID),
    "mclachlan_4": _look("McLachlan 4", "sky", "X", SOLID),
    "blanes_moan_6_4": _look("Blanes-Moan 6, 4", "sky", "s", SOLID),
    "blanes_moan_10_6": _look("Blanes-Moan 10, 6", "black", "P", SOLID),
    "srkn_6_4": _look("SRKN 6, 4", "wine", "s", SOLID),
    "srkn_11_6": _look("SRKN 11, 6", "indigo", "X", SOLID),
    "srkn_14_6": _look("SRKN 14, 6", "blue", "d", SOLID),
    "sofroniou_spaletta_10": _look("Sofroniou-Spaletta 10", "vermillion", "s", SOLID),
    # partitioned pairs
    "partitioned_euler": _look("partitioned Euler", "olive", "s", SOLID),
    "partitioned_euler_adjoint": _look("partitioned Euler, adjoint", "wine", ">", SOLID),
    "partitioned_verlet": _look("partitioned Verlet", "black", "^", SOLID),
    "partitioned_verlet_position": _look("partitioned Verlet, position", "green", "^", SOLID),
    # formulas
    "average_vector_field": _look("average vector field", "sky", "s", DASHDOT),
    "gonzalez": _look("Gonzalez", "purple", "<", DASHDOT),
    "itoh_abe": _look("Itoh-Abe", "indigo", "v", DASHDOT),
    "projected_explicit_euler": _look("projected explicit Euler", "wine", ">", DASHED),
    "projected_rk4": _look("projected RK4", "orange", "s", DASHED),
    "symmetrically_projected_trapezoidal": _look("symm. projected trapezoidal", "olive", "D", DASHED),
    "kahan": _look("Kahan", "green", "d", DASHDOT),
    "boris": _look("Boris", "blue", "o", DASHDOT),
    "gautschi": _look("Gautschi", "vermillion", "^", DASHDOT),
    "deuflhard": _look("Deuflhard", "black", "v", SOLID),
    "garcia_archilla": _look("Garc\u00eda-Archilla", "orange", "D", SOLID),
    "hochbruck_lubich": _look("Hochbruck-Lubich", "purple", "s", DASHDOT),
    "hairer_lubich": _look("Hairer-Lubich", "blue", "P", DASHDOT),
    "grimm_hochbruck": _look("Grimm-Hochbruck", "sky", "X", DASHDOT),
    "imex": _look("IMEX", "wine", "o", SOLID),
    "lie_euler": _look("Lie-Euler", "sky", "o", DASHED),
    "rkmk_4": _look("RKMK 4", "indigo", "D", DASHED),
    "reversible_verlet": _look("reversible Verlet", "green", "^", DASHDOT),
    "naive_adaptive_verlet": _look("naive adaptive Verlet", "vermillion", "v", DOTTED),
    # methods that are wrong on purpose: grey and dotted
    "rk4_mistyped": _look("RK4, mistyped", "grey", "D", DOTTED),
    "gauss_2_equal_nodes": _look("Gauss 2, equal nodes", "grey", "s", DOTTED),
    "yoshida_4_mistyped": _look("Yoshida 4, mistyped", "grey", "P", DOTTED),
    "stormer_verlet_uneven": _look("St\u00f6rmer-Verlet, uneven", "grey", "v", DOTTED),
    # optimisers
    "gradient_descent": _look("gradient descent", "vermillion", "o", DASHED),
    "chebyshev": _look("Chebyshev (RKC 1)", "orange", "*", DASHDOT),
    "nesterov": _look("Nesterov", "purple", "^", DASHED),
    "heavy_ball": _look("heavy ball", "black", "s", SOLID),
    "conformal_euler": _look("conformal symplectic Euler", "sky", "<", DOTTED),
    "conformal_verlet": _look("conformal Verlet", "green", "v", SOLID),
    "damped_explicit_euler": _look("explicit Euler, damped flow", "grey", "X", DOTTED),
    # networks
    "resnet": _look("ResNet", "vermillion", "o", DASHED),
    "non_expansive": _look("non-expansive network", "blue", "s", SOLID),
    "mass_preserving": _look("mass-preserving network", "green", "v", SOLID),
    "mlp_2": _look("two-layer perceptron", "wine", "<", DOTTED),
    "convnet": _look("ConvNet", "orange", "D", DASHED),
    "sdp_residual": _look("SDP-based network", "purple", "P", SOLID),
    "convolutional": _look("convolutional, non-expansive", "indigo", "X", SOLID),
    "alternating": _look("alternating network", "sky", "<", SOLID),
    "averaged": _look("averaged denoiser", "blue", "s", SOLID),
    "residual": _look("free denoiser", "vermillion", "o", DASHED),
    "residual_small": _look("free denoiser, small steps", "orange", "D", DASHED),
    "rk4_frozen": _look("RK4, frozen weights", "grey", "D", DOTTED),
    "rk4_noise": _look("RK4, weights drawn anew", "grey", "X", DOTTED),
    "mlp": _look("multilayer perceptron", "olive", "^", DOTTED),
    "symplectic": _look("symplectic network", "green", "v", SOLID),
}

# A family with S stages: how its label starts, marker, line, colour at S = 1 (an index into CYCLE).
FAMILIES: dict[str, tuple[str, Any, Any, int]] = {
    "gauss": ("Gauss", (5, 1, 0), SOLID, 2),
    "radau_ia": ("Radau IA", "8", DASHED, 4),
    "radau_iia": ("Radau IIA", "H", DASHED, 0),
    "lobatto_iiia": ("Lobatto IIIA", (4, 1, 0), DASHED, 0),
    "lobatto_iiib": ("Lobatto IIIB", (4, 1, 45), DASHED, 0),
    "lobatto_iiic": ("Lobatto IIIC", (6, 1, 0), DASHED, 0),
    "lobatto_iiid": ("Lobatto IIID", (3, 1, 0), DASHED, 0),
    "lobatto_iiia_iiib": ("Lobatto IIIA-IIIB", (4, 1, 20), SOLID, 0),
    "rkc_1": ("RKC 1, stages", "*", DASHDOT, 1),
    "rkc_2": ("RKC 2, stages", (7, 0, 0), DASHDOT, 3),
    "hbvm_2": ("HBVM 2,", (5, 0, 180), DASHED, 1),
    "hbvm_3": ("HBVM 3,", (3, 0, 90), DASHED, 3),
    "hbvm_4": ("HBVM 4,", (3, 0, 270), DASHED, 5),
    "hbvm_8": ("HBVM 8,", (8, 0, 0), DASHED, 7),
    "lie_trotter": ("Lie-Trotter, parts", (9, 0, 0), SOLID, 0),
    "strang": ("Strang, parts", (4, 0, 20), SOLID, 2),
    "saba": ("SABA", (3, 1, 60), SOLID, 4),
    "triple_jump": ("triple jump", (5, 1, 36), SOLID, 3),
    "suzuki": ("Suzuki", (6, 1, 30), SOLID, 5),
}


def look(name: str) -> Look:
    """The look of a method or network; any name has one, and it never changes with the others."""
    if name in LOOKS:
        return LOOKS[name]
    member = re.fullmatch(r"(.+)_([0-9]+)", name)
    if member and member[1] in FAMILIES:
        label, marker, line, start = FAMILIES[member[1]]
        stages = int(member[2])
        colour = CYCLE[(start + stages - 1) % len(CYCLE)]
        return Look(f"{label} {stages}", COLOURS[colour], marker, line)
    number = zlib.crc32(name.encode())
    colour, marker = CYCLE[number % len(CYCLE)], MARKERS[number // 16 % len(MARKERS)]
    return Look(name.replace("_", " "), COLOURS[colour], marker, DASHDOT)


def in_order(names: Iterable[str]) -> list[str]:
    """The different `names` in the order in which legends and tables show them: as listed above."""
    known = [*LOOKS, *FAMILIES]

    def place(name: str) -> tuple[int, int, str]:
        if name in LOOKS:
            return known.index(name), 0, name
        family, _, stages = name.rpartition("_")
        if family in FAMILIES and stages.isdigit():
            return known.index(family), int(stages), name
        return len(known), 0, name

    return sorted(set(names), key=place)
