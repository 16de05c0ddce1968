"""Operators and functions of numbers and arrays, as LLVM instructions with Python's semantics.

Products and sums may be fused into one instruction (`contract`), as a C compiler does; nothing else is reordered.
"""

import ast
import operator
from collections.abc import Callable

from geoflow.integrators.compiler.instructions import Instructions
from geoflow.integrators.compiler.values import Array, Elementwise, Kind, Number, TranslationError, Value, real, whole

FLOATS = {ast.Add: "fadd", ast.Sub: "fsub", ast.Mult: "fmul", ast.Div: "fdiv"}
WHOLES = {ast.Add: "add nsw", ast.Sub: "sub nsw", ast.Mult: "mul nsw"}
KNOWN: dict[type, Callable[[int, int], int]] = {
    ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul, ast.FloorDiv: operator.floordiv,
    ast.Mod: operator.mod,
}  # fmt: skip
COMPARED = {ast.Eq: ("oeq", "eq"), ast.NotEq: ("une", "ne"), ast.Lt: ("olt", "slt"), ast.LtE: ("ole", "sle"),
            ast.Gt: ("ogt", "sgt"), ast.GtE: ("oge", "sge")}  # fmt: skip
INTRINSIC = {"sqrt", "sin", "cos", "tan", "exp", "exp2", "log", "log2", "log10", "fabs", "pow", "copysign"}
# Of the mathematical library of C; Python's `math` has them under the same names, except one. `remainder` is missing:
# that of `math` is not that of NumPy.
LIBRARY = {"asin", "acos", "atan", "sinh", "cosh", "tanh", "asinh", "acosh", "atanh", "expm1", "log1p", "erf", "erfc"}
LIBRARY |= {"cbrt", "lgamma", "gamma", "atan2", "hypot", "fmod"}
OF_TWO = {"pow", "copysign", "atan2", "hypot", "fmod"}
TO_WHOLE = {"floor": "floor", "ceil": "ceil", "trunc": "trunc", "int": "trunc", "round": "roundeven"}
DEGREES = {"radians": 0.017453292519943295, "degrees": 57.29577951308232}


