"""Every page of the built site loads from its folder without a network, and its tables, views and search respond."""

import re
from html.parser import HTMLParser
from urllib.parse import unquote, urlsplit

import pytest

PHONE = {"width": 390, "height": 844}


class _Links(HTMLParser):
    """Addresses that a page refers to, and the anchors that it has."""

    def __init__(self):
        super().__init__()
        self.addresses, self.anchors = set(), set()

    def handle_starttag(self, tag, attrs):
        for key, value in attrs:
            if key in ("href", "src") and value:
                self.addresses.add(value)
            elif key in ("id", "name") and value:
                self.anchors.add(value)


@pytest.fixture(scope="session")
def pages(site):
    """Address -> its links."""
    found = {}
    for path in sorted(set(site.rglob("*.html")) - set(site.glob("_static/**/*.html"))):
        links = _Links()
        links.feed(path.read_text())
        found[path.relative_to(site).as_posix()] = links
    return found


def test_internal_links_lead_to_files_and_anchors_that_exist(site, pages):
    wrong = []
    for address, links in pages.items():
        for link in links.addresses:
            parts = urlsplit(link)
            if parts.scheme or parts.netloc:
                continue
            target = (site / address).parent / unquote(parts.path) if parts.path else site / address
            target = target.resolve()
            if not target.is_file():
                wrong.append(f"{address}: {link}")
            elif parts.fragment and target.suffix == ".html":
                known = pages[target.relative_to(site).as_posix()].anchors
                if unquote(parts.fragment) not in known | {""}:
                    wrong.append(f"{address}: {link} has no such anchor")
    assert wrong == []


def test_no_page_loads_anything_from_a_network(site):
    for path in site.rglob("*.html"):
        text = path.read_text()
        loaded = re.findall(r"<(?:script|img|iframe)[^>]*src=[\"'](?:https?:)?//[^\"']*", text)
        loaded += re.findall(
            r"<link[^>]*rel=[\"'](?:stylesheet|preload)[\"'][^>]*href=[\"'](?:https?:)?//[^\"']*", text
        )
        assert loaded == [], path


def test_plotly_and_the_table_library_are_there_once(site):
    assert len(list(site.rglob("plotly*.js"))) == 1
    large = [path for path in site.rglob("*.html") if path.stat().st_size > 3_000_000]
    assert large == []


def test_every_page_loads_without_an_error_or_a_missing_file(visit, pages):
    faults = {}
    for address in pages:
        visit.faults.clear()
        visit.open(address)
        if visit.faults:
            faults[address] = list(visit.faults)
    assert faults == {}


def test_formulas_are_typeset(visit):
    tab = visit.open("methods/rk4.html")
    tab.wait_for_selector("mjx-container svg")
    assert tab.locator("merror").count() == 0
    assert visit.faults == []


def test_the_table_of_methods_filters_and_sorts(visit):
    tab = visit.open("methods/index.html")
    tab.wait_for_selector("table.dataTable tbody tr td a")
    everything = tab.locator("table.dataTable tbody tr").count()
    tab.locator("input[type=search]").last.fill("yoshida_6")
    tab.wait_for_function("document.querySelectorAll('table.dataTable tbody tr').length === 1")
    assert tab.locator("table.dataTable tbody tr td a").first.inner_text() == "yoshida_6"
    assert everything > 20
    tab.locator("input[type=search]").last.fill("")
    tab.get_by_role("columnheader", name="order").last.click()
    first = tab.locator("table.dataTable tbody tr").first.locator("td").nth(2).inner_text()
    tab.get_by_role("columnheader", name="order").last.click()
    last = tab.locator("table.dataTable tbody tr").first.locator("td").nth(2).inner_text()
    assert int(first) < int(last)
    assert visit.faults == []


@pytest.mark.parametrize("view", ["stability", "work_precision", "robustness"])
def test_the_menu_of_a_view_changes_the_curves(visit, view):
    tab = visit.open(f"views/{view}.html")
    shown = "document.querySelector('.plotly-graph-div').data.map(trace => trace.visible !== false)"
    tab.wait_for_selector(".plotly-graph-div .scatterlayer .trace")
    before = tab.evaluate(shown)
    menu = "document.querySelector('.plotly-graph-div').layout.updatemenus[0]"
    count = tab.evaluate(f"{menu}.buttons.length")
    assert count > 1
    tab.locator(".updatemenu-header").first.click()
    other = (tab.evaluate(f"{menu}.active") + 1) % count
    tab.locator(".updatemenu-dropdown-button").nth(other).click()
    after = tab.evaluate(shown)
    assert sum(before) > 0
    assert sum(after) > 0
    assert before != after
    assert visit.faults == []


@pytest.mark.parametrize(("words", "page"), [("yoshida", "methods/yoshida_6.html"), ("kepler orbits", "kepler_orbits")])
def test_the_search_finds_entries_without_a_network(visit, words, page):
    tab = visit.open(f"search.html?q={words.replace(' ', '+')}")
    tab.wait_for_selector("#search-results li a")
    found = tab.locator("#search-results li a").evaluate_all("links => links.map(link => link.href)")
    assert any(page in one for one in found)
    assert visit.faults == []


def test_solutions_of_a_tutorial_are_folded_and_open_by_a_click(visit):
    tab = visit.open("tutorials/1_order.html")
    solution = tab.locator("details.hide").first
    assert not solution.locator("div.highlight").first.is_visible()
    solution.locator("summary").first.click()
    assert solution.locator("div.highlight").first.is_visible()
    assert tab.locator("div.cell_output img").count() >= 1


@pytest.mark.parametrize(
    "address", ["index.html", "gallery/index.html", "methods/rk4.html", "methods/index.html", "views/stability.html"]
)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_page_fits_a_phone_in_light_and_dark(visit_as, address, scheme):
    """No page is wider than the screen; wide tables and formulas scroll in their own boxes."""
    visit = visit_as(viewport=PHONE, color_scheme=scheme)
    tab = visit.open(address)
    tab.wait_for_timeout(500)
    assert tab.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    assert tab.evaluate("document.documentElement.dataset.theme") == scheme
    assert visit.faults == []
