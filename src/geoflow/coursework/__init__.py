"""One file to hand in, and one command that checks it: collect, unpack, verify.

`workflow/scripts/build_submission.py` packs text, sources, results and figures with a manifest; `verify` unpacks such
an archive without trusting it, checks every hash, and rebuilds what the text claims.
"""
