"""Stage contractivity: one of the studies of `geoflow.stages.schema.contractivity`."""

from geoflow.stages.entry import main

if __name__ == "__main__":
    main("contractivity")
