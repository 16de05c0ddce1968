"""One page per method, problem, potential and layer, from the facts that `entries` gathered."""

from collections.abc import Iterator, Mapping
from typing import Any

from geoflow.describe import TABLES
from website.markdown import DASH, cite, code, directive, escape, fenced, link, page, prose, table
from website.material import Material

Page = tuple[str, str]
STAGES = (
    r"\begin{aligned} Y_i &= y_n + h \sum_{j=1}^{s} a_{ij}\, f(t_n + c_j h, Y_j), \\"
    r" y_{n+1} &= y_n + h \sum_{i=1}^{s} b_i\, f(t_n + c_i h, Y_i) \end{aligned}"
)
PAIR = (
    r"\begin{aligned} Q_i &= q_n + h \sum_j a_{ij} T'(P_j), & P_i &= p_n - h \sum_j \hat a_{ij} U'(Q_j), \\"
    r" q_{n+1} &= q_n + h \sum_i b_i T'(P_i), & p_{n+1} &= p_n - h \sum_i \hat b_i U'(Q_i) \end{aligned}"
)
WORDS = {True: "yes", False: "no", None: DASH}
PROPERTIES = {
    "explicit": "explicit",
    "symmetric": "symmetric",
    "symplectic": "symplectic",
    "conjugate_symplectic": "conjugate to a symplectic method",
    "a_stable": "A-stable",
    "l_stable": "L-stable",
    "algebraically_stable": "algebraically stable",
    "contractivity_radius": "contractivity radius $r$ (non-expansive for $h \\le 2r/L$)",
    "ssp_coefficient": "SSP coefficient",
    "real_stability_interval": "real stability interval",
    "imaginary_stability_interval": "imaginary stability interval",
    "error_constant": "error constant",
    "simplifying_assumptions": "simplifying assumptions",
}
USE = {
    "methods": """
from geoflow import METHODS, integrate

run = integrate("kepler", "{name}", h=0.05, steps=200)
print(METHODS["{name}"].order, run.drift)""",
    "problems": """
from geoflow import PROBLEMS

problem = PROBLEMS["{name}"]
print(problem.dimension, problem.parameters, list(problem.invariants))""",
    "potentials": """
from geoflow import POTENTIALS

V = POTENTIALS["{name}"]()
print(V.dimension, V.L, V.mu)""",
    "layers": """
from geoflow import LAYERS

print(LAYERS["{name}"].law)""",
}


def entry_pages(material: Material) -> Iterator[Page]:
    """Yield the page of every entry of the tables."""
    for kind, entries in material.entries.items():
        for name, entry in entries.items():
            address = f"{kind}/{name}.md"
            yield address, entry_page(kind, entry, material, address)


def entry_page(kind: str, entry: Mapping[str, Any], material: Material, address: str) -> str:
    """Title and first facts beside the picture, then coefficients, findings, properties and experiments."""
    facts, name = entry["facts"], entry["name"]
    head = [_introduction(kind, facts, material)]
    if entry["picture"]:
        caption = CAPTIONS[kind]
        head.append(
            directive("figure", f"../pictures/{kind}/{name}.png", caption, alt=f"{name}: {caption}", width="360px")
        )
    parts = [*head, *_MIDDLE[kind](facts), findings(entry["findings"]), _experiments(name, material, address)]
    if kind == "methods":
        parts += [_weights(facts["elementary_weights"])]
    use = USE[kind].strip().format(name=name)
    parts += ["## Use", fenced(use, "python"), fenced(f"geoflow show {name}\ngeoflow check {name}", "bash")]
    return page(name, *parts, footnotes=True)


CAPTIONS = {
    "methods": "Stability region $|R(z)| \\le 1$; dashed: the disc $|z + r| \\le r$ of the contractivity radius $r$.",
    "problems": "A solution over the span of the problem; the dot is the initial state.",
    "potentials": "Level sets around the minimiser, and solutions of the gradient flow.",
}


def _introduction(kind: str, facts: Mapping[str, Any], material: Material) -> str:
    source = cite(facts["reference"], material.keys)
    if kind == "methods":
        stages = "one stage" if facts["stages"] == 1 else f"{facts['stages']} stages"
        return f"**{escape(facts['family'])}** of order {facts['order']} with {stages}. Source: {source}."
    return f"{prose(facts['latex'])}\n\nSource: {source}."


