"""The overlay: whose ganlib is imported."""

import os
import subprocess
import sys


def import_vae(root, choice, **environment):
    code = "import ganlib.vae, ganlib.training; print(ganlib.vae.__file__); print(ganlib.training.__file__)"
    env = {key: value for key, value in os.environ.items() if key != "GANLIB"} | {"PYTHONPATH": str(root)} | environment
    if choice is not None:
        env["GANLIB"] = str(choice)
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=env, cwd="/")


def test_three_choices_and_the_provided_modules_are_never_replaced(root, tmp_path):
    (tmp_path / "ganlib").mkdir()
    for module in ("vae", "training"):
        (tmp_path / "ganlib" / f"{module}.py").write_text("")
    for choice, folder in ((None, root), ("solutions", root / "solutions"), (tmp_path, tmp_path)):
        lines = import_vae(root, choice).stdout.split()
        assert lines == [str(folder / "ganlib" / "vae.py"), str(root / "ganlib" / "training.py")]


def test_a_wrong_folder_is_named(root, tmp_path):
    result = import_vae(root, tmp_path / "nowhere")
    assert "ImportError" in result.stderr
    assert str(tmp_path / "nowhere" / "ganlib") in result.stderr


def test_the_exercise_modules_are_those_of_the_solutions(root):
    import ganlib

    assert set(ganlib.EXERCISE_MODULES) == {file.stem for file in (root / "solutions" / "ganlib").glob("*.py")}


def test_the_judge_never_imports_an_exercise_module(root):
    """Graded tests run in the trusted process: there they may use provided modules only."""
    import ast

    exercise_modules = {file.stem for file in (root / "solutions" / "ganlib").glob("*.py")}
    for file in (root / "tests").glob("test_*.py"):
        for node in ast.walk(ast.parse(file.read_text())):
            if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "ganlib":
                names = {node.module.partition(".")[2]} | {alias.name for alias in node.names}
                assert not names & exercise_modules, f"{file.name}, line {node.lineno}"
            if isinstance(node, ast.Import):
                assert not any(alias.name.startswith("ganlib") for alias in node.names), f"{file.name}, line {node.lineno}"


def test_every_probe_that_is_asked_for_exists(root):
    import ast
    import re

    for file in (root / "tests").glob("test_*.py"):
        text = file.read_text()
        for variable, module in re.findall(r'^(\w+) = probes\("(\w+)"\)', text, re.MULTILINE):
            tree = ast.parse((root / "tests" / "probes" / f"{module}.py").read_text())
            defined = {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}
            assert set(re.findall(rf"\b{variable}\.(\w+)", text)) <= defined
