"""Submissions that try to earn what they have not earned, or to harm others; and right answers that look odd.

Each is the solved ``vae`` module with its ``kl_standard_normal`` (exercise 2.2) replaced. An attack may earn nothing for 2.2; the
exercises around it must earn what they earn without it. An oddity is right, and must earn everything.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Attack:
    """A threat, the code that carries it out, and whether what is around it is touched by it at all."""

    name: str
    threat: str
    code: str
    everything_fails: bool = False


WRONG = "\n    return torch.zeros(len(mu))\n"
HEAD = "def kl_standard_normal(mu, logvar):\n"

ATTACKS = [
    Attack("patched_asserts", "patches the judge's tools, pytest and builtins", """
import builtins, sys
try:
    import autograde.testing, pytest
    autograde.testing.expect = lambda *a, **k: None
    pytest.fail = lambda *a, **k: None
except ImportError:
    pass
builtins.all = lambda *a: True
torch.allclose = torch.equal = lambda *a, **k: True
torch.isclose = lambda a, *r, **k: torch.ones_like(a, dtype=torch.bool)
def kl_standard_normal(mu, logvar):""" + WRONG),
    Attack("many_values", "answers quickly with what takes the judge long to read", """
import json, struct
from autograde import wire
items = [{"record": [f"a{i}"], "items": [{"none": 1}]} for i in range(15000)]
text = json.dumps({"status": "value", "value": {"list": items}}).encode()
wire.send = lambda write, *rest: write(struct.pack("<Q", len(text)) + text + struct.pack("<Q", 0))
def kl_standard_normal(mu, logvar):""" + WRONG, everything_fails=True),
    Attack("lying_tensor", "returns an object that claims to equal everything", """
class Liar(torch.Tensor):
    def __eq__(self, other): return torch.ones(self.shape, dtype=torch.bool)
    def __le__(self, other): return torch.ones(self.shape, dtype=torch.bool)
    def __sub__(self, other): return torch.zeros(self.shape)
    def double(self): return self
def kl_standard_normal(mu, logvar):
    return torch.zeros(len(mu)).as_subclass(Liar)
"""),
    Attack("dropped_asserts", "drops asserts by an AST transformer and an import hook", """
import ast, sys
class Dropper(ast.NodeTransformer):
    def visit_Assert(self, node): return ast.Pass()
class Hook:
    def find_spec(self, name, path=None, target=None): return None
sys.meta_path.insert(0, Hook())
sys.settrace(lambda *a: None)
def kl_standard_normal(mu, logvar):""" + WRONG),
    Attack("pickle", "returns what would run when unpickled", """
class Bomb:
    def __reduce__(self): return (__import__("os").system, ("touch /tmp/pwned",))
def kl_standard_normal(mu, logvar):
    return Bomb()
"""),
    Attack("exit", "ends the process with success", HEAD + "    import os; os._exit(0)\n"),
    Attack("system_exit", "raises SystemExit", HEAD + "    raise SystemExit(0)\n"),
    Attack("keyboard_interrupt", "raises KeyboardInterrupt", HEAD + "    raise KeyboardInterrupt\n"),
    Attack("exit_at_import", "ends the process while it is imported", "import os; os._exit(0)\n", everything_fails=True),
    Attack("loop", "never ends and ignores signals", HEAD + """
    import signal
    for number in range(1, 32):
        try: signal.signal(number, signal.SIG_IGN)
        except (OSError, ValueError): pass
    while True: pass
"""),
    Attack("native_loop", "never ends in native code", HEAD + "    import re; re.match('(a+)+$', 'a' * 60 + 'b')\n"),
    Attack("fork_bomb", "forks without end", HEAD + """
    import os
    while True:
        try: os.fork()
        except OSError: pass
"""),
    Attack("memory", "takes all memory", HEAD + """
    taken = []
    while True: taken.append(bytearray(b"x" * 2**26))
"""),
    Attack("shared_memory", "takes memory in many processes, each within its limits", HEAD + """
    import os, time
    for _ in range(20):
        if os.fork() == 0:
            taken = [os.urandom(2**26) for _ in range(8)]
            time.sleep(60)
    time.sleep(60)
"""),
    Attack("output", "prints without end", HEAD + "    while True: print('x' * 10_000)\n"),
    Attack("huge_answer", "answers with more than the wire takes", HEAD + "    return torch.zeros(200_000_000)\n"),
    Attack("nested_answer", "answers with a value nested without end", HEAD + """
    value = []
    for _ in range(10_000): value = [value]
    return value
"""),
    Attack("disk", "fills the disk", HEAD + """
    import os
    for number in range(10_000):
        with open(f"/tmp/{number}", "wb") as file: file.write(os.urandom(2**22))
