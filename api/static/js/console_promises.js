// Decides how a promise that runs is worded and coloured, which row comes first, and why one stands ahead.

import { t } from "./words.js";
import { make, icon } from "./desk_dom.js";
import { duration } from "./console_words.js";

const CLOCKS = {
  first: { late: (time) => t("First answer overdue by %(time)s", { time }), due: (time) => t("First answer due in %(time)s", { time }) },
  next: { late: (time) => t("Answer overdue by %(time)s", { time }), due: (time) => t("Answer due in %(time)s", { time }) },
  resolution: { late: (time) => t("Solution overdue by %(time)s", { time }), due: (time) => t("Solution due in %(time)s", { time }) },
};
const ICONS = { late: "exclamation-triangle", soon: "clock-history", fine: "clock" };

const AHEAD = {
  angry: (n) => t("%(n)s min ahead: angry", { n }),
  anxious: (n) => t("%(n)s min ahead: anxious", { n }),
  sensitive: (n) => t("%(n)s min ahead: sensitive matter", { n }),
  urgent: (n) => t("%(n)s min ahead: pressing date", { n }),
  vip: (n) => t("%(n)s min ahead: VIP", { n }),
  valuable: (n) => t("%(n)s min ahead: valuable order", { n }),
  repeated: (n) => t("%(n)s min ahead: asked before", { n }),
  supervisor: (n) => (n > 0
    ? t("%(n)s min ahead: moved by a supervisor", { n })
    : t("%(n)s min back: moved by a supervisor", { n: -n })),
};

const at = (text) => (text ? Date.parse(text) : Infinity);

export function levelOf(sla, now) {
  if (!sla) return "fine";
  if (now >= at(sla.due_at)) return "late";
  return now >= at(sla.soon_at) ? "soon" : "fine";
}

// The overdue first, the longest overdue in front; then those due soon; the rest stay as they are.
export function byUrgency(rows, now) {
  const rank = { late: 0, soon: 1, fine: 2 };
  return rows.map((row, place) => ({ row, place, level: levelOf(row.sla, now) }))
    .sort((a, b) => rank[a.level] - rank[b.level]
      || (a.level === "fine" ? 0 : at(a.row.sla.due_at) - at(b.row.sla.due_at))
      || a.place - b.place)
    .map((one) => one.row);
}

// Of all rows the one whose promise was broken first; null when every promise holds.
export function longestOverdue(rows, now) {
  const [first] = byUrgency(rows, now);
  return first && levelOf(first.sla, now) === "late" ? first : null;
}

export function promise(sla) {
  if (!sla) return null;
  const place = make("span", { class: "promise" });
  Object.assign(place.dataset, { clock: sla.clock, due: at(sla.due_at), soon: at(sla.soon_at) });
  return place;
}

// Called every second: a row is not drawn anew for its clock.
export function tickPromise(place, now) {
  const { clock, due, soon } = place.dataset;
  const level = now >= Number(due) ? "late" : now >= Number(soon) ? "soon" : "fine";
  const words = CLOCKS[clock] ?? CLOCKS.next;
  const time = duration(Math.abs(Number(due) - now) / 1000);
  const text = level === "late" ? words.late(time) : words.due(time);
  if (place.dataset.level !== level) {
    place.dataset.level = level;
    place.replaceChildren(icon(ICONS[level]), make("span"));
  }
  if (place.lastChild.textContent !== text) place.lastChild.textContent = text;
}

export function ahead(priority = []) {
  if (!priority.length) return null;
  return make("span", { class: "ahead" }, icon("arrow-up"),
    priority.map(({ code, minutes }) =>
      make("span", { text: AHEAD[code]?.(minutes) ?? `${minutes} min: ${String(code).replaceAll("_", " ")}` })));
}

export function tier(row) {
  if (!row.tier || row.tier === "standard") return null;
  return make("span", { class: "row-tier", text: row.tier === "vip" ? t("VIP") : row.tier });
}
