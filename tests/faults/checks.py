"""Decides from history and rows whether a promise was kept; every violation is one sentence."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence

from handoff.lifecycle import Status
from handoff.models import Message, Turn
from tests.faults.history import Operation
from tests.faults.ledger import Ledger
from tests.faults.stub_bot import Asked

PEOPLE = {Status.QUEUED, Status.ASSIGNED, Status.RESOLVED, Status.ABANDONED}


def kept_exactly_once(operations: Iterable[Operation], ledger: Ledger) -> list[str]:
    """G1: acknowledged is there once, unknown at most once, and nothing unasked for."""
    acked: dict[tuple[str, str], int | None] = {}
    tried: set[tuple[str, str]] = set()
    for operation in operations:
        if operation.what != "send":
            continue
        key = (operation.conversation, operation.key)
        tried.add(key)
        if operation.result == "ok":
            acked[key] = operation.seq
    held: Counter[tuple[str, str]] = Counter()
    seqs: dict[tuple[str, str], int] = {}
    for conversation, messages in ledger.messages.items():
        for message in messages:
            if message.actor == "shopper":
                held[conversation, message.text] += 1
                seqs[conversation, message.text] = message.seq
    lost = [key for key in acked if not held[key]]
    twice = [key for key, count in held.items() if count > 1]
    unasked = [key for key in held if key not in tried]
    moved = [
        key
        for key, seq in acked.items()
        if held[key] == 1 and seq not in {None, seqs[key]}
    ]
    found = [f"lost: {key[1]}" for key in lost]
    found += [f"duplicated ×{held[key]}: {key[1]}" for key in twice]
    found += [f"unexpected: {key[1]}" for key in unasked]
    found += [f"acknowledged under another number: {key[1]}" for key in moved]
    return found + ([] if ledger.is_whole else ["integrity_check failed"])


def numbered_without_holes(ledger: Ledger) -> list[str]:
    """G2: 1, 2, 3 … in every conversation, and never back in time."""
    found = []
    for conversation, messages in ledger.messages.items():
        seqs = [message.seq for message in messages]
        if seqs != list(range(1, len(seqs) + 1)):
            found.append(f"holes in {conversation}: {seqs[:20]}")
        if seqs and ledger.conversations[conversation].last_seq != seqs[-1]:
            found.append(f"last_seq of {conversation} is wrong")
    return found


def seen_as_kept(
    seen: Mapping[str, Sequence[tuple[int, str]]], kept: Sequence[Message]
) -> list[str]:
    """G2, G3: every observer saw exactly what is kept, in that order, nothing twice."""
    truth = [(message.seq, message.text) for message in kept]
    found = []
    for name, listed in seen.items():
        if list(listed) == truth:
            continue
        numbers = [seq for seq, _ in listed]
        missing = sorted({seq for seq, _ in truth} - set(numbers))
        again = [seq for seq, count in Counter(numbers).items() if count > 1]
        if missing:
            found.append(f"{name} misses {len(missing)} of {len(truth)}: {missing[:8]}")
        if again:
            found.append(f"{name} was shown {len(again)} twice: {again[:8]}")
        if numbers != sorted(numbers):
            found.append(f"{name} saw them out of order")
        if not missing and not again and numbers == sorted(numbers):
            found.append(f"{name} saw other words")
    return found


def one_owner_each(ledger: Ledger, given: Mapping[str, Sequence[str]]) -> list[str]:
    """G5: nobody was given what another has; `given` is what each agent was told."""
    owners: defaultdict[str, set[str]] = defaultdict(set)
    for agent, conversations in given.items():
        for conversation in conversations:
            owners[conversation].add(agent)
    found = [f"{key} was given to {len(w)}" for key, w in owners.items() if len(w) > 1]
    open_spells = Counter(
        str(row.conversation_id) for row in ledger.assignments if row.ended_at is None
    )
    return found + [
        f"{key} has {n} open spells" for key, n in open_spells.items() if n > 1
    ]


def never_overloaded(ledger: Ledger, *, capacity: int) -> list[str]:
    """G5: replays the audit rows; nobody ever held more than they can."""
    held: defaultdict[str, set[str]] = defaultdict(set)
    owner: dict[str, str] = {}
    found = []
    for row in ledger.audit:
        conversation = str(row.conversation_id)
        if row.event in {"conversation.released", "conversation.resolved"}:
            held[owner.pop(conversation, "")].discard(conversation)
        elif row.event == "conversation.assigned":
            agent = str(row.data["agent_id"])
            if conversation in owner:
                found.append(f"{conversation} was assigned while assigned")
            owner[conversation] = agent
            held[agent].add(conversation)
            if len(held[agent]) > capacity:
                found.append(f"{agent} holds more than {capacity}")
    return found


def answered_or_handed_over(ledger: Ledger) -> list[str]:
    """G8, G9: every shopper's message ends in words of the bot or in the line, with words."""
    found = []
    for key, conversation in ledger.conversations.items():
        messages = ledger.messages.get(key, [])
        turns = ledger.turns.get(key, [])
        told = [m for m in messages if m.actor in {"bot", "system"} and m.text.strip()]
        is_peoples = conversation.status in PEOPLE
        if is_peoples and not told:
            found.append(f"{key} waits and was told nothing")
        for message in messages:
            if message.actor != "shopper":
                continue
            ends = _endings(message, turns, told)
            if ends == 0 and not is_peoples:
                found.append(f"silent: {message.text}")
            if ends > 1:
                found.append(f"answered {ends} times: {message.text}")
    return found


