"""Every threat is a submission: it earns what its answers earn, harms nobody else, and leaves nothing behind."""

import subprocess
import sys
import time
from functools import partial
from pathlib import Path

import psutil
import pytest

from autograde import sandbox
from autograde.check import run
from autograde.client import LONGEST_WAIT, AskFailed, Session
from tests.course.attacks.attacks_catalog import ATTACKS, ODDITIES

EXERCISES = ["2.2", "2.5", "2.6"]
LIMIT = 3.0


@pytest.fixture(scope="module")
def parent():
    if sandbox.missing_tools():
        pytest.fail(f"not installed: {', '.join(sandbox.missing_tools())}: no attack can be tried")
    parent = sandbox.SandboxedParent()
    session = Session(modules={"vae": b""}, parent=lambda: parent)
    session.start()
    session.close()
    yield parent
    parent.close()


@pytest.fixture
def judge(parent, root, monkeypatch):
    """Judges the solved vae module with some code behind it."""
    import autograde.plugin

    monkeypatch.setattr(autograde.plugin.Ask.__call__, "__kwdefaults__", {"timeout": LIMIT})
    solved = (root / "solutions" / "ganlib" / "vae.py").read_bytes()

    def judge(code: str, exercises=EXERCISES, seed=7):
        modules = {"vae": solved + b"\n\n" + code.encode("utf-8", "surrogateescape")}
        results = run(exercises, open_session=partial(Session, modules=modules, parent=lambda: parent), seed=seed)
        return {result.exercise.id: result for result in results.exercises()}

    return judge


def processes(parent):
    return len(psutil.Process(parent.bwrap).children(recursive=True))


def soon(holds, seconds=10):
    """Whether something holds before the time is up: a busy kernel takes a while to clear killed processes away."""
    end = time.monotonic() + seconds
    while not holds() and time.monotonic() < end:
        time.sleep(0.1)
    return holds()


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack.name)
def test_an_attack_earns_nothing_and_harms_nobody(attack, judge, parent):
    before, started = processes(parent), time.monotonic()
    found = judge(attack.code)
    assert time.monotonic() - started < len(EXERCISES) * LONGEST_WAIT * LIMIT + 10  # on a busy machine; else a third of it
    assert found["2.2"].score == 0
    assert found["2.2"].status == "failed", found["2.2"].message
    around = {"2.5": "failed", "2.6": "failed"} if attack.everything_fails else {"2.5": "passed", "2.6": "passed"}
    assert {id: found[id].status for id in around} == around
    assert soon(lambda: processes(parent) <= before), "nothing is left behind"
    assert judge("", ["2.2"])["2.2"].status == "passed", "the next submission is judged as if nothing had happened"


@pytest.mark.parametrize("name", ODDITIES)
def test_a_right_answer_that_looks_odd_earns_everything(name, judge):
    code = ODDITIES[name]
    assert {id: result.status for id, result in judge(code).items()} == dict.fromkeys(EXERCISES, "passed")


def test_the_order_of_exercises_does_not_matter(judge):
    """2.5 right only if 2.2 was not asked before, and the other way round: fresh code for each."""
    code = """
asked = []

def kl_standard_normal(mu, logvar, _right=kl_standard_normal):
    asked.append(1)
    return _right(mu, logvar) if "bound" not in asked else None

def importance_bound(log_w, _right=importance_bound):
    asked.append("bound")
    return _right(log_w) if 1 not in asked else None
"""
    assert {result.status for result in judge(code).values()} == {"passed"}


COLLECTING = """
import gc, resource

def elbo():
    before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
    gc.collect()
    return resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before
"""


def test_collecting_garbage_copies_nothing_of_the_warm_parent(parent):
    """It would copy about 20,000 pages, and cost each session a fifth of a second."""
    session = Session(modules={"vae": COLLECTING.encode()}, parent=lambda: parent)
    assert session.ask({"target": "vae.elbo"}, (), {}, 10.0) < 4000
    session.close()


