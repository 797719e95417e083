@mistake(
    "axes_exchanged",
    "The axes are exchanged: the row player compares the rows of one column, the column player the columns of one row.",
)
def pure_nash_equilibria(payoff_row, payoff_column):
    row = payoff_row == payoff_row.max(dim=1, keepdim=True).values
    column = payoff_column == payoff_column.max(dim=0, keepdim=True).values
    return [tuple(pair) for pair in (row & column).nonzero().tolist()]


@mistake(
    "dominant_strategies",
    "Only strategies count here that are best whatever the other does: dominant ones. An equilibrium asks for a best answer to "
    "what the other does now.",
)
def pure_nash_equilibria(payoff_row, payoff_column):
    rows = (payoff_row == payoff_row.max(dim=0, keepdim=True).values).all(dim=1)
    columns = (payoff_column == payoff_column.max(dim=1, keepdim=True).values).all(dim=0)
    return [tuple(pair) for pair in (rows[:, None] & columns[None]).nonzero().tolist()]


@mistake(
    "best_together",
    "These are the pairs with the largest sum of payoffs. Nobody looks at the sum: each player changes for himself.",
)
def pure_nash_equilibria(payoff_row, payoff_column):
    total = payoff_row + payoff_column
    return [tuple(pair) for pair in (total == total.max()).nonzero().tolist()]


@mistake("maximin", "Each player secures the best worst case. That is caution, not a best answer to what the other plays.")
def pure_nash_equilibria(payoff_row, payoff_column):
    rows, columns = payoff_row.min(dim=1).values, payoff_column.min(dim=0).values
    return [tuple(pair) for pair in ((rows == rows.max())[:, None] & (columns == columns.max())[None]).nonzero().tolist()]


@mistake("strict", "A pair is thrown out if another choice is equally good. Nobody gains by that change: it is an equilibrium.")
def pure_nash_equilibria(payoff_row, payoff_column):
    m, n = payoff_row.shape
    row, column = payoff_row.tolist(), payoff_column.tolist()
    return [
        (i, j)
        for i in range(m)
        for j in range(n)
        if all(row[k][j] < row[i][j] for k in range(m) if k != i) and all(column[i][k] < column[i][j] for k in range(n) if k != j)
    ]


@mistake("first_maximum", "argmax returns one of several equal maxima: equilibria with ties are lost. Compare with the maximum.")
def pure_nash_equilibria(payoff_row, payoff_column):
    best_row, best_column = payoff_row.argmax(dim=0).tolist(), payoff_column.argmax(dim=1).tolist()
    return [(i, j) for i, j in enumerate(best_column) if best_row[j] == i]


@mistake("row_player_alone", "Only the row player's gain is looked at. In an equilibrium neither player gains by changing alone.")
def pure_nash_equilibria(payoff_row, payoff_column):
    return [tuple(pair) for pair in (payoff_row == payoff_row.max(dim=0, keepdim=True).values).nonzero().tolist()]


@mistake(
    "column_player_alone", "Only the column player's gain is looked at. In an equilibrium neither player gains by changing alone."
)
def pure_nash_equilibria(payoff_row, payoff_column):
    return [tuple(pair) for pair in (payoff_column == payoff_column.max(dim=1, keepdim=True).values).nonzero().tolist()]


@mistake("zero_sum", "The column player's payoffs are not used: the game is taken for zero-sum. Not every game is.")
def pure_nash_equilibria(payoff_row, payoff_column):
    payoff_column = -payoff_row
    row = payoff_row == payoff_row.max(dim=0, keepdim=True).values
    column = payoff_column == payoff_column.max(dim=1, keepdim=True).values
    return [tuple(pair) for pair in (row & column).nonzero().tolist()]


@mistake("costs", "The smallest entries are chosen, as if they were costs. Payoffs are won: each player wants large ones.")
def pure_nash_equilibria(payoff_row, payoff_column):
    row = payoff_row == payoff_row.min(dim=0, keepdim=True).values
    column = payoff_column == payoff_column.min(dim=1, keepdim=True).values
    return [tuple(pair) for pair in (row & column).nonzero().tolist()]


@mistake("counted_from_1", "The strategies are counted from 1. Here, as in the code, they are counted from 0.")
def pure_nash_equilibria(payoff_row, payoff_column):
    row = payoff_row == payoff_row.max(dim=0, keepdim=True).values
    column = payoff_column == payoff_column.max(dim=1, keepdim=True).values
    return [(i + 1, j + 1) for i, j in (row & column).nonzero().tolist()]


@mistake("pairs_turned", "The pairs are (column, row). Wanted: (row, column).")
def pure_nash_equilibria(payoff_row, payoff_column):
    row = payoff_row == payoff_row.max(dim=0, keepdim=True).values
    column = payoff_column == payoff_column.max(dim=1, keepdim=True).values
    return [(j, i) for i, j in (row & column).nonzero().tolist()]


@mistake("columns_first", "The equilibria are right, but in the order of columns. Go through the rows first.")
def pure_nash_equilibria(payoff_row, payoff_column):
    row = payoff_row == payoff_row.max(dim=0, keepdim=True).values
    column = payoff_column == payoff_column.max(dim=1, keepdim=True).values
    return [(i, j) for j, i in (row & column).T.nonzero().tolist()]


@mistake("only_one", "Only the first equilibrium is returned. A game may have several: return all of them.")
def pure_nash_equilibria(payoff_row, payoff_column):
    row = payoff_row == payoff_row.max(dim=0, keepdim=True).values
    column = payoff_column == payoff_column.max(dim=1, keepdim=True).values
    return [tuple(pair) for pair in (row & column).nonzero().tolist()][:1]


@mistake("tensor", "The answer is a tensor. Wanted: a list of pairs of whole numbers; tolist() makes them.")
def pure_nash_equilibria(payoff_row, payoff_column):
    row = payoff_row == payoff_row.max(dim=0, keepdim=True).values
    column = payoff_column == payoff_column.max(dim=1, keepdim=True).values
    return (row & column).nonzero()


@mistake("in_place", "The payoffs are overwritten (-=, masked_fill_): the caller still needs them. Compute a new tensor.")
def pure_nash_equilibria(payoff_row, payoff_column):
    payoff_row -= payoff_row.max(dim=0, keepdim=True).values
    payoff_column -= payoff_column.max(dim=1, keepdim=True).values
    return [tuple(pair) for pair in ((payoff_row == 0) & (payoff_column == 0)).nonzero().tolist()]
