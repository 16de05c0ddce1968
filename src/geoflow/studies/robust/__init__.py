"""The studies of the chapter robust, one folder each."""
