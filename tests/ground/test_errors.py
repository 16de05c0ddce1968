"""What a command says of an error: one sentence, with the file and line of an entry that cannot be imported."""

import pytest

from geoflow.ground.errors import InputError
from geoflow.ground.sentences import sentence
from geoflow.integrators import METHODS
from geoflow.integrators.families import explicit_rk


def imported(tmp_path, text):
    """The error of a module of geoflow with this text."""
    path = tmp_path / "entries.py"
    path.write_text(text)
    globals_of_module = {"__name__": "geoflow.entries", "explicit_rk": explicit_rk}
    with pytest.raises((InputError, TypeError, NameError, SyntaxError)) as raised:
        exec(compile(path.read_text(), str(path), "exec"), globals_of_module)
    return raised.value, path


@pytest.mark.parametrize(
    ("entry", "said"),
    [
        ("explicit_rk(A=[[], [1]], b=[1, 1], order=2, reference='HLW')", "expected the weights b to sum to 1"),
        ("explicit_rk(A=[[], [1]], b=[0, 1], oder=2, reference='HLW')", "TypeError: explicit_rk() got an unexpected"),
        ("explicit_rk(\n        A=[[], [Half]], b=[0, 1], order=2, reference='HLW')", "NameError: name 'Half'"),
        ("explicit_rk(A=[[], [1]], b=[0, 1]", "SyntaxError: '{' was never closed"),
    ],
    ids=["coefficient", "keyword", "name", "syntax"],
)  # fmt: skip
def test_a_mistyped_entry_of_a_table_is_named_with_its_file_and_line(tmp_path, entry, said):
    error, path = imported(tmp_path, f"METHODS = {{\n    'good': None,\n    'bad': {entry},\n}}\n")
    assert sentence(error).startswith(f"{path}, line ")
    if "SyntaxError" not in said:
        line = 3 + ("Half" in entry)
        assert sentence(error).startswith(f"{path}, line {line}: {said}")


def test_an_error_outside_of_an_import_keeps_its_sentence_or_its_stack_trace():
    with pytest.raises(InputError) as raised:
        METHODS["nothing"]
    assert sentence(raised.value) == str(raised.value)
    assert sentence(ValueError("a defect of the program")) == ""
