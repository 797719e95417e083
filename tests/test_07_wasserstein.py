"""Chapter 7: earth mover's distance and Wasserstein GANs. Each class judges one exercise of ``ganlib/wasserstein.py``."""

from collections.abc import Sequence
from itertools import pairwise
from math import pi, prod, sqrt

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from torch import Tensor

from autograde.games import descended, expect_in_training_mode, expect_losses, expect_no_history, expect_weights
from autograde.testing import (
    WrongAnswer,
    exercise,
    expect,
    expect_above,
    expect_as_before,
    expect_below,
    expect_dtype,
    expect_fields,
    expect_tensor,
    expect_that,
    expect_untouched,
    expect_whole_number,
    kind_of,
    probes,
    tensor,
    zeros,
)

probe = probes("wasserstein")

SOURCE, TARGET = [2, 2, 4, 5, 6], [1, 3, 4, 5, 6]
CHEAP, DEAR = [(2, 1), (2, 3)], [(2, 6), (6, 3), (2, 1)]
PRINTED = [(2, 6), (6, 3), (3, 2)]  # as a well-known text prints the dear plan


def number(value: object, name: str = "the answer") -> float:
    """A finite number: a Python one, or a tensor that holds one."""
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        value = tensor(float(value), dtype=torch.float64)
    return float(expect_tensor(value, (), name))


def expect_number(value: object, wanted: float, why: str, *, rtol: float = 1e-9, atol: float = 1e-9) -> None:
    expect(tensor(number(value), dtype=torch.float64), wanted, why, rtol=rtol, atol=atol)


def expect_answer(value: object, wanted: bool, why: str) -> None:
    """Raise WrongAnswer unless the value is the Python bool ``wanted``."""
    if not isinstance(value, bool):
        raise WrongAnswer("type", f"the answer is {kind_of(value)}; wanted True or False.")
    expect_that(value is wanted, f"{why}\ngot {value}, wanted {wanted}")


def whole(rng, low: int, high: int, n: int) -> list[int]:
    return rng.integers(low, high, n).tolist()


def random_plan(rng, n_columns: int, n_moves: int) -> tuple[list, list, list]:
    """A plan that can be carried out, with what it starts from and what it makes of it."""
    source = whole(rng, 0, 6, n_columns)
    now, moves = list(source), []
    for _ in range(n_moves):
        which, end = int(rng.integers(0, n_columns, 1)), int(rng.integers(0, 6, 1))
        moves.append((now[which], end))
        now[which] = end
    return moves, source, now


@exercise("7.1", points=2)
class TestPlans:
    """Columns to move."""

    def test_cost_of_the_cheap_plan(self, ask):
        expect_number(ask("wasserstein.plan_cost", CHEAP), 2, "One column from 2 to 1, one from 2 to 3: two steps.")

    def test_cost_of_the_dear_plan(self, ask):
        expect_number(ask("wasserstein.plan_cost", DEAR), 8, "From 2 to 6, from 6 to 3, from 2 to 1: 4 + 3 + 1 steps.")

    def test_cost_of_nothing(self, ask):
        expect_number(ask("wasserstein.plan_cost", []), 0, "A plan without moves costs nothing.")
        expect_number(ask("wasserstein.plan_cost", [(3, 3)]), 0, "A move from 3 to 3 costs nothing.")

    def test_cost_of_any_plan(self, ask, rng):
        starts, ends = whole(rng, -20, 20, 9), whole(rng, -20, 20, 9)
        steps = sum(max(a, b) - min(a, b) for a, b in zip(starts, ends, strict=True))
        given = ask("wasserstein.plan_cost", list(zip(starts, ends, strict=True)))
        expect_number(given, steps, "The steps of all moves; places may be below 0, and left counts as right does.")

    def test_both_plans_can_be_carried_out(self, ask):
        for plan in (CHEAP, DEAR):
            given = ask("wasserstein.is_valid_plan", plan, SOURCE, TARGET)
            expect_answer(given, True, f"{plan} makes the columns {SOURCE} into {TARGET}.")

    def test_the_printed_plan_does_nothing(self, ask):
        given = ask("wasserstein.is_valid_plan", PRINTED, SOURCE, TARGET)
        expect_answer(given, False, f"{PRINTED} carries a column round: in the end everything stands as before.")
        expect_answer(ask("wasserstein.is_valid_plan", PRINTED, SOURCE, SOURCE), True, "It makes the columns into themselves.")

    def test_a_move_needs_a_column_at_its_start(self, ask):
        given = ask("wasserstein.is_valid_plan", [(3, 1), (2, 3), (2, 3)], [2, 2], [1, 3])
        expect_answer(given, False, "Nothing stands at 3 when the first move is made, though the sums come out right.")
        given = ask("wasserstein.is_valid_plan", [(2, 3), (3, 1), (2, 3)], [2, 2], [1, 3])
        expect_answer(given, True, "The same moves in an order in which each finds its column.")

    def test_a_column_cannot_be_moved_twice_from_one_place(self, ask):
        given = ask("wasserstein.is_valid_plan", [(2, 1), (2, 3)], [2, 4], [1, 3])
        expect_answer(given, False, "One column stands at 2: it cannot go to 1 and to 3.")
        given = ask("wasserstein.is_valid_plan", [(9, 9)], SOURCE, SOURCE)
        expect_answer(given, False, "No column stands at 9, so none can be moved from there, not even to 9.")

    def test_counts_how_many_stand_where(self, ask):
        given = ask("wasserstein.is_valid_plan", [(1, 2)], [1, 1, 2], [1, 2])
        expect_answer(given, False, "Three columns do not become two.")
        given = ask("wasserstein.is_valid_plan", [(1, 2)], [1, 1], [1, 2, 2])
        expect_answer(given, False, "Nor do two become three: nothing is left over, but one place in the target stays empty.")
        given = ask("wasserstein.is_valid_plan", [(1, 2)], [1, 1, 2], [1, 1, 2])
        expect_answer(given, False, "After the move there is one column at 1 and two at 2, not two and one.")

    def test_columns_are_alike(self, ask):
        given = ask("wasserstein.is_valid_plan", DEAR, [6, 2, 5, 2, 4], [6, 5, 4, 3, 1])
        expect_answer(given, True, "The order in which columns are listed does not matter.")
        expect_answer(ask("wasserstein.is_valid_plan", [], [3, 1, 2], [1, 2, 3]), True, "No move, the same columns: valid.")

    def test_of_places_below_zero(self, ask):
        given = ask("wasserstein.is_valid_plan", [(2, -1)], [2, -3], [-3, -1])
        expect_answer(given, True, "A place may be any whole number: -1 and -3 are places as 1 and 3 are.")
        given = ask("wasserstein.is_valid_plan", [(70, -40)], [70, 70], [-40, 70])
        expect_answer(given, True, "A place may be any whole number, -40 and 70, too.")
        for moves, source, target in (([], [-1, 2], [2, 2]), ([(-1, 0)], [3, 1], [0, 1])):
            given = ask("wasserstein.is_valid_plan", moves, source, target)
            expect_answer(given, False, f"{moves} from {source} to {target}: -1 is left of 0, and not the last place of a list.")

    def test_of_no_columns(self, ask):
        expect_answer(ask("wasserstein.is_valid_plan", [], [], []), True, "No column, no move: nothing is to be done.")
        given = ask("wasserstein.is_valid_plan", [(0, 1)], [], [1])
        expect_answer(given, False, "Where no column stands none can be moved.")

    def test_of_random_plans(self, ask, rng):
        for _ in range(6):
            moves, source, target = random_plan(rng, 5, 6)
            expect_answer(ask("wasserstein.is_valid_plan", moves, source, target), True, f"{moves} makes {source} into {target}.")
            wrong = [target[0] + 1, *target[1:]]
            given = ask("wasserstein.is_valid_plan", moves, source, wrong)
            expect_answer(given, False, f"{moves} makes {source} into {target}, not into {wrong}.")

    def test_leaves_the_lists_alone(self, ask):
        lists = (DEAR, [6, 2, 5, 2, 4], [6, 5, 4, 3, 1])  # in no order, so that sorting changes them
        for before, after in zip(lists, self.lists_after(ask, *lists), strict=True):
            expect_that([*map(plain, after)] == before, f"A list that was passed in was changed: {after}, it was {before}.")

    def test_of_tuples(self, ask):
        given = ask("wasserstein.is_valid_plan", tuple(DEAR), (6, 2, 5, 2, 4), (6, 5, 4, 3, 1))
        expect_answer(given, True, "The columns may come as tuples: any sequence of whole numbers.")

    def lists_after(self, ask, *lists: list) -> list:
        after = ask(probe.lists_after, "is_valid_plan", *lists)
        if not isinstance(after, (tuple, list)) or len(after) != 3 or not all(isinstance(each, list) for each in after):
            raise WrongAnswer("type", f"the lists after the call are {kind_of(after)}.")
        return after


