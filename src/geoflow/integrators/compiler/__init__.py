"""Compiled loops: the source of a loop for one problem and one method, compiled by LLVM; see README.md."""
