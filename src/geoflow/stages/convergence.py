"""Stage convergence: one of the studies of `geoflow.stages.schema.convergence`."""

from geoflow.stages.entry import main

if __name__ == "__main__":
    main("convergence")