def plain(value: object) -> object:
    return tuple(value) if isinstance(value, (tuple, list)) else value


def masses(rng, *shape: int) -> Tensor:
    """Random probabilities over the last axis, float64, none of them 0."""
    return torch.softmax(1.5 * rng.normal(*shape).double(), dim=-1)


def by_scipy(p: Tensor, q: Tensor) -> Tensor:
    """The distance of each pair of rows by scipy, which makes the masses add up to 1."""
    from scipy.stats import wasserstein_distance  # here: 0.7 s that other chapters need not wait for

    places = np.arange(p.shape[-1])
    rows = zip(p.reshape(-1, p.shape[-1]), q.reshape(-1, p.shape[-1]), strict=True)
    found = [float(a.sum()) * wasserstein_distance(places, places, a.numpy(), b.numpy()) for a, b in rows]
    return tensor(found, dtype=torch.float64).reshape(p.shape[:-1])


@exercise("7.2", points=2)
class TestEmd1d:
    """The distance on a line."""

    def test_of_the_columns(self, ask):
        p, q = tensor([0.0, 2.0, 0.0, 1.0, 1.0, 1.0]), tensor([1.0, 0.0, 1.0, 1.0, 1.0, 1.0])
        expect(ask("wasserstein.emd_1d", p, q), 2.0, "The columns 2, 2, 4, 5, 6 become 1, 3, 4, 5, 6 in two steps.")
        # As many places with none, one and two columns on both sides: whoever compares these numbers alone sees no difference.
        q = tensor([1.0, 0.0, 0.0, 2.0, 1.0, 1.0])
        expect(ask("wasserstein.emd_1d", p, q), 3.0, "The columns 2, 2, 4, 5, 6 become 1, 4, 4, 5, 6 in three steps.")

    def test_grows_with_the_way(self, ask):
        p = zeros(7, 8)
        p[:, 0] = 1
        q = torch.eye(8)[1:]
        why = "All mass at 0, all mass at k: k steps. (The sum of |p - q| is 2 for every k.)"
        expect(ask("wasserstein.emd_1d", p, q), torch.arange(1.0, 8.0), why)

    def test_of_two_coins(self, ask):
        given = ask("wasserstein.emd_1d", tensor([0.5, 0.5]), tensor([0.2, 0.8]))
        expect(given, 0.3, "A mass of 0.3 goes one step.")

    def test_of_crossing_masses(self, ask):
        given = ask("wasserstein.emd_1d", tensor([0.5, 0.0, 0.5, 0.0]), tensor([0.0, 0.5, 0.0, 0.5]))
        expect(given, 1.0, "Two halves, each one step to the right.")
        given = ask("wasserstein.emd_1d", tensor([0.5, 0.0, 0.0, 0.5]), tensor([0.0, 0.5, 0.5, 0.0]))
        expect(given, 1.0, "One half a step to the right, one a step to the left: the means are equal, the distance is 1.")

    def test_of_equal_masses_is_zero(self, ask, rng):
        p = masses(rng, 3, 5)
        expect(ask("wasserstein.emd_1d", p, p), zeros(3), "Nothing has to be moved.", atol=1e-12)

    def test_is_symmetric(self, ask, rng):
        p, q = masses(rng, 4, 6), masses(rng, 4, 6)
        there, back = (expect_tensor(ask("wasserstein.emd_1d", *pair), (4,)) for pair in ((p, q), (q, p)))
        expect(there, back, "The way back is as long as the way there.", rtol=1e-9)

    def test_agrees_with_scipy(self, ask, rng):
        p, q = masses(rng, 6, 9), masses(rng, 6, 9)
        expect(ask("wasserstein.emd_1d", p, q), by_scipy(p, q), "scipy.stats.wasserstein_distance of each row.", rtol=1e-9)

    def test_of_masses_that_do_not_add_up_to_one(self, ask, rng):
        p, q = 5 * masses(rng, 4, 7), 5 * masses(rng, 4, 7)
        expect(ask("wasserstein.emd_1d", p, q), by_scipy(p, q), "A mass of 5 costs five times as much as a mass of 1.", rtol=1e-9)
        sizes = tensor([[5.0], [1.0], [0.2], [3.0]], dtype=torch.float64)
        p, q = sizes * masses(rng, 4, 7), sizes * masses(rng, 4, 7)
        expect(ask("wasserstein.emd_1d", p, q), by_scipy(p, q), "Masses of 5, 1, 0.2 and 3: each pair has its own.", rtol=1e-9)

    def test_of_no_mass(self, ask, rng):
        p, q = masses(rng, 2, 4), masses(rng, 2, 4)
        p[1], q[1] = 0, 0
        wanted = torch.cat([by_scipy(p[:1], q[:1]), zeros(1).double()])
        expect(
            ask("wasserstein.emd_1d", p, q), wanted, "In the second pair there is no mass, and nothing to be moved: 0.", rtol=1e-9
        )

    @pytest.mark.parametrize("shape", [(2, 3, 5), (3, 2, 2), (4, 4), (1, 6)])
    def test_of_each_row(self, ask, rng, shape):
        p, q = masses(rng, *shape), masses(rng, *shape)
        why = "One number for each row, along the last axis; float64 stays float64."
        expect(ask("wasserstein.emd_1d", p, q), by_scipy(p, q), why, rtol=1e-11, atol=1e-13)

    def test_of_a_single_place(self, ask):
        given = ask("wasserstein.emd_1d", torch.full((2, 1), 0.7), torch.full((2, 1), 0.7))
        expect(given, zeros(2), "One place alone: nothing to be moved.")

    def test_lets_the_gradient_through(self, ask, rng):
        p, q = masses(rng, 6), masses(rng, 6)
        by_p, by_q = ask(probe.derivatives, "emd_1d", p, q)
        # The last cumulative sums are equal, and |0| has no derivative: only differences of the slopes count.
        sign = torch.sign((p - q).cumsum(dim=-1))[:-1]
        for slopes, wanted, name in ((by_p, sign, "p"), (by_q, -sign, "q")):
            given = expect_tensor(slopes, (6,))
            why = f"Mass of {name} moved from k to k + 1 changes the distance by 1 for each unit of mass, up or down."
            expect(given[:-1] - given[1:], wanted, why, rtol=1e-9)

    def test_leaves_its_inputs_alone(self, ask, rng):
        expect_untouched(ask, "wasserstein.emd_1d", masses(rng, 3, 4), masses(rng, 3, 4))


def shares(rng, n: int, parts: int) -> Tensor:
    """How many of ``parts`` equal parts of the mass lie at each of n places: at least one each."""
    extra = torch.bincount(rng.integers(0, n, parts - n), minlength=n)
    return 1 + extra


def cheapest(p: Tensor, q: Tensor, cost: Tensor) -> float:
    """The least cost for whole numbers of equal parts: an assignment of parts, without any linear program."""
    from scipy.optimize import linear_sum_assignment

    parts = cost.double().repeat_interleave(p, dim=0).repeat_interleave(q, dim=1).numpy()
    return float(parts[linear_sum_assignment(parts)].sum()) / int(p.sum())


def expect_plan(answer: object, p: Tensor, q: Tensor, cost: Tensor, best: float, why: str) -> None:
    """Raise WrongAnswer unless the answer is a plan from p to q, any one of the cheapest, and its cost."""
    plan, value = expect_fields(answer, "plan", "value")
    given = expect_tensor(plan, cost.shape, "the plan")
    expect_dtype(plan, torch.float64, "the plan")
    expect_above(given.min(), -1e-9, "A plan carries nothing negative. Its smallest entry:")
    expect(
        given.sum(dim=1), p.double(), "Row i of the plan adds up to p[i], what leaves i.", rtol=1e-6, atol=1e-8, name="the rows"
    )
    why_q = "Column j of the plan adds up to q[j], what arrives at j."
    expect(given.sum(dim=0), q.double(), why_q, rtol=1e-6, atol=1e-8, name="the columns")
    expect((given * cost).sum(), best, f"{why} The cost of the plan:", rtol=1e-7, atol=1e-8)
    expect_number(value, best, f"{why} The value:", rtol=1e-7, atol=1e-8)


def expect_potential(answer: object, p: Tensor, q: Tensor, cost: Tensor, best: float, why: str) -> None:
    """Raise WrongAnswer unless the answer is a best potential, any one of them, and its value."""
    potential, value = expect_fields(answer, "potential", "value")
    f = expect_tensor(potential, p.shape, "the potential")
    expect_dtype(potential, torch.float64, "the potential")
    expect(f[0], 0.0, "Only differences of the potential count: it is to be 0 at the first point.", rtol=0, atol=1e-9)
    excess = (f[:, None] - f[None, :] - cost).max()
    expect_below(excess, 1e-7, "f[i] - f[j] is at most the distance of i and j. The largest excess:")
    expect((f * (p - q)).sum(), best, f"{why} The sum of f (p - q):", rtol=1e-6, atol=1e-7)
    expect_number(value, best, f"{why} The value:", rtol=1e-6, atol=1e-7)


