"""The services, and what each asks for."""

from __future__ import annotations

from flask import Response

from app.cases import viewing
from app.domain.views import ServiceView
from app.web.api.operations import Operations
from app.web.api.service_shapes import Service, ServiceCard, Services, ServicesQuery
from app.web.office import office
from app.web.security import public

TAG = "Services"


def tell(api: Operations) -> None:
    @api.add("GET", "/services", TAG, "The services", answer=Services, query=ServicesQuery)
    @public
    def list_services(query: ServicesQuery) -> Services:
        """The catalogue: every published service, or those in which every one of the given words stands."""
        cards = viewing.catalogue(office(), words=query.q.strip(), in_force=query.in_force)
        return Services(items=[ServiceCard.model_validate(card) for card in cards])

    @api.add("GET", "/services/<service_id>", TAG, "A service", answer=Service)
    @public
    def get_service(service_id: str) -> Service:
        """Its variants with term, fee and documents, its forms field by field, and the grounds on which it may be refused."""
        return _service(viewing.service(office(), service_id))

    @api.add("GET", "/services/<service_id>/diagram", TAG, "A service's diagram", media_types=("application/xml",))
    @public
    def get_service_diagram(service_id: str) -> Response:
        """The process as BPMN 2.0."""
        return Response(viewing.diagram_of_service(office(), service_id), content_type="application/xml")


def _service(view: ServiceView) -> Service:
    passport, card = view.passport, ServiceCard.model_validate(view.card)
    variants = [
        {
            "id": each.id,
            "title": each.title,
            "hint": each.hint,
            "term": each.term,
            "fee": view.fees[each.id],
            "paragraph": each.paragraph,
            "documents": each.documents,
        }
        for each in passport.variants
    ]
    own = {name: getattr(passport, name) for name in ("channels", "form_of_service", "opened_by", "forms", "grounds")}
    told = {"variants": variants, "signers": passport.signers, "results": passport.results}
    return Service.model_validate({**card.model_dump(exclude={"variants"}), **own, **told})
