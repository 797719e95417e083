@alternative("loops")
def plan_cost(moves):
    steps = 0
    for start, end in moves:
        steps += max(start, end) - min(start, end)
    return steps


@alternative("tensors")
def plan_cost(moves):
    if not moves:
        return 0.0
    ways = torch.tensor(moves, dtype=torch.float64)
    return ways.diff(dim=1).abs().sum().item()


@alternative("lists")
def is_valid_plan(moves, source, target):
    columns = sorted(source)
    for start, end in moves:
        try:
            columns.remove(start)
        except ValueError:
            return False
        columns.append(end)
    return sorted(columns) == sorted(target)


@alternative("counts_in_a_dictionary")
def is_valid_plan(moves, source, target):
    heights = {}
    for place in source:
        heights[place] = heights.get(place, 0) + 1
    for start, end in moves:
        if heights.get(start, 0) < 1:
            return False
        heights[start] -= 1
        heights[end] = heights.get(end, 0) + 1
    for place in target:
        heights[place] = heights.get(place, 0) - 1
    return not any(heights.values())
