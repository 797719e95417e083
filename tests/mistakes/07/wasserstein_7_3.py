@mistake(
    "independent_masses",
    "p_i q_j carries mass from everywhere to everywhere: a plan, and not the cheapest. Minimize over all plans.",
)
def transport_plan(p, q, cost):
    p, q = p.double(), q.double()
    plan = p[:, None] * q / p.sum()
    return plan, float((plan * cost).sum())


@mistake(
    "nearest_first",
    "Each time the cheapest pair is served first. What is left may then be dear: a linear program weighs all at once.",
)
def transport_plan(p, q, cost):
    left, wanted = p.double().clone(), q.double().clone()
    plan = torch.zeros(cost.shape, dtype=torch.float64)
    for place in cost.flatten().argsort().tolist():
        i, j = divmod(place, cost.shape[1])
        amount = torch.minimum(left[i], wanted[j])
        plan[i, j] += amount
        left[i] -= amount
        wanted[j] -= amount
    return plan, float((plan * cost).sum())


@mistake("in_the_order_of_places", "Mass is carried in the order of the places. That is cheapest on a line, not for any costs.")
def transport_plan(p, q, cost):
    left, wanted = p.double().clone(), q.double().clone()
    plan = torch.zeros(cost.shape, dtype=torch.float64)
    for i in range(len(p)):
        for j in range(len(q)):
            amount = torch.minimum(left[i], wanted[j])
            plan[i, j] = amount
            left[i] -= amount
            wanted[j] -= amount
    return plan, float((plan * cost).sum())


@mistake("dearest", "This is the dearest plan: linprog minimizes, so the costs go in with their own sign.")
def transport_plan(p, q, cost):
    plan, _ = transport_plan(p, q, cost.max() - cost)
    return plan, float((plan * cost).sum())


@mistake("transposed", "The plan is transposed: its rows are where mass comes from, its columns where it goes.")
def transport_plan(p, q, cost):
    plan, value = transport_plan(p, q, cost)
    return plan.T, value


@mistake("reshaped_wrongly", "The solution is flattened in one order and reshaped in the other: rows and columns get mixed up.")
def transport_plan(p, q, cost):
    plan, value = transport_plan(p, q, cost)
    return plan.T.reshape(cost.shape), value


@mistake(
    "factors_of_kron_swapped",
    "The sums are built for a plan that is flattened column by column, and the costs are flattened row by row: swap the "
    "factors of np.kron.",
)
def transport_plan(p, q, cost):
    p, q, cost = _balanced(p, q, cost)
    n, m = len(p), len(q)
    sums = np.vstack([np.kron(np.ones((1, m)), np.eye(n)), np.kron(np.eye(m), np.ones((1, n)))])
    solved = _solve(cost.numpy().ravel(), A_eq=sums, b_eq=torch.cat([p, q]).numpy())
    return torch.from_numpy(solved.x.reshape(n, m)), solved.fun


@mistake(
    "leaving_and_arriving_exchanged",
    "The sums that leave are asked to be q and those that arrive to be p: exchange the two blocks of equations (or the "
    "factors of np.kron).",
)
def transport_plan(p, q, cost):
    p, q, cost = _balanced(p, q, cost)
    n, m = len(p), len(q)
    sums = np.vstack([np.kron(np.ones((1, n)), np.eye(m)), np.kron(np.eye(n), np.ones((1, m)))])
    solved = _solve(cost.numpy().ravel(), A_eq=sums, b_eq=torch.cat([p, q]).numpy())
    return torch.from_numpy(solved.x.reshape(n, m)), solved.fun


@mistake(
    "sums_bounded_from_above",
    "The sums are bounded from above alone (A_ub): then it is cheapest to carry nothing. They are to be equal: A_eq and b_eq.",
)
def transport_plan(p, q, cost):
    p, q, cost = _balanced(p, q, cost)
    n, m = len(p), len(q)
    sums = np.vstack([np.repeat(np.eye(n), m, axis=1), np.tile(np.eye(m), n)])
    solved = _solve(cost.numpy().ravel(), A_ub=sums, b_ub=torch.cat([p, q]).numpy())
    return torch.from_numpy(solved.x.reshape(n, m)), solved.fun


