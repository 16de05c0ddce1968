"""A config tree with one experiment."""

from pathlib import Path

SHARED = Path(__file__).parents[2] / "config" / "config.yaml"
EXPERIMENT = """\
# @package _global_
# Explicit Euler spirals out.
defaults:
  - override /study: hamiltonian/side_by_side
study:
  problem: {name: harmonic_oscillator}
  methods: [explicit_euler, rk4]
  h: 0.1
  steps: 1_000
at_scale:
  smoke: {steps: 10}
claims:
  - {name: out, text: it spirals out, quantity: energy_error/explicit_euler, above: 1}
  - {name: far, text: it goes far, quantity: energy_error/explicit_euler, above: 9, scales: [paper]}
"""