class Arithmetic(Instructions):
    """What a function computes with; `declared` are the functions from outside that it calls."""

    def __init__(self, declared: set[str]) -> None:
        super().__init__()
        self.declared = declared

    def binary(self, sign: type[ast.operator], a: Value, b: Value) -> Value:
        if not (isinstance(a, Number) and isinstance(b, Number)):
            return self.elementwise(lambda x, y: self.binary(sign, x, y), a, b)
        if a.known is not None and b.known is not None and sign in KNOWN and (b.known or sign in WHOLES):
            return whole(KNOWN[sign](a.known, b.known))
        if sign is ast.Pow:
            return self.power(a, b)
        kind = Kind.FLOAT if sign is ast.Div else Kind.common(a.kind, b.kind, Kind.WHOLE)
        a, b = self.converted(a, kind), self.converted(b, kind)
        if sign in (ast.FloorDiv, ast.Mod):
            quotient, rest = self.divided(a, b)
            return quotient if sign is ast.FloorDiv else rest
        names = FLOATS if kind == Kind.FLOAT else WHOLES
        if sign not in names:
            raise TranslationError(f"the operator {sign.__name__} is not known to the compiled loop")
        return self.put(kind, f"{names[sign]}{' contract' if kind == Kind.FLOAT else ''} {kind} {a.text}, {b.text}")

    def elementwise(self, f: Callable[..., Number], *values: Value) -> Elementwise:
        """Apply f to the elements of arrays of equal shape and to numbers."""
        arrays = [v for v in values if isinstance(v, Array | Elementwise)]
        if len(arrays) + sum(isinstance(v, Number) for v in values) < len(values):
            raise TranslationError("the compiled loop has no arithmetic for tuples")
        if len({a.shape for a in arrays}) > 1:
            raise TranslationError("arrays of different shapes meet in one formula")
        with self.forgotten():  # only to determine the kind of the result
            kind = f(*(v if isinstance(v, Number) else Number(v.kind, "undef") for v in values)).kind
        return Elementwise(kind, arrays[0].shape, lambda at: f(*(self.element(v, at) for v in values)))

    def divided(self, a: Number, b: Number) -> tuple[Number, Number]:
        """Return floor quotient and remainder with the sign of b, for two numbers of the same kind."""
        kind, zero = a.kind, self.converted(whole(0), a.kind)
        fp = kind == Kind.FLOAT
        if b.known == 0:
            raise TranslationError("an integer is divided by zero")
        if not fp and b.known is None:  # a division by zero would end the process
            b = self.select(self.compare(ast.Eq, b, zero), whole(1), b)
        rest = self.put(kind, f"{'frem' if fp else 'srem'} {kind} {a.text}, {b.text}")
        below = self.put(
            Kind.TRUTH, f"xor i1 {self.compare(ast.Lt, rest, zero).text}, {self.compare(ast.Lt, b, zero).text}"
        )
        off = self.put(Kind.TRUTH, f"and i1 {self.compare(ast.NotEq, rest, zero).text}, {below.text}")
        quotient = self.put(kind, f"{'fdiv' if fp else 'sdiv'} {kind} {self.binary(ast.Sub, a, rest).text}, {b.text}")
        quotient = self.external("llvm.roundeven.f64", quotient) if fp else quotient
        return self.binary(ast.Sub, quotient, off), self.select(off, self.binary(ast.Add, rest, b), rest)

    def power(self, a: Number, b: Number) -> Number:
        """Compute a^b; for a known integer b by repeated squaring."""
        n = b.known
        if n is None or abs(n) > 64:
            return self.external("llvm.pow.f64", self.converted(a, Kind.FLOAT), self.converted(b, Kind.FLOAT))
        square = self.converted(a, Kind.common(a.kind, Kind.WHOLE))
        result: Number | None = None
        for digit in reversed(f"{abs(n):b}"):
            if digit == "1":
                result = square if result is None else self.binary(ast.Mult, result, square)
            square = self.binary(ast.Mult, square, square)
        if result is None:
            return self.converted(whole(1), square.kind)
        return self.binary(ast.Div, whole(1), result) if n < 0 else result

    def compare(self, sign: type[ast.cmpop], a: Number, b: Number) -> Number:
        if sign not in COMPARED:
            raise TranslationError(f"the comparison {sign.__name__} is not known to the compiled loop")
        kind = Kind.common(a.kind, b.kind, Kind.WHOLE)
        a, b = self.converted(a, kind), self.converted(b, kind)
        name = f"fcmp {COMPARED[sign][0]}" if kind == Kind.FLOAT else f"icmp {COMPARED[sign][1]}"
        return self.put(Kind.TRUTH, f"{name} {kind} {a.text}, {b.text}")

    def select(self, truth: Number, a: Number, b: Number) -> Number:
        kind = Kind.common(a.kind, b.kind)
        a, b = self.converted(a, kind), self.converted(b, kind)
        return self.put(kind, f"select i1 {truth.text}, {kind} {a.text}, {kind} {b.text}")

    def extreme(self, sign: type[ast.cmpop], numbers: list[Number]) -> Number:
        """Python's max (`sign` is Gt) or min: the first of equal extremes; NaN is ignored except as first number."""
        kind = Kind.common(*(x.kind for x in numbers))
        best = self.converted(numbers[0], kind)
        for x in numbers[1:]:
            x = self.converted(x, kind)
            best = self.select(self.compare(sign, x, best), x, best)
        return best

    def external(self, name: str, *numbers: Number) -> Number:
        """Call a function of floats of LLVM or of the C mathematical library."""
        given = ", ".join(f"double {self.converted(x, Kind.FLOAT).text}" for x in numbers)
        self.declared.add(f"declare double @{name}({', '.join('double' for _ in numbers)}) #0")
        return self.put(Kind.FLOAT, f"call contract double @{name}({given})")

    def mathematical(self, name: str, *values: Value) -> Value:
        """Apply `math.name` to numbers, or elementwise to arrays."""
        if not all(isinstance(v, Number) for v in values):
            return self.elementwise(lambda *numbers: self.mathematical(name, *numbers), *values)
        if len(values) != (2 if name in OF_TWO else 1):
            raise TranslationError(f"the function {name!r} of {len(values)} numbers is not known to the compiled loop")
        first = values[0]
        if name == "abs" and first.kind != Kind.FLOAT:
            return self.extreme(ast.Gt, [first, self.binary(ast.Sub, whole(0), first)])
        if name in TO_WHOLE:
            if first.kind != Kind.FLOAT:
                return self.converted(first, Kind.WHOLE)
            rounded = self.external(f"llvm.{TO_WHOLE[name]}.f64", first)
            self.declared.add("declare i64 @llvm.fptosi.sat.i64.f64(double)")
            return self.put(Kind.WHOLE, f"call i64 @llvm.fptosi.sat.i64.f64(double {rounded.text})")
        if name == "float":
            return self.converted(first, Kind.FLOAT)
        if name in DEGREES:
            return self.binary(ast.Mult, first, real(DEGREES[name]))
        if name in ("isnan", "isfinite", "isinf"):
            size, infinity = self.mathematical("abs", self.converted(first, Kind.FLOAT)), real(float("inf"))
            if name == "isnan":
                return self.compare(ast.NotEq, size, size)
            return self.compare(ast.Eq if name == "isinf" else ast.Lt, size, infinity)
        name = "fabs" if name == "abs" else name
        if name in INTRINSIC:
            return self.external(f"llvm.{name}.f64", *values)
        if name in LIBRARY:
            return self.external("tgamma" if name == "gamma" else name, *values)
        raise TranslationError(f"the function {name!r} is not known to the compiled loop")
