"""How training or asking a risk model may fail; each error says what, why, and what to do next.

RiskError
├── FileUnreadable      the file is no table: empty, ragged, too large, or no text
├── TargetMissing       no column is called like the target
├── TargetUnclear       the target has not two values, or nobody can tell which of them is bad
├── OneClass            everybody paid, or nobody did: there is nothing to tell apart
├── NothingToLearn      no column is left that could teach
├── TooFewRows          fewer cases than a model can be measured on
├── LeakyColumn         one column alone knows the answer: it was written down afterwards
├── ProtectedAttribute  a column was asked for that no decision about a person may rest on
├── ColumnMissing       a column that was asked for, or that the model reads, is not there
├── BadDates            the column of dates holds something else, or a single day
├── DirectionsUnclear   the file of directions cannot be understood
├── SchemaMismatch      the model was written by another release, or is damaged
└── BoosterMissing      boosted trees were asked for, and LightGBM is not installed
"""


class RiskError(Exception):
    def __init__(self, what: str, why: str, hint: str) -> None:
        super().__init__(what, why, hint)
        self.what, self.why, self.hint = what, why, hint

    def __str__(self) -> str:
        return f"{self.what}: {self.why}. {self.hint}"


class FileUnreadable(RiskError): ...


class TargetMissing(RiskError): ...


class TargetUnclear(RiskError): ...


class OneClass(RiskError): ...


class NothingToLearn(RiskError): ...


class TooFewRows(RiskError): ...


class LeakyColumn(RiskError): ...


class ProtectedAttribute(RiskError): ...


class ColumnMissing(RiskError): ...


class BadDates(RiskError): ...


class DirectionsUnclear(RiskError): ...


class SchemaMismatch(RiskError): ...


class BoosterMissing(RiskError): ...
