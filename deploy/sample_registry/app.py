"""The registry's three doors: the hook for events, a list for programs, a page for people."""

from http import HTTPStatus
from pathlib import Path

from flask import Flask, Response, abort, jsonify, render_template, request
from flask.typing import ResponseReturnValue

from deploy.sample_registry.inbox import Inbox
from deploy.sample_registry.pulling import photo_of
from deploy.sample_registry.verifying import Refused, read_secrets, verified

MAX_BODY_BYTES = 4 * 1024 * 1024
"""An event that carries its photo: the largest spec allows 2 MB, a third more in base64, and room to spare."""


def create_app(*, directory: Path, secret_file: Path) -> Flask:
    """Build the registry over a directory for what it receives and a file with its secrets, one a line."""
    app = Flask(__name__)
    app.config["MAX_CONTENT_LENGTH"] = MAX_BODY_BYTES
    inbox = Inbox(directory)

    @app.post("/hook")
    def receive() -> ResponseReturnValue:
        """204 for a new event and for one that came before; anything else and the sender tries again."""
        event = verified(read_secrets(secret_file), headers=dict(request.headers), body=request.get_data())
        inbox.receive(event, photo_of=photo_of)
        return "", HTTPStatus.NO_CONTENT

    @app.errorhandler(Refused)
    def refuse(refusal: Refused) -> ResponseReturnValue:
        headers = {"Retry-After": "5"} if refusal.status == HTTPStatus.SERVICE_UNAVAILABLE else {}
        return jsonify(error=str(refusal)), refusal.status, headers

    @app.get("/received")
    def received() -> Response:
        return jsonify(events=inbox.events())

    @app.get("/")
    def page() -> str:
        return render_template("received.html", events=list(reversed(inbox.events())))

    @app.get("/photos/<name>")
    def photo(name: str) -> Response:
        content = inbox.photo(name)
        return Response(content, mimetype="image/jpeg") if content is not None else abort(HTTPStatus.NOT_FOUND)

    return app
