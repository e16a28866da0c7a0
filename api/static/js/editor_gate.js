// Decides how an editor sees what a publication would break, and how it is done all the same.

import { t } from "./words.js";
import { facts, icon, make } from "./desk_dom.js";
import { post } from "./desk_api.js";

const place = document.getElementById("gate");
const MOST_SHOWN = 30;
const SEVERITIES = {
  block: { tag: "bad", words: () => t("stops it"), picture: "slash-circle" },
  warn: { tag: "warn", words: () => t("look at it"), picture: "exclamation-triangle" },
  note: { tag: "calm", words: () => t("note"), picture: "info-circle" },
};
const CHANGES = {
  stolen: () => t("stolen"),
  wrongly_answered: () => t("wrongly answered"),
  lost: () => t("lost"),
  gained: () => t("gained"),
};
const OUTCOMES = {
  answer: () => t("answers"),
  clarify: () => t("asks back"),
  abstain: () => t("does not know"),
};
const FINDINGS = {
  duplicate: () => t("The same question stands in two articles"),
  confusable: () => t("This wording is hard to tell from another article"),
  contradiction: () => t("Another article names other figures"),
  languages_disagree: () => t("The languages name different figures"),
  dead_link: () => t("This link leads to no published article"),
  banned_word: () => t("This word is on the shop's list of banned words"),
  careful_word: () => t("This may promise too much"),
  long_answer: () => t("This answer takes long to read"),
  few_wordings: () => t("Few wordings: five to ten help the bot to recognise the question"),
};

// The report, shown; resolves to { reason } when it is to be published, to null when not.
export async function passGate(id, { body = {} } = {}) {
  const report = await examine(id, body);
  if (!report.counts.block && !report.counts.warn) return { reason: null };
  return showReport(report, { asks: true });
}

// Only looking: nothing is asked at the end.
export async function look(id) {
  return showReport(await examine(id, {}), { asks: false });
}

// It takes a second or two: whoever waits is told what for.
async function examine(id, body) {
  const note = document.getElementById("edit-state");
  const before = note?.textContent;
  if (note) note.textContent = t("Asking the labelled questions…");
  try {
    return await post(`articles/${id}/check`, body);
  } finally {
    if (note) note.textContent = before;
  }
}

export function showReport(report, { asks }) {
  return new Promise((resolve) => {
    const finish = (result) => { place.hidden = true; place.replaceChildren(); resolve(result); };
    place.replaceChildren(
      make("h2", { id: "gate-title", tabIndex: -1, text: t("What publishing this would change") }),
      counts(report),
      ...changes(report),
      ...findings(report),
      ending(report, asks, finish));
    place.className = `gate gate-${report.verdict}`;
    place.hidden = false;
    place.scrollIntoView({ block: "start" });
    document.getElementById("gate-title").focus();
  });
}

function counts(report) {
  const tag = ([name, one]) => make("li", { class: `tag ${report.counts[name] ? one.tag : ""}` },
    icon(one.picture), make("strong", { text: String(report.counts[name]) }), ` ${one.words()}`);
  const changed = Object.entries(CHANGES)
    .filter(([kind]) => report.changed[kind])
    .map(([kind, words]) => `${report.changed[kind]} ${words()}`);
  return make("div", { class: "gate-counts" },
    make("ul", {}, Object.entries(SEVERITIES).map(tag)),
    make("p", { text: changed.length
      ? t("Of %(n)s labelled questions: %(changed)s.", { n: report.questions, changed: changed.join(" · ") })
      : t("All %(n)s labelled questions are answered as before.", { n: report.questions }) }));
}

function severity(one) {
  const { tag, words, picture } = SEVERITIES[one.severity];
  return make("span", { class: `tag ${tag}` }, icon(picture), words());
}