def distances(rng, n: int) -> Tensor:
    """The distances of n random points of the plane."""
    points = rng.normal(n, 2).double()
    return (points[:, None] - points[None, :]).norm(dim=2)


@exercise("7.3", points=3)
class TestTransport:
    """Plans and potentials."""

    def test_plan_of_the_columns(self, ask):
        p, q = tensor([0, 2, 0, 1, 1, 1]).double() / 5, tensor([1, 0, 1, 1, 1, 1]).double() / 5
        cost = (torch.arange(6.0)[:, None] - torch.arange(6.0)).abs().double()
        expect_plan(ask("wasserstein.transport_plan", p, q, cost), p, q, cost, 0.4, "Two of five columns go one step: 2/5.")

    def test_plan_where_there_is_no_choice(self, ask, rng):
        q, cost = masses(rng, 5), rng.uniform(1, 5).double()
        p = tensor([1.0], dtype=torch.float64)
        answer = ask("wasserstein.transport_plan", p, q, cost)
        expect_plan(answer, p, q, cost, float((q * cost[0]).sum()), "All mass is at one place: the plan is q.")

    def test_plan_takes_the_long_way_where_it_pays(self, ask):
        p, cost = tensor([0.5, 0.5], dtype=torch.float64), tensor([[0.0, 1.0], [2.0, 9.0]], dtype=torch.float64)
        why = "Nearest first would cost 0 + 9. Both the other way cost 1 + 2, halved 1.5."
        expect_plan(ask("wasserstein.transport_plan", p, p, cost), p, p, cost, 1.5, why)

    @pytest.mark.parametrize("shape", [(4, 4), (3, 7), (6, 2), (5, 8), (1, 3), (4, 1)])
    def test_plan_is_the_cheapest(self, ask, rng, shape):
        (n, m), parts = shape, 24
        p, q, cost = shares(rng, n, parts), shares(rng, m, parts), rng.uniform(n, m, low=-1.0, high=3.0).double()
        answer = ask("wasserstein.transport_plan", p.double() / parts, q.double() / parts, cost)
        why = f"The cheapest plan from {n} places to {m}, of all plans there are."
        expect_plan(answer, p / parts, q / parts, cost, cheapest(p, q, cost), why)

    def test_plan_of_masses_that_do_not_add_up_to_one(self, ask, rng):
        p, q, cost = shares(rng, 4, 12), shares(rng, 5, 12), rng.uniform(4, 5).double()
        answer = ask("wasserstein.transport_plan", p.double(), q.double(), cost)
        expect_plan(answer, p, q, cost, 12 * cheapest(p, q, cost), "A mass of 12 in all.")

    def test_plan_in_single_precision(self, ask, rng):
        parts = 24
        p, q, cost = shares(rng, 5, parts), shares(rng, 6, parts), rng.uniform(5, 6)
        answer = ask("wasserstein.transport_plan", p.float() / parts, q.float() / parts, cost)
        plan, value = expect_fields(answer, "plan", "value")
        expect_dtype(plan, torch.float64, "the plan")
        expect((expect_tensor(plan, (5, 6)) * cost).sum(), cheapest(p, q, cost), "Given in float32. The cost:", rtol=1e-5)
        expect_number(value, cheapest(p, q, cost), "Given in float32. The value:", rtol=1e-5, atol=1e-6)

    def test_plan_is_the_same_from_row_to_row(self, ask, rng):
        p, q, cost = masses(rng, 3), masses(rng, 4), rng.uniform(3, 4).double()
        prices = rng.uniform(3, 1).double()
        first, second = (
            expect_fields(ask("wasserstein.transport_plan", p, q, c), "plan", "value") for c in (cost, cost + prices)
        )
        why = "A toll at each start is paid whatever the plan: the value grows by the sum of p times the toll."
        expect_number(second[1], number(first[1]) + float((p * prices[:, 0]).sum()), why, rtol=1e-7, atol=1e-8)

    def test_potential_of_two_points(self, ask):
        p, q = tensor([0.7, 0.3], dtype=torch.float64), tensor([0.2, 0.8], dtype=torch.float64)
        cost = tensor([[0.0, 3.0], [3.0, 0.0]], dtype=torch.float64)
        answer = ask("wasserstein.kantorovich_potential", p, q, cost)
        expect_potential(answer, p, q, cost, 1.5, "Half of the mass goes 3 far.")
        potential, _ = expect_fields(answer, "potential", "value")
        expect(potential, [0.0, -3.0], "The potential falls as steeply as it may from where mass is left over.", atol=1e-7)

    def test_potential_of_one_point(self, ask):
        one = tensor([0.5], dtype=torch.float64)
        answer = ask("wasserstein.kantorovich_potential", one, one, zeros(1, 1).double())
        expect_potential(
            answer, one, one, zeros(1, 1).double(), 0.0, "One place: nothing is carried, and the potential is f[0] = 0."
        )

    def test_potential_of_the_columns(self, ask):
        p, q = tensor([0, 2, 0, 1, 1, 1]).double() / 5, tensor([1, 0, 1, 1, 1, 1]).double() / 5
        cost = (torch.arange(6.0)[:, None] - torch.arange(6.0)).abs().double()
        answer = ask("wasserstein.kantorovich_potential", p, q, cost)
        expect_potential(answer, p, q, cost, 0.4, "Two of five columns go one step: 2/5, as much as the plan costs.")

    def test_potential_reaches_the_cost_of_transport(self, ask, rng):
        for n in (3, 6, 8):
            parts, cost = 24, distances(rng, n)
            p, q = shares(rng, n, parts), shares(rng, n, parts)
            answer = ask("wasserstein.kantorovich_potential", p.double() / parts, q.double() / parts, cost)
            why = f"{n} points of the plane: the maximum is the least cost of transport."
            expect_potential(answer, p / parts, q / parts, cost, cheapest(p, q, cost), why)

    def test_potential_of_equal_masses(self, ask, rng):
        p, cost = masses(rng, 4), distances(rng, 4)
        answer = ask("wasserstein.kantorovich_potential", p, p, cost)
        expect_potential(answer, p, p, cost, 0.0, "Nothing is to be moved: every potential gives 0.")

    def test_potential_where_places_are_empty(self, ask, rng):
        why = "At many of 9 points there is no mass of p, of q, or of both: the potential is 1-Lipschitz there, too."
        for _ in range(8):
            cost = distances(rng, 9)
            p, q = (torch.bincount(rng.integers(0, 9, 5), minlength=9) for _ in range(2))
            answer = ask("wasserstein.kantorovich_potential", p.double() / 5, q.double() / 5, cost)
            expect_potential(answer, p / 5, q / 5, cost, cheapest(p, q, cost), why)

    def test_potential_of_points_at_one_place(self, ask, rng):
        points = rng.normal(3, 2).double()[[0, 1, 1, 2, 0]]
        cost = (points[:, None] - points[None, :]).norm(dim=2)
        p, q = tensor([5, 4, 1, 1, 1]), tensor([1, 1, 3, 2, 5])
        answer = ask("wasserstein.kantorovich_potential", p.double() / 12, q.double() / 12, cost)
        why = "Points 0 and 4 lie at one place, 1 and 2 as well: at the distance 0 the potential is the same."
        expect_potential(answer, p / 12, q / 12, cost, cheapest(p, q, cost), why)

    def test_potential_of_masses_that_do_not_add_up_to_one(self, ask, rng):
        p, q, cost = shares(rng, 5, 15), shares(rng, 5, 15), distances(rng, 5)
        answer = ask("wasserstein.kantorovich_potential", p.double(), q.double(), cost)
        expect_potential(answer, p, q, cost, 15 * cheapest(p, q, cost), "A mass of 15 in all.")

    def test_of_masses_that_differ_by_rounding(self, ask, rng):
        for _ in range(4):
            p, q, cost = torch.softmax(rng.normal(30), dim=0), torch.softmax(rng.normal(30), dim=0), distances(rng, 30)
            _, primal = expect_fields(ask("wasserstein.transport_plan", p, q, cost), "plan", "value")
            _, dual = expect_fields(ask("wasserstein.kantorovich_potential", p, q, cost), "potential", "value")
            why = "Probabilities in float32, whose sums differ by rounding: take the masses as the exercise hands them over."
            expect_number(dual, number(primal), why, rtol=1e-5)

    def test_strong_duality(self, ask, rng):
        for n in (4, 9):
            p, q, cost = masses(rng, n), masses(rng, n), distances(rng, n)
            _, primal = expect_fields(ask("wasserstein.transport_plan", p, q, cost), "plan", "value")
            _, dual = expect_fields(ask("wasserstein.kantorovich_potential", p, q, cost), "potential", "value")
            why = "No potential gives more than the cheapest plan costs, and the best one gives as much. Value of the potential:"
            expect_number(dual, number(primal), why, rtol=1e-8, atol=1e-8)

    @pytest.mark.parametrize("function", ["transport_plan", "kantorovich_potential"])
    def test_leaves_its_inputs_alone(self, ask, rng, function):
        expect_untouched(ask, f"wasserstein.{function}", masses(rng, 4), masses(rng, 4), distances(rng, 4))


