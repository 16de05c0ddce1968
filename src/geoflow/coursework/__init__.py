"""One file to hand in, and one command that checks it: build, unpack, verify.

`build` collects text, sources, results and figures under a manifest; `verify` unpacks such an
archive without trusting it, checks every hash, and rebuilds what the text claims.
"""
