"""The repository itself: small, self-contained, and saying the same everywhere."""

import ast
import re
import shutil
import subprocess
import sys
import tomllib
import zipfile

import pytest

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
    extras = project["optional-dependencies"]
    extras.pop("bench")  # TensorFlow, for one measurement: in an environment of its own
    wanted = project["dependencies"] + [line for extra in extras.values() for line in extra]
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
        chapter, what = target.args[0].value, ast.unparse(target.args[1])
        bound = next((keyword.value.value for keyword in target.keywords if keyword.arg == "graded"), target.args[2].value)
        (graded,) = (root / "tests").glob(f"test_{chapter:02}_*.py")
        bounds = [
            value.value
            for call in calls(graded, "expect_")
            for value in [*call.args, *(keyword.value for keyword in call.keywords)]
            if isinstance(value, ast.Constant)
        ]
        assert bound in bounds, f"{what}: {bound} is no bound in {graded.name}"


@pytest.fixture
def make(root, tmp_path):
    """Runs make with setup.mk where ``script`` stands for Python; tells the status and everything that was said."""
    for name in ("setup.mk", "pyproject.toml", "constraints.txt"):
        shutil.copy(root / name, tmp_path)

    def make(*arguments, script):
        python = tmp_path / "python"
        python.write_text(f"#!/bin/sh\n{script}\n")
        python.chmod(0o755)
        command = ["make", "--no-print-directory", "-f", "setup.mk", f"PYTHON={python}", *arguments]
        done = subprocess.run(command, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        return done.returncode, done.stdout

    return make


@pytest.mark.parametrize("target", ["check", "notebooks"])
def test_a_wrong_answer_is_no_error_of_make(make, target):
    for status in (0, 1):
        assert make(target, "READY=", "PY=./python", script=f"exit {status}") == (0, "")
    assert make(target, "READY=", "PY=./python", script="exit 2")[0] == 2


def test_exercises_without_ex_are_told_before_all_are_checked(make):
    status, said = make("check", "2.1", "2.2", "READY=", "PY=./python", script="echo checked")
    assert status == 2 and 'exercises are named by EX: make check EX="2.1 2.2"' in said and "checked" not in said


@pytest.mark.parametrize("chapters", ["2 3", "2,3", "2, 3"])
def test_several_chapters_are_checked(make, chapters):
    status, said = make("check", f"CH={chapters}", "READY=", "PY=./python", script='echo "$*"')
    assert (status, said) == (0, "-m autograde check --chapter=2 --chapter=3\n")


def test_jupyterlab_is_given_its_options(make):
    assert make("lab", "ARGS=--no-browser", "READY=", "PY=./python", script='echo "$*"') == (
        0, "-m jupyterlab exercises --no-browser\n",
    )  # fmt: skip


@pytest.mark.parametrize("port", ["80x", "99999", ""])
def test_a_port_that_is_none_is_told(root, tmp_path, port):
    (tmp_path / "_build" / "html").mkdir(parents=True)
    (tmp_path / "_build" / "html" / "index.html").touch()
    for name in ("Makefile", "setup.mk", "pyproject.toml", "constraints.txt"):
        shutil.copy(root / name, tmp_path)
    command = ["make", "serve", f"PORT={port}", "READY=", f"PY={sys.executable}"]
    served = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=20)
    assert served.returncode == 2 and served.stderr.startswith(f"port {port} is taken, or is no port: name another")


def test_a_missing_torch_is_told_before_anything_is_installed(make, tmp_path):
    script = 'case "$2" in *_base_executable*) echo "$0";; *torch*) exit 1;; esac'
    status, said = make("setup", "EXISTING_TORCH=1", script=script)
    assert status == 2
    assert f"EXISTING_TORCH=1: {tmp_path}/python has no torch 2.11 or newer" in said
    assert not (tmp_path / ".venv").exists()


def test_an_environment_with_its_own_torch_does_not_change_its_mind(make, tmp_path):
    (tmp_path / ".venv").mkdir()
    (tmp_path / ".venv" / "pyvenv.cfg").write_text("include-system-site-packages = false\n")
    status, said = make("setup", "EXISTING_TORCH=1", script="exit 0")
    assert status == 2
    assert "remove it first" in said


def test_an_exercise_has_one_title_and_its_points_everywhere(root):
    """In its tests, on the card of its chapter and in its notebook; and as many points on the card as in the tests."""
    import re

    def titles(pattern, folder, glob):
        text = "\n".join(file.read_text() for file in sorted((root / folder).glob(glob)))
        return dict(re.findall(pattern, text, re.MULTILINE))

    tests = titles(r'^@exercise\("([\d.]+)".*\)\nclass \w+:\n    """(.*?)\.?"""', "tests", "test_[0-9]*.py")
    assert tests
    assert titles(r"^::::\{admonition\} Exercise ([\d.]+) · (.*)$", "book", "[0-9]*.md") == tests
    assert titles(r"^# ## Exercise ([\d.]+) · (.*)$", "solutions", "*.py") == tests
    points = titles(r'^@exercise\("([\d.]+)", points=(\d+)', "tests", "test_[0-9]*.py")
    on_cards = r"^::::\{admonition\} Exercise ([\d.]+) · .*\n(?::.*\n)*\n\*\*(\d+) points?"
    assert titles(on_cards, "book", "[0-9]*.md") == points
