"""Stage robust: one of the studies of `geoflow.stages.schema.robust`."""

from geoflow.stages.entry import main

if __name__ == "__main__":
    main("robust")
