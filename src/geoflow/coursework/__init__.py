"""Coursework archives: build, unpack and verify.

`workflow/scripts/build_submission.py` packs text, sources, results and figures with a manifest. `verify` unpacks such
an archive safely, checks every hash, and recomputes the results that the text uses.
"""
