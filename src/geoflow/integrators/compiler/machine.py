"""Compilation of the source of a loop to machine code by LLVM, and a function callable from Python.

The parameters of `run` are annotated with their types: `float`, `int`, or `floats[...]` with the known lengths. Machine
code is cached in a folder, `GEOFLOW_CACHE` or the user's cache, under a hash of the source and the processor. A damaged
file counts as missing, and deleting the folder costs a tenth of a second per loop.
"""

import ast
import ctypes
import hashlib
import os
from collections.abc import Callable
from functools import cache
from operator import itemgetter
from pathlib import Path
from typing import Any

import llvmlite
import llvmlite.binding as llvm
import platformdirs

from geoflow.ground.files import remove_leftovers
from geoflow.ground.remembered import recall, remember
from geoflow.integrators.compiler.functions import Function, Source, written
from geoflow.integrators.compiler.values import Array, Kind, Number, TranslationError, Value, whole

# Where objects of Python keep what they hold: a tuple its members, an array of NumPy a pointer to its data and one to
# its lengths (PyTupleObject, PyArrayObject: what compiled extensions rely on).
MEMBERS = tuple.__basicsize__
DATA = object.__basicsize__
LENGTHS = DATA + 16

OUTSIDE = """declare noalias ptr @malloc(i64)
declare void @free(ptr)
@nan = internal constant double 0x7FF8000000000000
attributes #0 = { nounwind willreturn memory(none) }
!0 = !{!"llvm.loop.vectorize.enable", i1 false}
!1 = distinct !{!1, !0}
"""


class Loop:
    """Compiled function `run`; arrays must be contiguous and of the annotated shapes; it returns integers."""

    def __init__(self, address: int, parameters: list[ast.arg], results: int) -> None:
        types = {"float": ctypes.c_double, "int": ctypes.c_int64}
        numbers = {k: types[name] for k, p in enumerate(parameters) if (name := _annotation(p)) in types}
        arrays = [k for k in range(len(parameters)) if k not in numbers]
        self.numbers, self.arrays = _members(list(numbers)), _members(arrays)
        self.result = ctypes.c_int64 * results
        kinds: list[Any] = [*numbers.values(), ctypes.py_object, ctypes.POINTER(ctypes.c_int64)]
        self.function = ctypes.CFUNCTYPE(None, *kinds)(address)
        self.checked = False

    def run(self, *given: Any) -> list[int]:
        """Call the loop without the GIL; one tuple of all arrays is faster than separate arguments."""
        arrays = self.arrays(given)
        if not self.checked:
            assert all(a.flags.c_contiguous and a.itemsize == 8 for a in arrays)
            self.checked = True
        result = self.result()
        self.function(*self.numbers(given), arrays, result)
        return result[:]


def _members(places: list[int]) -> Callable[[tuple[Any, ...]], tuple[Any, ...]]:
    """Return a function for the tuple of members at these places (itemgetter of one place returns no tuple)."""
    return itemgetter(*places) if len(places) > 1 else lambda given: tuple(given[k] for k in places)


def _annotation(parameter: ast.arg) -> str:
    return ast.unparse(parameter.annotation) if parameter.annotation else ""


@cache
def load(source: str, label: str) -> Loop:
    """Load or compile the loop with this source; `label` is a readable part of the file name."""
    tree = next(n for n in ast.parse(source).body if isinstance(n, ast.FunctionDef) and n.name == "run")
    facts = f"{llvmlite.__version__} {_target().triple} {_processor()} {_own_code()}"
    digest = hashlib.sha256((facts + source).encode()).hexdigest()[:16]
    symbol, path = f"run_{digest}", _folder() / f"{label}_{digest}.o"
    kept = recall(path)
    if kept is None:
        text, results = llvm_text(source, symbol)
        kept = results.to_bytes(1, "little") + _machine_code(text)
        remember(path, kept)
    engine = _engine()
    engine.add_object_file(llvm.ObjectFileRef.from_data(kept[1:]))
    engine.finalize_object()
    return Loop(engine.get_function_address(symbol), tree.args.args, kept[0])


