"""What the parameters and the result of a compiled function are: kinds of numbers and arrays, in nested tuples."""

from typing import Any

from geoflow.integrators.compiler.values import Array, Number, TranslationError, Value, common, lengths

Kind = Any  # FLOAT, ...; ("array", kind, shape, strides); or a tuple of kinds


def kind_of(value: Value, fresh: bool = False) -> Kind:
    """What a caller and a function must agree on; a `fresh` array lies row by row."""
    if isinstance(value, tuple):
        return tuple(kind_of(v, fresh) for v in value)
    if isinstance(value, Number):
        return value.kind
    if not isinstance(value, Array):
        raise TranslationError("a value is passed that the compiled loop does not know")
    return "array", value.kind, lengths(value.shape), () if fresh else lengths(value.strides)


def leaves(tree: Any) -> list[Any]:
    """The numbers and arrays (or their kinds) in nested tuples."""
    if isinstance(tree, list) or (isinstance(tree, tuple) and tree[:1] != ("array",)):
        return [leaf for part in tree for leaf in leaves(part)]
    return [tree]


def like(kind: Kind, values: Any) -> Value:
    """Nested tuples of this kind, filled from an iterator."""
    if isinstance(kind, tuple) and kind[:1] != ("array",):
        return tuple(like(k, values) for k in kind)
    return next(values)


def wider(a: Kind, b: Kind) -> Kind:
    """The least kind that contains both."""
    if isinstance(a, str) and isinstance(b, str):
        return common(a, b)
    if isinstance(a, tuple) and isinstance(b, tuple) and len(a) == len(b) and a[:1] != ("array",):
        return tuple(wider(x, y) for x, y in zip(a, b, strict=True))
    if a != b:
        raise TranslationError("the returns differ in their kinds")
    return a
