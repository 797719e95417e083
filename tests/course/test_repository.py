"""The repository itself: small, self-contained, and saying the same everywhere."""

import ast
import re
import shutil
import subprocess
import sys
import tomllib
import zipfile

import ganlib


def tracked(root):
    names = subprocess.run(["git", "ls-files"], cwd=root, capture_output=True, text=True, check=True).stdout.split()
    return [root / name for name in names]


def test_wheel_is_small_and_complete(root, tmp_path):
    # From a copy: setuptools leaves a build folder where it works.
    copy = tmp_path / "source"
    shutil.copytree(root / "ganlib", copy / "ganlib", ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "README.md"):
        shutil.copy(root / name, copy)
    command = [sys.executable, "-m", "pip", "wheel", "--no-deps", "--no-build-isolation", "-q", "-w", str(tmp_path), str(copy)]
    subprocess.run(command, check=True, capture_output=True)
    (wheel,) = tmp_path.glob("*.whl")
    members = {info.filename: info.file_size for info in zipfile.ZipFile(wheel).infolist()}
    assert sum(members.values()) <= 2**20
    assert {"ganlib/data.py", "ganlib/vae.py", "ganlib/weights/digits8.safetensors"} <= set(members)
    assert not [name for name in members if "solutions" in name or "autograde" in name]


TEXT = {".md", ".py", ".yml", ".toml", ".txt", ".mk", ".js", ".css", ".ipynb", ""}
# Put together here, so that this file does not name them either.
REGISTRIES = ["files.python" + "hosted", "py" + "pi.org", "registry.npm" + "js", "deb." + "debian.org"]
CDNS = ["jsdelivr", "unpkg", "cdnjs", "googleapis"]


def test_no_registry_no_cdn_no_machine_path_is_named(root):
    for file in tracked(root):
        if file.suffix in TEXT and file.is_file():
            # The tests of the book name the networks that a page must not ask.
            words = [*REGISTRIES, "/wo" + "rk/main", *(CDNS if "tests/course" not in str(file) else [])]
            text = file.read_text(encoding="utf-8", errors="ignore")
            assert [word for word in words if word in text] == [], file.relative_to(root)


def test_versions_agree(root):
    from autograde import COURSE_VERSION

    project = tomllib.loads((root / "pyproject.toml").read_text())["project"]
    citation = re.search(r"^version: (\S+)", (root / "CITATION.cff").read_text(), re.MULTILINE)[1]
    assert project["version"] == COURSE_VERSION == citation


def test_tested_versions_meet_the_requirements(root):
    from importlib.metadata import version

    from packaging.requirements import Requirement

    project = tomllib.loads((root / "pyproject.toml").read_text())["project"]
    pins = dict(line.split("==") for line in (root / "constraints.txt").read_text().split() if "==" in line)
    pins = {name.lower().replace("_", "-"): pin for name, pin in pins.items()}
    wanted = project["dependencies"] + [line for extra in project["optional-dependencies"].values() for line in extra]
    for requirement in map(Requirement, wanted):
        name = requirement.name.lower()
        assert name in pins, f"constraints.txt does not pin {name}"
        assert requirement.specifier.contains(pins[name]), (
            f"constraints.txt pins {name} {pins[name]}, pyproject wants {requirement}"
        )
        assert requirement.specifier.contains(version(name).split("+")[0])


def test_ruff_lets_the_exercise_modules_import_what_their_solutions_use(root):
    ignores = tomllib.loads((root / "pyproject.toml").read_text())["tool"]["ruff"]["lint"]["per-file-ignores"]
    modules = [name for name in ignores if name.startswith("ganlib/")]
    assert sorted(modules) == sorted(f"ganlib/{name}.py" for name in ganlib.EXERCISE_MODULES)


def calls(file, name):
    """The calls in a file of functions whose names begin so."""
    nodes = ast.walk(ast.parse(file.read_text()))
    return [node for node in nodes if isinstance(node, ast.Call) and getattr(node.func, "id", "").startswith(name)]


def test_what_is_measured_is_what_is_graded(root):
    targets = calls(root / "benchmarks" / "targets.py", "Target")
    assert targets
    for target in targets:
        chapter, what, bound, _ = (argument.value for argument in target.args)
        (graded,) = (root / "tests").glob(f"test_{chapter:02}_*.py")
        bounds = [
            argument.value for call in calls(graded, "expect_") for argument in call.args if isinstance(argument, ast.Constant)
        ]
        assert bound in bounds, f"{what}: {bound} is no bound in {graded.name}"