def llvm_text(source: str, symbol: str) -> tuple[str, int]:
    """Translate the loop to LLVM IR; also returns the number of integers that it returns."""
    functions = Source.of(source)
    run = written(functions, "run", (), _incoming)
    results = [run.result] if isinstance(run.result, str) else list(run.result)
    assert set(results) <= {Kind.WHOLE}
    for pointer in run.freed:
        run.do(f"call void @free(ptr {pointer})")
    for k, slot in enumerate(run.results):
        run.store(run.load(Kind.WHOLE, slot), run.put("ptr", f"getelementptr i64, ptr %result, i64 {k}").text)
    head = f"define void @{symbol}({', '.join([*run.given, 'ptr %result'])}) {{"
    body = "\n".join([head, "entry:", *run.entry, *run.lines, "  ret void", "}"])
    return "\n".join([*sorted(functions.declared), OUTSIDE, *functions.texts, body, ""]), len(results)


def _incoming(run: Function) -> list[Value]:
    """Parameters of `run`: numbers separately, arrays in one tuple."""
    values: list[Value] = []
    members = 0
    for parameter in run.tree.args.args:
        kind = {"float": Kind.FLOAT, "int": Kind.WHOLE}.get(_annotation(parameter))
        if kind is not None:
            run.given.append(f"{kind} %a{len(run.given)}")
            values.append(Number(kind, f"%a{len(run.given) - 1}"))
        else:
            assert isinstance(parameter.annotation, ast.Subscript)
            values.append(_array(run, _held(run, "%arrays", MEMBERS + 8 * members), parameter.annotation))
            members += 1
    run.given.append("ptr %arrays")
    return values


def _array(run: Function, pointer: str, annotation: ast.Subscript) -> Array:
    """A NumPy array; `:` stands for a length that is read from the array."""
    parts = annotation.slice.elts if isinstance(annotation.slice, ast.Tuple) else [annotation.slice]
    there = _held(run, pointer, LENGTHS)
    shape = tuple(
        run.load(Kind.WHOLE, run.put("ptr", f"getelementptr i64, ptr {there}, i64 {axis}").text)
        if isinstance(part, ast.Slice)
        else whole(ast.literal_eval(part))
        for axis, part in enumerate(parts)
    )
    strides = [whole(1)]
    for n in reversed(shape[1:]):
        strides.insert(0, run.binary(ast.Mult, n, strides[0]))
    kind = Kind.FLOAT if ast.unparse(annotation.value) == "floats" else Kind.WHOLE
    return Array(kind, _held(run, pointer, DATA), shape, tuple(strides))


def _held(run: Function, pointer: str, offset: int) -> str:
    place = run.put("ptr", f"getelementptr i8, ptr {pointer}, i64 {offset}")
    return run.load("ptr", place.text).text


@cache
def _target() -> llvm.TargetMachine:
    llvm.initialize_native_target()
    llvm.initialize_native_asmprinter()
    target = llvm.Target.from_default_triple()
    cpu, features = _processor()
    return target.create_target_machine(cpu=cpu, features=features, opt=3, codemodel="jitdefault", jit=True)


@cache
def _engine() -> llvm.ExecutionEngine:
    return llvm.create_mcjit_compiler(llvm.parse_assembly(""), _target())


def _machine_code(text: str) -> bytes:
    try:
        module = llvm.parse_assembly(text)
        module.verify()
    except RuntimeError as error:
        raise TranslationError(f"LLVM rejects the loop: {str(error).splitlines()[0]}") from error
    options = llvm.create_pipeline_tuning_options(speed_level=3)
    options.loop_vectorization = True
    builder = llvm.create_pass_builder(_target(), options)
    builder.getModulePassManager().run(module, builder)
    return _target().emit_object(module)


@cache
def _own_code() -> str:
    """Hash of this package, because a different compiler version can produce different code from the same source."""
    files = sorted(Path(__file__).parent.glob("*.py"))
    return hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()


def _processor() -> tuple[str, str]:
    return llvm.get_host_cpu_name(), llvm.get_host_cpu_features().flatten()


@cache
def _folder() -> Path:
    folder = Path(os.environ.get("GEOFLOW_CACHE") or platformdirs.user_cache_dir("geoflow")) / "compiled"
    remove_leftovers([folder])
    return folder
