"""Which question comes next. State is only the answers so far, so going back and starting over are free."""

from icpc_cli.advice import open_questions
from icpc_cli.guideline import Guideline
from icpc_cli.model import Answers, Question


def next_question(guideline: Guideline, answers: Answers) -> Question | None:
    """The first question that can still change the outcome, or None. "Don't know" is not asked again."""
    for fact in open_questions(guideline, answers.case, answers.declined):
        return guideline.questions[fact]
    return None
