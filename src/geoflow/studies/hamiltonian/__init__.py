"""The studies of the chapter hamiltonian, one folder each."""