@exercise("7.4", points=2)
class TestLosses:
    """The losses of critic and generator."""

    def test_critic_loss_is_the_fakes_mean_minus_the_real_mean(self, ask):
        loss = ask("wasserstein.critic_loss", tensor([1.0, 2.0, 6.0]), tensor([-1.0, 0.0, 1.0]))
        expect(loss, -3.0, "Real scores with mean 3, fakes with mean 0: the loss is -3.")

    def test_critic_loss_falls_where_real_scores_rise(self, ask):
        apart = expect_tensor(ask("wasserstein.critic_loss", tensor([5.0]), tensor([-5.0])), ())
        close = expect_tensor(ask("wasserstein.critic_loss", tensor([1.0]), tensor([-1.0])), ())
        why = "Scores 5 and -5 tell real from fake better than 1 and -1: they must cost less. The difference:"
        expect_above(close - apart, 1.0, why)

    def test_critic_loss_has_no_zero_point(self, ask, rng):
        real, fake = rng.normal(5).double(), rng.normal(5).double()
        loss = expect_tensor(ask("wasserstein.critic_loss", real, fake), ())
        higher = ask("wasserstein.critic_loss", real + 7, fake + 7)
        expect(higher, loss, "A constant added to all scores changes nothing: they are no probabilities.", rtol=1e-9, atol=1e-9)

    def test_critic_loss_has_no_bounds(self, ask):
        loss = ask("wasserstein.critic_loss", tensor([300.0, 500.0]), tensor([-400.0, -400.0]))
        expect(loss, -800.0, "Scores are any real numbers, and none is cut off or squashed.")
        loss = ask("wasserstein.critic_loss", tensor([-20.0]), tensor([30.0]))
        expect(loss, 50.0, "A critic that has it the wrong way round has a positive loss.")

    def test_critic_loss_of_different_numbers_and_shapes(self, ask, rng):
        for real, fake in (
            (rng.normal(3), rng.normal(7)),
            (rng.normal(4, 1), rng.normal(6)),
            (rng.normal(2, 1, 3, 3), rng.normal(5)),
            (rng.normal(2, 3), rng.normal(4, 2)),
        ):
            real, fake = (each.double() for each in (real, fake))
            why = "The mean of each, over all scores; float64 stays float64."
            expect(ask("wasserstein.critic_loss", real, fake), fake.mean() - real.mean(), why, rtol=1e-12, atol=1e-14)

    def test_critic_loss_lets_the_gradient_through(self, ask, rng):
        by_real, by_fake = ask(probe.derivatives, "critic_loss", rng.normal(4), rng.normal(6, 1))
        expect(by_real, torch.full((4,), -1 / 4), "By each of N real scores: -1/N, however large the score is.")
        expect(by_fake, torch.full((6, 1), 1 / 6), "By each of M scores of fakes: 1/M.")

    def test_losses_keep_the_dtype(self, ask, rng):
        expect_dtype(ask("wasserstein.critic_loss", rng.normal(4), rng.normal(4)), torch.float32)
        expect_dtype(ask("wasserstein.generator_loss", rng.normal(4)), torch.float32)

    def test_generator_loss_is_minus_the_mean(self, ask):
        loss = ask("wasserstein.generator_loss", tensor([1.0, 2.0, 6.0]))
        expect(loss, -3.0, "Scores with mean 3: -3. (A text prints the mean itself, and its generator runs away from the data.)")

    @pytest.mark.parametrize("shape", [(5, 1), (4, 1, 3, 3)])
    def test_generator_loss_of_any_shape(self, ask, rng, shape):
        fake = 50 * rng.normal(*shape).double()
        why = "Minus the mean over all scores; float64 stays float64."
        expect(ask("wasserstein.generator_loss", fake), -fake.mean(), why, rtol=1e-12, atol=1e-13)

    def test_generator_loss_lets_the_gradient_through(self, ask, rng):
        (by_fake,) = ask(probe.derivatives, "generator_loss", 9 * rng.normal(5))
        expect(by_fake, torch.full((5,), -1 / 5), "By each of M scores: -1/M. The loss pushes the scores up.")

    def test_the_players_want_opposite_things(self, ask, rng):
        real, fake = rng.normal(4), rng.normal(4)
        (_, by_critic), (by_generator,) = (
            ask(probe.derivatives, "critic_loss", real, fake),
            ask(probe.derivatives, "generator_loss", fake),
        )
        why = "What the generator's loss wants of the fakes' scores is the opposite of what the critic's loss wants."
        expect(by_generator, -expect_tensor(by_critic, (4,)), why)

    def test_leaves_its_inputs_alone(self, ask, rng):
        expect_untouched(ask, "wasserstein.critic_loss", rng.normal(4), rng.normal(4))
        expect_untouched(ask, "wasserstein.generator_loss", rng.normal(4))


def network(rng, *widths: int, scale: float = 1.0) -> tuple[list[Tensor], list[Tensor]]:
    """Random weights (outputs, inputs) and biases of the layers of a fully connected network."""
    weights = [scale * rng.normal(after, before).double() for before, after in pairwise(widths)]
    return weights, [rng.normal(after).double() for after in widths[1:]]


def spectral_norms(weights: Sequence[Tensor]) -> list[float]:
    return [float(torch.linalg.svdvals(weight)[0]) for weight in weights]