def _endings(message: Message, turns: Sequence[Turn], told: Sequence[Message]) -> int:
    covering = [
        turn.id
        for turn in turns
        if turn.first_seq <= message.seq <= turn.last_seq and turn.state == "answered"
    ]
    return sum(any(m.turn_id == turn_id for m in told) for turn_id in covering)


def one_ending_each(ledger: Ledger) -> list[str]:
    """G8: a message ends in a reply or in a handoff, never in both, for one-message threads."""
    found = []
    for key, messages in ledger.messages.items():
        replies = [m for m in messages if m.actor == "bot"]
        handed = ledger.handoffs.get(key, [])
        answered = [t for t in ledger.turns.get(key, []) if t.state == "answered"]
        if bool(answered) == bool(handed) or (answered and not replies):
            found.append(f"{key}: {len(answered)} answers and {len(handed)} handoffs")
    return found


def asked_once(asked: Iterable[Asked]) -> list[str]:
    """G9: the bot is never asked twice for the same turn, nor about the same words."""
    turns = Counter(each.turn_id for each in asked)
    found = [f"turn {key} was asked {n} times" for key, n in turns.items() if n > 1]
    said: Counter[tuple[str, str]] = Counter()
    for each in asked:
        for line in set(each.text.split("\n")):
            said[each.conversation_id, line] += 1
    return found + [
        f"the bot heard {n} times: {key[1]}" for key, n in said.items() if n > 1
    ]


def no_overlap(asked: Sequence[Asked]) -> list[str]:
    """No two turns of one conversation run at the same time."""
    last: dict[str, Asked] = {}
    found = []
    for each in sorted(asked, key=lambda one: one.started):
        before = last.get(each.conversation_id)
        if before is not None and (before.ended is None or before.ended > each.started):
            found.append(f"two turns at once in {each.conversation_id}")
        last[each.conversation_id] = each
    return found


def silent_after(ledger: Ledger, takeovers: Mapping[str, int]) -> list[str]:
    """G11: the bot says nothing after the number at which a person took over."""
    return [
        f"{key}: the bot spoke at {message.seq}, the takeover was at {seq}"
        for key, seq in takeovers.items()
        for message in ledger.messages.get(key, [])
        if message.actor == "bot" and message.seq > seq
    ]
