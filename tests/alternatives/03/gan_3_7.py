@alternative("loops")
def pure_nash_equilibria(payoff_row, payoff_column):
    m, n = payoff_row.shape
    found = []
    for i in range(m):
        for j in range(n):
            if payoff_row[i, j] >= payoff_row[:, j].max() and payoff_column[i, j] >= payoff_column[i].max():
                found.append((i, j))
    return found


@alternative("sets_of_best_answers")
def pure_nash_equilibria(payoff_row, payoff_column):
    row, column = payoff_row.tolist(), payoff_column.tolist()
    m, n = len(row), len(row[0])
    by_row = {(i, j) for j in range(n) for i in range(m) if row[i][j] == max(line[j] for line in row)}
    by_column = {(i, j) for i in range(m) for j in range(n) if column[i][j] == max(column[i])}
    return sorted(by_row & by_column)
