// Decides how an article is written: preview while typing, nothing lost, nobody's edit overwritten.

import { t } from "./words.js";
import { announce, facts, make } from "./desk_dom.js";
import { call, post } from "./desk_api.js";
import { ask } from "./console_dialogs.js";
import { showConflict } from "./editor_conflict.js";
import { handOn } from "./editor_flow.js";
import { look, passGate } from "./editor_gate.js";
import { safeFragment } from "./message-view.js";
import "./desk.js";

const PREVIEW_AFTER = 350;
const byId = (id) => document.getElementById(id);
const form = byId("edit-form");
const problem = byId("edit-problem");
const columns = [...document.querySelectorAll(".column")];
const field = (code, name) => byId(`${name}-${code}`);
const isNew = !facts.article;
const confirmed = new Set();
// for whom the article holds
const CODES = ["regions", "channels"];
const DAYS = ["ordered_from", "ordered_until"];
let version = facts.article?.version ?? null;
let saved = null;

const lines = (text) => text.split("\n").map((one) => one.trim()).filter(Boolean);

function wording(code) {
  return {
    question: field(code, "question").value.trim(),
    variants: lines(field(code, "variants").value),
    answer: field(code, "answer").value.trim(),
  };
}

function content() {
  const found = {};
  for (const code of facts.languages) {
    const one = wording(code);
    if (one.question || one.answer || one.variants.length) found[code] = one;
  }
  const sure = byId("answer-precision").value.trim();
  // no rounding shows: 97.1 per cent is 0.971, not 0.9709999
  if (sure) found.answer_precision = Number((Number(sure) / 100).toPrecision(12));
  for (const name of CODES) {
    const codes = byId(name).value.split(/[\s,，、;；]+/).filter(Boolean);
    if (codes.length) found[name] = codes;
  }
  for (const name of DAYS) if (byId(name).value) found[name] = byId(name).value;
  return found;
}

const percentOf = (share) => (share == null ? "" : String(Number((share * 100).toPrecision(12))));
const state = () => JSON.stringify([content(), byId("topic").value]);
const isDirty = () => state() !== saved || confirmed.size > 0;

function fill(given) {
  for (const code of facts.languages) {
    const one = given[code];
    field(code, "question").value = one?.question ?? "";
    field(code, "variants").value = (one?.variants ?? []).join("\n");
    field(code, "answer").value = one?.answer ?? "";
    preview(code);
  }
  byId("answer-precision").value = percentOf(given.answer_precision);
  for (const name of CODES) byId(name).value = (given[name] ?? []).join(", ");
  for (const name of DAYS) byId(name).value = given[name] ?? "";
  draw();
}

function draw() {
  for (const column of columns) {
    const code = column.dataset.language;
    const one = wording(code);
    const isThere = Boolean(one.question || one.answer);
    column.querySelector(".column-missing").hidden = isThere;
    column.querySelector(".column-help").hidden = isThere;
    column.querySelector("[data-count=variants]").textContent = one.variants.length || "";
    column.querySelector("[data-count=answer]").textContent = one.answer.length || "";
  }
  const note = byId("edit-state");
  if (note) note.textContent = isDirty() ? t("Not saved yet") : t("All saved");
}

const waiting = {};
function preview(code) {
  clearTimeout(waiting[code]);
  waiting[code] = setTimeout(async () => {
    const place = columns.find((one) => one.dataset.language === code).querySelector(".preview");
    const markdown = field(code, "answer").value;
    if (!markdown.trim()) return place.replaceChildren();
    try {
      const { html } = await post("/editor/preview", { markdown });
      place.replaceChildren(safeFragment(html));
    } catch (error) {
      place.replaceChildren(make("p", { class: "quiet", text: error.message }));
    }
  }, PREVIEW_AFTER);
}

// What the server would refuse anyway, said at the field it belongs to.
function wrong() {
  const found = [];
  const given = content();
  if (!form.checkValidity()) {
    form.reportValidity();
    return null;
  }
  const written = facts.languages.filter((code) => given[code]);
  if (!written.length) found.push(t("Write the article in one language at least."));
  for (const code of written) {
    const one = given[code];
    const name = byId(`column-${code}`).textContent;
    if (!one.question) found.push(t("%(language)s: the question is missing.", { language: name }));
    if (!one.answer) found.push(t("%(language)s: the answer is missing.", { language: name }));
  }
  return found;
}

function tell(title, list = []) {
  problem.replaceChildren(make("div", {},
    make("p", { text: title }),
    list.length ? make("ul", {}, list.map((text) => make("li", { text }))) : null));
  problem.hidden = false;
  problem.focus();
}

