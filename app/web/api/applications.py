"""The applicant's side: drafts, their documents, signing, filing, and what becomes of them."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Sequence

from flask import g, request

from app.cases import drafting, filing, paying, viewing
from app.cases.drafting import edition
from app.domain.fees import PAYMENT
from app.domain.permissions import Action
from app.domain.views import ApplicationView, DocumentToSign
from app.web.api.answers import check_forms
from app.web.api.application_shapes import (
    Amount,
    Answers,
    Application,
    ApplicationRow,
    Filed,
    Filing,
    NewApplication,
    Prepared,
    UploadQuery,
)
from app.web.api.document_shapes import PreparedDocument
from app.web.api.headers import ETAG, IDEMPOTENCY_KEY, IF_MATCH, LOCATION, once_by_key, required_edition
from app.web.api.operations import Operations, Reply, listed
from app.web.api.shapes import Listed, PageQuery
from app.web.api.signatures import given_signatures
from app.web.application_form import forms_of
from app.web.office import office
from app.web.security import allowed

TAG = "Applications"
UPLOADS = ("application/pdf", "image/png", "image/jpeg", "application/vnd.ms-excel")

applicant = allowed(Action.FILE_APPLICATION)


def tell(api: Operations) -> None:
    @api.add("GET", "/applications", TAG, "My applications", answer=Listed[ApplicationRow], query=PageQuery)
    @applicant
    def list_applications(query: PageQuery) -> Listed[ApplicationRow]:
        """Drafts on the first page, then the cases of the caller or of the organisation the caller acts for, newest first."""
        return listed(ApplicationRow, viewing.cabinet(office(), g.actor, page=query.page))

    @api.add(
        "POST",
        "/services/<service_id>/applications",
        TAG,
        "Start an application",
        answer=Application,
        status=201,
        body=NewApplication,
        answer_headers=ETAG | LOCATION,
        example={"variant": "issue"},
    )
    @applicant
    def start_application(service_id: str, body: NewApplication) -> Reply:
        """A draft, with what is known of the caller filled in."""
        return _told(drafting.start_application(office(), g.actor, service_id, body.variant, body.channel))

    @api.add("GET", "/applications/<application_id>", TAG, "An application", answer=Application, answer_headers=ETAG)
    @applicant
    def get_application(application_id: str) -> Reply:
        """The caller's draft, or what was filed."""
        return _told(application_id)

    @api.add(
        "PUT",
        "/applications/<application_id>/answers",
        TAG,
        "Keep the answers",
        answer=Application,
        body=Answers,
        headers=(IF_MATCH,),
        answer_headers=ETAG,
        problems=(409, 412),
        example={"answers": {"application": {"sheets": "12", "decl_secrets": True}}},
    )
    @applicant
    def keep_answers(application_id: str, body: Answers) -> Reply:
        """Keeps what was typed, right or wrong, in place of what was kept before. With `If-Match` only if nobody changed it
        since."""
        view = viewing.application(office(), g.actor, application_id)
        check_forms(forms_of(view), body.answers)
        answers = dict(body.answers)
        if body.payment is not None:
            answers[PAYMENT] = body.payment.model_dump()
        drafting.save_application(office(), g.actor, application_id, answers, made_upon=required_edition())
        return _told(application_id)

    @api.add(
        "PUT",
        "/applications/<application_id>/documents/<rule_id>",
        TAG,
        "Attach a document",
        answer=Application,
        query=UploadQuery,
        takes=UPLOADS,
        answer_headers=ETAG,
        problems=(409,),
    )
    @applicant
    def attach_document(application_id: str, rule_id: str, query: UploadQuery) -> Reply:
        """The file is the body, in place of the one attached before."""
        content = request.get_data()
        drafting.attach(office(), g.actor, application_id, rule_id, query.filename, request.mimetype, content)
        return _told(application_id)

    @api.add(
        "DELETE",
        "/applications/<application_id>/documents/<rule_id>",
        TAG,
        "Remove a document",
        status=204,
        problems=(409,),
    )
    @applicant
    def detach_document(application_id: str, rule_id: str) -> None:
        """Removing what is not there changes nothing."""
        drafting.detach(office(), g.actor, application_id, rule_id)

    @api.add("DELETE", "/applications/<application_id>", TAG, "Discard a draft", status=204, problems=(409,))
    @applicant
    def discard_application(application_id: str) -> None:
        """Deletes a draft with its files; one whose fee is paid is kept."""
        drafting.discard_application(office(), g.actor, application_id)

    @api.add(
        "POST",
        "/applications/<application_id>/payment",
        TAG,
        "Pay the fee of a draft",
        answer=Application,
        body=Amount,
        answer_headers=ETAG,
        problems=(409,),
        example={"amount": "43250"},
    )
    @applicant
    def pay_for_application(application_id: str, body: Amount) -> Reply:
        """Through the payment gateway. A fee is paid once, however often it is asked for."""
        paying.pay_for_application(office(), g.actor, application_id, stated=body.amount)
        return _told(application_id)

    @api.add("POST", "/applications/<application_id>/prepare", TAG, "Prepare for signing", answer=Prepared, problems=(409,))
    @applicant
    def prepare_application(application_id: str) -> Prepared:
        """Checks the whole application and prints its forms: the exact bytes to be signed, and whose signatures they need.
        Problems name their places: `#/form/field`, `#/documents/id`."""
        return Prepared(documents=[prepared(each) for each in filing.prepare_application(office(), g.actor, application_id)])

    @api.add(
        "POST",
        "/applications/<application_id>/file",
        TAG,
        "File an application",
        answer=Filed,
        status=201,
        body=Filing,
        headers=(IDEMPOTENCY_KEY,),
        answer_headers=LOCATION,
        problems=(409,),
        example={"signatures": [{"document": "0" * 32, "cms": "MIIB"}]},
    )
    @applicant
    def file_application(application_id: str, body: Filing) -> Reply:
        """With signatures over the prepared documents. The case begins, and its term runs from the legal registration."""
        signatures = given_signatures(body.signatures)
        once_by_key(lambda here: filing.file_application(here, g.actor, application_id, signatures))
        return _filed(application_id)


def prepared(document: DocumentToSign) -> PreparedDocument:
    """With the bytes that a signature covers."""
    content = viewing.bytes_to_sign(office(), g.actor, document.id)
    told = {name: getattr(document, name) for name in ("id", "title", "sha256", "size", "wanted", "inside")}
    return PreparedDocument.model_validate({**told, "content": b64encode(content).decode()})


def _filed(application_id: str) -> Reply:
    view = viewing.application(office(), g.actor, application_id)
    case = viewing.case(office(), g.actor, view.filed_case or "")
    told = Filed(application=view.id, case=case.id, received_at=case.received_at, registered_on=case.registered_on)
    return Reply(told, {"Location": f"/api/v1/cases/{case.id}"})


def _told(application_id: str) -> Reply:
    view = viewing.application(office(), g.actor, application_id)
    headers = {"ETag": f'"{edition(view.answers)}"'}
    if request.method == "POST":
        headers["Location"] = f"/api/v1/applications/{view.id}"
    return Reply(application(view), headers)


def application(view: ApplicationView) -> Application:
    names: Sequence[str] = ("id", "service", "variant", "channel", "fee", "filed_case", "changed_at")
    answers = {form: fields for form, fields in view.answers.items() if form != PAYMENT}
    told = {"answers": answers, "payment_chosen": view.answers.get(PAYMENT), "attachments": [*view.attachments.values()]}
    return Application.model_validate({**{name: getattr(view, name) for name in names}, **told})
