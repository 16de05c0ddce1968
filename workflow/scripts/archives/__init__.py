"""Coursework archives: their manifest, safe unpacking, and verification.

`build_submission.py` packs text, sources, results and figures with a manifest. `verify` unpacks such an archive safely,
checks every hash, and recomputes the results that the text uses.
"""
