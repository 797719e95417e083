"""What probes share: they run beside the student's code and return numbers, never verdicts."""

from collections.abc import Callable

import torch
from torch import Tensor, nn
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils._pytree import tree_leaves


def gradients(value: Tensor, *inputs: Tensor) -> tuple[Tensor, ...]:
    """Derivatives of the sum of ``value`` by each input; 0 where none arrives."""
    if not value.requires_grad:
        return tuple(torch.zeros_like(each) for each in inputs)
    found = torch.autograd.grad(value.sum(), inputs, allow_unused=True)
    return tuple(torch.zeros_like(x) if each is None else each for x, each in zip(inputs, found, strict=True))


def laid_out(x: Tensor) -> list[Tensor]:
    """The same images as they lie in memory with their channels last, and as the left halves of wider ones."""
    return [x.contiguous(memory_format=torch.channels_last), torch.cat([x, x], dim=3)[..., : x.shape[3]]]


def gradient_sizes(model: nn.Module, value: Tensor) -> dict[str, float]:
    """By name, the sum of the absolute derivatives of ``value`` by each parameter; 0 where none arrives."""
    value.backward()
    return {name: 0.0 if p.grad is None else float(p.grad.abs().sum()) for name, p in model.named_parameters()}


def drawn_twice(draw: Callable[[torch.Generator], Tensor], seed: int) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """Two draws from one generator, and the state of torch's global generator before and after them."""
    generator, before = torch.Generator().manual_seed(seed), torch.get_rng_state()
    return draw(generator), draw(generator), before.double(), torch.get_rng_state().double()


def in_both_modes(model: nn.Module, answer: Callable[[], tuple[Tensor, ...]]) -> tuple[tuple, tuple]:
    """The answers in evaluation mode, and then in training mode."""
    model.eval()
    evaluated = answer()
    model.train()
    return evaluated, answer()


def slopes(function: Callable[[Tensor], Tensor], inputs: Tensor) -> Tensor:
    """For each row of ``inputs`` the derivatives of its summed answer, shape (N, inputs of one row)."""
    inputs = inputs.requires_grad_()
    return gradients(function(inputs), inputs)[0].flatten(1)


def slopes_along(answer: Callable[[], Tensor], values: dict[str, Tensor], seed: int) -> dict[str, list[float]]:
    """By name of a value, how fast the sum of the squared answers changes along a direction that is drawn for it.

    Twice: by its gradient, and by trying a small step forth and back; divided by the sum. All in float64, if the answer is.

    Args:
        answer: the answers for the values as they are.
        values: leaves that require gradients and have none yet; they are changed in place and put back, and keep their gradients.
        seed: of the directions.
    """
    luck, found = torch.Generator().manual_seed(seed), {}
    total = answer().square().sum()
    total.backward()
    with torch.no_grad():
        for name, value in values.items():
            way = torch.randn(value.shape, generator=luck, dtype=value.dtype) * value.abs().mean()
            by_gradient = 0.0 if value.grad is None else float((value.grad * way).sum())
            before, sums = value.clone(), []
            for share in (1e-7, -1e-7):  # so small that hardly a ReLU turns on the way
                value.copy_(before + share * way)
                sums.append(float(answer().square().sum()))
            value.copy_(before)
            found[name] = [by_gradient / float(total), (sums[0] - sums[1]) / 2e-7 / float(total)]
    return found


def spread(model: nn.Module, factor: float) -> nn.Module:
    """The model in evaluation mode with weights ``factor`` times as large, so that its answers spread."""
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.mul_(factor)
    return model.eval()


def restored(make: Callable[[int], nn.Module], answer: Callable[[nn.Module, int], Tensor], seed: int) -> dict:
    """Two networks of different weights, of which the second takes over the state of the first.

    ``make(seed)`` makes a network, ``answer(network, n)`` is what it says to the first n inputs; -1 leaves one out. Both are
    asked in evaluation mode, the first before and after it has seen the inputs in training mode. Told as well: in which modes
    they were left, training first, and whether an answer moved torch's random numbers.
    """
    first, second = make(seed).eval(), make(seed + 1).eval()
    torch.manual_seed(seed)  # not where a seed that the network sets itself has left it
    random = torch.get_rng_state()
    with torch.no_grad():
        found = {"before": answer(first, -1), "another": answer(second, -1)}
        answer(first.train(), -1)
        modes = [first.training]
        found["kept"] = answer(first.eval(), -1)
        second.load_state_dict(first.state_dict())
        found |= {"restored": answer(second, -1), "alone": answer(second, 1)}
    return found | {"modes": [*modes, second.training], "drawn": not torch.equal(random, torch.get_rng_state())}


class Player(nn.Module):
    """Two layers with given weights; remembers in which modes it was asked, and counts the gradients that reach its answers."""

    def __init__(self, weights: list[Tensor]) -> None:
        super().__init__()
        self.weights = nn.ParameterList(nn.Parameter(weight.clone()) for weight in weights)
        self.modes: list[bool] = []
        self.returned = 0

    def forward(self, x: Tensor) -> Tensor:
        return self.answer(x @ self.weights[0] + self.weights[1])

    def answer(self, hidden: Tensor) -> Tensor:
        """The second layer's answer to what the first one has made."""
        answer = torch.tanh(hidden) @ self.weights[2] + self.weights[3]
        self.modes.append(self.training)
        if answer.requires_grad:
            answer.register_hook(self.count)
        return answer

    def count(self, gradient: Tensor) -> None:
        self.returned += 1

    def state(self) -> list[Tensor]:
        return [weight.detach().clone() for weight in self.weights]