function changes(report) {
  if (!report.changes.length) return [];
  const head = [t("Question"), t("What happens"), t("Now"), t("Then")];
  const rows = report.changes.slice(0, MOST_SHOWN).map((one) => make("tr", {},
    make("td", { lang: one.language, dir: "auto" },
      make("a", { href: `/editor/try?q=${encodeURIComponent(one.question)}`, target: "_blank", rel: "noopener", text: one.question })),
    make("td", {}, make("span", { class: "gate-kind", text: CHANGES[one.kind]() }), severity(one)),
    make("td", {}, answered(one.before)),
    make("td", {}, answered(one.after))));
  return [
    make("h3", { text: t("Questions that would be answered differently") }),
    make("div", { class: "table-box", tabIndex: 0, role: "region", "aria-label": t("Questions that would be answered differently") },
      make("table", { class: "grid" },
        make("thead", {}, make("tr", {}, head.map((text) => make("th", { scope: "col", text })))),
        make("tbody", {}, rows))),
    more(report.changes.length),
  ];
}

function answered(one) {
  if (!one.article_id) return make("span", { class: "quiet", text: OUTCOMES[one.outcome]() });
  return [
    make("a", { href: `/editor/articles/${one.article_id}`, target: "_blank", rel: "noopener", dir: "auto", text: one.title }),
    make("span", { class: "grid-sub", text: `${OUTCOMES[one.outcome]()} · ${Math.round(one.probability * 100)} %` }),
  ];
}

function findings(report) {
  if (!report.findings.length) return [];
  return [
    make("h3", { text: t("The words themselves") }),
    make("ul", { class: "gate-findings" }, report.findings.slice(0, MOST_SHOWN).map(finding)),
    more(report.findings.length),
  ];
}

function finding(one) {
  const isNumber = one.kind === "long_answer" || one.kind === "few_wordings";
  const said = one.kind === "long_answer" ? t("%(n)s seconds", { n: one.value })
    : one.kind === "few_wordings" ? t("%(n)s wordings", { n: one.value }) : one.text;
  const name = document.getElementById(`column-${one.language}`)?.textContent ?? one.language;
  return make("li", {},
    make("p", {}, severity(one), make("strong", { text: FINDINGS[one.kind]() }), make("span", { class: "quiet", text: name })),
    make("p", { class: "gate-said", lang: isNumber ? null : one.language, dir: "auto", text: said }),
    one.other_text ? make("p", { class: "gate-said", lang: one.other_language || one.language, dir: "auto", text: one.other_text }) : null,
    one.other_title ? make("p", { class: "quiet" }, `${t("In")} `,
      make("a", { href: `/editor/articles/${one.other_article_id}`, target: "_blank", rel: "noopener", dir: "auto", text: one.other_title })) : null);
}

function more(total) {
  return total > MOST_SHOWN ? make("p", { class: "quiet", text: t("and %(n)s more", { n: total - MOST_SHOWN }) }) : "";
}

function ending(report, asks, finish) {
  const blocked = report.counts.block > 0;
  const stop = make("button", { type: "button", class: "button quiet", text: asks ? t("Go on writing") : t("Close"), on: { click: () => finish(null) } });
  if (!asks || !facts.can_publish) return make("div", { class: "actions" }, stop);
  const reason = make("textarea", { class: "form-control", id: "gate-reason", rows: 2, maxLength: 1000, minLength: 3, required: true, "aria-describedby": "gate-reason-help" });
  const go = make("button", { type: "button", class: `button${blocked ? " danger" : ""}`, text: blocked ? t("Publish anyway") : t("Publish") });
  go.addEventListener("click", () => {
    if (blocked && !reason.reportValidity()) return;
    finish({ reason: blocked ? reason.value.trim() : null });
  });
  return make("div", { class: "gate-ending" },
    blocked ? make("div", {},
      make("label", { class: "form-label", for: "gate-reason", htmlFor: "gate-reason", text: t("Why it is to be published all the same") }),
      reason,
      make("p", { class: "field-help", id: "gate-reason-help", text: t("It is kept with your name and this report, and stands in the revisions.") })) : null,
    make("div", { class: "actions" }, stop, go));
}
