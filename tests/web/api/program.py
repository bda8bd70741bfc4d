"""A program that calls the interface with its person's token."""

from __future__ import annotations

from base64 import b64decode, b64encode
from typing import Any

from flask import Flask
from werkzeug.test import TestResponse

from app.cases.tokens import Scope, make_token
from tests.desk import PDF, SERVICE, Desk

ROOT = "/api/v1"


class Program:
    def __init__(self, app: Flask, desk: Desk, login: str | None, *, scope: Scope = Scope.WRITE, language: str = "en") -> None:
        self.client = app.test_client(use_cookies=False)
        self.desk, self.login, self.language = desk, login, language
        self.token = ""
        if login is not None:
            self.token = make_token(desk.office, desk.actor(login), name="a test", scope=scope, days=365)

    def asks(self, method: str, path: str, **options: Any) -> TestResponse:
        headers = {"Accept-Language": self.language, **options.pop("headers", {})}
        if self.token:
            headers["Authorization"] = f"Bearer {self.token}"
        return self.client.open(path if path.startswith("/api/") else ROOT + path, method=method, headers=headers, **options)

    def gets(self, path: str, status: int = 200, **query: Any) -> Any:
        return self._told(self.asks("GET", path, query_string=query), status)

    def posts(self, path: str, body: Any = None, status: int = 200, **headers: str) -> Any:
        return self._told(self._sends("POST", path, body, headers), status)

    def puts(self, path: str, body: Any, status: int = 200, **headers: str) -> Any:
        return self._told(self._sends("PUT", path, body, headers), status)

    def _sends(self, method: str, path: str, body: Any, headers: dict[str, str]) -> TestResponse:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.asks(method, path, headers=named, **({"json": body} if body is not None else {}))

    @staticmethod
    def _told(response: TestResponse, status: int) -> Any:
        assert response.status_code == status, (response.status_code, response.get_data(as_text=True)[:2000])
        return response.get_json(silent=True) if response.data else None

    # What applicants and staff do with it

    def drafts(self, variant: str = "issue", **changes: Any) -> str:
        """A whole application of the guarantee's service, with its document."""
        made = self.posts(f"/services/{SERVICE}/applications", {"variant": variant}, 201)
        address = f"/applications/{made['id']}"
        self.puts(f"{address}/answers", {"answers": self.desk.answers(self.login or "", **changes)})
        attached = self.asks(
            "PUT",
            f"{address}/documents/foreign_trade_contract?filename=contract.pdf",
            data=PDF,
            content_type="application/pdf",
        )
        assert attached.status_code == 200, attached.get_data(as_text=True)
        return str(made["id"])

    def signatures(self, documents: list[dict[str, Any]]) -> list[dict[str, str]]:
        """Over the bytes each document came with, by the keys of those whose signatures are wanted."""
        return [
            {"document": document["id"], "cms": self.signed(b64decode(document["content"]), wanted)}
            for document in documents
            for wanted in document["wanted"]
        ]

    def signed(self, content: bytes, wanted: dict[str, Any]) -> str:
        key = self.desk.key(wanted["iin"], wanted["bin"])
        return b64encode(key.sign(content, self.desk.clock.now())).decode()

    def files(self, application: str, **headers: str) -> str:
        documents = self.posts(f"/applications/{application}/prepare")["documents"]
        body = {"signatures": self.signatures(documents)}
        return str(self.posts(f"/applications/{application}/file", body, 201, **headers)["case"])

    def task(self, case: str) -> dict[str, Any]:
        """The one open task of the case within reach."""
        rows = [row for row in self.gets("/tasks")["items"] if row["case_id"] == case]
        assert len(rows) == 1, rows
        return dict(self.gets(f"/tasks/{rows[0]['id']}"))

    def works(self, case: str, outcome: str, **answers: Any) -> None:
        task = self.task(case)
        address, body = f"/tasks/{task['row']['id']}", {"outcome": outcome, "answers": {**task["draft"], **answers}}
        if task["signs"] and outcome == "sign":
            document = self.posts(f"{address}/prepare")
            assert self.asks("GET", f"/documents/{document['id']}/content").data.startswith(b"%PDF-")  # who signs has looked
            body["signatures"] = self.signatures([document])
            task = self.task(case)
        self.posts(f"{address}/complete", {**body, "rev": task["rev"]})
