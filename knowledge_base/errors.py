"""What can go wrong with knowledge, each error saying the fact in its docstring."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from dataclasses import field as dataclass_field
from typing import ClassVar, Self


@dataclass(frozen=True, kw_only=True)
class Problem:
    """One field that cannot be accepted, and why."""

    field: str
    reason: str
    #: the line or row of an imported file, counted from 1
    row: int | None = None
    #: the reason before its values were put in: what a catalogue of words is asked for
    sentence: str = ""
    values: Mapping[str, object] = dataclass_field(default_factory=dict, compare=False)

    @classmethod
    def of(
        cls, where: str, sentence: str, *, row: int | None = None, **values: object
    ) -> Self:
        """A problem that can be told in other languages too."""
        reason = sentence % values if values else sentence
        return cls(
            field=where, reason=reason, row=row, sentence=sentence, values=values
        )

    def __str__(self) -> str:
        where = f"row {self.row}, " if self.row is not None else ""
        return f"{where}{self.field}: {self.reason}"


class KnowledgeError(Exception):
    """The knowledge base could not do that."""

    code: ClassVar[str] = "knowledge_error"

    def __init__(self, message: str | None = None) -> None:
        super().__init__(message or type(self).__doc__)


class NoSuchArticle(KnowledgeError):
    """There is no such article."""

    code = "no_such_article"


class NoSuchRevision(KnowledgeError):
    """This article has no such revision."""

    code = "no_such_revision"


class NoSuchGap(KnowledgeError):
    """There is no such gap."""

    code = "no_such_gap"


class ArticleExists(KnowledgeError):
    """An article with this id exists already."""

    code = "article_exists"


class StaleEdit(KnowledgeError):
    """Somebody changed this article since you opened it; load it again."""

    code = "stale_edit"


class IndexMoved(KnowledgeError):
    """Somebody else published meanwhile; what was checked is no longer what shoppers get."""

    code = "index_moved"


class BadTime(KnowledgeError):
    """This time cannot be used."""

    code = "bad_time"


class _WithProblems(KnowledgeError):
    """Some fields cannot be accepted."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        said = "; ".join(str(problem) for problem in self.problems[:5])
        more = len(self.problems) - 5
        super().__init__(said + (f"; and {more} more" if more > 0 else ""))


class InvalidArticle(_WithProblems):
    """This article cannot be kept as it is written."""

    code = "invalid_article"


class BadImport(_WithProblems):
    """Nothing was imported: some rows cannot be accepted."""

    code = "bad_import"


class NoIndex(KnowledgeError):
    """The articles have not been indexed yet."""

    code = "no_index"


class UnknownModel(KnowledgeError):
    """There is no sentence model of this name here."""

    code = "unknown_model"


class UnsafeModel(KnowledgeError):
    """This model could run code while it is loaded; only safetensors are accepted."""

    code = "unsafe_model"


class EmbeddingFailed(KnowledgeError):
    """The embedding service did not give one usable vector for every text."""

    code = "embedding_failed"


class BadCalibration(KnowledgeError):
    """The calibration file cannot be used; run the fit again."""

    code = "bad_calibration"


class OutdatedCalibration(BadCalibration):
    """The calibration file was fitted for another version; run the fit again."""
