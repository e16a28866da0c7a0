// Decides how a file of articles is looked at, corrected in the page and taken in.
// The file stays here; each check sends it again with the corrections made so far.

import { t } from "./words.js";
import { announce, icon, make } from "./desk_dom.js";
import { post, sendFile } from "./desk_api.js";
import { faultTable } from "./editor_import_faults.js";
import "./desk.js";

const MOST_BYTES = 8_000_000;
const AT_ONCE = 1000;
const FORMATS = {
  xlsx: "xlsx", csv: "csv", tsv: "csv", txt: "csv", md: "markdown", markdown: "markdown",
  yml: "yaml", yaml: "yaml", json: "json", jsonl: "jsonl",
};
const byId = (id) => document.getElementById(id);
const faults = faultTable();
let file = null;
let format = "";
let report = null;
let written = [];

function show(id, isShown) {
  byId(id).hidden = !isShown;
}

function tell(text, list = []) {
  byId("problem").replaceChildren(make("div", {},
    make("p", { text }),
    list.length ? make("ul", {}, list.map((one) => make("li", { text: one }))) : null));
  show("problem", true);
  byId("problem").focus();
}

function refused(error) {
  const more = (error.body?.errors ?? []).map((one) => one.detail).filter(Boolean).slice(0, 10);
  tell(error.message, more);
}

async function take(given) {
  if (!given) return;
  show("problem", false);
  show("done", false);
  if (byId("override")) show("override", false);
  const known = FORMATS[given.name.split(".").at(-1).toLowerCase()];
  if (!known) return tell(t("This kind of file cannot be read. Choose XLSX, CSV, Markdown, YAML or JSON."));
  if (given.size > MOST_BYTES) return tell(t("The file is larger than 8 MB. Part it into several."));
  file = given;
  format = known;
  faults.forget();
  await check();
}

// The corrections in one line of JSON, then the file as it is.
function parcel(whole) {
  const head = JSON.stringify({ fixes: faults.fixes(), whole });
  return new Blob([head, "\n", file]);
}

async function send(step, whole = false) {
  const page = document.documentElement.lang;
  return sendFile(`/editor/import/${step}?format=${format}&lang=${page}`, parcel(whole));
}

async function check() {
  try {
    report = await send("check");
  } catch (error) {
    // changed on disk after it was chosen: browsers then refuse to read it
    if (error.status === 0) tell(t("The file could not be read or sent. Choose it again."));
    else refused(error);
    return;
  }
  draw();
  byId("counts").focus();
}

function count(label, number, kind = "") {
  return make("div", { class: number ? kind : "" }, make("dt", { text: label }), make("dd", { text: number.toLocaleString() }));
}

function draw() {
  show("report", true);
  byId("file-name").textContent = file.name;
  byId("counts").replaceChildren(
    count(t("New articles"), report.new, "is-good"),
    count(t("Changed articles"), report.changed, "is-good"),
    count(t("Unchanged articles"), report.unchanged),
    count(t("Rows that cannot be taken"), report.faulty, "is-bad"),
  );
  faults.show(report);
  drawItems();
  const ready = report.new + report.changed;
  byId("import").disabled = !ready;
  byId("import").querySelector("span").textContent = ready
    ? t("Import %(number)s articles", { number: ready.toLocaleString() })
    : t("Nothing to import");
  show("whole-choice", report.faulty > 0);
}

const STATES = { new: () => t("new"), changed: () => t("changed") };

function drawItems() {
  const ready = report.new + report.changed;
  show("would", ready > 0);
  byId("would").open = !report.faulty;
  byId("would-title").textContent = t("What would be written (%(number)s)", { number: ready.toLocaleString() });
  byId("items").replaceChildren(...report.items.map((one) => make("tr", {},
    make("td", {}, make("span", { class: "grid-title", text: one.title, dir: "auto" }), make("span", { class: "grid-sub mono", text: one.id })),
    make("td", {}, one.languages.join(" · "),
      one.drops.length ? make("span", { class: "grid-sub drops", text: t("The draft loses %(languages)s, which the file does not have.", { languages: one.drops.join(", ") }) }) : null),
    make("td", {}, make("span", { class: one.state === "new" ? "tag good" : "tag brand", text: STATES[one.state]() })))));
  if (report.more_items) {
    byId("items").append(make("tr", {}, make("td", { colSpan: 3, class: "quiet", text: t("and %(number)s more", { number: report.more_items.toLocaleString() }) })));
  }
}

async function write() {
  show("problem", false);
  const whole = byId("whole").checked && report.faulty > 0;
  let done;
  try {
    done = await send("write", whole);
  } catch (error) {
    return refused(error);
  }
  written = [...done.created, ...done.revised];
  show("report", false);
  tellDone([t("%(number)s articles were written as drafts.", { number: written.length.toLocaleString() }),
    done.left_out ? t("%(number)s rows were left out.", { number: done.left_out.toLocaleString() }) : ""]);
  if (byId("publish")?.checked && written.length) await publish();
}

function tellDone(sentences) {
  byId("done").replaceChildren(
    ...sentences.filter(Boolean).map((text) => make("p", { text })),
    make("p", {}, make("a", { href: "/editor" }, icon("journal-text"), " ", t("See the articles"))),
  );
  show("done", true);
  byId("done").focus();
}

// Through the same gate as every publication; what it stops stays a draft.
async function publish(reason) {
  announce(t("The publish gate looks through them …"));
  try {
    for (let from = 0; from < written.length; from += AT_ONCE) {
      const ids = written.slice(from, from + AT_ONCE);
      await post("articles/publish", reason ? { ids, override_reason: reason } : { ids });
    }
  } catch (error) {
    if (error.code === "gate_blocked") showStopped(error.body.report);
    else refused(error);
    return;
  }
  show("override", false);
  tellDone([t("%(number)s articles are published. Shoppers get them from now on.", { number: written.length.toLocaleString() })]);
}

function showStopped(report) {
  const found = report?.findings ?? [];
  const heavy = found.filter((one) => one.severity === "block").map((one) => one.article_id);
  const moved = (report?.changes ?? []).filter((one) => one.severity === "block").map((one) => one.question);
  byId("stopped").replaceChildren(
    ...[...new Set(heavy)].slice(0, 20).map((id) => make("li", {}, make("a", { href: `/editor/articles/${encodeURIComponent(id)}`, text: id }))),
    ...[...new Set(moved)].slice(0, 20).map((text) => make("li", { dir: "auto", text })),
  );
  show("override", true);
  byId("override").querySelector("h3").focus();
}

async function busy(button, step) {
  if (button.disabled) return;
  button.disabled = true;
  try { await step(); } finally { button.disabled = false; }
}

byId("file").addEventListener("change", (event) => take(event.target.files[0]));
byId("again").addEventListener("click", (event) => busy(event.currentTarget, () => { faults.forget(); return check(); }));
byId("check").addEventListener("click", (event) => busy(event.currentTarget, check));
byId("import").addEventListener("click", (event) => busy(event.currentTarget, write));
byId("override")?.addEventListener("submit", (event) => {
  event.preventDefault();
  busy(event.target.querySelector("button"), () => publish(byId("reason").value.trim()));
});
const drop = byId("drop");
for (const name of ["dragover", "dragenter"]) {
  drop.addEventListener(name, (event) => { event.preventDefault(); drop.classList.add("is-over"); });
}
for (const name of ["dragleave", "drop"]) drop.addEventListener(name, () => drop.classList.remove("is-over"));
drop.addEventListener("drop", (event) => { event.preventDefault(); take(event.dataTransfer.files[0]); });
