"""The numbers that README names as found are those of the library and of the tracked results."""

import re

from recipes import BLOCK, PAGES, ROOT

from geoflow import METHODS, integrate
from geoflow.ground import Results
from geoflow.theory.radii import contractivity_radius

README = PAGES[0].read_text()
TRACKED = ROOT / "data/reference/paper"


def drift(method, invariant):
    return integrate("kepler", method, h=0.05, steps=100_000, every=100).drift[invariant]


def test_every_number_found_is_the_one_that_is_computed():
    table = README.split("| Found | Number |\n|---|---|\n")[1].split("\n\n")[0]
    printed = re.findall(r"\| (\S+) \|$", table, re.M)
    round_off, mnist = (Results(TRACKED / name).summary for name in ("round_off_long", "mnist_robustness"))
    found = [
        f"{drift('stormer_verlet', 'energy'):.2g}",
        f"{drift('rk4', 'angular_momentum'):.2g}",
        f"{2 * contractivity_radius(METHODS['rk4']):g}",
        f"{round_off['energy_exponent/stormer_verlet/plain']:.2f}",
        f"{mnist['certified/sdp_residual/1.58']:.4f}",
    ]
    assert printed == found
    assert mnist["certified/resnet/1.58"] == 0
    assert drift("stormer_verlet", "angular_momentum") < 1e-12


def test_the_readme_fits_on_a_screen_and_a_half():
    assert README.count("\n") <= 150


def test_every_link_leads_to_a_file():
    for page in PAGES:
        for link in re.findall(r"\]\(([^)#\s]+)\)", BLOCK.sub("", page.read_text())):
            assert link.startswith("https://") or (page.parent / link).exists(), f"{page.name}: {link}"
