"""The ladder of messages, and what a student reads when the code does not even answer."""

import textwrap

import pytest
import torch

from autograde.check import report_lines, run
from autograde.plugin import _call_text
from autograde.testing import WrongAnswer, expect


@pytest.fixture
def student(tmp_path, root):
    """Writes a submission: the solved vae module with one function replaced; runs one exercise of it."""

    def submit(code: str, exercise: str = "2.2", module: str | None = None):
        folder = tmp_path / "ganlib"
        folder.mkdir(exist_ok=True)
        source = (root / "solutions" / "ganlib" / "vae.py").read_text() if module is None else module
        (folder / "vae.py").write_text(source + "\n\n" + textwrap.dedent(code))
        # 2.2 stands first: what it breaks has happened when the other is asked.
        results = run(["2.2", exercise], ganlib=str(tmp_path), training=False).exercises()
        return next(result for result in results if result.exercise.id == exercise)

    return submit


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("raise KeyError('sigma')", ["KeyError: 'sigma'", "ganlib/vae.py, line", "raise KeyError('sigma')"]),
        ("return None", ["None (is a return missing?)", "wanted a torch.Tensor"]),
        ("return 'half'", ["'half', a str", "wanted a torch.Tensor"]),
        ("return mu.detach().numpy().sum(1)", ["a numpy array", "wanted a torch.Tensor"]),
        ("return nn.Linear(2, 2)", ["a Linear", "wanted a torch.Tensor"]),
        ("return torch.zeros(len(mu), 1)", ["shape (4, 1)", "wanted (4,)"]),
        ("return torch.zeros(len(mu), dtype=torch.int64)", ["dtype int64", "wanted floating-point"]),
        ("return torch.full((len(mu),), float('nan'))", ["4 of 4 entries that are infinite or NaN"]),
        ("return torch.ones(len(mu))", ["got    [1, 1, 1, 1]", "wanted [0, 0, 0, 0]", "asked  vae.kl_standard_normal("]),
        ("import os; os._exit(0)", ["the process ended without an answer"]),
        ("import sys; sys.exit(0)", ["SystemExit: 0", "ganlib/vae.py, line"]),
        ("raise KeyboardInterrupt", ["KeyboardInterrupt"]),
        ("print('mu is', mu.shape); return None", ["your code printed:", "mu is torch.Size([4, 3])"]),
    ],
)
def test_message_of_each_rung(student, body, words):
    result = student(f"def kl_standard_normal(mu, logvar):\n    {body}\n")
    assert result.status == "failed"
    text = "\n".join(report_lines([result]))
    for word in words:
        assert word in text
    assert "Traceback" not in text


@pytest.mark.parametrize(
    ("arguments", "text"),
    [
        (([(2, 1), (2, 3)], [2, 2, 4], []), "[(2, 1), (2, 3)], [2, 2, 4], []"),
        (((1, 2.5), "two", None), "(1, 2.5), 'two', None"),
        ((list(range(99)),), "list of 99"),
        (([torch.zeros(3), torch.ones(2, 2, 2)], ["word"]), "[[0.0, 0.0, 0.0], 1 everywhere, shape (2, 2, 2)], ['word']"),
        (({"width": 4, "shift": None}, dict.fromkeys(range(99))), "{'width': 4, 'shift': None}, dict of 99"),
        ((torch.ones(2), torch.zeros(3, 3)), "[1.0, 1.0], 0 everywhere, shape (3, 3)"),
    ],
)
def test_what_was_asked_is_told_in_a_few_words(arguments, text):
    assert _call_text("module.function", arguments, {}) == f"module.function({text})"