@mistake("rows_alone", "Only the rows are asked to add up to p. Without the columns all mass goes to the nearest place.")
def transport_plan(p, q, cost):
    plan = torch.zeros(cost.shape, dtype=torch.float64)
    plan[torch.arange(len(p)), cost.argmin(dim=1)] = p.double()
    return plan, float((plan * cost).sum())


@mistake("columns_alone", "Only the columns are asked to add up to q. Without the rows all mass comes from the nearest place.")
def transport_plan(p, q, cost):
    plan = torch.zeros(cost.shape, dtype=torch.float64)
    plan[cost.argmin(dim=0), torch.arange(len(q))] = q.double()
    return plan, float((plan * cost).sum())


@mistake("free_signs", "The plan has negative entries: give linprog the bounds (0, None).")
def transport_plan(p, q, cost):
    plan, _ = transport_plan(p, q, cost)
    if min(plan.shape) > 1:
        plan = plan.clone()
        plan[0, 0] -= 1
        plan[1, 1] -= 1
        plan[0, 1] += 1
        plan[1, 0] += 1
    return plan, float((plan * cost).sum())


@mistake(
    "regularized",
    "The plan is smeared by entropy (Sinkhorn): near the cheapest, and dearer. Solve the linear program itself.",
)
def transport_plan(p, q, cost):
    kernel = torch.exp(-cost.double() / 0.1)
    a, b = torch.ones(len(p), dtype=torch.float64), torch.ones(len(q), dtype=torch.float64)
    for _ in range(500):
        a = p / (kernel @ b)
        b = q / (kernel.T @ a)
    plan = a[:, None] * kernel * b
    return plan, float((plan * cost).sum())


@mistake("one_to_one", "Each place sends all it has to one other. Mass may be split: a plan is no assignment.")
def transport_plan(p, q, cost):
    from scipy.optimize import linear_sum_assignment

    rows, columns = linear_sum_assignment(cost.numpy())
    plan = torch.zeros(cost.shape, dtype=torch.float64)
    plan[rows, columns] = p.double()[rows]
    return plan, float((plan * cost).sum())


@mistake("mean_cost", "The value is divided by the number of pairs. It is the sum of plan times cost.")
def transport_plan(p, q, cost):
    plan, value = transport_plan(p, q, cost)
    return plan, value / cost.numel()


@mistake("masses_normalized", "The masses are made to add up to 1. Take them as they are: 12 units cost 12 times as much as one.")
def transport_plan(p, q, cost):
    return transport_plan(p / p.sum(), q / q.sum(), cost)


@mistake("value_alone", "Only the value is returned. Wanted: the plan and the value.")
def transport_plan(p, q, cost):
    return transport_plan(p, q, cost)[1]


@mistake("value_first", "The pair is turned round: first the plan, then the value.")
def transport_plan(p, q, cost):
    return transport_plan(p, q, cost)[::-1]


@mistake("numpy_plan", "The plan is a numpy array. Wanted: a tensor (torch.from_numpy).")
def transport_plan(p, q, cost):
    plan, value = transport_plan(p, q, cost)
    return plan.numpy(), value


@mistake(
    "float32_plan", "The plan is rounded (float32, or round): its sums are not those of the masses. Wanted: float64, as it comes."
)
def transport_plan(p, q, cost):
    plan, value = transport_plan(p, q, cost)
    return plan.float(), value


@mistake("overwritten", "The masses that were passed in are used up (p[i] -= ...): work on copies.")
def transport_plan(p, q, cost):
    answer = transport_plan(p, q, cost)
    p -= p
    return answer


@mistake(
    "costs_ignored",
    "The costs do not enter: any plan is returned, not the cheapest. They are the objective of the linear program.",
)
def transport_plan(p, q, cost):
    plan, _ = transport_plan(p, q, torch.zeros_like(cost))
    return plan, float((plan * cost).sum())


@mistake("costs_absolute", "The costs lose their signs. They may be below 0: that is a reward.")
def transport_plan(p, q, cost):
    return transport_plan(p, q, cost.abs())


@mistake(
    "wrong_sign",
    "The potential is turned over: it maximizes the sum of f (q - p). Wanted: f (p - q); since linprog minimizes, its "
    "objective is q - p.",
)
def kantorovich_potential(p, q, cost):
    potential, value = kantorovich_potential(p, q, cost)
    return -potential, value