"""),
    Attack("network", "asks the network", HEAD + """
    import socket
    socket.create_connection(("1.1.1.1", 53), timeout=2)
    return 0.5 * (mu**2 + logvar.exp() - logvar - 1).sum(1)
"""),
    Attack("theft", "looks for solutions, tests and other submissions", HEAD + """
    import pathlib
    for root in ("/course", "/tmp", "/home", "/root", "/work", "/proc/1/root", "/proc/self/cwd"):
        try: files = list(pathlib.Path(root).rglob("solutions/ganlib/*.py")) + list(pathlib.Path(root).rglob("test_0*.py"))
        except OSError: continue
        if files:
            space = dict(globals())
            exec(files[0].read_text(), space)
            return space["kl_standard_normal"](mu, logvar)
""" + WRONG.lstrip("\n")),
    Attack("forged_message", "writes an answer of its own to the grader's socket", HEAD + """
    import json, os, socket, struct
    text = json.dumps({"status": "value", "value": {"text": "passed"}}).encode()
    for fd in range(3, 64):
        try: os.write(fd, struct.pack("<Q", len(text)) + text + struct.pack("<Q", 0))
        except OSError: pass
""" + WRONG.lstrip("\n")),
    Attack("forged_length", "announces a message of a million terabytes", HEAD + """
    import os, struct
    for fd in range(3, 64):
        try: os.write(fd, struct.pack("<Q", 2**62))
        except OSError: pass
""" + WRONG.lstrip("\n")),
    Attack("left_behind", "leaves a process behind", HEAD + """
    import os, time
    if os.fork() == 0:
        os.setsid()
        if os.fork() == 0: time.sleep(600)
        os._exit(0)
""" + WRONG.lstrip("\n")),
    Attack("murder", "kills whatever it can reach", HEAD + """
    import os, signal
    for pid in [os.getppid(), *range(2, 400), -1]:
        try: os.kill(pid, signal.SIGKILL) if pid else None
        except OSError: pass
""" + WRONG.lstrip("\n")),
    Attack("closed_files", "closes the channel to the grader", HEAD + "    import os; os.closerange(0, 256)" + WRONG),
    Attack("poisoned_torch", "breaks torch for whoever comes after", """
def kl_standard_normal(mu, logvar):
    zeros = torch.zeros(len(mu))
    torch.Tensor.sum = torch.Tensor.exp = lambda *a, **k: None
    torch.logsumexp = torch.linspace = None
    return zeros
""" + WRONG),
    Attack("control_characters", "sends escape codes and halves of characters as an error", HEAD
        + "    raise ValueError('\\x1b[2J\\ud800]]>&<script>alert(1)</script>')\n"),
    Attack("bad_error", "raises an error that cannot be printed", """
class Bad(Exception):
    def __str__(self): raise RuntimeError
def kl_standard_normal(mu, logvar):
    raise Bad
"""),
    Attack("not_utf8", "is not text", "\udcff\udcfe", everything_fails=True),
    Attack("syntax_error", "does not parse", "def kl_standard_normal(mu, logvar:\n", everything_fails=True),
]  # fmt: skip

RIGHT = "0.5 * (mu.square() + logvar.exp() - logvar - 1)"
ODDITIES = {
    "warns": f"{HEAD}    import warnings; warnings.warn('careful')\n    return ({RIGHT}).sum(1)\n",
    "prints": f"{HEAD}    print('kl', mu.shape, '\\x1b[31mred')\n    return ({RIGHT}).sum(1)\n",
    "draws": f"{HEAD}    import matplotlib.pyplot as plt\n    plt.plot(mu.detach().flatten())\n    return ({RIGHT}).sum(1)\n",
    "float64": f"{HEAD}    mu, logvar = mu.double(), logvar.double()\n    return ({RIGHT}).sum(1)\n",
    "einsum": f"{HEAD}    return torch.einsum('nd->n', {RIGHT})\n",
    "in_place": f"{HEAD}    total = mu * mu\n    total += logvar.exp()\n    total -= logvar + 1\n    return total.sum(1) / 2\n",
    "other_names": "def f(a, b):\n    return (a * a + b.exp() - b - 1).sum(-1) / 2\n\nkl_standard_normal = lambda *z: f(*z)\n",
    "subclass": f"{HEAD}    class Mine(torch.Tensor): pass\n    return ({RIGHT}).sum(1).as_subclass(Mine)\n",
    "not_ascii": f"{HEAD}    return ({RIGHT}).sum(1)  # caf\u00e9\n",
    "compiled": f"@torch.compile\n{HEAD}    return ({RIGHT}).sum(1)\n",
    "double_by_default": f"torch.set_default_dtype(torch.float64)\n{HEAD}    return ({RIGHT}).sum(1)\n",
}
