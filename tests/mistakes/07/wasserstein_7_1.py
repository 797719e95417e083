@mistake(
    "direction_counts",
    "A move to the left counts as less than nothing, so that ways cancel. A way has a length: take |end - start|.",
)
def plan_cost(moves):
    return float(sum(end - start for start, end in moves))


@mistake("number_of_moves", "This counts the moves. What costs is how far each goes: |end - start|.")
def plan_cost(moves):
    return float(len(moves))


@mistake("squared_way", "The ways are squared. A move over 4 steps costs 4 here, not 16.")
def plan_cost(moves):
    return float(sum((end - start) ** 2 for start, end in moves))


@mistake("longest_way", "This is the longest move. The plan costs all of them together.")
def plan_cost(moves):
    return float(max((abs(end - start) for start, end in moves), default=0))


@mistake("mean_way", "This is the mean of the moves. The plan costs their sum.")
def plan_cost(moves):
    return sum(abs(end - start) for start, end in moves) / max(len(moves), 1)


@mistake("absolute_places", "The distances from 0 are subtracted: |end| - |start|. The way is |end - start|, also across 0.")
def plan_cost(moves):
    return float(sum(abs(abs(end) - abs(start)) for start, end in moves))


@mistake(
    "order_does_not_matter",
    "Only starts and ends are counted, not when each move is made. A move needs a column at its start at that moment.",
)
def is_valid_plan(moves, source, target):
    columns = Counter(source)
    columns.subtract(start for start, _ in moves)
    columns.update(end for _, end in moves)
    return +columns == Counter(target) and min(columns.values(), default=0) >= 0


@mistake("target_forgotten", "Each move is possible, but where the columns stand in the end is not compared with the target.")
def is_valid_plan(moves, source, target):
    columns = Counter(source)
    for start, end in moves:
        if columns[start] == 0:
            return False
        columns[start] -= 1
        columns[end] += 1
    return True


@mistake(
    "sets",
    "How many columns stand at a place is forgotten (sets, >=, zip of lists of other lengths). Compare counts or sorted lists.",
)
def is_valid_plan(moves, source, target):
    columns = list(source)
    for start, end in moves:
        if start not in columns:
            return False
        columns[columns.index(start)] = end
    return set(columns) == set(target)


@mistake("order_of_columns", "The lists are compared place by place. Columns are alike: sort both, or count.")
def is_valid_plan(moves, source, target):
    columns = list(source)
    for start, end in moves:
        if start not in columns:
            return False
        columns[columns.index(start)] = end
    return columns == list(target)


@mistake(
    "from_the_source_alone",
    "Each start is looked up among the columns as they stood at first. A column that has been moved there can be moved on, "
    "and one that has left cannot.",
)
def is_valid_plan(moves, source, target):
    if any(start not in source for start, _ in moves):
        return False
    columns = Counter(source)
    for start, end in moves:
        columns[start] -= 1
        columns[end] += 1
    return columns == Counter(target)


@mistake(
    "each_column_once",
    "Starts are counted against the source as a whole, so each column may move once. A column that has just arrived may be "
    "moved on.",
)
def is_valid_plan(moves, source, target):
    starts, ends = Counter(start for start, _ in moves), Counter(end for _, end in moves)
    if starts - Counter(source):
        return False
    return Counter(source) - starts + ends == Counter(target)


@mistake("list_overwritten", "The caller's list of columns is changed. Work on a copy: list(source).")
def is_valid_plan(moves, source, target):
    for start, end in moves:
        if start not in source:
            return False
        source.remove(start)
        source.append(end)
    return sorted(source) == sorted(target)


@mistake(
    "columns_copied",
    "A place that a column has left stays in the dictionary with the count 0, and == sees it; or the column is not taken away at "
    "its start at all. Counters that are compared do not mind zeros.",
)
def is_valid_plan(moves, source, target):
    columns = Counter(source)
    for start, end in moves:
        if columns[start] == 0:
            return False
        columns[end] += 1
    return columns == Counter(target)