@exercise("7.5", points=3)
class TestClipping:
    """Clipping, and what it bounds."""

    def test_clips_every_weight_and_bias(self, ask, rng):
        weights, biases = network(rng, 3, 5, 2)
        found = ask(probe.clipped, weights, biases, 0.4)
        wanted = [part for pair in zip(weights, biases, strict=True) for part in pair]
        for given, before in zip(found["parameters"], wanted, strict=True):
            why = "What lies beyond [-0.4, 0.4] is moved to its edge, weights and biases; the rest stays."
            expect(given, before.clip(-0.4, 0.4), why, rtol=0, atol=1e-12, name="a parameter")

    @pytest.mark.parametrize("c", [1e-3, 0.05, 2.0])
    def test_leaves_what_is_within_the_limit(self, ask, rng, c):
        weight = tensor([[-3.0, -0.9, 0.0, 0.9, 3.0]], dtype=torch.float64) * c
        found = ask(probe.clipped, [weight], [zeros(1).double()], c)
        wanted = tensor([[-1.0, -0.9, 0.0, 0.9, 1.0]], dtype=torch.float64) * c
        expect(found["parameters"][0], wanted, f"c = {c:g}: clipped, not scaled.", rtol=1e-12, atol=0, name="the weight")

    def test_keeps_the_parameters(self, ask, rng):
        found = ask(probe.clipped, *network(rng, 3, 4, 1), 0.1)
        expect_that(all(found["same"]), "A parameter was replaced by a new one: an optimizer that holds the old one is cut off.")
        expect_that(all(found["learning"]), "After clipping a parameter takes no gradient any more (requires_grad is False).")
        expect_that(all(found["leaves"]), "After clipping a parameter is no leaf of the graph: clip under torch.no_grad().")

    def test_clips_layers_of_every_kind(self, ask, rng):
        before, after, learning = ask(probe.clipped_network, rng.seed(), 0.2)
        for name, value in before.items():
            wanted = value if name == "mean" else value.clip(-0.2, 0.2)
            why = "a buffer is no parameter: it stays." if name == "mean" else "every parameter of the network is clipped."
            expect(after[name], wanted, f"{name}: {why}", rtol=0, atol=1e-7, name=name)
        for name, learns in learning.items():
            wanted = name != "frozen"
            expect_that(learns is wanted, f"requires_grad of {name} was {wanted}; after clipping it is {learns}.")

    def test_an_optimizer_goes_on(self, ask):
        clipped, after, gradient = ask(probe.step_after_clipping, 0.5)
        expect(clipped, [[0.5, -0.5, 0.25]], "The weight after clipping.", atol=1e-12)
        expect(gradient, torch.ones(1, 3), "Clipping changes weights, not the gradients that wait for their step.", atol=1e-12)
        why = "An optimizer that was made before takes its step from the clipped weight: minus 1 each."
        expect(after, [[-0.5, -1.5, -0.75]], why, atol=1e-12)

    def test_bound_of_one_layer(self, ask):
        weight = tensor([[3.0, 0.0], [4.0, 5.0]], dtype=torch.float64)
        bound = ask(probe.bound_of_layers, [weight])
        expect_number(bound, sqrt(45), "[[3, 0], [4, 5]] has the singular values sqrt(45) and sqrt(5).", rtol=1e-6)

    def test_bound_is_the_product(self, ask, rng):
        weights, biases = network(rng, 4, 7, 5, 1)
        found = ask(probe.bound, weights, biases, "ReLU", rng.normal(2, 4).double())
        why = "The product of the three largest singular values, whatever the biases are."
        expect_number(found["bound"], prod(spectral_norms(weights)), why, rtol=1e-6)

    def test_bound_of_wide_and_tall_layers(self, ask, rng):
        for shape in ((1, 6), (6, 1), (3, 3), (8, 2)):
            weight = rng.normal(*shape).double()
            expect_number(ask(probe.bound_of_layers, [weight]), spectral_norms([weight])[0], f"A weight of {shape}.", rtol=1e-6)

    @pytest.mark.parametrize("activation", ["ReLU", "LeakyReLU", "Tanh", "Sigmoid", "Softplus"])
    def test_no_slope_is_steeper(self, ask, rng, activation):
        weights, biases = network(rng, 3, 16, 16, 1)
        start = rng.normal(200, 3).double()
        points = torch.stack([start, start + 1e-3 * rng.normal(200, 3).double()], dim=1).reshape(400, 3)
        found = ask(probe.bound, weights, biases, activation, points)
        expect_number(found["bound"], prod(spectral_norms(weights)), f"{activation} counts as 1.", rtol=1e-6)
        expect_below(float(found["steepest"]) - number(found["bound"]), 1e-6, "A slope is steeper than the bound, by:")

    def test_bound_is_reached(self, ask):
        for c, slope in ((0.01, 512**2 * sqrt(2) * 1e-6), (0.1, 512**2 * sqrt(2) * 1e-3)):
            weights = [torch.full(shape, c, dtype=torch.float64) for shape in ((512, 2), (512, 512), (1, 512))]
            points = tensor([[1.0, 1.0], [2.0, 2.0]], dtype=torch.float64)
            found = ask(probe.bound, weights, [zeros(512), zeros(512), zeros(1)], "ReLU", points)
            expect(found["steepest"], slope, "The slope of this network along (1, 1).", rtol=1e-6)
            why = f"Every weight is {c:g}, the width 512: clipped, and a slope of {slope:.3g}. The bound is reached."
            expect_number(found["bound"], slope, why, rtol=1e-6)

    def test_bound_without_linear_layers(self, ask, rng):
        expect_number(ask(probe.bound_of_layers, ["ReLU", "Flatten"]), 1, "No linear layer: nothing is pulled apart, 1.")
        weight = rng.normal(3, 3).double()
        layers = ["Flatten", weight, "Identity", "Tanh"]
        expect_number(
            ask(probe.bound_of_layers, layers), spectral_norms([weight])[0], "One linear layer among others.", rtol=1e-6
        )
        expect_number(
            ask(probe.bound_of_layers, [weight, zeros(2, 3).double()]), 0, "A layer of zeros: constant, the bound is 0."
        )

    def test_bound_of_a_layer_that_stands_twice(self, ask, rng):
        first, twice = rng.normal(3, 2).double(), rng.normal(3, 3).double()
        wanted = prod(spectral_norms([first, twice, twice]))
        why = "One layer stands at two places of the sequence, and stretches at both: its norm counts twice."
        expect_number(ask(probe.bound_of_repeated, first, twice), wanted, why, rtol=1e-6)

    def test_bound_leaves_the_network_alone(self, ask, rng):
        found = ask(probe.bound, *network(rng, 3, 4, 1), "ReLU", rng.normal(2, 3).double())
        expect_that(found["untouched"] is True, "After the call the weights of the network are others, or of another dtype.")
        for single in (False, True):
            left = ask(probe.bound_leaves, single)
            weights = "float32" if single else "float64"
            expect_that(left["dtypes"] == [weights] * 4, f"The network came in {weights}, and is left in {left['dtypes'][0]}.")
            expect_that(all(left["learning"]), "After the call a parameter takes no gradient any more (requires_grad is False).")
            expect_that(left["training"] is True, "The network came in training mode, and was left in evaluation mode.")
            expect_that(left["recording"] is True, "After the call torch records no graphs any more (set_grad_enabled).")


IMAGES = (4, 2, 3, 3)


def pairs(rng, shape: Sequence[int]) -> tuple[Tensor, Tensor, Tensor]:
    """Real samples, fakes far from them, and a place between for each, all in float64."""
    real, fake = rng.normal(*shape).double(), 2 + 2 * rng.normal(*shape).double()
    return real, fake, rng.uniform(shape[0], low=0.1, high=0.9).double()


def between(real: Tensor, fake: Tensor, eps: Tensor) -> Tensor:
    return torch.stack([e * a + (1 - e) * b for a, b, e in zip(real, fake, eps, strict=True)])


def two_layers(weights: Sequence[Tensor], x: Tensor) -> Tensor:
    return torch.tanh(x.flatten(1) @ weights[0]) @ weights[1]


def slopes_of_two_layers(weights: Sequence[Tensor], x: Tensor) -> Tensor:
    """The gradient of tanh(x A) b with respect to x: A (b (1 - tanh^2)), by hand."""
    hidden = torch.tanh(x.flatten(1) @ weights[0])
    return (weights[1] * (1 - hidden**2)) @ weights[0].T


