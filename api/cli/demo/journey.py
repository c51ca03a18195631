"""The way of one selfie, step by step. Each step proves something or fails by name."""

import json
import uuid
from pathlib import Path
from typing import Any

from api.cli.demo import campaign as sample
from api.cli.demo.narrator import Facts, Narrator, Unproved
from api.cli.demo.proof import prove_photo, prove_receipt
from api.cli.demo.registry_side import forge, kept_photo, wait_for_event
from api.cli.demo.student import DemoStudent
from api.cli.stack import Stack
from api.cli.supervisor import HopelessProgram
from api.domain.delivery import DeliveryState, Event

_STRICT = "hunan-pretco"
_STAFF = "demo:counsellor"
_DEATHS_TOO_MANY = 3


class Journey:
    """One selfie from login to the registry's receipt; leaves what it finds in `results`."""

    def __init__(self, stack: Stack, *, selfie: bytes, results: Path, tell: Narrator) -> None:
        self._stack = stack
        self._selfie = selfie
        self._results = results
        self._tell = tell
        self._student = DemoStudent(stack.url, while_waiting=self._require_living_workers)

    def run(self) -> None:
        """Go every step. Raises StepFailed, naming the step."""
        try:
            campaign_id = self._arrive()
            photo_id, content = self._photograph(campaign_id)
            self._ask_the_strict_spec()
            submission_id = self._submit(photo_id, campaign_id)
            self._deliver(submission_id, content)
        finally:
            self._student.close()

    def _arrive(self) -> str:
        with self._tell.step("Open a campaign with a roster of one and a registry") as facts:
            opened = sample.open_campaign(self._stack.house, self._stack.seeded)
            facts.note("campaign", f"{opened.campaign.name}, spec {opened.campaign.spec}")
        with self._tell.step("The student logs in") as facts:
            session = self._student.log_in("demo")
            facts.note("student", f"{session['student']['id']}, token good for {session['expires_in']} s")
        with self._tell.step("gives consent") as facts:
            for text in self._student.give_consents():
                facts.note(text["id"], f"{text['title']}, given {text['given_at']}")
        with self._tell.step("proves to be on the roster") as facts:
            who = opened.person
            row = self._student.prove_identity(campaign=opened.campaign.id, name=who.name, id_number=who.id_number)
            facts.note("bound to", f"{row['name']}, {row['id_number_masked']}, {row['college']} {row['class']}")
        return opened.campaign.id

    def _photograph(self, campaign_id: str) -> tuple[str, bytes]:
        with self._tell.step("uploads a selfie") as facts:
            key = uuid.uuid4().hex
            queued = self._student.send_selfie(self._selfie, key=key, campaign=campaign_id)
            facts.note("selfie", f"NASA portrait of an astronaut, {len(self._selfie)} bytes")
            facts.note("queued as", f"{queued['id']}, {queued['position']} before it")
            again = self._student.send_selfie(self._selfie, key=key, campaign=campaign_id)
            _require(again["id"] == queued["id"], "the same Idempotency-Key gave another photo")
            facts.note("sent again", "with the same Idempotency-Key: the same photo, not a second one")
        with self._tell.step("A worker renders it") as facts:
            photo = self._student.verdict(queued["id"])
            self._keep("report.json", photo["report"])
            _require(photo["state"] == "ready", f"the photo is {photo['state']}: {_reasons(photo)}")
            _note_report(photo["report"], facts)
        with self._tell.step("The student downloads the photo, measured again here") as facts:
            content = self._student.image(queued["id"])
            (self._results / "photo.jpg").write_bytes(content)
            spec = self._student.spec(photo["spec"])
            prove_photo(content, spec=spec, output=photo["report"]["output"], facts=facts)
        return queued["id"], content

    def _ask_the_strict_spec(self) -> None:
        with self._tell.step(f"What {_STRICT} answers to the same portrait") as facts:
            queued = self._student.send_selfie(self._selfie, key=uuid.uuid4().hex, spec=_STRICT)
            photo = self._student.verdict(queued["id"])
            _require(photo["state"] in {"ready", "rejected"}, f"the photo is {photo['state']}: {_reasons(photo)}")
            self._keep("hunan-pretco-report.json", photo["report"])
            facts.note("verdict", photo["report"]["verdict"])
            for finding in photo["report"]["findings"]:
                facts.note(f"{finding['severity']} {finding['code']}", f"{finding['message']}；{finding['advice']}")

    def _submit(self, photo_id: str, campaign_id: str) -> str:
        with self._tell.step("The student confirms the photo") as facts:
            submission = self._student.confirm(photo_id, campaign=campaign_id, profile=sample.PROFILE)
            _require(submission["state"] == "submitted", f"the submission is {submission['state']}")
            facts.note("submission", f"{submission['id']}, submitted")
        with self._tell.step("A counsellor approves it") as facts:
            self._stack.house.approve(_STAFF, submission["id"])
            [seen] = [one for one in self._student.submissions() if one["id"] == submission["id"]]
            _require(seen["state"] == "approved", f"the student sees it as {seen['state']}")
            facts.note("the student sees", f"{seen['state']}, {seen['decided_at']}")
        return str(submission["id"])

    def _deliver(self, submission_id: str, content: bytes) -> None:
        url = self._stack.registry_url
        with self._tell.step("The registry receives the signed webhook and pulls the photo") as facts:
            receipt = wait_for_event(url, submission=submission_id, event=Event.APPROVED.value)
            prove_receipt(receipt, content=content, kept=kept_photo(url, receipt["photo"]["file"]), facts=facts)
            self._keep("receipt.json", receipt)
        with self._tell.step("The outbox knows it was delivered, once") as facts:
            facts.note("attempts", self._settled(receipt["message_id"]))
        with self._tell.step("A forged event is refused") as facts:
            event = {name: receipt[name] for name in ("type", "timestamp", "data")}
            status = forge(url, body=json.dumps(event).encode())
            _require(status == 401, f"the registry answered {status} to a forgery")
            facts.note("registry answered", status)

    def _settled(self, delivery_id: str) -> str:
        """Wait for the sender's own note, written just after the registry's answer."""
        house = self._stack.house
        for _ in range(200):
            [delivery] = [one for one in house.list_deliveries() if one.id == delivery_id]
            if delivery.state is DeliveryState.DELIVERED:
                tries = house.list_attempts(delivery_id)
                _require(len(tries) == 1, f"{len(tries)} attempts were made")
                return f"1, answered {tries[0].status} after {tries[0].elapsed_ms or 0:.0f} ms"
            house.clock.sleep(0.05)
        raise Unproved(f"the delivery is still {delivery.state.value}")

    def _require_living_workers(self) -> None:
        """A worker may die once; one that dies again and again will not make the photo however long we wait."""
        try:
            self._stack.supervisor.look()
        except HopelessProgram as fault:
            raise Unproved(str(fault)) from fault
        for name, deaths in self._stack.supervisor.deaths().items():
            _require(deaths < _DEATHS_TOO_MANY, f"{name} died {deaths} times; see log/{name}.log")

    def _keep(self, name: str, content: Any) -> None:
        text = json.dumps(content, ensure_ascii=False, indent=2)
        (self._results / name).write_text(f"{text}\n", "utf-8")


def _note_report(report: dict[str, Any], facts: Facts) -> None:
    stages = {name: ms for name, ms in report["timings_ms"].items() if name != "total"}
    slowest = sorted(stages.items(), key=lambda stage: -stage[1])
    facts.note("verdict", f"{report['verdict']} for {report['spec']}, engine {report['engine']}")
    facts.note("took", f"{sum(stages.values()):.0f} ms: " + ", ".join(f"{name} {ms:.0f}" for name, ms in slowest))
    for finding in report["findings"]:
        facts.note(f"{finding['severity']} {finding['code']}", finding["message"])


def _reasons(photo: dict[str, Any]) -> str:
    report = photo["report"] or {}
    reasons = [finding["message"] for finding in report.get("findings", ()) if finding["severity"] == "fail"]
    mishap = [photo["error"]["code"]] if photo["error"] else []
    return "；".join(reasons + mishap) or "no reason given"


def _require(held: bool, otherwise: str) -> None:
    if not held:
        raise Unproved(otherwise)
