"""What a session puts right between two questions."""

import time
from unittest.mock import Mock

import psutil
import pytest

from autograde import wire, worker
from autograde.client import AskFailed, Session
from autograde.warm import NoSession, WarmParent

ANSWERS = b"""
import torch

def kl_divergence(mu, logvar):
    torch.set_grad_enabled(False)
    return 1

def reconstruction_loss(x, y):
    torch.set_default_dtype(torch.float64)
    torch.set_default_device("meta")
    torch.set_autocast_enabled("cpu", True)
    return 1

def elbo():
    with torch.no_grad():
        switches = torch.is_grad_enabled(), torch.is_autocast_enabled("cpu")
        return [*switches, str(torch.get_default_dtype()), str(torch.zeros(1).device)]

def reparameterize():
    torch.use_deterministic_algorithms(True)
    raise KeyError("first")

def table():
    torch.manual_seed(0)
    return 1

def settings():
    return [torch.is_grad_enabled(), torch.are_deterministic_algorithms_enabled()]
"""


@pytest.fixture
def session():
    session = Session(modules={"vae": ANSWERS})
    yield session
    session.close()


def ask(session, name, *args):
    return session.ask({"target": f"vae.{name}"}, args, {})


def test_a_switch_left_otherwise_costs_the_answer_and_not_the_next_one(session):
    with pytest.raises(AskFailed, match=r"is_grad_enabled\(\) is False, and before it was True") as failure:
        ask(session, "kl_divergence", 0, 0)
    assert failure.value.kind == "raised"
    with pytest.raises(AskFailed, match=r"get_default_dtype\(\) is torch.float64"):
        ask(session, "reconstruction_loss", 0, 0)
    with pytest.raises(AskFailed, match="sets the seed of torch's global generator"):
        ask(session, "table")
    assert ask(session, "elbo") == [False, False, "torch.float32", "cpu"]
    assert ask(session, "settings") == [True, False]


def test_a_switch_at_the_top_of_a_module_costs_the_first_answer_alone():
    session = Session(modules={"vae": b"import torch\ntorch.set_grad_enabled(False)\n\ndef elbo():\n    return 1\n"})
    try:
        with pytest.raises(AskFailed, match=r"after the import of your modules torch.is_grad_enabled\(\) is False"):
            ask(session, "elbo")
        assert ask(session, "elbo") == 1
    finally:
        session.close()


def test_an_exit_at_the_top_of_a_module_is_said_as_such():
    session = Session(modules={"vae": b"exit()\n"})
    try:
        with pytest.raises(AskFailed, match=r"ganlib/vae.py cannot be imported.*\nSystemExit") as failure:
            ask(session, "elbo")
    finally:
        session.close()
    assert failure.value.kind == "broken"


def test_an_error_of_the_answer_goes_before_the_switch_that_it_left(session):
    with pytest.raises(AskFailed, match="first"):
        ask(session, "reparameterize")
    assert ask(session, "settings") == [True, False]


LOADED = b"""
import sys

def emd_1d():
    return [name in sys.modules for name in ("scipy.optimize", "ganlib.plots")]

elbo = emd_1d
"""
CELL = "import sys\nprint('scipy.optimize' in sys.modules, 'ganlib.plots' in sys.modules)"


def test_the_warm_parent_imports_what_the_first_question_of_a_session_needs_and_keeps_it():
    parent = WarmParent()

    def first(**question):
        session = Session(modules={"vae": LOADED, "wasserstein": LOADED}, parent=lambda: parent)
        try:
            return session.ask(question, (), {})
        finally:
            session.close()

    try:
        assert first(target="vae.elbo") == [False, False]
        assert first(target="wasserstein.emd_1d") == [True, False]
        assert first(target="vae.elbo") == [True, False]
        assert first(cell=CELL)["printed"] == "True True\n"
    finally:
        parent.close()


def test_what_cannot_be_imported_is_left_to_the_session_and_tried_once(tmp_path, monkeypatch):
    (tmp_path / "torn_module.py").write_text("raise ValueError('dtype size changed')")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr(worker, "make_forks_cheap", lambda: cheap.append(1))
    cheap = []
    for _ in range(2):
        worker.import_once(["no_such_module", "torn_module", "json"])
    assert len(cheap) == 1


def test_the_most_usual_seed_is_noticed_in_the_first_question():
    session = Session(modules={"vae": b"import torch\n\ndef elbo():\n    torch.manual_seed(0)\n    return 1\n"})
    try:
        with pytest.raises(AskFailed, match="sets the seed of torch's global generator"):
            ask(session, "elbo")
    finally:
        session.close()


FORGED = b"""
import sys
sys.modules["__main__"]._explain = lambda error: {"status": "raised", "message": "x" * 4_000_000}

def elbo():
    raise ValueError
"""


def test_an_error_says_no_more_than_is_read():
    session = Session(modules={"vae": FORGED})
    try:
        with pytest.raises(AskFailed) as failure:
            ask(session, "elbo")
    finally:
        session.close()
    assert str(failure.value) == "x" * 2000


def test_a_session_that_does_not_begin_leaves_no_socket_open():
    before = psutil.Process().num_fds()
    session = Session(parent=Mock(return_value=Mock(fork=Mock(side_effect=NoSession))))
    with pytest.raises(NoSession) as failure:
        ask(session, "elbo")
    assert psutil.Process().num_fds() == before and failure  # which would hold them


def test_an_endless_session_ends_with_its_warm_parent():
    parent = WarmParent()
    session = Session(modules={"vae": b"def elbo():\n    while True: pass\n"}, parent=lambda: parent)
    session.start()
    pid = session.child.pid
    wire.send(session.channel.sendall, {"target": "vae.elbo", "args": [], "kwargs": {}})
    parent.process.kill()
    parent.process.wait()
    deadline = time.monotonic() + 5
    while psutil.pid_exists(pid) and psutil.Process(pid).status() != psutil.STATUS_ZOMBIE and time.monotonic() < deadline:
        time.sleep(0.05)
    gone = not psutil.pid_exists(pid) or psutil.Process(pid).status() == psutil.STATUS_ZOMBIE
    session.close()
    parent.close()
    assert gone