def played(step: Callable[..., object], generator: Player, opponent: Player, name: str, batches: list, lr: float) -> dict:
    """Steps of a game by plain gradient descent: ``step(generator, opponent, opt_g, opt_o, *batch)`` for each of the batches.

    Returns what the steps returned and whether a loss among it has a history, under "generator" and the opponent's name the
    weights after each step, and what else the steps did to the players and to their arguments.
    """
    players = {"generator": generator, name: opponent}
    optimizers = [torch.optim.SGD(player.parameters(), lr=lr) for player in players.values()]
    found: dict = {"returned": [], "attached": False} | {each: [] for each in players}
    for batch in batches:
        result = step(generator, opponent, *optimizers, *batch)
        found["returned"].append(result)
        if isinstance(result, dict):
            found["attached"] |= any(isinstance(value, Tensor) and value.requires_grad for value in result.values())
        for each, player in players.items():
            found[each].append(player.state())
    for each, player in players.items():
        found[f"{each}_modes"] = player.modes
        found[f"{each}_left"] = [player.training, [weight.requires_grad for weight in player.weights]]
    return found | {"gradients_into_generator": generator.returned, "batches": batches}


class Recorder(TorchDispatchMode):
    """Records what torch computes, below modules and functions: both forms of a layer look the same here.

    ``with Recorder(x) as recorder: y = model(x)``; then ``recorder.layers(y)`` are the convolutions and matrix products through
    which x reaches y, in their order. What was computed and thrown away is not among them.
    """

    # The places of the two factors among the arguments.
    PRODUCTS = {
        "convolution": (0, 1),
        "transposed_convolution": (0, 1),
        "mm": (0, 1),
        "bmm": (0, 1),
        "mv": (0, 1),
        "addmm": (1, 2),
        "baddbmm": (1, 2),
        "addmv": (1, 2),
    }

    @classmethod
    def _should_skip_dynamo(cls) -> bool:
        """Nothing is compiled here; torch would import its compiler for it, for two seconds in every session."""
        return False

    def __init__(self, *inputs: Tensor) -> None:
        super().__init__()
        self.operations: list[tuple[str, set[int], set[int], dict | None]] = []
        self.kept = list(inputs)  # a storage that is freed would lend its address to the next one
        self.reached = {address(each) for each in inputs}

    def __torch_dispatch__(self, func: Callable, types: object, args: tuple = (), kwargs: dict | None = None) -> object:
        name, kwargs = func.overloadpacket.__name__, kwargs or {}
        if name == "convolution" and args[6]:
            name = "transposed_convolution"
        read = [each for each in tree_leaves((args, kwargs)) if isinstance(each, Tensor)]
        entered = self._entered(name, args)
        result = func(*args, **kwargs)
        made = [each for each in tree_leaves(result) if isinstance(each, Tensor)]
        self.kept += read + made
        written = {address(each) for each in made}
        changed = [
            each for each, slot in zip(args, func._schema.arguments, strict=False) if slot.alias_info and slot.alias_info.is_write
        ]
        written |= {address(each) for each in changed if isinstance(each, Tensor)}
        sources = {address(each) for each in read}
        if sources & self.reached:
            self.reached |= written
        if entered is not None:
            kind = name if "convolution" in name else "linear"
            entered = {"kind": kind, "input": self.rows(entered), "output": self.rows(made[0].detach().clone())}
        self.operations.append((name, sources, written, entered))
        return result

    @staticmethod
    def rows(value: Tensor) -> Tensor:
        """What einsum multiplies as a batch of one matrix, and a matrix with a vector, as rows."""
        if value.ndim == 1:
            return value[:, None]
        return value[0] if value.ndim == 3 and len(value) == 1 else value

    def _entered(self, name: str, args: tuple) -> Tensor | None:
        """The factor that comes from the input, if the other one, the weight, does not."""
        if name not in self.PRODUCTS:
            return None
        factors = [args[place] for place in self.PRODUCTS[name]]
        from_input = [factor for factor in factors if address(factor) in self.reached]
        return from_input[0].detach().clone() if len(from_input) == 1 else None

    def _used(self, output: Tensor) -> list[tuple]:
        """The operations that the output was made by."""
        needed, used = {address(output)}, []
        for operation in reversed(self.operations):
            _, sources, written, _ = operation
            if written & needed:
                needed |= sources
                used.append(operation)
        return used[::-1]

    def layers(self, output: Tensor) -> list[dict]:
        """For each layer its kind (convolution, transposed_convolution or linear), what entered it and what left it."""
        return [layer for *_, layer in self._used(output) if layer is not None]

    def names(self, output: Tensor | None = None) -> list[str]:
        """By name the operations that the output was made by; all of them, used or not, if none is given."""
        return [name for name, *_ in (self.operations if output is None else self._used(output))]


def address(tensor: Tensor) -> int:
    """Where its numbers lie: the same for all views of one tensor."""
    return tensor.untyped_storage().data_ptr()
