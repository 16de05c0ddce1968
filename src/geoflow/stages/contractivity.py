"""Stage contractivity: one of its studies in `geoflow.stages.schema`."""

from geoflow.stages.entry import main

if __name__ == "__main__":
    main("contractivity")