@exercise("7.6", points=4, needs=["7.4"])
class TestGradientPenalty:
    """The gradient penalty."""

    @pytest.mark.parametrize("kind", ["linear", "column", "map"])
    def test_of_a_linear_critic(self, ask, rng, kind):
        real, fake, eps = pairs(rng, IMAGES)
        w = rng.normal(*IMAGES[1:]).double()
        found = ask(probe.penalty, kind, [w], real, fake, eps)
        why = "The critic is <w, x>, so its slope is |w| everywhere: the penalty is (|w| - 1)^2, the norm over all of an image."
        expect(found["value"], (w.norm() - 1) ** 2, why, rtol=1e-9, atol=1e-10)

    def test_of_a_critic_that_is_too_flat(self, ask, rng):
        real, fake, eps = pairs(rng, (5, 3))
        found = ask(probe.penalty, "linear", [tensor([0.3, 0.0, 0.4], dtype=torch.float64)], real, fake, eps)
        expect(found["value"], 0.25, "|w| = 1/2: too flat costs as much as too steep, here (1/2 - 1)^2.", rtol=1e-9)

    def test_of_a_critic_with_slope_one(self, ask, rng):
        real, fake, eps = pairs(rng, IMAGES)
        found = ask(probe.penalty, "norm", [tensor(1.0, dtype=torch.float64)], real, fake, eps)
        expect(found["value"], 0.0, "The critic |x| has slope 1 everywhere, in another direction at each point.", atol=1e-9)

    def test_each_sample_has_a_norm_of_its_own(self, ask):
        real = tensor([[3.0, 4.0], [0.0, 2.0]], dtype=torch.float64)
        found = ask(probe.penalty, "quadratic", [tensor(1.0, dtype=torch.float64)], real, real, tensor([0.5, 0.5]).double())
        why = "The critic |x|^2 / 2 has the slope |x|: 5 and 2 at these samples. (4^2 + 1^2) / 2, a norm for each sample."
        expect(found["value"], 8.5, why, rtol=1e-9)

    @pytest.mark.parametrize(("eps", "where"), [(1.0, "the real samples"), (0.0, "the fakes"), (0.25, "a quarter of the way")])
    def test_eps_tells_where(self, ask, rng, eps, where):
        real, fake, _ = pairs(rng, (4, 3))
        eps = torch.full((4,), eps, dtype=torch.float64)
        found = ask(probe.penalty, "quadratic", [tensor(1.0, dtype=torch.float64)], real, fake, eps)
        wanted = ((between(real, fake, eps).norm(dim=1) - 1) ** 2).mean()
        expect(
            found["value"],
            wanted,
            f"eps = {float(eps[0]):g}: the slopes at {where}, where eps = 1 is the real sample.",
            rtol=1e-9,
        )

    @pytest.mark.parametrize("shape", [(5, 3), IMAGES, (6, 1), (1, 4), (3, 3, 3, 3), (4, 3, 5), (3, 2, 2, 3, 2)])
    def test_each_sample_has_an_eps_of_its_own(self, ask, rng, shape):
        real, fake, eps = pairs(rng, shape)
        found = ask(probe.penalty, "quadratic", [tensor(1.0, dtype=torch.float64)], real, fake, eps)
        wanted = ((between(real, fake, eps).flatten(1).norm(dim=1) - 1) ** 2).mean()
        why = f"Samples of shape {tuple(shape)}: sample i at eps[i], all its numbers alike."
        expect(found["value"], wanted, why, rtol=1e-9)

    def test_keeps_the_dtype(self, ask, rng):
        real, fake, eps = (value.float() for value in pairs(rng, (4, 3)))
        found = ask(probe.penalty, "linear", [rng.normal(3)], real, fake, eps)
        expect_dtype(found["value"], torch.float32, "the penalty")

    def test_reaches_the_weights_of_a_linear_critic(self, ask, rng):
        real, fake, eps = pairs(rng, IMAGES)
        w = rng.normal(*IMAGES[1:]).double()
        (by_w,) = ask(probe.penalty, "linear", [w], real, fake, eps)["by_parameters"]
        expect(by_w, 2 * (w.norm() - 1) * w / w.norm(), "By w: 2 (|w| - 1) w / |w|.", rtol=1e-8, name="the gradient")

    def test_reaches_the_weights_of_two_layers(self, ask, rng):
        real, fake, eps = pairs(rng, (6, 3))
        weights = [rng.normal(3, 5).double().requires_grad_(), rng.normal(5).double().requires_grad_()]
        x_hat = between(real, fake, eps)
        wanted = ((slopes_of_two_layers(weights, x_hat).norm(dim=1) - 1) ** 2).mean()
        by_weights = torch.autograd.grad(wanted, weights)
        found = ask(probe.penalty, "layers", [weight.detach() for weight in weights], real, fake, eps)
        expect(found["value"], wanted.detach(), "A critic of two layers, its slopes by the chain rule.", rtol=1e-8)
        for given, right, layer in zip(found["by_parameters"], by_weights, ("first", "second"), strict=True):
            expect(given, right, f"The penalty's gradient with respect to the {layer} layer's weights.", rtol=1e-7, atol=1e-9)

    def test_is_part_of_a_loss(self, ask, rng):
        real, fake, eps = pairs(rng, (6, 3))
        weights = [rng.normal(4, 3).double(), rng.normal(1, 4).double()]
        by_hand = [weights[0].T.clone().requires_grad_(), weights[1][0].clone().requires_grad_()]
        value = ((slopes_of_two_layers(by_hand, between(real, fake, eps)).norm(dim=1) - 1) ** 2).mean()
        first, second = torch.autograd.grad(two_layers(by_hand, real).mean() + value, by_hand)
        found = ask(probe.penalty_after_backward, weights, real, fake, eps)
        for given, right, layer in zip(found, (first.T, second[None]), ("first", "second"), strict=True):
            why = f"(scores + penalty).backward(): the {layer} layer's gradient. The penalty itself may add nothing to it before."
            expect(given, right, why, rtol=1e-7, atol=1e-9)

    def test_sends_nothing_into_the_samples(self, ask, rng):
        real, fake, eps = pairs(rng, (5, 3))
        found = ask(probe.penalty, "quadratic", [tensor(2.0, dtype=torch.float64)], real, fake, eps)
        for name in ("real", "fake"):
            why = f"A gradient goes on into {name}: detach it, the penalty is for the critic alone."
            expect(found[f"by_{name}"], torch.zeros_like(real), why, atol=1e-12, name="the gradient")

    def test_leaves_no_gradients_behind(self, ask, rng):
        real, fake, eps = pairs(rng, (5, 3))
        found = ask(probe.penalty, "quadratic", [tensor(2.0, dtype=torch.float64)], real, fake, eps)
        why = "The penalty has filled .grad of the critic's parameters: take slopes by torch.autograd.grad, not by backward()."
        expect(found["left"][0], 0.0, why, atol=0, rtol=0, name="the gradient left behind")

    def test_of_a_flat_critic(self, ask, rng):
        real, fake, eps = pairs(rng, (4, 3))
        weights = [rng.normal(3, 5).double(), zeros(5).double()]
        found = ask(probe.penalty, "layers", weights, real, fake, eps)
        expect(found["value"], 1.0, "The critic is constant: slope 0 costs 1.", rtol=1e-4)
        for given in found["by_parameters"]:
            expect_tensor(given, name="The gradient of the penalty at a flat critic (the root of 0 has no slope)")

    def test_leaves_its_inputs_alone(self, ask, rng):
        arguments = pairs(rng, (4, 3))
        for training in (True, False):
            after, attached, drawn, mode = ask(probe.penalty_arguments, *arguments, training)
            expect_as_before(arguments, after)
            expect_that(not any(attached), "After the call an argument takes gradients: requires_grad_() is for a new tensor.")
            expect_that(drawn is False, "The call moved torch's random numbers: it sets a seed, or draws. eps is given.")
            expect_that(mode is training, "After the call the critic is in another mode. That is the business of whoever calls.")

    @pytest.mark.training
    @pytest.mark.parametrize("distance", [0.5, 2.0, 5.0])
    def test_a_critic_ends_steeper_than_one(self, ask, distance):
        slope = ask(probe.critic_slope, distance, timeout=120)
        wanted = 1 + distance / 20
        why = f"Fakes at 0, real samples at {distance:g}, a penalty of weight 10: the best slope is 1 + d / (2 lambda)."
        expect_number(slope, wanted, why, rtol=0, atol=0.03)


class Game:
    """Two small players with random weights, batches for them, and what a right step makes of them."""

    def __init__(self, rng, n=6, n_critic=3, n_steps=1, clip=None, penalty=None, flat=False, norm=False, large=False) -> None:
        def weights(hidden: int, out: tuple[int, ...]) -> list[Tensor]:
            return [
                rng.normal(2, hidden).double(),
                rng.normal(hidden).double(),
                rng.normal(hidden, *out).double(),
                rng.normal(1).double(),
            ]

        self.generator, self.critic = weights(5, (2,)), weights(4, () if flat else (1,))
        self.generator[3] = rng.normal(2).double()
        self.lr = 1e-6 if large else 0.2
        if large:
            self.critic[2] *= 1e5
        if flat:
            self.critic[3] = self.critic[3][0]
        self.n, self.n_critic, self.clip, self.penalty, self.norm = n, n_critic, clip, penalty, norm
        self.batches = []
        for _ in range(n_steps):
            real, z = 1.5 + 0.5 * rng.normal(n * n_critic, 2).double(), rng.normal(n * (n_critic + 1), 2).double()
            self.batches.append([real, z, None if penalty is None else rng.uniform(n * n_critic).double()])

    def make(self, weights: list[Tensor], z: Tensor) -> Tensor:
        """The generator's samples; with ``norm`` its hidden layer is normalized over the batch."""
        hidden = z @ weights[0] + weights[1]
        if self.norm:
            hidden = F.batch_norm(hidden, None, None, training=True)
        return torch.tanh(hidden) @ weights[2] + weights[3]

    def judge(self, weights: list[Tensor], x: Tensor) -> Tensor:
        return torch.tanh(x @ weights[0] + weights[1]) @ weights[2] + weights[3]

    def steepness(self, weights: list[Tensor], x: Tensor) -> Tensor:
        """The mean of (slope - 1)^2, the slopes by the chain rule."""
        hidden = torch.tanh(x @ weights[0] + weights[1])
        slopes = (weights[2].flatten() * (1 - hidden**2)) @ weights[0].T
        return ((slopes.norm(dim=1) - 1) ** 2).mean()

    def part(self, batch: Tensor, k: int) -> Tensor:
        return batch[k * self.n : (k + 1) * self.n]

    def play(self) -> list[tuple]:
        """After each step: the two players' weights, and the losses that it is to return."""
        g, c = ([weight.clone().requires_grad_() for weight in player] for player in (self.generator, self.critic))
        found = []
        for real, z, eps in self.batches:
            for k in range(self.n_critic):
                fakes = self.make(g, self.part(z, k)).detach()
                batch = self.part(real, k)
                c_loss = self.judge(c, fakes).mean() - self.judge(c, batch).mean()
                extra = 0.0
                if self.penalty is not None:
                    extra = self.penalty * self.steepness(c, between(batch, fakes, self.part(eps, k)))
                c = descended(c, c_loss + extra, self.lr)
                if self.clip is not None:
                    c = [weight.detach().clip(-self.clip, self.clip).requires_grad_() for weight in c]
            g_loss = -self.judge(c, self.make(g, self.part(z, self.n_critic))).mean()
            g = descended(g, g_loss, self.lr)
            found.append((g, c, c_loss.detach(), g_loss.detach()))
        return found

    def answered(self, critic: list[Tensor]) -> list[Tensor]:
        """The generator's weights after its first move, judged by this critic."""
        g = [weight.clone().requires_grad_() for weight in self.generator]
        return descended(g, -self.judge(critic, self.make(g, self.part(self.batches[0][1], self.n_critic))).mean(), self.lr)

    @property
    def options(self) -> dict:
        return {"n_critic": self.n_critic, "clip": self.clip, "penalty": self.penalty}

    def ask(self, ask) -> dict:
        found = ask(probe.steps, self.generator, self.critic, self.batches, self.lr, self.options, self.norm)
        if not isinstance(found, dict):
            raise WrongAnswer("type", f"the steps gave {kind_of(found)}.")
        return found


