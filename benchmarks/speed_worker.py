"""The side of a contender in ``speed.py``: runs the rounds that it is asked for, one at a time, and tells what they took.

Neither torch nor TensorFlow is imported here, so that each contender imports only its own.
"""

import json
import sys
import time
from collections.abc import Callable

import numpy as np

# A contender's model: given the images (N, 28, 28), bytes, and their labels (N,), it makes a round, which trains one
# epoch on them.
Prepare = Callable[[np.ndarray, np.ndarray], Callable[[], object]]


def serve(models: dict[str, Prepare], **looks: Callable[[Callable[[], object]], object]) -> None:
    """Answer the requests on standard input, one JSON object a line: {"ask", "model", "data", "images"}.

    Asked to prepare it makes a round, asked for a round it trains one; ``looks`` are asked by name what they see in one.
    """
    answers, sys.stdout = sys.stdout, sys.stderr  # whatever a library prints must not come between the answers
    rounds: dict[str, Callable[[], object]] = {}
    for line in sys.stdin:
        request = json.loads(line)
        model = request["model"]
        if request["ask"] == "prepare":
            with np.load(request["data"]) as data:
                rounds[model] = models[model](data["images"][: request["images"]], data["labels"][: request["images"]])
            rounds[model]()  # the first round compiles, allocates and reads what the others find ready
            answer = None
        elif request["ask"] in looks:
            answer = looks[request["ask"]](rounds[model])
        else:
            wall, cpu = time.perf_counter(), time.process_time()
            rounds[model]()
            answer = {"wall": time.perf_counter() - wall, "cpu": time.process_time() - cpu}
        print(json.dumps(answer), file=answers, flush=True)
