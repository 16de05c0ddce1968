"""What each study may be asked: one dataclass a study; its fields are the valid keys of `values`.

A field without a default must be given. Importing this package costs nothing: the Snakefile does.
"""

from geoflow.stages.schema import (
    contractivity,
    convergence,
    gradient_flows,
    hamiltonian,
    henon_heiles,
    invariants,
    robust,
    stiff_springs,
    structure,
    worst_cases,
)
from geoflow.stages.schema.base import Study

# Each stage, and the files with its studies.
STAGES = {
    "convergence": (convergence,),
    "hamiltonian": (hamiltonian, invariants, henon_heiles, stiff_springs),
    "contractivity": (gradient_flows, contractivity, worst_cases),
    "robust": (robust, structure),
}
STUDIES: dict[tuple[str, str], type[Study]] = {
    (stage, name): study
    for stage, files in STAGES.items()
    for file in files
    for name, study in file.STUDIES.items()
}
