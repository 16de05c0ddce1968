"""Check that text, numbers and figures of an archive follow from its own tables, without running its code.

The installed geoflow generates the LaTeX files and figures again from the submitted tables.
"""

import json
import re
import shutil
import sys
from collections.abc import Callable, Collection
from contextlib import chdir
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import TypeVar

import geoflow
from archives import compare
from archives.manifest import Manifest
from archives.outcome import Report, Status
from archives.sandbox import Running, run
from archives.sources import take
from geoflow.coursework import configuration, text
from geoflow.coursework.configuration import GENERATED, OWN, RESULTS
from geoflow.ground import InputError, complete
from geoflow.pipeline.compose import Experiment, compose
from geoflow.pipeline.digests import modules_reached
from geoflow.pipeline.source import SOURCE, short_sha256
from geoflow.pipeline.written import CONFIG, experiment_files
from geoflow.studies import FIGURES, find_studies

T = TypeVar("T")
CHECK = "consistency"
ANCHOR = re.compile(r"(?:^|[\s\[{,:-])&\w", re.M)
SECONDS = 120.0  # for reading the PDF
AGREES = "identical: prints what its sources and results say, and shows its figures"
STYLE = ("src/geoflow/figures/style.mplstyle", "src/geoflow/figures/looks.yaml")
# Exceptions of reading an untrusted JSON file or table, besides InputError.
MALFORMED = (ValueError, LookupError, TypeError, AttributeError, RecursionError)


