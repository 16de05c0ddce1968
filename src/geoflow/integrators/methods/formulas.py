"""Methods given as general one-step maps: discrete gradients, projections, special fields, variable steps."""

from geoflow.ground import Family
from geoflow.integrators.families import Method
from geoflow.integrators.families.formula import Formula, implicit_formula
from geoflow.integrators.formulas.discrete_gradients import average_vector_field, gonzalez, itoh_abe, unit_quadrature
from geoflow.integrators.formulas.equations import kahan
from geoflow.integrators.formulas.projections import projection
from geoflow.integrators.formulas.rotations import boris, lie_euler, rkmk_4
from geoflow.integrators.formulas.trigonometric import (
    gautschi_filter,
    hochbruck_lubich_filter,
    imex,
    one,
    sinc,
    sinc_cubed,
    sinc_squared,
    trigonometric_method,
)
from geoflow.integrators.formulas.variable_step import naive_adaptive_verlet, reversible_verlet
from geoflow.integrators.methods.explicit import explicit_euler, rk4
from geoflow.integrators.methods.implicit import trapezoidal

FORMULAS: dict[str, Method | Family[Method]] = {
    # discrete gradients
    "average_vector_field": implicit_formula(
        average_vector_field,
        order=2,
        reference="QuispelMcLaren2008",
        stages=8,
        numbers=unit_quadrature(8),
        proved={"symmetric": "QuispelMcLaren2008"},
    ),
    "gonzalez": implicit_formula(gonzalez, order=2, reference="Gonzalez1996", proved={"symmetric": "Gonzalez1996"}),
    "itoh_abe": implicit_formula(itoh_abe, order=1, reference="ItohAbe1988"),
    # projections
    "projected_explicit_euler": projection(explicit_euler),
    "projected_rk4": projection(rk4),
    "symmetrically_projected_trapezoidal": projection(trapezoidal, symmetric=True),
    # fields of a special kind
    "kahan": Formula(
        kahan,
        order=2,
        reference="Kahan1993",
        explicit=False,
        proved={"symmetric": "CelledoniMcLachlanOwrenQuispel2013"},
    ),
    "boris": Formula(boris, order=2, reference="Boris1970", proved={"symmetric": "Qin2013"}),
    "gautschi": trigonometric_method(gautschi_filter, one, "Gautschi1961"),
    "deuflhard": trigonometric_method(sinc, one, "Deuflhard1979", symplectic=True),
    "garcia_archilla": trigonometric_method(sinc_squared, sinc, "GarciaArchillaEtAl1999", symplectic=True),
    "hochbruck_lubich": trigonometric_method(gautschi_filter, hochbruck_lubich_filter, "HochbruckLubich1999"),
    "hairer_lubich": trigonometric_method(sinc_squared, one, "HairerLubich2000"),
    "grimm_hochbruck": trigonometric_method(sinc_cubed, sinc, "GrimmHochbruck2006"),
    "imex": Formula(
        imex,
        order=2,
        reference="SternGrinspun2009",
        proved={"symmetric": "SternGrinspun2009", "symplectic": "SternGrinspun2009"},
    ),
    "lie_euler": Formula(lie_euler, order=1, reference="HLW"),
    "rkmk_4": Formula(rkmk_4, order=4, reference="MuntheKaas1998", stages=4),
    # variable steps
    "reversible_verlet": Formula(reversible_verlet, order=2, reference="HLW", proved={"symmetric": "HLW"}),
    "naive_adaptive_verlet": Formula(naive_adaptive_verlet, order=1, reference="HLW"),
}
