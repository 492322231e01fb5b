"""How asking for a training may be refused; each says what, why, and what to do next.

TrainingRefused     it cannot be asked for like that
├── NothingToLearn  nobody found an answer good yet
├── OverBudget      it may cost more than the month has left
└── JobUnknown      there is no such training, or several whose ids begin so
"""


class TrainingRefused(Exception):
    def __init__(self, what: str, why: str, hint: str) -> None:
        super().__init__(what, why, hint)
        self.what, self.why, self.hint = what, why, hint

    def __str__(self) -> str:
        return f"{self.what}: {self.why}. {self.hint}"


class NothingToLearn(TrainingRefused): ...


class OverBudget(TrainingRefused): ...


class JobUnknown(TrainingRefused): ...
