from assessments.services import assessment_submit
from tests.assessments.factories import save_answer


def test_list_shows_the_readiness_of_a_submitted_assessment(visitor):
    for question in visitor.assessment.guide.steps[0].questions:
        if question.kind == "level":
            save_answer(visitor.assessment, question.id, 4)
    snapshot = assessment_submit(assessment=visitor.assessment, user=visitor.user)
    score = snapshot.scorecard["overall"]["score"]

    page = visitor.client.get(visitor.url("list")).content.decode()

    assert f"Overall readiness {round(score)} of 100" in page
