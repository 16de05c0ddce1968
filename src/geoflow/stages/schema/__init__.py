"""What each study may be asked: one dataclass a study; its fields are the valid keys of `values`.

A field without a default must be given. Importing this package costs nothing: the Snakefile does.
"""

from geoflow.stages.schema import contractivity, convergence, hamiltonian, robust, structure
from geoflow.stages.schema.base import Study

STUDIES: dict[tuple[str, str], type[Study]] = {
    (module.__name__.rpartition(".")[2], name): study
    for module in (convergence, hamiltonian, contractivity, robust)
    for name, study in module.STUDIES.items()
}
STUDIES |= {("robust", name): study for name, study in structure.STUDIES.items()}
