@alternative("loops")
def transport_plan(p, q, cost):
    n, m = cost.shape
    rows, sums = [], []
    for i in range(n):
        row = np.zeros((n, m))
        row[i] = 1
        rows.append(row.ravel())
        sums.append(float(p[i]))
    for j in range(m):
        row = np.zeros((n, m))
        row[:, j] = 1
        rows.append(row.ravel())
        sums.append(float(q[j]))
    solved = linprog(cost.numpy().ravel(), A_eq=np.array(rows), b_eq=np.array(sums))
    plan = torch.tensor(solved.x.reshape(n, m), dtype=torch.float64)
    return plan, (plan * cost).sum().item()


@alternative("interior_point")
def transport_plan(p, q, cost):
    n, m = cost.shape
    equal = torch.cat([torch.eye(n).repeat_interleave(m, dim=1), torch.eye(m).repeat(1, n)]).numpy()
    masses = np.concatenate([p.numpy(), q.numpy()])
    # One of the equations follows from the others.
    solved = linprog(cost.flatten().numpy(), A_eq=equal[:-1], b_eq=masses[:-1], method="highs-ipm")
    return torch.as_tensor(solved.x).view(n, m), solved.fun


@alternative("loops")
def kantorovich_potential(p, q, cost):
    n = len(p)
    differences, limits = [np.zeros(n)], [0.0]
    for i in range(n):
        for j in range(n):
            row = np.zeros(n)
            row[i] += 1
            row[j] -= 1
            differences.append(row)
            limits.append(float(cost[i, j]))
    bounds = [(None, None)] * n
    first = np.eye(n)[:1]
    solved = linprog((q - p).numpy(), np.array(differences), limits, first, [0.0], bounds)
    potential = torch.tensor(solved.x, dtype=torch.float64)
    return potential, float((potential * (p - q)).sum())


@alternative("shifted_afterwards")
def kantorovich_potential(p, q, cost):
    n = len(p)
    to, of = np.meshgrid(np.arange(n), np.arange(n))
    to, of = to.ravel(), of.ravel()
    differences = np.eye(n)[of] - np.eye(n)[to]
    reach = float(cost.max())
    solved = linprog(-(p - q).numpy(), A_ub=differences, b_ub=cost.numpy().ravel(), bounds=(0, 2 * reach))
    potential = torch.from_numpy(solved.x - solved.x[0])
    return potential, -solved.fun
