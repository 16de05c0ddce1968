# Included last. Before the graph is built, files that do not match their digests are reported and marked as incomplete.
from snakemake.persistence import PersistenceBase

from geoflow.ground.files import remove_leftovers
from whole import Judged

# Without this, Snakemake would load pandas (half a second) to look for data frames among the params; there are none.
PersistenceBase._serialize_param = property(lambda self: self._serialize_param_builtin)

LOCKS = Path(".snakemake/locks")
LEFTOVERS = ("data", "figures", "report", "submission", "site", ".snakemake/geoflow")

# The files of another active run (or of a killed run, until --unlock) are not checked.
if workflow.is_main_process and not (LOCKS.is_dir() and any(LOCKS.iterdir())):
    remove_leftovers(map(Path, LEFTOVERS))
    findings = Judged()
    for name in EXPERIMENTS:
        findings.check_results(
            Path(RESULTS, name), EXPERIMENTS[name], partial(code_digest, SCALE, name)
        )
    for rule in workflow.rules:
        if not rule.has_wildcards():
            findings.check_products(rule.input, rule.output)
    for sentence in findings.sentences():
        print(f"geoflow: {sentence}", file=sys.stderr)
    findings.mark()
