"""The built site in headless Chromium, without a network; `make test-site` builds it and sets GEOFLOW_SITE."""

import os
import shutil
from pathlib import Path

import pytest

SITE = Path(os.environ.get("GEOFLOW_SITE", "")).resolve()
SECONDS = 120  # on a busy machine
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")


@pytest.fixture(scope="session")
def site():
    """The folder with index.html."""
    if not os.environ.get("GEOFLOW_SITE"):
        pytest.skip("make test-site builds the site and runs these tests")
    assert (SITE / "index.html").is_file(), f"there is no site in {SITE}; make it with make site"
    return SITE


@pytest.fixture(scope="session")
def browser(site):
    """Chromium, which finds every network address unreachable."""
    playwright = pytest.importorskip("playwright.sync_api", reason="needs playwright, which make site installs")
    if CHROMIUM is None:
        pytest.skip("needs Chromium (Debian, Ubuntu: apt-get install chromium fonts-dejavu-core)")
    arguments = ["--no-sandbox", "--host-resolver-rules=MAP * ~NOTFOUND"]
    with playwright.sync_playwright() as driver:
        started = driver.chromium.launch(executable_path=CHROMIUM, args=arguments)
        yield started
        started.close()


class Visit:
    """A tab of the browser that collects all errors of the console and all requests that fail or leave the folder."""

    def __init__(self, browser, site, **options):
        self.site = site
        self.tab = browser.new_context(**options).new_page()
        self.tab.set_default_timeout(SECONDS * 1000)
        self.faults = []
        self.tab.on("console", lambda said: self.faults.append(said.text) if said.type == "error" else None)
        self.tab.on("pageerror", lambda error: self.faults.append(str(error)))
        self.tab.on("requestfailed", self._note_failure)
        self.tab.on("request", self._check_address)

    def _note_failure(self, request):
        if request.failure != "net::ERR_ABORTED":  # the tab left the page while it was loading
            self.faults.append(f"{request.url} failed: {request.failure}")

    def _check_address(self, request):
        if request.url.split(":")[0] not in ("file", "data", "blob"):
            self.faults.append(f"{request.url} is not local")

    def open(self, address):
        self.tab.goto(f"{self.site.as_uri()}/{address}", wait_until="load")
        return self.tab


@pytest.fixture
def visit(browser, site):
    made = Visit(browser, site)
    yield made
    made.tab.context.close()


@pytest.fixture
def visit_as(browser, site):
    """A visit with other options: visit_as(viewport=..., color_scheme=...)."""
    made = []

    def make(**options):
        made.append(Visit(browser, site, **options))
        return made[-1]

    yield make
    for one in made:
        one.tab.context.close()