async function save() {
  problem.hidden = true;
  const found = wrong();
  if (!found) return false;
  if (found.length) { tell(t("The article cannot be saved yet."), found); return false; }
  const body = { topic: byId("topic").value.trim(), content: content(), note: byId("note").value.trim() };
  try {
    const { data } = facts.article
      ? await call("PUT", `articles/${facts.article.id}`, { ...body, confirmed: [...confirmed] }, { ifMatch: `"${version}"` })
      : await call("POST", "articles", { id: byId("article-id").value.trim(), ...body });
    version = data.version;
    // from now on a save is a change of this article, not another new one
    facts.article ??= data;
    confirmed.clear();
    saved = state();
    draw();
    return data.id;
  } catch (error) {
    if (error.code === "stale_edit") await showConflict({ mine: content(), take, keep });
    else tell(error.message, (error.body?.errors ?? []).map((one) => one.detail ?? one.msg).filter(Boolean));
    return false;
  }
}

// Their words into the form; one's own are gone then, so it is never done unasked.
function take(latest) {
  version = latest.version;
  byId("topic").value = latest.topic;
  fill(latest.content);
  saved = state();
  draw();
  announce(t("You now see the newest words."));
}

function keep(latest) {
  version = latest.version;
  draw();
  return save().then((id) => id && leave(id, t("Saved over the newer words. Both stand in the revisions.")));
}

// A draft that began with gaps keeps them in its address: they close when it is published.
function leave(id, words, ids = []) {
  sessionStorage.setItem("warmline:editor:done", words);
  saved = state();
  const query = ids.map((one) => `gap=${one}`).join("&");
  location.assign(`/editor/articles/${id}${query && "?"}${query}`);
}

async function publish() {
  const id = isDirty() || !facts.article ? await save() : facts.article.id;
  if (!id) return;
  try {
    const passed = await passGate(id);
    if (!passed) return;
    await post(`articles/${id}/publish`, { override_reason: passed.reason });
    if (facts.gaps.length) {
      const how = isNew ? "article_written" : "variant_added";
      await post("gaps/close", { ids: facts.gaps, how }).catch(() => {});
    }
    leave(id, facts.gaps.length ? t("Published, and the gap is closed.") : t("Published. Shoppers get it from now on."));
  } catch (error) {
    tell(error.message);
  }
}

async function busy(button, step) {
  if (button.disabled) return;
  button.disabled = true;
  try { await step(); } finally { button.disabled = false; }
}

form.addEventListener("input", (event) => {
  const column = event.target.closest(".column");
  if (column && event.target.dataset.field === "answer") preview(column.dataset.language);
  draw();
});
form.addEventListener("submit", (event) => {
  event.preventDefault();
  busy(byId("save"), async () => {
    const id = await save();
    if (id) leave(id, t("Saved as a draft. Shoppers still get what was published."), facts.gaps);
  });
});
const savedId = () => (isDirty() || !facts.article ? save() : facts.article.id);
byId("check")?.addEventListener("click", (event) => busy(event.currentTarget, async () => {
  const id = await savedId();
  if (!id) return;
  try { await look(id); } catch (error) { tell(error.message); }
}));
for (const button of document.querySelectorAll("[data-confirm]")) {
  button.addEventListener("click", () => {
    confirmed.add(button.dataset.confirm);
    button.closest(".column-older").hidden = true;
    draw();
  });
}
byId("publish")?.addEventListener("click", (event) => busy(event.currentTarget, publish));
byId("retire")?.addEventListener("click", async (event) => {
  const button = event.currentTarget;
  if (!(await ask("retire-dialog"))) return;
  await busy(button, async () => {
    try {
      await post(`articles/${facts.article.id}/retire`);
      leave(facts.article.id, t("Retired. The bot no longer uses it."));
    } catch (error) {
      tell(error.message);
    }
  });
});
byId("derive")?.addEventListener("click", async () => {
  const one = wording("zh-Hans");
  try {
    const made = await post("/editor/traditional", { ...one, variants: one.variants.join("\n") });
    for (const name of ["question", "variants", "answer"]) field("zh-Hant", name).value = made[name];
    preview("zh-Hant");
    draw();
    announce(t("Taken from Simplified. Look through it before you publish."));
  } catch (error) {
    tell(error.message);
  }
});
byId("gap-add")?.addEventListener("click", (event) => {
  const gap = byId("gap-text");
  const place = field(gap.dataset.language, "variants");
  if (!place) return;
  place.value = [...lines(place.value), gap.textContent].join("\n");
  event.currentTarget.disabled = true;
  place.focus();
  draw();
});
document.addEventListener("keydown", (event) => {
  if ((event.ctrlKey || event.metaKey) && event.code === "KeyS" && byId("save")) {
    event.preventDefault();
    form.requestSubmit();
  }
});
addEventListener("beforeunload", (event) => {
  if (byId("save") && isDirty()) event.preventDefault();
});

handOn({ save: savedId, leave, tell, busy });
saved = facts.gaps.length && !facts.article ? null : state();
draw();
const done = sessionStorage.getItem("warmline:editor:done");
if (done) {
  sessionStorage.removeItem("warmline:editor:done");
  announce(done);
}
