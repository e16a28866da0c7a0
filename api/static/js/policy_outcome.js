// Decides how the outcome of a tried policy is said, drawn and listed.

import { t, language } from "./words.js";
import { make, svg } from "./desk_dom.js";

const ROW = 46;
const WIDTH = 520;
const LEFT = 4;
const number = new Intl.NumberFormat(language, { maximumFractionDigits: 1 });
const day = new Intl.DateTimeFormat(language, { dateStyle: "medium", timeStyle: "short" });

const FIGURES = [
  ["handoffs", () => t("Handoffs")],
  ["offers", () => t("Offers of a person")],
  ["agent_minutes", () => t("Agent minutes")],
  ["angry_shoppers", () => t("Shoppers left in anger without person or offer")],
];

const CHANGES = {
  earlier: () => t("Earlier"),
  later: () => t("Later"),
  appears: () => t("New handoff"),
  vanishes: () => t("No handoff"),
};

export function sentence({ conversations, moves, moves_left_off: more, after, before }) {
  if (!conversations) return t("There are no stored conversations yet.");
  if (!moves.length) return t("In %(n)s stored conversations no handoff would move.", { n: number.format(conversations) });
  const minutes = after.agent_minutes - before.agent_minutes;
  return t("In %(n)s stored conversations %(moves)s handoffs would move: %(minutes)s agent minutes, %(angry)s shoppers left in anger.", {
    n: number.format(conversations),
    moves: number.format(moves.length + more),
    minutes: signed(minutes),
    angry: signed(after.angry_shoppers - before.angry_shoppers),
  });
}

const signed = (value) => `${value > 0 ? "+" : value < 0 ? "−" : "±"}${number.format(Math.abs(value))}`;

// Two bars a figure, now and then; each figure has a scale of its own.
export function drawChart(place, { before, after }) {
  const said = FIGURES.map(([name, word]) => t("%(what)s: %(now)s now, %(then)s then", {
    what: word(), now: number.format(before[name]), then: number.format(after[name]),
  }));
  const picture = svg("svg", {
    viewBox: `0 0 ${WIDTH} ${FIGURES.length * ROW + 4}`, role: "img", "aria-label": said.join("; "),
  });
  FIGURES.forEach(([name, word], place) => {
    const top = place * ROW;
    const most = Math.max(before[name], after[name], 1);
    picture.append(text(word(), LEFT, top + 12));
    bar(picture, "policy-before", before[name], most, top + 17);
    bar(picture, "policy-after", after[name], most, top + 30);
  });
  place.replaceChildren(picture, make("figcaption", { class: "quiet", text: t("Grey: the rules that hold. Colour: the rules on this page.") }));
}

function bar(picture, kind, value, most, y) {
  const width = (value / most) * (WIDTH - 90);
  picture.append(
    svg("rect", { class: kind, x: LEFT, y, width: Math.max(width, 1), height: 10, rx: 3 }),
    text(number.format(value), LEFT + width + 6, y + 9.5, "policy-value"));
}

function text(words, x, y, kind = "") {
  const made = svg("text", { x, y, class: kind });
  made.textContent = words;
  return made;
}

export function drawTable(place, { moves, moves_left_off: more }, facts) {
  if (!moves.length) return place.replaceChildren();
  const head = [t("Conversation"), t("Handoff"), t("By the rules that hold"), t("By the rules on this page")];
  const rows = moves.slice(0, 50).map((move) => make("tr", {},
    make("th", { scope: "row" }, name(move, facts)),
    make("td", { text: CHANGES[move.change]?.() ?? move.change }),
    make("td", { text: told(move.before, facts) }),
    make("td", { text: told(move.after, facts) })));
  const left = moves.length - rows.length + more;
  place.replaceChildren(
    make("table", { class: "board-table" },
      make("caption", { class: "sr-only", text: t("Handoffs that would move") }),
      make("thead", {}, make("tr", {}, head.map((words) => make("th", { scope: "col", text: words })))),
      make("tbody", {}, rows)),
    left > 0 ? make("p", { class: "quiet", text: t("And %(n)s more.", { n: number.format(left) }) }) : "");
}

function name({ conversation_id: id, at }, { may_read: mayRead }) {
  const words = at ? day.format(new Date(at)) : id.slice(0, 8);
  return mayRead ? make("a", { href: `/console#${id}`, text: words }) : words;
}

function told(course, { titles }) {
  if (!course) return t("no person");
  const why = course.reasons.map((code) => titles[code] ?? code.replaceAll("_", " ")).join(t(", "));
  return t("message %(n)s: %(why)s", { n: course.turn, why });
}