@pytest.mark.parametrize(
    "body",
    [
        'return {"values": 1}',
        'return type("\\x1b[2J" + "x" * 100_000, (), {})()',
        'return {"shape": [4], "values": ["x"] * 5}',
        'raise RuntimeError("bad \\ud800 \\x1b[2J text")',
    ],
)
def test_strange_answers_do_not_hurt_the_report(student, body):
    result = student(f"def kl_standard_normal(mu, logvar):\n    {body}\n")
    assert result.status == "failed"
    text = "\n".join(report_lines([result]))
    assert "\x1b" not in text
    assert len(text) < 8000
    text.encode("utf-8")


def test_missing_function(student):
    result = student("del kl_standard_normal")
    assert (result.status, result.score) == ("failed", 0)
    assert "ganlib/vae.py defines no kl_standard_normal" in result.message


def test_syntax_error_names_file_and_line(student):
    result = student("", module="import torch\ndef kl_standard_normal(mu, logvar:\n    pass\n")
    assert result.status == "failed"
    assert result.message.startswith("ganlib/vae.py cannot be imported, so none of its exercises can be checked:\nSyntaxError")
    assert "ganlib/vae.py, line 2" in result.message


def test_an_endless_loop_costs_its_time_limit(student, monkeypatch):
    import autograde.plugin

    monkeypatch.setattr(autograde.plugin.Ask.__call__, "__kwdefaults__", {"timeout": 1.0})
    result = student("def kl_standard_normal(mu, logvar):\n    while True:\n        pass\n")
    assert result.status == "failed"
    assert "no answer within 1 s" in result.message


@pytest.mark.parametrize("signal", ["SIGKILL", "SIGSTOP"])
def test_a_session_that_ends_its_warm_parent_costs_no_other_exercise(student, monkeypatch, signal):
    from autograde.warm import WarmParent

    monkeypatch.setattr(WarmParent, "NEXT_ANSWER", 2.0)
    code = f"def kl_standard_normal(mu, logvar):\n    import os, signal; os.kill(os.getppid(), signal.{signal})\n"
    assert student(code, "2.5").status == "passed"


def test_a_worker_that_dies_costs_no_other_exercise(student):
    assert student("def kl_standard_normal(mu, logvar):\n    import os; os._exit(0)\n", "2.5").status == "passed"


def test_torchs_own_not_implemented_error_is_not_blank(student):
    result = student("def kl_standard_normal(mu, logvar):\n    raise NotImplementedError('no kernel for this dtype')\n")
    assert (result.status, result.score) == ("failed", 0)


def test_an_answer_that_claims_to_equal_everything_earns_nothing(student):
    result = student("""
        class Liar(torch.Tensor):
            def __eq__(self, other): return torch.ones(self.shape, dtype=torch.bool)
            def __sub__(self, other): return torch.zeros(self.shape)

        def kl_standard_normal(mu, logvar):
            return torch.ones(len(mu)).as_subclass(Liar)
        """)
    assert (result.status, result.score) == ("failed", 0)


def test_patching_the_judges_tools_earns_nothing(student):
    result = student("""
        import pytest, autograde.testing

        autograde.testing.expect = lambda *a, **k: None
        torch.allclose = lambda *a, **k: True
        torch.isclose = lambda a, *r, **k: torch.ones_like(a, dtype=torch.bool)

        def kl_standard_normal(mu, logvar):
            return torch.zeros(len(mu))
        """)
    assert (result.status, result.score) == ("failed", 0)


def test_module_state_does_not_reach_another_exercise(student):
    code = """
        calls = []

        def importance_bound(log_w, _right=importance_bound):
            return _right(log_w) if not calls else None

        def kl_standard_normal(mu, logvar):
            calls.append(1)
        """
    assert student(code, "2.5").status == "passed"


@pytest.mark.parametrize("count", [3, 20])
def test_numbers_that_print_alike_are_said_to_differ(count):
    wanted = torch.ones(count, dtype=torch.float64)
    with pytest.raises(WrongAnswer, match=r"They differ by 1e-09, which is more than rounding"):
        expect(wanted + 1e-9, wanted, "Why.", rtol=0, atol=1e-12)
