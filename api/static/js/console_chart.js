// Decides how the shopper's mood over time is drawn, and said in words for whoever cannot see it.

import { t } from "./words.js";
import { make, svg } from "./desk_dom.js";
import { emotionWord } from "./console_words.js";

const WIDTH = 300;
const HEIGHT = 84;
const LEFT = 8;
const BASE = 58; // the calm line; upset goes up, grateful goes down

const UPSET = new Set(["anxious", "dissatisfied", "angry", "sad"]);
const signed = ({ label, intensity = 0 }) => {
  if (label === "grateful") return -intensity * 0.5;
  return UPSET.has(label) ? intensity : 0;
};

// `points`: [{label, intensity, text?}] in the order they were said.
export function moodChart(points) {
  const step = points.length > 1 ? (WIDTH - 2 * LEFT) / (points.length - 1) : 0;
  const spots = points.map((one, place) => ({
    ...one,
    x: points.length > 1 ? LEFT + place * step : WIDTH / 2,
    y: BASE - signed(one) * 48,
  }));
  const picture = svg("svg", {
    class: "mood-chart", viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: "img", "aria-label": story(points),
  });
  picture.append(
    svg("line", { class: "mood-base", x1: 0, x2: WIDTH, y1: BASE, y2: BASE }),
    caption(t("upset"), 0, 10, "start"),
    caption(t("calm"), 0, BASE + 12, "start"));
  if (spots.length > 1) {
    const line = spots.map(({ x, y }) => `${x.toFixed(1)},${y.toFixed(1)}`);
    picture.append(
      svg("polygon", { class: "mood-area", points: [`${LEFT},${BASE}`, ...line, `${spots.at(-1).x},${BASE}`].join(" ") }),
      svg("polyline", { class: "mood-line", points: line.join(" ") }));
  }
  for (const one of spots) {
    const dot = svg("circle", { class: `mood-dot mood-dot-${one.label}`, cx: one.x, cy: one.y, r: 4.5 });
    const hint = svg("title");
    hint.textContent = said(one);
    dot.append(hint);
    picture.append(dot);
  }
  const last = spots.at(-1);
  if (last) {
    const anchor = last.x > WIDTH - 60 ? "end" : "middle";
    picture.append(caption(emotionWord(last.label), last.x, HEIGHT - 4, anchor, "mood-now"));
  }
  return make("figure", { class: "mood-figure" }, picture, table(points));
}

function table(points) {
  return make("details", { class: "mood-data" },
    make("summary", { text: t("Show the values") }),
    make("ol", {}, points.map((one) => make("li", { text: said(one) }))));
}

function said({ label, intensity, evidence }) {
  const words = (evidence ?? []).join(t(", "));
  const strength = t("%(mood)s, strength %(n)s of 10", {
    mood: emotionWord(label), n: Math.round((intensity ?? 0) * 10),
  });
  return words ? t("%(what)s: “%(words)s”", { what: strength, words }) : strength;
}

function story(points) {
  if (!points.length) return t("No mood was measured.");
  const list = points.map(({ label, intensity }) =>
    `${emotionWord(label)} ${Math.round((intensity ?? 0) * 10)}/10`).join(" → ");
  return t("Mood from the first message to the last: %(list)s", { list });
}

function caption(text, x, y, anchor, extra = "") {
  const made = svg("text", { class: `mood-caption ${extra}`, x, y, "text-anchor": anchor });
  made.textContent = text;
  return made;
}
