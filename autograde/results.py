"""Results: what each test said, and what that makes of each exercise."""

from dataclasses import dataclass, field

from autograde import hints, in_order
from autograde.testing import Exercise

# What an exercise is when its tests disagree: the first of these that any test is.
PRECEDENCE = ("failed", "blank", "unchecked", "passed")


@dataclass
class TestResult:
    """One test: its status, the message for the student, and the sketches of the answers it was given."""

    __test__ = False

    name: str
    status: str
    message: str = ""
    transcript: list = field(default_factory=list)
    seconds: float = 0.0
    odd: str = ""  # why a teacher should look at it, in the grader's words alone


@dataclass
class ExerciseResult:
    """One exercise: its tests and what they make of it."""

    exercise: Exercise
    tests: list[TestResult]
    hint: str = ""

    @property
    def status(self) -> str:
        return next((status for status in PRECEDENCE if any(test.status == status for test in self.tests)), "unchecked")

    @property
    def score(self) -> int:
        return self.exercise.points if self.status == "passed" else 0

    @property
    def message(self) -> str:
        """The message of the first test that decides the status."""
        return next((test.message for test in self.tests if test.status == self.status), "")

    @property
    def odd(self) -> str:
        """Why a teacher should look at it: of the first test that gives a reason."""
        return next((test.odd for test in self.tests if test.odd), "")


class Results:
    """Everything one run found out, by exercise."""

    def __init__(self, seed: int) -> None:
        self.seed = seed
        self._tests: dict[str, dict[str, TestResult]] = {}  # of each exercise, by their names
        self._exercises: dict[str, Exercise] = {}

    def unjudged(self) -> "Results":
        """The same, as far as it is known without running a test: what is announced, and what is blank."""
        copy = Results(self.seed)
        copy._exercises = dict(self._exercises)
        copy._tests = {id: dict(tests) for id, tests in self._tests.items()}
        return copy

    def expect(self, exercise: Exercise, test: str) -> None:
        """Announce a test: until it reports, it could not be checked."""
        self._exercises[exercise.id] = exercise
        self._tests.setdefault(exercise.id, {}).setdefault(test, TestResult(test, "unchecked", "This test did not run."))

    def expected(self, exercise: Exercise) -> list[str]:
        """Names of the tests that the exercise must pass."""
        return list(self._tests[exercise.id])

    def leave_out(self, exercise: Exercise, test: str) -> None:
        """Take back the announcement of a test that this run is not about."""
        del self._tests[exercise.id][test]
        if not self._tests[exercise.id]:
            del self._tests[exercise.id], self._exercises[exercise.id]

    def record(self, exercise: Exercise, result: TestResult) -> None:
        self._exercises[exercise.id] = exercise
        self._tests.setdefault(exercise.id, {})[result.name] = result

    def unmet_needs(self, exercise: Exercise) -> list[str]:
        """The exercises that this one builds on, directly or not, that are in this run and not passed."""
        unmet, queue, seen = [], list(exercise.needs), set()
        while queue:
            id = queue.pop(0)
            if id in seen:
                continue
            seen.add(id)
            if id in self._exercises:
                queue += self._exercises[id].needs
                if any(test.status != "passed" for test in self._tests[id].values()):
                    unmet.append(id)
        return sorted(unmet, key=in_order)

    def exercises(self) -> list[ExerciseResult]:
        """All results in the order of the course, each failed one with its hint."""
        results = [ExerciseResult(exercise, list(self._tests[id].values())) for id, exercise in self._exercises.items()]
        for result in results:
            failed = {test.name: test.transcript for test in result.tests if test.status == "failed"}
            mistake = hints.choose(failed, self.seed)
            result.hint = hints.load()["hints"].get(mistake, "") if mistake else ""
        return sorted(results, key=lambda result: result.exercise.order)