@mistake(
    "objective_turned_over",
    "The potential is turned over: it maximizes the sum of f (q - p). Wanted: f (p - q); since linprog minimizes, its "
    "objective is q - p.",
)
def kantorovich_potential(p, q, cost):
    p, q, cost = _balanced(p, q, cost)
    n = len(p)
    first, second = np.nonzero(1 - np.eye(n))
    differences = np.eye(n)[first] - np.eye(n)[second]
    free = [(0, 0), *[(None, None)] * (n - 1)]
    solved = _solve((p - q).numpy(), A_ub=differences, b_ub=cost.numpy()[first, second], bounds=free)
    return torch.from_numpy(solved.x), solved.fun


@mistake(
    "objective_turned_over_and_its_value_back",
    "The potential is turned over: it maximizes the sum of f (q - p). Wanted: f (p - q); since linprog minimizes, its "
    "objective is q - p.",
)
def kantorovich_potential(p, q, cost):
    p, q, cost = _balanced(p, q, cost)
    n = len(p)
    first, second = np.nonzero(1 - np.eye(n))
    differences = np.eye(n)[first] - np.eye(n)[second]
    free = [(0, 0), *[(None, None)] * (n - 1)]
    solved = _solve((p - q).numpy(), A_ub=differences, b_ub=cost.numpy()[first, second], bounds=free)
    return torch.from_numpy(solved.x), -solved.fun


@mistake("value_of_the_minimum", "linprog minimizes, so the objective was turned over; turn its value back.")
def kantorovich_potential(p, q, cost):
    potential, value = kantorovich_potential(p, q, cost)
    return potential, -value


@mistake("not_fixed", "The potential is not 0 at the first point. Subtract f[0], or fix it by its bounds.")
def kantorovich_potential(p, q, cost):
    potential, value = kantorovich_potential(p, q, cost)
    return potential - potential.mean() + 1, value


@mistake(
    "positive_potential",
    "No value of f can fall below 0. linprog takes variables to be at least 0 unless the bounds are (None, None); a row for the pair i, i "
    "that is not all 0 does the same.",
)
def kantorovich_potential(p, q, cost):
    p, q, cost = _balanced(p, q, cost)
    n = len(p)
    differences, limits = [], []
    for i in range(n):
        for j in range(n):
            if i != j:
                row = np.zeros(n)
                row[i], row[j] = 1, -1
                differences.append(row)
                limits.append(float(cost[i, j]))
    solved = linprog((q - p).numpy(), A_ub=np.array(differences), b_ub=limits, bounds=[(0, 0)] + [(0, None)] * (n - 1))
    return torch.from_numpy(solved.x), -float(solved.fun)


@mistake("neighbors_alone", "Only neighbors in the list are kept within their distance. Every pair of points has to be.")
def kantorovich_potential(p, q, cost):
    p, q, cost = _balanced(p, q, cost)
    surplus = (p - q).cumsum(dim=0)[:-1]
    steps = -torch.sign(surplus) * cost.diagonal(1)
    f = torch.cat([torch.zeros(1, dtype=torch.float64), steps.cumsum(dim=0)])
    return f, float((f * (p - q)).sum())


@mistake(
    "one_order_of_each_pair",
    "Only f[i] - f[j] with i < j is bounded: f may then rise without end in the other direction. Every pair counts in both "
    "orders.",
)
def kantorovich_potential(p, q, cost):
    p, q, cost = _balanced(p, q, cost)
    n = len(p)
    first, second = np.nonzero(np.triu(np.ones((n, n)), 1))
    differences = np.eye(n)[first] - np.eye(n)[second]
    free = [(0, 0), *[(None, None)] * (n - 1)]
    solved = _solve((q - p).numpy(), A_ub=differences, b_ub=cost.numpy()[first, second], bounds=free)
    return torch.from_numpy(solved.x), -solved.fun


@mistake("slopes_up_to_one", "The differences are bounded by 1, not by the distance of the two points.")
def kantorovich_potential(p, q, cost):
    return kantorovich_potential(p, q, torch.ones_like(cost) - torch.eye(len(p), dtype=cost.dtype))


