"""A case from the draft to the signed result, through the interface for programs alone."""

from __future__ import annotations

from base64 import b64decode
from collections.abc import Callable
from hashlib import sha256

from app.cases import jobs
from tests.desk import Desk
from tests.web.api.program import Program

Programs = Callable[..., Program]


def test_a_case_is_filed_worked_and_signed_by_programs_alone(program: Programs, desk: Desk) -> None:
    company, clerk, head, executor = (program(login) for login in ("company", "clerk", "head", "executor"))
    case = company.files(company.drafts())
    clerk.works(case, "registered")
    head.works(case, "appointed", executor=executor.gets("/me")["id"])
    rows = executor.task(case)["draft"]["documents"]
    executor.works(case, "complete", documents=[{**row, "state": row["state"] or "present"} for row in rows])
    jobs.run_jobs(desk.office)  # the state registers answer
    executor.works(case, "meets", **dict.fromkeys(("data_true", "requirements_met", "no_court_ban", "special_right_kept"), "yes"))
    executor.works(case, "drawn_up")
    head.works(case, "sign")

    told = company.gets(f"/cases/{case}")
    assert (told["status"], told["number"]) == ("issued", desk.case(case).number)
    result = next(each for each in told["documents"] if each["kind"] == desk.case(case).passport.results[0].id)
    content = company.asks("GET", f"/documents/{result['id']}/content")
    assert (content.mimetype, sha256(content.data).hexdigest()) == ("application/pdf", result["sha256"])
    assert [each["verdict"] for each in result["signatures"]] == ["valid"]
    cms = company.asks("GET", f"/documents/{result['id']}/signatures/1")
    check = desk.office.signatures.verify(content.data, cms.data, at=desk.clock.now())
    assert check.signatory is not None and check.signatory.iin == desk.actor("head").iin
    kinds = [event["kind"] for event in head.gets(f"/cases/{case}/history")["items"]]
    assert kinds == desk.events(case)


def test_what_is_prepared_for_signing_comes_with_its_exact_bytes(program: Programs) -> None:
    company = program("company")
    application = company.drafts()
    for document in company.posts(f"/applications/{application}/prepare")["documents"]:
        content = b64decode(document["content"])
        assert (len(content), sha256(content).hexdigest()) == (document["size"], document["sha256"])
        assert content.startswith(b"%PDF-")
