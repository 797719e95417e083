@alternative("sigmoid_of_the_log_ratio")
def optimal_discriminator(p, q):
    d = torch.sigmoid(p.log() - q.log())
    return torch.where((p == 0) & (q == 0), torch.full_like(p, 0.5), d)


@alternative("one_over_one_plus_odds")
def optimal_discriminator(p, q):
    return (1 / (1 + q / p)).nan_to_num(nan=0.5)