@mistake("raises_for_a_missing_column", "A plan that cannot be carried out is no error: the answer is False.")
def is_valid_plan(moves, source, target):
    columns = list(source)
    for start, end in moves:
        columns.remove(start)
        columns.append(end)
    return sorted(columns) == sorted(target)


@mistake("cheapest_alone", "A dear plan is valid, too: what a plan costs has nothing to do with whether it can be carried out.")
def is_valid_plan(moves, source, target):
    columns = Counter(source)
    for start, end in moves:
        if columns[start] == 0:
            return False
        columns[start] -= 1
        columns[end] += 1
    best = sum(abs(a - b) for a, b in zip(sorted(source), sorted(target)))
    return columns == Counter(target) and sum(abs(b - a) for a, b in moves) == best


@mistake("a_move_to_the_same_place_needs_nothing", "A move from 9 to 9 needs a column at 9 as any other: do not skip it.")
def is_valid_plan(moves, source, target):
    columns = Counter(source)
    for start, end in moves:
        if start == end:
            continue
        if columns[start] == 0:
            return False
        columns[start] -= 1
        columns[end] += 1
    return columns == Counter(target)


@mistake(
    "sorted_in_place", "A list of the caller's is sorted in place: target.sort() changes it. sorted(target) makes a new one."
)
def is_valid_plan(moves, source, target):
    columns = list(source)
    for start, end in moves:
        if start not in columns:
            return False
        columns.remove(start)
        columns.append(end)
    columns.sort()
    target.sort()
    return columns == target


@mistake(
    "places_as_indices",
    "Places are used as indices of a list. A place may be below 0, and heights[-1] is the last of the list: use a Counter, or sort.",
)
def is_valid_plan(moves, source, target):
    places = [*source, *target, *(place for move in moves for place in move)]
    heights = [0] * (max(places, default=0) + 1)
    for place in source:
        heights[place] += 1
    for start, end in moves:
        if heights[start] == 0:
            return False
        heights[start] -= 1
        heights[end] += 1
    wanted = [0] * len(heights)
    for place in target:
        wanted[place] += 1
    return heights == wanted


@mistake(
    "places_counted_by_numpy", "np.bincount and the like count places from 0 on. A place may be below 0: use a Counter, or sort."
)
def is_valid_plan(moves, source, target):
    places = [*source, *target, *(place for move in moves for place in move)]
    n = max(places) + 1
    heights = np.bincount(source, minlength=n)
    for start, end in moves:
        if heights[start] == 0:
            return False
        heights[start] -= 1
        heights[end] += 1
    return bool((heights == np.bincount(target, minlength=n)).all())


@mistake(
    "methods_of_lists", "A tuple has no copy(), remove() or sort(). The columns come as any sequence: begin with list(source)."
)
def is_valid_plan(moves, source, target):
    columns = source.copy()
    for start, end in moves:
        if start not in columns:
            return False
        columns.remove(start)
        columns.append(end)
    return sorted(columns) == sorted(target)


@mistake(
    "nothing_left_over", "Only what is left over is looked for. A place in the target may also stay empty: compare the counts."
)
def is_valid_plan(moves, source, target):
    columns = Counter(source)
    for start, end in moves:
        if columns[start] == 0:
            return False
        columns[start] -= 1
        columns[end] += 1
    return not columns - Counter(target)


@mistake("places_as_indices", "Places are indices of a list of some length. They may be any whole numbers: count in a Counter.")
def is_valid_plan(moves, source, target):
    counts = [0] * 16
    for place in source:
        counts[place] += 1
    for start, end in moves:
        if counts[start] == 0:
            return False
        counts[start] -= 1
        counts[end] += 1
    for place in target:
        counts[place] -= 1
    return not any(counts)


@mistake(
    "zeros_in_a_dict",
    "A place that a column has left stays in the dictionary with the count 0, and == sees it; or the column is not taken away at "
    "its start at all. Counters that are compared do not mind zeros.",
)
def is_valid_plan(moves, source, target):
    columns = dict(Counter(source))
    for start, end in moves:
        if columns.get(start, 0) == 0:
            return False
        columns[start] -= 1
        columns[end] = columns.get(end, 0) + 1
    return columns == dict(Counter(target))