class Pictures(Game):
    """A game of images (N, 2, 1, 1) and of noise that has three dimensions."""

    def __init__(self, rng, **options) -> None:
        super().__init__(rng, **options)
        self.generator[0] = rng.normal(3, 5).double()
        for batch in self.batches:
            batch[1] = rng.normal(len(batch[1]), 3).double()

    def ask(self, ask) -> dict:
        batches = [[real[:, :, None, None], z, eps] for real, z, eps in self.batches]
        return ask(probe.steps_of_pictures, self.generator, self.critic, batches, self.lr, self.options)


def expect_step(found: dict, game: Game, step: int, why: str) -> None:
    g, c, _, _ = game.play()[step]
    expect_weights(found["critic"][step], c, f"{why} The critic:")
    expect_weights(found["generator"][step], g, f"{why} The generator:")


CONTROLS = [
    pytest.param(None, None, id="neither"),
    pytest.param(0.3, None, id="clip"),
    pytest.param(None, 0.7, id="penalty"),
    pytest.param(0.5, 2.0, id="both"),
]


@exercise("7.7", points=5, needs=["7.4", "7.5", "7.6"])
class TestWganStep:
    """One step of a Wasserstein GAN."""

    def test_moves_the_critic_once(self, ask, rng):
        game = Game(rng, n_critic=1)
        why = "n_critic = 1: one step down the critic's loss on the first N real samples and fakes. The critic:"
        expect_weights(game.ask(ask)["critic"][0], game.play()[0][1], why)

    def test_then_moves_the_generator(self, ask, rng):
        game = Game(rng, n_critic=1)
        why = "One step down minus the mean score of G(z[N:]), judged by the critic as it is after its step. The generator:"
        expect_weights(game.ask(ask)["generator"][0], game.play()[0][0], why)

    @pytest.mark.parametrize("n_critic", [2, 3])
    def test_takes_the_batches_in_their_order(self, ask, rng, n_critic):
        game = Game(rng, n_critic=n_critic, penalty=0.5)
        why = f"n_critic = {n_critic}: step k of the critic takes the k-th N of the real samples, of z and of eps."
        expect_step(game.ask(ask), game, 0, why)

    @pytest.mark.parametrize(("clip", "penalty"), CONTROLS)
    def test_controls_the_critic(self, ask, rng, clip, penalty):
        game = Game(rng, n_critic=3, n_steps=2, clip=clip, penalty=penalty)
        found = game.ask(ask)
        for step in range(2):
            expect_step(found, game, step, f"clip = {clip}, penalty = {penalty}, step {step + 1} of 2.")

    def test_a_penalty_of_weight_0(self, ask, rng):
        game = Game(rng, n_critic=2, penalty=0.0)
        expect_step(game.ask(ask), game, 0, "penalty = 0.0 weighs nothing.")

    def test_takes_five_steps_of_the_critic_by_default(self, ask, rng):
        game = Game(rng, n=3, n_critic=5)
        found = ask(probe.steps_of_default, game.generator, game.critic, game.batches[0], game.lr)
        g, c, _, _ = game.play()[0]
        expect_weights(found["critic"], c, "Without n_critic: five steps, neither clip nor penalty. The critic:")
        expect_weights(found["generator"], g, "Without n_critic: five steps, neither clip nor penalty. The generator:")

    def test_steps_do_not_add_up(self, ask, rng):
        game = Game(rng, n_critic=2, n_steps=4, penalty=0.3)
        found = game.ask(ask)
        for step in range(4):
            expect_step(found, game, step, f"Step {step + 1} of 4: its gradients alone count, none of earlier losses.")

    def test_of_large_gradients(self, ask, rng):
        game = Game(rng, n_critic=1, large=True)
        expect_step(game.ask(ask), game, 0, "Gradients of length 100 and more: nothing is clipped or scaled.")

    def test_of_scores_without_a_second_axis(self, ask, rng):
        game = Game(rng, n=5, n_critic=2, penalty=1.5, flat=True)
        expect_step(game.ask(ask), game, 0, "Scores of shape (N,).")

    def test_of_images(self, ask, rng):
        game = Pictures(rng, n=4, n_critic=2, penalty=1.5)
        expect_step(game.ask(ask), game, 0, "Images of shape (N, 2, 1, 1), made from noise of shape (N, 3).")

    def test_of_single_samples(self, ask, rng):
        game = Game(rng, n=1, n_critic=3, penalty=1.5)
        expect_step(game.ask(ask), game, 0, "Batches of one sample each.")

    def test_returns_the_losses(self, ask, rng):
        game = Game(rng, n_critic=3, n_steps=2, clip=0.6, penalty=2.0)
        found = game.ask(ask)
        for result, (_, _, c_loss, g_loss) in zip(found["returned"], game.play(), strict=True):
            expect_losses(
                result,
                c_loss=(c_loss, "the critic's loss before the last of its updates, without the penalty."),
                g_loss=(g_loss, "the generator's loss before its update, after the critic's."),
            )

    def test_returns_numbers_without_their_history(self, ask, rng):
        expect_no_history(Game(rng, penalty=1.0).ask(ask))

    def test_uses_and_leaves_both_in_training_mode(self, ask, rng):
        expect_in_training_mode(Game(rng, n_steps=2, penalty=1.0).ask(ask), "critic", "generator")

    def test_uses_and_leaves_both_in_evaluation_mode(self, ask, rng):
        game = Game(rng, n_critic=1, penalty=1.0)
        found = ask(probe.steps_in_evaluation, game.generator, game.critic, game.batches[0], game.lr)
        expect_that(not any(found["modes"]), "A network was asked in training mode: it came in evaluation mode.")
        expect_that(not any(found["left"]), "After the step a network is in training mode: it came in evaluation mode.")

    def test_each_step_makes_a_batch_of_its_own(self, ask, rng):
        game = Game(rng, n_critic=3, n_steps=2, norm=True)
        found = game.ask(ask)
        for step in range(2):
            why = "A generator with batch normalization sees the noise of each step by itself, in the mode in which it came."
            expect_step(found, game, step, why)

    def test_running_averages_see_each_batch_once(self, ask, rng):
        game = Game(rng, n_critic=2, norm=True)
        found = game.ask(ask)
        real, z, _ = game.batches[0]
        running = zeros(5).double()
        for k in range(3):
            hidden = game.part(z, k) @ game.generator[0] + game.generator[1]
            running = 0.9 * running + 0.1 * hidden.mean(dim=0)
        why = "Batch normalization averages over the batches that it sees: one pass for each of the three parts of z, in order."
        expect(found["running"][0], running, why, rtol=1e-8, name="the running mean")

    def test_sends_no_gradient_of_the_critics_loss_into_the_generator(self, ask, rng):
        found = Game(rng, n_critic=3, n_steps=2, penalty=1.0).ask(ask)
        arrived = found["gradients_into_generator"]
        why = "In 2 steps a gradient is to reach the generator's samples twice, once in each of its own moves."
        expect_that(arrived == 2, f"{why}\ngot {arrived} times, wanted 2")

    def test_of_a_generator_that_is_frozen_in_part(self, ask, rng):
        game = Game(rng, n_critic=1)
        found = ask(probe.with_frozen_layer, "generator", game.generator, game.critic, game.batches[0], game.lr)
        (g, c, _, _) = game.play()[0]
        wanted = [g[0], game.generator[1], g[2], g[3]]
        expect_weights(found["generator"], wanted, "A parameter that is frozen stays, and the others move. The generator:")
        expect_weights(found["critic"], c, "The generator is frozen in part; the critic:")
        expect_that(found["frozen"] is True, "A parameter that came frozen takes gradients after the step.")

    def test_of_a_critic_that_is_frozen_in_part(self, ask, rng):
        game = Game(rng, n_critic=1)
        found = ask(probe.with_frozen_layer, "critic", game.generator, game.critic, game.batches[0], game.lr)
        (_, c, _, _) = game.play()[0]
        wanted = [c[0], game.critic[1], c[2], c[3]]
        expect_weights(found["critic"], wanted, "A parameter that is frozen stays, and the others move. The critic:")
        wanted = game.answered(wanted)
        expect_weights(found["generator"], wanted, "It is judged by the critic as it is then. The generator:")
        expect_that(found["frozen"] is True, "A parameter of the critic that came frozen takes gradients after the step.")

    def test_clips_what_is_frozen(self, ask, rng):
        game = Game(rng, n_critic=1, clip=0.3)
        found = ask(probe.with_frozen_layer, "critic", game.generator, game.critic, game.batches[0], game.lr, game.clip)
        (_, c, _, _) = game.play()[0]
        wanted = [c[0], game.critic[1].clip(-0.3, 0.3), c[2], c[3]]
        why = "Every parameter of the critic is clipped, one that is frozen, too: its weights count for the slope. The critic:"
        expect_weights(found["critic"], wanted, why)

    def test_each_optimizer_takes_its_steps(self, ask, rng):
        updates = Game(rng, n_critic=3, penalty=1.0).ask(ask)["updates"]
        why = "n_critic = 3: opt_c.step() is called three times and opt_g.step() once; nothing else moves a network."
        expect_that(updates == {"critic": 3, "generator": 1}, f"{why}\ngot {updates}")

    def test_draws_no_random_numbers(self, ask, rng):
        drawn = Game(rng, n_critic=2, penalty=1.0).ask(ask)["drawn"]
        expect_that(drawn is False, "The step moved torch's random numbers: it sets a seed, or draws. Noise is given.")

    def test_leaves_the_batches_alone(self, ask, rng):
        game = Game(rng, n_critic=2, penalty=1.0)
        for name, before, after in zip(("real", "z", "eps"), game.batches[0], game.ask(ask)["batches"][0], strict=True):
            why = "What was passed in was overwritten (z.normal_(), real -= ...): compute a new tensor."
            expect(after, before, why, name=f"{name} after the step", rtol=0, atol=0)

    @pytest.mark.training
    def test_covers_eight_gaussians(self, ask):
        samples = expect_tensor(ask(probe.cover, timeout=300), (2000, 2), "the samples")
        covered = int((modes(samples) >= 20).sum())
        expect_whole_number(covered, 8, "Eight Gaussians, penalty 0.1: those that have at least 20 of 2000 samples within 0.15.")


