# The documentation site: snakemake site --cores 2. It needs the packages of requirements-site.lock; make site installs them.
from geoflow.describe import TABLES
from site_digests import entries_digest, tutorial_digest

SITE = "site/html/index.html"
TUTORIALS = [Path(path).stem for path in found("docs/tutorials/[0-9]_*.md")]
SITE_CODE = [
    "workflow/scripts/make_site.py",
    *found("workflow/scripts/website/*.py", "workflow/scripts/website/static/*"),
]


for kind in TABLES:

    rule:
        """Describe, check and draw all entries of one table."""
        name:
            f"site_{kind}"
        output:
            f"site/facts/{kind}.json",
        log:
            f"logs/site/{kind}.log",
        resources:
            mem_mb=1000,
            runtime=20,
        params:
            kind=kind,
            code=partial(entries_digest, kind),
        shell:
            "python workflow/scripts/make_site.py entries kind={params.kind} out={output} 2>&1 | tee {log}"
            " && python workflow/scripts/whole.py {output:q}"


for tutorial in TUTORIALS:

    rule:
        """Execute a tutorial; it fails if a cell takes more than two minutes."""
        name:
            f"tutorial_{tutorial}"
        input:
            f"docs/tutorials/{tutorial}.md",
        output:
            f"site/notebooks/{tutorial}.ipynb",
        log:
            f"logs/site/{tutorial}.log",
        resources:
            mem_mb=2000,
            runtime=10,
        params:
            code=partial(tutorial_digest, f"docs/tutorials/{tutorial}.md"),
        shell:
            "python workflow/scripts/make_site.py notebook page={input} out={output} 2>&1 | tee {log}"
            " && python workflow/scripts/whole.py {output:q}"


rule site:
    """Build the documentation site; open site/html/index.html."""
    input:
        [f"site/facts/{kind}.json" for kind in TABLES],
        [f"site/notebooks/{page}.ipynb" for page in TUTORIALS],
        results_of(EXPERIMENTS),
        kept_files(KEPT),
        [f"figures/{name}.png" for name in DRAWN],
        rules.claims.output,
        rules.captions.output,
        rules.provenance.output,
        rules.graph.output.png,
        [REPORT] if LATEX else [],
        found("*.md", "docs/*.md", "docs/tutorials/README.md", "report/references.bib"),
    output:
        SITE,
    log:
        f"logs/{SCALE}/site.log",
    benchmark:
        f"benchmarks/{SCALE}/site.tsv"
    resources:
        mem_mb=2000,
        runtime=20,
    params:
        code=lambda wildcards: digest(
            "geoflow.describe", "geoflow.studies", files=SITE_CODE
        ),
        experiments=",".join(EXPERIMENTS),
        tracked=",".join(KEPT.values()),
        scale=SCALE,
    shell:
        "python workflow/scripts/make_site.py build results=data/results/{params.scale} experiments={params.experiments}"
        " tracked={params.tracked} facts=site/facts notebooks=site/notebooks out={output} 2>&1 | tee {log}"
        " && python workflow/scripts/whole.py {output:q}"
