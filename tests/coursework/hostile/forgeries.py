"""Attacks by the contents of files, whose hashes all agree: found at consistency, where no code of the archive runs."""

import io
import json
import struct
import zlib
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
from attacks import Attack, Members
from handing_in import RESULTS, write_pdf

COURSEWORK = "config/coursework.yaml"
EXPERIMENT = "config/experiment/convergence/order_pendulum.yaml"
SUMMARY, ERRORS = f"{RESULTS}/summary.parquet", f"{RESULTS}/errors.parquet"
NUMBERS = "report/generated/coursework/numbers.tex"
PDF = "me.pdf"


def put(name: str, data: bytes) -> Callable[[Members], object]:
    return lambda members: members.update({name: data})


def edit(name: str, old: bytes, new: bytes) -> Callable[[Members], object]:
    def change(members: Members) -> None:
        assert old in members[name]
        members[name] = members[name].replace(old, new)

    return change


def claim_more(members: Members) -> None:
    """Widen the range of a claim in the manifest and, so that the two agree, in the YAML file."""
    tree = json.loads(members["MANIFEST.json"])
    for claim in tree["experiments"]["order_pendulum"]["claims"]:
        claim["below"] = 99.0
    members["MANIFEST.json"] = json.dumps(tree).encode()


def improve(members: Members) -> None:
    """Write a better result into the summary, with its metadata as they were."""
    table = pq.read_table(io.BytesIO(members[SUMMARY]))
    frame = table.to_pandas()
    frame.loc[frame["key"] == "gap/rk4", "value"] = 0.0
    better = pa.Table.from_pandas(frame, schema=table.schema.remove_metadata(), preserve_index=False)
    file = io.BytesIO()
    pq.write_table(better.replace_schema_metadata(table.schema.metadata), file)
    members[SUMMARY] = file.getvalue()


def large_table() -> bytes:
    """Eleven million equal values in a few kilobytes."""
    file = io.BytesIO()
    pq.write_table(pa.table({"x": pa.array(pd.Series(0, index=range(11 * 10**6), dtype="int8"))}), file)
    return file.getvalue()


def png(width: int, height: int, data: bytes) -> bytes:
    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    header = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", data) + chunk(b"IEND", b"")


def pdf(stream: bytes, page: bytes = b"3 0 R") -> bytes:
    """A PDF whose only page has a compressed stream."""
    return (
        b"%PDF-1.5\n1 0 obj <</Type/Catalog/Pages 2 0 R>> endobj\n"
        b"2 0 obj <</Type/Pages/Kids[" + page + b"]/Count 1>> endobj\n"
        b"3 0 obj <</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Contents 4 0 R>> endobj\n4 0 obj <</Length "
        + str(len(stream)).encode() + b"/Filter/FlateDecode>> stream\n" + stream
        + b"\nendstream endobj\ntrailer <</Root 1 0 R>>\n%%EOF\n"
    )  # fmt: skip


def replace_pdf(members: Members) -> None:
    write_pdf(Path("other.pdf"), ["A text of somebody else, with other results."])
    members[PDF] = Path("other.pdf").read_bytes()
    Path("other.pdf").unlink()


BOMB = b"a: &a [x,x,x,x,x,x,x,x,x]\n" + b"".join(
    f"{chr(98 + k)}: &{chr(98 + k)} [{','.join(['*' + chr(97 + k)] * 9)}]\n".encode() for k in range(9)
)
FORGERIES = [
    Attack("aliases that grow to a billion items", "plain values", change=put(COURSEWORK, BOMB)),
    Attack("YAML that calls a function", "expected YAML",
           change=put(COURSEWORK, b"!!python/object/apply:os.system ['touch /tmp/geoflow-hostile']")),
    Attack("YAML that reads the environment", "an interpolation",
           change=edit(COURSEWORK, b"Orders & more", b"${oc.env:GEOFLOW_CANARY}")),
    Attack("YAML of 10 000 brackets", "longer or deeper", change=put(COURSEWORK, b"[" * 10_000)),
    Attack("a declaration that was not accepted", "not accepted",
           change=edit(COURSEWORK, b"accepted: true", b"accepted: false")),
    Attack("values that read the environment", "does not compose",
           change=edit(EXPERIMENT, b"[256, 512, 1024, 2048]", b"['${oc.env:GEOFLOW_CANARY}']")),
    Attack("values with a bomb of aliases", "could exhaust the memory",
           change=lambda members: members.update({EXPERIMENT: members[EXPERIMENT] + BOMB})),
    Attack("YAML values that are not those of the results", "values that config/ does not give",
           change=edit(EXPERIMENT, b"2048]", b"4096]")),
    Attack("a claim that was widened in the manifest", "the claims of the manifest are not those", change=claim_more),
    Attack("a claim that was widened everywhere", "the claims of the manifest are not those",
           change=lambda members: (edit(EXPERIMENT, b"below: 0.1", b"below: 99.0")(members), claim_more(members))),
    Attack("another config.yaml, which could search elsewhere", "is not that of this clone",
           change=edit("config/config.yaml", b"threads: 1", b"threads: 2")),
    Attack("config.json of 100 000 brackets", RESULTS, change=put(f"{RESULTS}/config.json", b"[" * 100_000)),
    Attack("a table of eleven million rows in a few kilobytes", "more than 10000000 cells",
           change=lambda members: members.update({ERRORS: large_table()})),
    Attack("a table that is none", "errors.parquet", change=put(ERRORS, b"PAR1" + bytes(99) + b"PAR1")),
    Attack("a table without its metadata", RESULTS,
           change=lambda members: members.update({SUMMARY: members[ERRORS]})),
]  # fmt: skip
DRAWN = [
    Attack("a result that was improved", "does not follow from the tables", change=improve),
    Attack("a number that was improved in the text only", "does not follow from the tables",
           change=edit(NUMBERS, b"gap/rk4}{", b"gap/rk4}{0")),
    Attack("an image of 400 million pixels", "figures/order_pendulum.png",
           change=put("figures/order_pendulum.png", png(20_000, 20_000, zlib.compress(bytes(100))))),
    Attack("an image that is none", "not a readable image", change=put("figures/order_pendulum.png", b"\x89PNG")),
    Attack("a figure that shows something else", "figures/order_pendulum.pdf", change=put(
        "figures/order_pendulum.pdf", pdf(zlib.compress(b"0 0 9 9 re f")))),
    Attack("a PDF that was replaced", "it does not show the figures", change=replace_pdf),
    Attack("a PDF that is none", "not a readable PDF", change=put(PDF, b"%PDF-1.5 written by hand")),
    Attack("a PDF that grows to 200 MB", PDF,
           change=lambda members: members.update({PDF: pdf(zlib.compress(bytes(2 * 10**8), 1))})),
    Attack("a PDF whose pages contain themselves", PDF, change=put(PDF, pdf(b"", page=b"2 0 R"))),
    Attack("modules that Python would import by their names", "holds", 0, change=lambda members: members.update(
        dict.fromkeys(("sitecustomize.py", "src/pandas.py", "pypdf.py"), b"open('/tmp/geoflow-hostile', 'w')"))),
]  # fmt: skip
