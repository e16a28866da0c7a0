"""A small twin of the service's action listener: the protocol, without shop or articles."""

from __future__ import annotations

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

LOOK_UPS = {"track_order", "order_details", "refund_status"}
PROBLEM_SLOTS = ("problem", "problem_item", "remedy")
CHECKED = {"order_number", "order_proof", "confirmed", "new_address", *PROBLEM_SLOTS}
MOST_TRIES = 3
PROOFS = {"sam@example.com", "13800138000"}


def slot(name: str, value: Any) -> dict[str, Any]:
    return {"event": "slot", "name": name, "value": value, "timestamp": None}


def say(key: str, **args: Any) -> dict[str, Any]:
    return {"custom": {"say": key, "args": args}}


def _candidates(tracker: dict[str, Any]) -> dict[str, Any]:
    """Return the slots that Rasa offers for checking: those set after the form began."""
    found: dict[str, Any] = {}
    for event in reversed(tracker["events"]):
        if event["event"] == "action":
            break
        if event["event"] == "slot":
            found.setdefault(event["name"], event["value"])
    return {name: value for name, value in found.items() if name in CHECKED}


def _failed(slots: dict[str, Any], name: str, key: str) -> dict[str, Any]:
    tries = int(slots.get("tries") or 0) + 1
    events = [slot(name, None), slot("tries", tries)]
    if tries >= MOST_TRIES:
        events += [slot("requested_task", "hand_over"), slot("requested_slot", None)]
        return {"events": events, "responses": []}
    return {"events": [*events, slot("requested_slot", name)], "responses": [say(key)]}


def _problem(offered: dict[str, Any]) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    """As in the service: such an answer is no other wish, whatever it resembles."""
    told = {name: offered[name] for name in PROBLEM_SLOTS if offered.get(name)}
    if told:
        told["requested_task"] = "report_problem"
    return [slot(name, value) for name, value in told.items()], told


def _needed(task: str | None) -> list[str]:
    needed = ["order_number", "order_proof"]
    if task == "report_problem":
        needed += PROBLEM_SLOTS
    if task == "change_address":
        needed.append("new_address")
    return needed if task in LOOK_UPS else [*needed, "confirmed"]


def validate_order_form(tracker: dict[str, Any]) -> dict[str, Any]:
    slots, offered = dict(tracker["slots"]), _candidates(tracker)
    events: list[dict[str, Any]] = []
    number = offered.get("order_number")
    if number is not None:
        if not str(number).startswith("WL"):
            return _failed(slots, "order_number", "order_number_wrong")
        events.append(slot("order_number", number))
        slots["order_number"] = number
    proof = offered.get("order_proof")
    if proof is not None:
        if proof not in PROOFS:
            return _failed(slots, "order_proof", "order_not_found")
        events.append(slot("order_proof", proof))
        slots["order_proof"] = proof
    told, kept = _problem(offered)
    events += told
    slots |= kept
    if offered.get("new_address"):
        slots |= {"new_address": offered["new_address"]}
        slots["requested_task"] = "change_address"
        events += [slot(n, slots[n]) for n in ("new_address", "requested_task")]
    if "confirmed" in offered:
        events.append(slot("confirmed", offered["confirmed"]))
        slots["confirmed"] = offered["confirmed"]
    needed = _needed(slots.get("requested_task"))
    missing = [name for name in needed if slots.get(name) is None]
    events.append(slot("requested_slot", missing[0] if missing else None))
    return {"events": events, "responses": []}


def answer(call: dict[str, Any]) -> dict[str, Any]:
    tracker, name = call["tracker"], call["next_action"]
    slots = tracker["slots"]
    if name == "validate_order_form":
        return validate_order_form(tracker)
    if name == "action_answer_question":
        text = tracker["latest_message"]["text"]
        if text == "say nothing":
            return {"events": [], "responses": []}
        found = {
            "article_id": "return-time-limit",
            "revision_id": "r1",
            "language": "zh-Hans",
            "probability": 0.97,
        }
        return {"events": [], "responses": [{"custom": {"answer": found}}]}
    if name == "action_tell_order":
        return {
            "events": [],
            "responses": [say("order_status", order_number=slots["order_number"])],
        }
    if name == "action_request_change":
        change = {
            "type": "order_change",
            "change": slots["requested_task"].split("_")[0],
            "order_number": slots["order_number"],
            "detail": {},
        }
        return {"events": [], "responses": [{"custom": {"request": change}}]}
    reason = (
        "form_given_up" if slots["requested_task"] == "hand_over" else "asked_for_human"
    )
    request = {"type": "handoff_request", "reason": reason, "detail": {}}
    return {"events": [], "responses": [{"custom": {"request": request}}]}


class StubActions:
    """Listens on a port of its own; `broken` names actions that answer 500."""

    def __init__(self, *, token: str) -> None:
        self.token = token
        self.calls: list[dict[str, Any]] = []
        self.broken: set[str] = set()
        stub = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                status, reply = stub.reply(self.headers, json.loads(body))
                raw = json.dumps(reply).encode()
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(raw)))
                self.end_headers()
                self.wfile.write(raw)

            def log_message(self, *args: Any) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.port = self._server.server_address[1]
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        self._thread.start()

    def reply(self, headers: Any, call: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        if headers["X-Warmline-Token"] != self.token:
            return 401, {"error": "unauthorised"}
        self.calls.append(call)
        if call["next_action"] in self.broken:
            text = call["tracker"]["latest_message"]["text"]
            return 500, {"error": f"it broke on {text}"}
        return 200, answer(call)

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
