"""Stage hamiltonian: one of the studies of `geoflow.stages.schema.hamiltonian`."""

from geoflow.stages.entry import main

if __name__ == "__main__":
    main("hamiltonian")
