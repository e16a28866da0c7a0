// Decides how the line looks: who waits, for how long, why, and in which mood.

import { t } from "./words.js";
import { make, icon, patch } from "./desk_dom.js";
import { ahead, byUrgency, longestOverdue, promise, tickPromise, tier } from "./console_promises.js";
import { duration, emotionIcon, emotionWord, languageWord, reasonWord } from "./console_words.js";

const MOST_REASONS = 3;

// The two lists. `onOpen(id)` and `onClaim(id)` are told what the agent chose.
export class Line {
  #skew = 0; // server clock minus ours, so that a wrong clock here does not lie

  constructor({ onOpen, onClaim }) {
    this.rows = { waiting: [], mine: [] };
    this.selected = null;
    this.given = new Set(); // became mine by themselves and were not opened yet
    this.onOpen = onOpen;
    this.onClaim = onClaim;
    setInterval(() => this.tick(), 1000);
  }

  take({ waiting = [], mine = [] }) {
    const known = [...waiting, ...mine].find((row) => row.waiting_since && row.waited_seconds >= 0);
    if (known) {
      const theirs = Date.parse(known.waiting_since) + known.waited_seconds * 1000;
      this.#skew = theirs - Date.now();
    }
    const now = Date.now() + this.#skew;
    this.rows = { waiting: byUrgency(waiting, now), mine: byUrgency(mine, now) };
    this.draw();
  }

  find(id) {
    return this.rows.mine.find((row) => row.id === id)
      ?? this.rows.waiting.find((row) => row.id === id);
  }

  neighbour(kind, step) {
    const rows = this.rows[kind] ?? [];
    if (!rows.length) return null;
    const place = rows.findIndex((row) => row.id === this.selected);
    return rows[place < 0 ? 0 : (place + step + rows.length) % rows.length].id;
  }

  // The conversation of either list whose promise was broken first.
  longestOverdue() {
    return longestOverdue([...this.rows.mine, ...this.rows.waiting], Date.now() + this.#skew);
  }

  give(ids) {
    for (const id of ids) if (id !== this.selected) this.given.add(id);
    this.draw();
  }

  select(id) {
    this.selected = id;
    this.given.delete(id);
    this.draw();
  }

  draw() {
    for (const kind of ["waiting", "mine"]) {
      const rows = this.rows[kind];
      patch(document.getElementById(`list-${kind}`), rows.map((row) => this.#row(row, kind)));
      document.getElementById(`empty-${kind}`).hidden = rows.length > 0;
      document.getElementById(`count-${kind}`).textContent = rows.length;
    }
    this.tick();
  }

  tick() {
    const now = Date.now() + this.#skew;
    for (const place of document.querySelectorAll("[data-since]")) {
      const text = duration((now - Number(place.dataset.since)) / 1000);
      if (place.textContent !== text) place.textContent = text;
    }
    for (const place of document.querySelectorAll(".promise")) tickPromise(place, now);
  }

  #row(row, kind) {
    const isOpen = row.id === this.selected;
    const isGiven = kind === "mine" && this.given.has(row.id);
    const button = make(
      "button",
      {
        type: "button", class: "row-open", "aria-current": isOpen ? "true" : null,
        on: { click: () => this.onOpen(row.id) },
      },
      make("span", { class: "row-top" },
        make("span", { class: "row-name", text: nameOf(row), dir: "auto" }),
        tier(row),
        isGiven ? make("span", { class: "row-given", text: t("Given to you") }) : null,
        kind === "waiting" && row.position
          ? make("span", { class: "row-place", text: t("Place %(n)s", { n: row.position }) }) : null,
        row.unread ? make("span", { class: "row-unread" },
          make("span", { "aria-hidden": "true", text: row.unread > 99 ? "99+" : row.unread }),
          make("span", { class: "sr-only", text: t("%(n)s unread", { n: row.unread }) }))
          : null),
      row.last_text || row.last_pictures ? make("span", { class: "row-last", text: row.last_text || t("%(n)s photos", { n: row.last_pictures }), lang: row.language, dir: "auto" }) : null,
      make("span", { class: "row-facts" },
        promise(row.sla), waited(row, kind), mood(row.emotion),
        make("span", { class: "row-language", text: languageWord(row.language) })),
      chips(row.reasons),
      kind === "waiting" ? ahead(row.priority) : null,
    );
    const claim = kind === "waiting"
      ? make("button", {
        type: "button", class: "btn btn-sm row-claim",
        "aria-label": t("Take the conversation with %(name)s", { name: nameOf(row) }),
        on: { click: () => this.onClaim(row.id) },
      }, icon("person-check"), t("Take")) : null;
    const element = make("li", { class: `row-item${isOpen ? " is-open" : ""}` }, button, claim);
    element.dataset.key = row.id;
    // Everything but the clock: a row is drawn anew only when something it shows changed.
    element.dataset.print = JSON.stringify([{ ...row, waited_seconds: 0, sla: row.sla && { ...row.sla, left_seconds: 0, level: "" } }, isOpen, isGiven, kind]);
    return element;
  }
}

export function nameOf(row) {
  if (row.shopper_name) return row.shopper_name;
  return t("Shopper %(id)s", { id: String(row.id).slice(-4).toUpperCase() });
}

export function chips(reasons = []) {
  if (!reasons.length) return null;
  const codes = [...new Set(reasons.map((one) => (typeof one === "string" ? one : one.code)))];
  const more = codes.length - MOST_REASONS;
  return make("span", { class: "chips" },
    codes.slice(0, MOST_REASONS).map((code) =>
      make("span", { class: `reason-chip chip-${code}`, text: reasonWord(code) })),
    more > 0 ? make("span", { class: "reason-chip", text: t("%(n)s more", { n: more }) }) : null);
}

export function mood(emotion) {
  const label = typeof emotion === "string" ? emotion : emotion?.label;
  if (!label) return null;
  return make("span", { class: `mood mood-${label}` }, icon(emotionIcon(label)), emotionWord(label));
}

// In the line: since they asked for a person. Of one's own: since the last word nobody answered.
function waited(row, kind) {
  // A word of the bot, or a mere greeting, is no answer while one is still due.
  const owes = row.unread || ["first", "next"].includes(row.sla?.clock);
  const since = kind === "waiting" ? row.waiting_since : owes ? row.last_at : null;
  if (!since) return kind === "mine" ? make("span", { class: "answered" }, icon("check2"), t("Answered")) : null;
  const time = make("span", { class: "waited-time" });
  time.dataset.since = Date.parse(since);
  return make("span", { class: "waited" }, make("span", { text: t("Waiting") }), time);
}
