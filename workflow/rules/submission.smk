# Only the archive needs a coursework file; all other targets work without it.
if "coursework" in config:

    include: "coursework.smk"

else:

    rule submission:
        """Build the archive of a coursework; needs --config coursework=FILE."""
        log:
            "logs/submission.log",
        shell:
            "echo 'geoflow: expected --config coursework=FILE, but it is missing; try: snakemake"
            " submission --cores 8 --config coursework=config/coursework.yaml' | tee {log} >&2; exit 2"
