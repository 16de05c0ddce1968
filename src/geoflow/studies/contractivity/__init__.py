"""The studies of the chapter contractivity, one folder each."""
