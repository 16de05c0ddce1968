"""Write the source of the site and turn it into HTML by Sphinx."""

import shutil
from base64 import b64decode
from collections.abc import Iterator
from importlib.resources import as_file, files
from pathlib import Path

import itables.javascript
import plotly
from PIL import Image
from sphinx.cmd.build import build_main

from geoflow.ground import GeoflowError
from website.api import api_pages
from website.entry_pages import Page, entry_pages
from website.experiment_pages import DATA, LARGEST, experiment_pages, study_pages
from website.gallery import gallery_pages
from website.guides import guide_pages
from website.material import BIBLIOGRAPHY, FIGURES_FOLDER, Material
from website.overview import overview_pages
from website.views import view_pages

HERE = Path(__file__).parent
WIDTH, COLOURS = 480, 128  # of the thumbnails
STAGES = FIGURES_FOLDER / "workflow/stages.png"


def pages(material: Material) -> Iterator[Page]:
    """Yield address and text of every page except the tutorials."""
    yield from guide_pages(material)
    yield from overview_pages(material)
    yield from entry_pages(material)
    yield from experiment_pages(material)
    yield from study_pages(material)
    yield from gallery_pages(material)
    yield from view_pages(material)
    yield from api_pages()


def write(material: Material, notebooks: Path, source: Path) -> None:
    """Write the pages, pictures and libraries into the folder `source`, which is emptied first."""
    shutil.rmtree(source, ignore_errors=True)
    for address, text in pages(material):
        path = source / address
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    for path in notebooks.glob("*.ipynb"):
        shutil.copy(path, source / "tutorials")
    _write_pictures(material, source)
    _write_libraries(source / "_static")
    for path in (BIBLIOGRAPHY, HERE / "conf.py"):
        shutil.copy(path, source)
    _write_data(material, source / "_extra")


def _write_pictures(material: Material, source: Path) -> None:
    for folder in ("figures", "thumbnails"):
        (source / folder).mkdir()
    for name in material.figures:
        shutil.copy(FIGURES_FOLDER / f"{name}.png", source / "figures")
        with Image.open(FIGURES_FOLDER / f"{name}.png") as image:
            small = image.convert("RGB")
            small.thumbnail((WIDTH, 2 * WIDTH), Image.Resampling.LANCZOS)
            small.quantize(COLOURS).save(source / f"thumbnails/{name}.png", optimize=True)
    if STAGES.is_file():
        shutil.copy(STAGES, source / "figures")
    for kind, entries in material.entries.items():
        for name, entry in entries.items():
            if entry["picture"]:
                path = source / f"pictures/{kind}/{name}.png"
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(b64decode(entry["picture"]))


def _write_libraries(static: Path) -> None:
    """Copy the style sheet, and each JavaScript library once."""
    shutil.copytree(HERE / "static", static)
    shutil.copy(Path(plotly.__file__).parent / "package_data/plotly.min.js", static)
    bundle = Path(itables.javascript.__file__).parent / "html/dt_bundle.js"
    loading = itables.javascript.generate_init_offline_itables_html(bundle)
    (static / "itables.js").write_text(loading.partition("<script>")[2].partition("</script>")[0])
    with as_file(files("sphinx-mathjax-offline") / "static/mathjax/tex-svg-full.js") as path:
        shutil.copy(path, static)


def _write_data(material: Material, extra: Path) -> None:
    """Copy the report, and the tables that are small enough to be part of the site."""
    extra.mkdir()
    if Path("report/report.pdf").is_file():
        shutil.copy("report/report.pdf", extra)
    for name, run in material.runs.items():
        for path in run.folder.glob("*.parquet"):
            if path.stat().st_size <= LARGEST:
                (extra / DATA / name).mkdir(parents=True, exist_ok=True)
                shutil.copy(path, extra / DATA / name)


def build(material: Material, notebooks: Path, out: Path) -> None:
    """Write the source beside `out` and build it; raises GeoflowError if Sphinx warns."""
    source = out.parent / "source"
    write(material, notebooks, source)
    shutil.rmtree(out, ignore_errors=True)
    doctrees = out.parent / "doctrees"
    words = ["-b", "html", "-q", "-W", "--keep-going", "-d", str(doctrees), str(source), str(out)]
    if material.scale != "default":
        notice = f"Results of the scale {material.scale}, not those of the report"
        words += ["-D", f"html_theme_options.announcement={notice}"]
    if build_main(words):
        shutil.rmtree(doctrees, ignore_errors=True)
        raise GeoflowError("Sphinx finds faults in the pages of the site, see the warnings above.")
