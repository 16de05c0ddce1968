"""Write what a student of an assignment gets: geoflow assign OUT.

OUT has the folders of a clone, in which its files replace those of the template: the questions with their points, a
text with one section per question, the configuration with the experiments and figures of the questions, and an empty
own package. Nothing that belongs to the lecturer is copied.
"""

import argparse
import re
import sys
from collections.abc import Sequence
from pathlib import Path

import assignment as lecturer
import yaml
from archives.verify import LEVELS
from gradescope import write_bundle

from geoflow.coursework.configuration import OWN
from geoflow.ground import InputError
from geoflow.ground.sentences import exit_status
from geoflow.pipeline.latex import escape
from geoflow.pipeline.run import commit
from geoflow.pipeline.written import experiment_files
from geoflow.studies import FIGURES

TEXT = Path("report/coursework")
KEPT = ("main.tex", "sections/introduction.tex", "sections/appendix.tex")
FIGURE = "Say what each panel shows, and what the reader should see."


def export(out: Path, questions: Path = Path("config/assignment.yaml")) -> list[Path]:
    """Write the files below `out`, which must not exist or be empty; returns their paths relative to it."""
    lecturer.load(questions, experiment_files(), FIGURES)
    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        raise InputError(f"{out}: expected a new folder, got one that is not empty.")
    shown = out / "config/assignment.yaml"
    shown.parent.mkdir(parents=True, exist_ok=True)
    shown.write_text(without_hidden(questions.read_text(encoding="utf-8")), encoding="utf-8")
    asked = lecturer.load(shown, experiment_files(), FIGURES)
    written = {
        "ASSIGNMENT.md": instructions(asked),
        "config/coursework.yaml": configured(asked),
        f"{OWN}/__init__.py": '"""Your own methods, problems, layers and studies: `geoflow new` starts one."""\n',
        **{str(TEXT / name): (TEXT / name).read_text() for name in KEPT},
        str(TEXT / "sections/results.tex"): "\n".join(section(question) for question in asked.questions),
        str(TEXT / "sections/discussion.tex"): "\\section{Discussion}\\label{sec:discussion}\n",
    }
    for name, text in written.items():
        (out / name).parent.mkdir(parents=True, exist_ok=True)
        (out / name).write_text(text, encoding="utf-8")
    return [shown.relative_to(out), *map(Path, written)]


def without_hidden(questions: str) -> str:
    """The file of an assignment without the checks of hidden questions."""
    tree = yaml.safe_load(questions)
    for one in tree["questions"]:
        if one.get("visibility") == "hidden":
            one.update(claims=[], figures=[], visibility="visible")
    return yaml.safe_dump(tree, sort_keys=False, allow_unicode=True)


def section(question: lecturer.Question) -> str:
    """The part of the text that answers one question, with its figures."""
    title = escape(question.name.replace("_", " ").capitalize())
    lines = [f"\\section{{{title}}}\\label{{sec:{question.name}}}\n"]
    lines += [f"\\question{{{escape(question.text)} ({question.points:g} points)}}\n"]
    lines += [f"\\geofigure{{{name}}}{{{FIGURE}}}\n" for name in question.figures]
    return "\n".join(lines)


def configured(asked: lecturer.Assignment) -> str:
    """The configuration of the template, with the title, experiments and figures of the assignment."""
    text = Path("config/coursework.yaml").read_text()
    used = {
        "title": asked.title,
        "experiments": f"[{', '.join(dict.fromkeys(name for one in asked.questions for name in one.claims))}]",
        "figures": f"[{', '.join(dict.fromkeys(name for one in asked.questions for name in one.figures))}]",
    }
    for key, value in used.items():
        text = re.sub(rf"^{key}:.*$", lambda _, key=key, value=value: f"{key}: {value}", text, flags=re.M)  # type: ignore[misc]
    return text


def instructions(asked: lecturer.Assignment) -> str:
    """The questions and the next steps, as Markdown."""
    total = sum(question.points for question in asked.questions)
    questions = "\n".join(f"- **{one.name}** ({one.points:g} points): {one.text}" for one in asked.questions)
    packages = ", ".join(asked.packages) or "none"
    return f"""# {asked.title}

Due {asked.due}; at most {asked.words} words; {total:g} points.

{questions}

1. Copy this folder over a clone of geoflow and run `make setup`. `docs/coursework.md` explains the archive.
2. Write in `report/coursework/sections/`. Numbers come from `\\result`, never from the keyboard. Own code goes into
   `{OWN}/` (`geoflow new`); besides geoflow and the standard library it may import: {packages}.
3. `geoflow precheck` says what the marker will see.
4. `snakemake submission --cores 2 --config coursework=config/coursework.yaml` builds the archive.
"""


def main(words: Sequence[str]) -> None:
    """Run `geoflow assign`."""
    parser = argparse.ArgumentParser(prog="geoflow assign", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("out", type=Path, help="a new folder")
    parser.add_argument("--assignment", type=Path, default=Path("config/assignment.yaml"))
    parser.add_argument(
        "--gradescope", metavar="URL", help="write the autograder, which clones geoflow from URL, instead"
    )
    parser.add_argument(
        "--level", choices=LEVELS, default="consistency", help="of the autograder, as in geoflow verify"
    )
    asked = parser.parse_args(words)
    if asked.gradescope:
        lecturer.load(asked.assignment, experiment_files(), FIGURES)
        made = write_bundle(asked.out, asked.assignment, asked.gradescope, commit().removesuffix("-dirty"), asked.level)
        print(*made, sep="\n")
        return
    print(*(asked.out / path for path in export(asked.out, asked.assignment)), sep="\n")


if __name__ == "__main__":
    sys.exit(exit_status(lambda: main(sys.argv[2:])))