def _method(facts: Mapping[str, Any]) -> Iterator[str]:
    yield "## Definition"
    if "A" in facts:
        yield f"$$\n{PAIR if 'A_hat' in facts else STAGES}\n$$"
    if "formula" in facts:
        yield prose(facts["latex"])
    else:
        shown = facts["latex"].removeprefix(r"$\displaystyle").removesuffix("$").strip()
        yield directive("container", "scroll", f"$$\n{shown}\n$$")
    if "substeps" in facts:
        steps = [(str(k), part, code(x)) for k, (part, x) in enumerate(facts["substeps"], 1)]
        yield directive(
            "dropdown",
            f"{len(steps)} substeps, in the order of a step",
            table(("", "flow of", "over $h$ times"), steps),
        )
    yield "## Properties derived from the coefficients"
    rows = [(words, value(facts[key])) for key, words in PROPERTIES.items() if facts.get(key) is not None]
    rows += [
        (f"{words} (not applicable)", DASH) for key, words in PROPERTIES.items() if key in facts and facts[key] is None
    ]
    yield table(("property", "value"), rows)


def value(x: Any) -> str:
    """A fact as Markdown."""
    if x is None or isinstance(x, bool):
        return WORDS[x]
    if x == "inf":
        return "$\\infty$"
    if isinstance(x, float):
        return f"{x:.6g}"
    if isinstance(x, Mapping):
        return ", ".join(f"{escape(str(key))} = {value(one)}" for key, one in x.items()) or "none"
    if isinstance(x, list):
        return ", ".join(value(one) for one in x) or "none"
    return escape(str(x))


def _problem(facts: Mapping[str, Any]) -> Iterator[str]:
    yield "## Facts"
    state = facts["y0"]
    shown = ", ".join(f"{x:.6g}" for x in state[:8]) + (", …" if len(state) > 8 else "")
    rows = [
        ("dimension", str(facts["dimension"])),
        ("initial state", f"({shown})"),
        ("span", value(facts["span"])),
        ("parameters", value(facts["parameters"])),
        ("invariants", value(facts["invariants"])),
        ("separable", value(facts["separable"])),
        ("autonomous", value(facts["autonomous"])),
        ("exact solution known", value(facts["exact_solution"])),
    ]
    yield table(("", ""), rows)


def _potential(facts: Mapping[str, Any]) -> Iterator[str]:
    yield "## Constants"
    names = {
        "dimension": "dimension",
        "L": "Lipschitz constant $L$ of the gradient",
        "mu": "strong convexity constant $\\mu$",
    }
    yield table(("constant", "value"), [(words, value(facts[key])) for key, words in names.items()])


def _layer(facts: Mapping[str, Any]) -> Iterator[str]:
    yield "## Law"
    rows = [(key, prose(facts[key])) for key in ("formula", "law", "condition")]
    yield table(("", ""), rows)


_MIDDLE = {"methods": _method, "problems": _problem, "potentials": _potential, "layers": _layer}
assert _MIDDLE.keys() == TABLES.keys()


def findings(rows: list[dict[str, str]]) -> str:
    """The table of `geoflow check`: declared, derived and measured values, and the errors."""
    columns = ("quantity", "declared", "derived", "measured")
    shown = table(columns, [[escape(row[column]) for column in columns] for row in rows])
    wrong = [f"- {escape(row['wrong'])}" for row in rows if row["wrong"]]
    verdict = directive("warning", "", "\n".join(wrong)) if wrong else "The check finds no disagreement."
    return "\n\n".join(["## Declared, derived and measured", shown, verdict])


def _weights(rows: list[list[Any]] | None) -> str:
    if not rows:
        return ""
    head = ("vertices", "tree", "density $\\gamma$", "symmetry $\\sigma$", "weight", "$1/\\gamma$")
    shown = [
        [str(n), code(tree), str(density), str(symmetry), escape(weight), exact]
        for n, tree, density, symmetry, weight, exact in rows
    ]
    return directive("dropdown", "Elementary weights of the rooted trees", table(head, shown))


def _experiments(name: str, material: Material, address: str) -> str:
    used = material.used_by.get(name, [])
    if not used:
        return ""
    links = ", ".join(link(code(one), f"experiments/{one}.md", address) for one in used)
    return f"## Experiments\n\nThe values of these experiments name it: {links}."