@dataclass(frozen=True)
class Consistency:
    """Consistency checks of the unpacked archive in `folder` with its manifest; results are added to the report.

    again: an empty folder for the regenerated files; running: how to run the parser of the PDF, and the marker's clone,
    whose `config/` states the claims.
    """

    folder: Path
    manifest: Manifest
    again: Path
    report: Report
    limits: compare.Tolerance
    running: Running

    def check(self) -> None:
        """Check configuration, experiments, generated texts and figures, with one line of the report each."""
        if changed := self.differing:
            words = f"{len(changed)} modules of the archive are not those of this geoflow: {', '.join(changed[:5])}"
            self.report.notes.append(words + (", ..." if len(changed) > 5 else "."))
        self._configuration()
        names = sorted(self.manifest.experiments)
        sound = [self._origin(RESULTS / self.manifest.scale / name) for name in names]
        stated = [self._stated(name) for name in names]
        if all(sound + stated):
            self._texts()
            for name in sorted(self.manifest.figures):
                self._figure(name)
            self._pdf()
        else:
            self._add("text, figures and PDF", Status.UNCHECKED, "its experiments are not in order")

    def _add(self, what: object, status: Status, detail: str) -> None:
        self.report.add(CHECK, str(what), status, detail)

    def _configuration(self) -> None:
        """Check that the manifest agrees with the coursework configuration in the archive."""
        manifest, path = self.manifest, self.manifest.coursework
        drawn = {name: experiments for name, (_, *experiments) in manifest.figures.items()}
        try:
            if path not in manifest.files:
                raise InputError("it is not in the archive")
            asked = configuration.load(path, self.folder)
            for key in ("identifier", "title", "author"):
                if getattr(asked, key) != getattr(manifest, key):
                    raise InputError(f"its {key} is not that of the manifest")
            chosen = configuration.chosen(asked, drawn)
            if set(asked.figures) != set(drawn) or chosen != sorted(manifest.experiments):
                raise InputError("its experiments and figures are not those of the manifest")
            if not asked.declaration.accepted:
                raise InputError("the declaration is not accepted")
        except InputError as error:
            self._add(path, Status.DIFFERENT, str(error))
        else:
            self._add(path, Status.IDENTICAL, "says what the manifest says")
        wanted = {f"{manifest.identifier}.pdf"}
        wanted |= {f"figures/{name}{suffix}" for name in drawn for suffix in (".pdf", ".png")}
        for name in sorted(wanted - set(manifest.files)):
            self._add(name, Status.MISSING, "it is not in the archive")

    def _origin(self, path: Path) -> bool:
        """Whether the tables of an experiment can be read and belong to its values according to their metadata."""
        try:
            frozen = json.loads((self.folder / path / "config.json").read_text())
            for name, why in complete.faults(self.folder / path).items():
                raise InputError(f"{name} is {why}")
            # Tables of a student's own study are unknown to this geoflow.
            study = find_studies().get(f"{frozen['stage']}/{frozen['study']}")
            tables = [f"{table}.parquet" for table in (*getattr(study, "tables", ()), "summary")]
            digest = short_sha256(json.dumps(frozen, sort_keys=True))
            for table in tables:
                made = compare.bounded_table(self.folder / path / table).attrs["geoflow"]
                found = tuple(made.get(key) for key in ("experiment", "scale", "config"))
                if found != (path.name, self.manifest.scale, digest):
                    raise InputError(f"{table} is not of this config.json")
        except OSError:
            self._add(path, Status.MISSING, "there is no config.json")
        except (InputError, *MALFORMED) as error:
            self._add(path, Status.DIFFERENT, str(error))
        else:
            self._add(path, Status.IDENTICAL, f"{len(tables)} tables of its config.json")
            return True
        return False

    def _stated(self, name: str) -> bool:
        """Whether values and claims of an experiment are those of `config/`: of the archive, and of the clone."""
        what = f"values and claims of {name}"
        if f"{OWN}/{name}.yaml" in self.manifest.files:
            self._add(what, Status.UNCHECKED, "an experiment of the student's own package; a replay composes it")
            return True
        try:
            if not compare.same_bytes(
                self.folder / CONFIG / "config.yaml", self.running.clone / CONFIG / "config.yaml"
            ):
                raise InputError("config/config.yaml is not that of this clone")
            for path in (self.folder / CONFIG).rglob("*.yaml"):
                known = compare.same_bytes(path, self.running.clone / path.relative_to(self.folder))
                if not known and ANCHOR.search(path.read_text(errors="replace")):
                    raise InputError(f"{path.name} has an anchor (&), whose aliases could exhaust the memory")
            own, ours = self._composed(self.folder, name), self._composed(self.running.clone, name)
            frozen = json.loads((self.folder / RESULTS / self.manifest.scale / name / "config.json").read_text())
            if own is None or frozen != json.loads(own.slice()):
                raise InputError("config.json holds values that config/ does not give")
            claims, trusted = self.manifest.experiments[name]["claims"], ours.claims if ours else []
            if claims != own.claims or any(claim not in claims for claim in trusted):
                raise InputError("the claims of the manifest are not those of config/ in the archive and in this clone")
        except (InputError, OSError, *MALFORMED) as error:
            self._add(what, Status.DIFFERENT, str(error))
            return False
        self._add(what, Status.IDENTICAL, f"{len(trusted)} claims of this clone, {len(claims) - len(trusted)} own")
        return True

    def _composed(self, root: Path, name: str) -> Experiment | None:
        """Compose an experiment of the tree `root`, or return None if it has none of this name."""
        try:
            with chdir(root):
                return compose(name, self.manifest.scale) if name in experiment_files() else None
        except InputError:  # whose message can hold what an interpolation reads here
            raise InputError("config/ does not compose, see geoflow check") from None

    def _texts(self) -> None:
        ours = self._ours("geoflow.coursework.text")
        for name, again in (self.generated or {}).items():
            path = (GENERATED / name).as_posix()
            if path not in self.manifest.files:
                self._add(path, Status.MISSING, "it is not in the archive")
            elif (self.folder / path).read_bytes() == again.encode():
                self._add(path, Status.IDENTICAL, "follows from the tables")
            else:
                self._disagrees(path, "does not follow from the tables", ours)

    @cached_property
    def generated(self) -> dict[str, str] | None:
        """The texts that follow from the tables."""
        return self._attempt(self._generate, "the generated text", self._ours("geoflow.coursework.text"))

    def _generate(self) -> dict[str, str]:
        manifest = self.manifest
        claims = {name: origin["claims"] for name, origin in manifest.experiments.items()}
        asked = configuration.load(manifest.coursework, self.folder)
        results = self.folder / RESULTS / manifest.scale
        return text.generate(results, asked, claims, manifest.figures)

    def _figure(self, name: str) -> None:
        from geoflow.pipeline.draw import render

        path = f"figures/{name}"
        if name not in FIGURES:
            self._add(path, Status.UNCHECKED, "this geoflow does not draw it, but a replay does")
            return
        modules = ("geoflow.pipeline.draw", FIGURES[name].module)
        ours = self._ours(*modules, files=STYLE)
        results, scale = self.folder / RESULTS, self.manifest.scale
        if self._attempt(lambda: render(name, scale, results, self.again), path, ours) is None:
            return
        for suffix in (".pdf", ".png"):
            drawn = self.again / f"{name}{suffix}"
            claimed = self.folder / f"{path}{suffix}"
            status, detail = compare.files(claimed, drawn, self.limits)
            if status is Status.DIFFERENT and suffix == ".pdf":
                self._add(path + suffix, Status.UNCHECKED, f"{detail}; look whether it shows what {name}.png does")
            elif status is Status.DIFFERENT:
                self._disagrees(path + suffix, detail, ours)
            else:
                self._add(path + suffix, status, detail or "follows from the tables")

    def _pdf(self) -> None:
        """Compare text, numbers, claims and pictures of the PDF with the sources, in a sandbox if there is one."""
        manifest, folder = self.manifest, self.again / "pdf"
        name, scripts = f"{manifest.identifier}.pdf", self.running.clone / "workflow" / "scripts"
        texts = {f"generated/{path}": made for path, made in (self.generated or {}).items()}
        inputs = [path for path in manifest.files if path.startswith(("report/", "figures/")) or path == name]
        if name not in manifest.files or not texts:
            return
        for path in inputs:
            take(path, self.folder, folder)
        for path, made in texts.items():
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_text(made)
        for script in ("check_pdf.py", "printed_text.py"):
            shutil.copy(scripts / script, folder)
        confined = self.running.sandbox and shutil.which("bwrap") is not None
        running = replace(self.running, sandbox=confined, quiet=True, timeout=SECONDS)
        last = run([sys.executable, "check_pdf.py", ".", name], folder, running) or [AGREES]
        status, _, reason = last[-1].partition(": ")
        self._add(name, Status(status) if status in list(Status) else Status.DIFFERENT, reason or status)

    def _attempt(self, make: Callable[[], T], what: str, ours: bool) -> T | None:
        try:
            return make()
        except Exception as error:  # untrusted tables can cause any exception
            self._disagrees(what, f"cannot be made from the tables ({error})", ours)
            return None

    def _disagrees(self, what: str, detail: str, ours: bool) -> None:
        """Report a difference, or "unchecked" if the archive has its own code for it, which only a replay runs."""
        if ours:
            self._add(what, Status.DIFFERENT, detail)
        else:
            self._add(what, Status.UNCHECKED, f"{detail} by this geoflow; the archive has its own")

    @cached_property
    def differing(self) -> list[str]:
        """Modules under src/geoflow in the archive that are missing or different in this geoflow."""
        here, inside = Path(geoflow.__file__).parent, "src/geoflow/"
        return [
            path
            for path in sorted(self.manifest.files)
            if path.startswith(inside)
            and path.endswith((".py", ".mplstyle", ".yaml"))
            and not compare.same_bytes(here / path.removeprefix(inside), self.folder / path)
        ]

    def _ours(self, *modules: str, files: Collection[str] = ()) -> bool:
        """Whether the modules, including all their imports, are identical in the archive and in this geoflow."""
        needed = {
            path.relative_to(SOURCE.parent).as_posix()
            for path in modules_reached(modules).values()
            if SOURCE in path.parents
        }
        return not needed.union(files).intersection(self.differing)
