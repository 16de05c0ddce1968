# The archive needs to be told which coursework it is for; everything else does not.
if "coursework" in config:

    include: "coursework.smk"

else:

    rule submission:
        """Build the archive of a coursework; needs --config coursework=FILE."""
        log:
            "logs/submission.log",
        shell:
            "echo 'geoflow: expected --config coursework=FILE, there is none; try: snakemake"
            " submission --cores 8 --config coursework=config/coursework.yaml' | tee {log} >&2; exit 2"