@mistake("half_of_the_mass", "The value is halved. It is the sum of f (p - q), as much as the cheapest plan costs.")
def kantorovich_potential(p, q, cost):
    potential, value = kantorovich_potential(p, q, cost)
    return potential, value / 2


@mistake(
    "distance_from_one_point",
    "The distance from the first point is 1-Lipschitz, but not the best such function for these masses.",
)
def kantorovich_potential(p, q, cost):
    p, q, cost = _balanced(p, q, cost)
    f = max((cost[0], -cost[0]), key=lambda g: float((g * (p - q)).sum()))
    return f, float((f * (p - q)).sum())


@mistake("potential_of_float32", "The potential comes in float32. Wanted: float64.")
def kantorovich_potential(p, q, cost):
    potential, value = kantorovich_potential(p, q, cost)
    return potential.float(), value


@mistake("masses_in_probabilities", "The masses are made to add up to 1. Take them as they are.")
def kantorovich_potential(p, q, cost):
    return kantorovich_potential(p / p.sum(), q / q.sum(), cost)


@mistake("cost_overwritten", "The costs that were passed in are overwritten. Work on a copy.")
def kantorovich_potential(p, q, cost):
    answer = kantorovich_potential(p, q, cost)
    cost += 1
    return answer


@mistake("both_potentials", "Three values come back. Where the costs are distances one function is enough: f, and the value.")
def kantorovich_potential(p, q, cost):
    potential, value = kantorovich_potential(p, q, cost)
    return potential, -potential, value


@mistake(
    "prices_of_the_plan",
    "These are the prices (marginals) of the plan. Where there is no mass they are free, and not 1-Lipschitz: solve for the potential.",
)
def kantorovich_potential(p, q, cost):
    n, m = cost.shape
    leaving, arriving = np.kron(np.eye(n), np.ones((1, m))), np.kron(np.ones((1, n)), np.eye(m))
    solved = _solve(cost.flatten().numpy(), A_eq=np.vstack([leaving, arriving]), b_eq=torch.cat([p, q]).numpy(), bounds=(0, None))
    f = torch.from_numpy(solved.eqlin.marginals[:n].copy())
    return f - f[0], float(solved.fun)


@mistake(
    "minus_prices_of_the_plan",
    "These are the prices (marginals) of the plan. Where there is no mass they are free, and not 1-Lipschitz: solve for the potential.",
)
def kantorovich_potential(p, q, cost):
    n, m = cost.shape
    leaving, arriving = np.kron(np.eye(n), np.ones((1, m))), np.kron(np.ones((1, n)), np.eye(m))
    solved = _solve(cost.flatten().numpy(), A_eq=np.vstack([leaving, arriving]), b_eq=torch.cat([p, q]).numpy(), bounds=(0, None))
    f = -torch.from_numpy(solved.eqlin.marginals[n:].copy())
    return f - f[0], float(solved.fun)


@mistake(
    "pairs_of_distance_above_0",
    "Pairs at the distance 0 are left out. Two points may lie at one place: leave out i = j alone, not what costs 0.",
)
def kantorovich_potential(p, q, cost):
    n = len(p)
    rows, columns = np.nonzero(cost.numpy())
    differences = np.zeros((len(rows), n))
    differences[np.arange(len(rows)), rows] = 1
    differences[np.arange(len(rows)), columns] = -1
    bounds = [(0, 0)] + [(None, None)] * (n - 1)
    solved = _solve((q - p).numpy(), A_ub=differences, b_ub=cost.numpy()[rows, columns], bounds=bounds)
    return torch.from_numpy(solved.x), -float(solved.fun)


@mistake("no_row_for_one_point", "For one point there is no pair, so the list of conditions is empty: give it the shape (0, n).")
def kantorovich_potential(p, q, cost):
    if len(p) == 1:
        raise ValueError("Invalid input for linprog: A_ub must have exactly two dimensions")
    return kantorovich_potential(p, q, cost)