def modes(samples: Tensor) -> Tensor:
    """How many samples lie within three standard deviations of each of the eight Gaussians."""
    angle = torch.arange(8, dtype=torch.float64) * pi / 4
    centers = 2 * torch.stack([angle.cos(), angle.sin()], dim=1)
    return (torch.cdist(samples.double(), centers) < 0.15).sum(dim=0)


def basis(rng, d: int) -> Tensor:
    """A random orthonormal basis, one vector a row."""
    return torch.linalg.qr(rng.normal(d, d).double())[0].T.contiguous()


def units(rng, k: int, d: int) -> Tensor:
    return F.normalize(rng.normal(k, d).double(), dim=1)


def sliced(x: Tensor, y: Tensor, directions: Tensor) -> float:
    """The definition, one direction after the other."""
    total = 0.0
    for theta in directions.double():
        a, b = (np.sort((points.double() @ theta).numpy()) for points in (x, y))
        total += float(((a - b) ** 2).mean())
    return total / len(directions)


@exercise("7.8", points=3)
class TestSlicedWasserstein:
    """The sliced distance."""

    def test_on_a_line(self, ask):
        x, y = tensor([[0.0], [3.0], [1.0]]), tensor([[5.0], [1.0], [2.0]])
        given = ask("wasserstein.sliced_wasserstein", x, y, tensor([[1.0]]))
        expect(given, 2.0, "0, 1, 3 against 1, 2, 5, in order: (1 + 1 + 4) / 3.")

    @pytest.mark.parametrize("d", [1, 2, 3, 16])
    def test_of_a_shift(self, ask, rng, d):
        x, v = rng.normal(20, d).double(), 3 * rng.normal(d).double()
        given = ask("wasserstein.sliced_wasserstein", x, x + v, basis(rng, d))
        why = f"All points shifted by v: |v|^2 / d on average over the {d} directions of a basis."
        expect(given, v.square().sum() / d, why, rtol=1e-8)

    def test_of_a_shift_across_the_direction(self, ask, rng):
        x = rng.normal(9, 2).double()
        given = ask("wasserstein.sliced_wasserstein", x, x + tensor([0.0, 5.0]), tensor([[1.0, 0.0]], dtype=torch.float64))
        expect(given, 0.0, "The direction does not see a shift at right angles to it.", atol=1e-12)

    def test_order_of_the_samples_does_not_matter(self, ask, rng):
        x, y, directions = rng.normal(12, 3).double(), rng.normal(12, 3).double(), units(rng, 5, 3)
        other = ask("wasserstein.sliced_wasserstein", x, x.flip(0), directions)
        expect(other, 0.0, "The same points in another order: the distance is 0. Sort, do not pair.", atol=1e-12)
        first = expect_tensor(ask("wasserstein.sliced_wasserstein", x, y, directions), ())
        turned = ask("wasserstein.sliced_wasserstein", x.roll(5, 0), y.flip(0), directions)
        expect(turned, first, "Samples in another order are the same samples.", rtol=1e-9)

    def test_of_many_directions(self, ask, rng):
        x, y, directions = rng.normal(15, 4).double(), 1 + 2 * rng.normal(15, 4).double(), units(rng, 7, 4)
        given = ask("wasserstein.sliced_wasserstein", x, y, directions)
        expect(given, sliced(x, y, directions), "Each direction is sorted by itself; the mean of all.", rtol=1e-9)

    def test_is_a_mean_over_directions_and_samples(self, ask, rng):
        x, y, directions = rng.normal(8, 3).double(), rng.normal(8, 3).double(), units(rng, 3, 3)
        once = expect_tensor(ask("wasserstein.sliced_wasserstein", x, y, directions), ())
        again = ask("wasserstein.sliced_wasserstein", x, y, directions.repeat(4, 1))
        expect(again, once, "Every direction four times: the mean over the directions stays.", rtol=1e-9)
        double = ask("wasserstein.sliced_wasserstein", x.repeat(2, 1), y.repeat(2, 1), directions)
        expect(double, once, "Every sample twice: the mean over the samples stays.", rtol=1e-9)

    @pytest.mark.parametrize(("n", "k"), [(1, 9), (1, 1), (5, 1)])
    def test_of_single_samples_and_directions(self, ask, rng, n, k):
        x, y, directions = rng.normal(n, 3).double(), 1 + rng.normal(n, 3).double(), units(rng, k, 3)
        given = ask("wasserstein.sliced_wasserstein", x, y, directions)
        why = f"{n} samples of each kind and {k} directions: each direction is sorted by itself, along the samples."
        expect(given, sliced(x, y, directions), why, rtol=1e-9)

    def test_is_squared(self, ask, rng):
        x, y, directions = rng.normal(8, 3).double(), rng.normal(8, 3).double(), units(rng, 3, 3)
        once = expect_tensor(ask("wasserstein.sliced_wasserstein", x, y, directions), ())
        given = ask("wasserstein.sliced_wasserstein", 3 * x, 3 * y, directions)
        expect(given, 9 * once, "Everything three times as large: the squared distance is nine times as large.", rtol=1e-9)

    def test_is_symmetric(self, ask, rng):
        x, y, directions = rng.normal(8, 3).double(), rng.normal(8, 3).double(), units(rng, 3, 3)
        there = expect_tensor(ask("wasserstein.sliced_wasserstein", x, y, directions), ())
        expect(ask("wasserstein.sliced_wasserstein", y, x, directions), there, "The way back is as long.", rtol=1e-9)

    def test_lets_the_gradient_through(self, ask, rng):
        x, y, directions = rng.normal(6, 2).double(), rng.normal(6, 2).double(), units(rng, 3, 2)
        by_x, by_y, _ = ask(probe.derivatives, "sliced_wasserstein", x, y, directions)
        wanted_x, wanted_y = zeros(6, 2).double(), zeros(6, 2).double()
        for theta in directions:
            of_x, of_y = (x @ theta).argsort(), (y @ theta).argsort()
            for i, j in zip(of_x.tolist(), of_y.tolist(), strict=True):
                push = 2 * (x[i] - y[j]) @ theta * theta / (6 * 3)
                wanted_x[i] += push
                wanted_y[j] -= push
        expect(
            by_x, wanted_x, "Each sample is drawn to its partner in order, along each direction: 2 / (KN) of the way.", rtol=1e-8
        )
        expect(by_y, wanted_y, "The partner is drawn as strongly, the other way.", rtol=1e-8)

    def test_keeps_the_dtype(self, ask, rng):
        x, y, directions = rng.normal(6, 3), rng.normal(6, 3), units(rng, 4, 3)
        expect_dtype(ask("wasserstein.sliced_wasserstein", x, y, directions.float()), torch.float32)
        expect_dtype(ask("wasserstein.sliced_wasserstein", x.double(), y.double(), directions), torch.float64)

    def test_leaves_its_inputs_alone(self, ask, rng):
        arguments = rng.normal(6, 3).double(), rng.normal(6, 3).double(), units(rng, 4, 3)
        expect_untouched(ask, "wasserstein.sliced_wasserstein", *arguments)

    @pytest.mark.training
    def test_draws_digits_without_a_discriminator(self, ask):
        from ganlib import data, features

        digits = data.load("digits", size=8)
        samples = expect_tensor(ask(probe.sliced_digits, digits.train_images, timeout=300), (2000, 1, 8, 8), "the samples")
        nfd = features.normalized_frechet(digits.test_images, samples.float())
        expect_below(nfd, 0.06, "A generator trained on the sliced distance alone: Fréchet distance of the samples (nFD).")
