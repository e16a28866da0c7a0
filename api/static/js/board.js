// Decides how the board stays true: told by the staff socket, asked again only when it rings.

import "./desk.js";
import { language, t } from "./words.js";
import { announce, facts, icon, make, patch } from "./desk_dom.js";
import { get, post } from "./desk_api.js";
import { Live } from "./console_live.js";
import { askAnew } from "./console_dialogs.js";
import { ahead, promise, tickPromise } from "./console_promises.js";
import { mood, nameOf } from "./console_queue.js";
import { duration } from "./console_words.js";

const REST = 1500; // many bells in a row are one question
const BACKSTOP = 30000; // should a bell get lost, or somebody without the socket look
const DAY = 300000; // the figures of the day are counted with the page
const byId = (id) => document.getElementById(id);
const clock = new Intl.DateTimeFormat(language, { hour: "2-digit", minute: "2-digit", hour12: false, timeZone: facts.zone });
const shopTime = (written) => clock.format(new Date(written));
const live = new Live({ looksOn: true });
let skew = 0;
let since = null;
let timer = 0;

const TRENDS = { rising: ["arrow-up", () => t("getting worse")], falling: ["arrow-up", () => t("calming down")], steady: ["dash-lg", () => t("unchanged")] };

function stateOf(one) {
  const until = one.back_at ? shopTime(one.back_at) : "";
  const isLate = one.back_at && Date.parse(one.back_at) <= Date.now() + skew;
  const said = one.state === "available" ? t("Available")
    : one.state !== "away" ? t("Not signed in")
    : !until ? t("Away")
    : isLate ? t("Away, expected back at %(time)s", { time: until }) : t("Away until %(time)s", { time: until });
  return one.shift_ends_at ? `${said} · ${t("shift until %(time)s", { time: shopTime(one.shift_ends_at) })}` : said;
}

function figure(name, value, tone = "") {
  const place = byId(`now-${name}`);
  place.textContent = value;
  const box = place.closest(".figure");
  box.classList.toggle("figure-late", tone === "late");
  box.classList.toggle("figure-soon", tone === "soon");
}

function row(one, ...more) {
  const name = facts.listens && one.status !== "queued"
    ? make("a", { href: `/console#${one.id}`, text: nameOf(one), dir: "auto", "aria-label": t("Listen in on %(name)s", { name: nameOf(one) }) })
    : make("span", { text: nameOf(one), dir: "auto" });
  const element = make("li", { class: "live-row" },
    make("span", { class: "live-name" }, name),
    make("span", { class: "live-who quiet", text: one.agent_name ?? t("Waiting"), dir: "auto" }),
    ...more);
  element.dataset.key = one.id;
  element.dataset.print = JSON.stringify({ ...one, sla: one.sla && { ...one.sla, left_seconds: 0 } });
  return element;
}

function waited(one) {
  const place = make("span", { class: "live-time" });
  place.dataset.since = Date.parse(one.waiting_since);
  return place;
}

function moves(one) {
  if (!facts.moves) return null;
  const step = (forward, words, name) => make("button", {
    type: "button", class: `button quiet${forward ? "" : " is-down"}`, title: words(),
    on: { click: () => move(one, forward) },
  }, icon(name), make("span", { class: "sr-only", text: `${words()}: ${nameOf(one)}` }));
  return make("span", { class: "live-moves" },
    step(true, () => t("Serve earlier"), "arrow-up"), step(false, () => t("Serve later"), "arrow-up"));
}

async function move(one, forward) {
  byId("move-title").textContent = forward ? t("Serve earlier") : t("Serve later");
  const given = await askAnew("move-dialog");
  if (!given) return;
  try {
    const minutes = Number(given.minutes) * (forward ? 1 : -1);
    await post(`conversations/${one.id}/move-in-line`, { minutes, reason: given.reason.trim() });
    announce(t("Moved in the line."));
  } catch (error) {
    announce(error.message, { kind: "error" });
  }
  count();
}

function trend(one) {
  const [name, words] = TRENDS[one.trend] ?? [];
  return words ? make("span", { class: `trend trend-${one.trend}` }, icon(name), words()) : null;
}

function fill(name, rows) {
  patch(byId(`list-${name}`), rows);
  byId(`empty-${name}`).hidden = rows.length > 0;
}

function agent(one) {
  const element = make("li", { class: "live-row" },
    make("span", { class: "live-name", text: one.name, dir: "auto" }),
    make("span", { class: `presence presence-${one.state}`, text: stateOf(one) }),
    make("span", { class: "live-time", text: t("%(load)s of %(capacity)s", one) }));
  element.dataset.key = one.id;
  element.dataset.print = JSON.stringify(one);
  return element;
}

function draw(board) {
  skew = Date.parse(board.at) - Date.now();
  since = board.longest_since ? Date.parse(board.longest_since) : null;
  figure("waiting", board.waiting);
  figure("served", board.served);
  figure("available", board.agents.filter((one) => one.state === "available").length);
  figure("expected", board.expected ? t("%(low)s to %(high)s", { low: duration(board.expected.low), high: duration(board.expected.high) }) : "–");
  figure("risk", t("%(late)s overdue, %(soon)s soon", board), board.late ? "late" : board.soon ? "soon" : "");
  fill("risk", board.at_risk.map((one) => row(one, promise(one.sla))));
  fill("anger", board.in_anger.map((one) => row(one, mood(one.emotion), trend(one))));
  fill("line", board.line.map((one) => row(one, waited(one), ahead(one.priority), moves(one))));
  fill("agents", board.agents.map(agent));
  byId("as-of").textContent = shopTime(board.at);
  tick();
}

function tick() {
  const now = Date.now() + skew;
  const longest = since ? (now - since) / 1000 : 0;
  figure("longest", since ? duration(longest) : "–",
    !since ? "" : longest >= facts.sla.late ? "late" : longest >= facts.sla.soon ? "soon" : "");
  for (const place of document.querySelectorAll(".promise")) tickPromise(place, now);
  for (const place of document.querySelectorAll("[data-since]")) {
    place.textContent = duration((now - Number(place.dataset.since)) / 1000);
  }
}

async function count() {
  try {
    draw(await get("board"));
    byId("board-lost").hidden = true;
  } catch {
    byId("board-lost").hidden = false;
    byId("board-lost").textContent = t("The connection was lost. Trying again…");
  }
}

function ring() {
  timer ||= setTimeout(() => { timer = 0; count(); }, REST);
}

live.addEventListener("frame", ({ detail: frame }) => {
  if (frame.t === "queue" || frame.t === "ready") ring();
});

if (facts.wall) {
  document.documentElement.dataset.bsTheme = "dark";
  addEventListener("keydown", (event) => { if (event.key === "Escape") location.assign("/board"); });
  addEventListener("click", () => document.documentElement.requestFullscreen?.().catch(() => {}));
}
if (facts.listens) live.start();
setInterval(() => { if (!document.hidden) count(); }, BACKSTOP);
setInterval(tick, 1000);
setInterval(() => {
  const isBusy = document.querySelector("details[open], dialog[open]") || (document.activeElement && document.activeElement !== document.body);
  if (!document.hidden && !isBusy && !document.fullscreenElement) location.reload();
}, DAY);
count();