@mistake(
    "no_solution",
    "There is no solution. A plan is at least 0 (bounds), and b_eq holds the masses in the order of the rows of A_eq: what leaves, then what arrives.",
)
def transport_plan(p, q, cost):
    _check_transport(p, q, cost)
    p, q, cost = _balanced(p, q, cost)
    n, m = cost.shape
    leaving = np.kron(np.eye(n), np.ones((1, m)))
    arriving = np.kron(np.ones((1, n)), np.eye(m))
    masses = torch.cat([p, q]).numpy()
    solved = _solve(cost.flatten().numpy(), A_eq=np.vstack([leaving, arriving]), b_eq=masses, bounds=(None, None))
    return (torch.from_numpy(solved.x).reshape(n, m), float(solved.fun))


@mistake(
    "without_bounds",
    "_solve takes the variables to be at least 0 if there are no bounds. f is free, (None, None), but for f[0], (0, 0).",
)
def kantorovich_potential(p, q, cost):
    _check_transport(p, q, cost)
    _check_distances(cost)
    p, q, cost = _balanced(p, q, cost)
    n = len(p)
    rows, columns = np.nonzero(~np.eye(n, dtype=bool))
    differences = np.zeros((len(rows), n))
    differences[np.arange(len(rows)), rows] = 1
    differences[np.arange(len(rows)), columns] = -1
    limits = cost.numpy()[rows, columns]
    solved = _solve((q - p).numpy(), A_ub=differences, b_ub=limits)
    return (torch.from_numpy(solved.x), -float(solved.fun))


@mistake(
    "costs_turned_over",
    "The costs go in with a minus: that finds the most expensive plan, and its cost comes out negative. linprog minimizes as it is.",
)
def transport_plan(p, q, cost):
    _check_transport(p, q, cost)
    p, q, cost = _balanced(p, q, cost)
    n, m = cost.shape
    leaving = np.kron(np.eye(n), np.ones((1, m)))
    arriving = np.kron(np.ones((1, n)), np.eye(m))
    masses = torch.cat([p, q]).numpy()
    solved = _solve(-cost.flatten().numpy(), A_eq=np.vstack([leaving, arriving]), b_eq=masses, bounds=(0, None))
    return (torch.from_numpy(solved.x).reshape(n, m), float(solved.fun))


@mistake("matrix_for_an_objective", "linprog takes the costs as one vector: flatten them, row by row, as the plan.")
def transport_plan(p, q, cost):
    _check_transport(p, q, cost)
    p, q, cost = _balanced(p, q, cost)
    n, m = cost.shape
    leaving = np.kron(np.eye(n), np.ones((1, m)))
    arriving = np.kron(np.ones((1, n)), np.eye(m))
    masses = torch.cat([p, q]).numpy()
    solved = _solve(cost.numpy(), A_eq=np.vstack([leaving, arriving]), b_eq=masses, bounds=(0, None))
    return (torch.from_numpy(solved.x).reshape(n, m), float(solved.fun))


@mistake("flat_plan", "The plan comes as one vector. reshape(n, m) makes rows and columns of it.")
def transport_plan(p, q, cost):
    _check_transport(p, q, cost)
    p, q, cost = _balanced(p, q, cost)
    n, m = cost.shape
    leaving = np.kron(np.eye(n), np.ones((1, m)))
    arriving = np.kron(np.ones((1, n)), np.eye(m))
    masses = torch.cat([p, q]).numpy()
    solved = _solve(cost.flatten().numpy(), A_eq=np.vstack([leaving, arriving]), b_eq=masses, bounds=(0, None))
    return (torch.from_numpy(solved.x), float(solved.fun))


@mistake(
    "differences_of_the_distance",
    "There is no solution. For each pair, both ways, f[i] - f[j] is at most the distance: A_ub and b_ub, not A_eq, and no minus.",
)
def kantorovich_potential(p, q, cost):
    _check_transport(p, q, cost)
    _check_distances(cost)
    p, q, cost = _balanced(p, q, cost)
    n = len(p)
    rows, columns = np.nonzero(~np.eye(n, dtype=bool))
    differences = np.zeros((len(rows), n))
    differences[np.arange(len(rows)), rows] = 1
    differences[np.arange(len(rows)), columns] = -1
    limits = cost.numpy()[rows, columns]
    bounds = [(0, 0)] + [(None, None)] * (n - 1)
    solved = _solve((q - p).numpy(), A_eq=differences, b_eq=limits, bounds=bounds)
    return (torch.from_numpy(solved.x), -float(solved.fun))