SPIN = [sys.executable, "-c", "while True: pass"]
CROWD = f"""
import subprocess
for _ in range(20):
    subprocess.Popen({SPIN!r}, start_new_session=True)
while True:
    pass
"""
SOME_WORK = """
import time

def elbo():
    started = time.process_time()
    while time.process_time() < started + 1.5:
        pass
    return 1.0
"""


def test_a_session_that_others_keep_from_its_core_is_given_time(parent):
    """8 processes, each in a session of its own, so that the kernel gives each as much as it gives the honest one."""
    session = Session(modules={"vae": SOME_WORK.encode()}, parent=lambda: parent)
    crowd = [subprocess.Popen(SPIN, start_new_session=True) for _ in range(8)]
    try:
        assert session.ask({"target": "vae.elbo"}, (), {}, 3.0) == 1.0
    finally:
        for process in crowd:
            process.kill()
        session.close()


def test_a_session_that_keeps_itself_from_its_core_is_not(parent):
    session = Session(modules={"vae": CROWD.encode()}, parent=lambda: parent)
    started = time.monotonic()
    with pytest.raises(AskFailed, match="no answer within 2 s"):
        session.ask({"target": "vae.elbo"}, (), {}, 2.0)
    session.close()
    assert time.monotonic() - started < 5


def test_every_wall_holds(parent):
    from autograde.doctor import WALLS, examine

    assert [f"{wall.name}: {wall.seen}" for wall in examine(parent, WALLS) if not wall.holds] == []


def test_a_missing_wall_is_named(monkeypatch):
    """Without its network namespace the sandbox is known to leak."""
    from autograde.doctor import examine

    whole = sandbox.command

    def without(*arguments):
        return [part for part in whole(*arguments) if part not in ("--unshare-net", "--clearenv")]

    monkeypatch.setattr(sandbox, "command", without)
    monkeypatch.setenv("SECRET", "1")
    leaky = sandbox.SandboxedParent()
    try:
        walls = {wall.name: wall.holds for wall in examine(leaky, ["no network", "a clean environment", "no privileges"])}
    finally:
        leaky.close()
    assert walls == {"no network": False, "a clean environment": False, "no privileges": True}


@pytest.mark.parametrize("there", [True, False])
def test_an_environment_behind_a_link_is_found_and_what_is_missing_is_named(there, monkeypatch, tmp_path):
    from autograde.doctor import examine

    (tmp_path / "linked").symlink_to(sys.prefix if there else tmp_path)
    monkeypatch.setattr(sys, "executable", str(tmp_path / "linked" / "bin" / Path(sys.executable).name))
    parent = sandbox.SandboxedParent()
    try:
        (wall,) = examine(parent, ["no network"])
    finally:
        parent.close()
    assert wall.holds == there and ("No such file or directory" in wall.seen) != there


def test_a_session_keeps_to_the_cores_and_the_memory_that_it_was_given(parent):
    code = b"""
import ctypes, os

def elbo():
    try:
        os.sched_setaffinity(0, os.sched_getaffinity(0))
        moved = True
    except PermissionError:
        moved = False
    libc = ctypes.CDLL(None, use_errno=True)
    parts = (ctypes.c_void_p * 2)(ctypes.cast(ctypes.create_string_buffer(1), ctypes.c_void_p), 1)
    return [moved, libc.vmsplice(os.pipe()[1], parts, 1, 0)]
"""
    session = Session(modules={"vae": code}, parent=lambda: parent)
    try:
        assert session.ask({"target": "vae.elbo"}, (), {}) == [False, -1]
    finally:
        session.close()


def test_without_bubblewrap_nothing_is_run(monkeypatch):
    monkeypatch.setattr(sandbox.shutil, "which", lambda name: None)
    with pytest.raises(sandbox.SandboxError, match="bwrap.*apt-get install bubblewrap"):
        sandbox.SandboxedParent()
