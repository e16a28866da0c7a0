// Decides what an editor sees whose save was refused because somebody was faster: both versions.

import { t, clockTime } from "./words.js";
import { facts, make } from "./desk_dom.js";
import { get } from "./desk_api.js";

const FIELDS = {
  question: () => t("Question"),
  variants: () => t("Other wordings"),
  answer: () => t("Answer"),
};
const place = document.getElementById("conflict");
const percent = (share) => (share == null ? "" : `${Number((share * 100).toPrecision(12))} %`);
const text = (wording, name) => {
  const value = wording?.[name] ?? "";
  return Array.isArray(value) ? value.join("\n") : value;
};

const CONDITIONS = {
  regions: () => t("Regions"),
  channels: () => t("Channels"),
  ordered_from: () => t("Orders placed from"),
  ordered_until: () => t("Orders placed until"),
};

// `take(latest)` puts theirs into the form, `keep(latest)` saves ours on top of theirs.
export async function showConflict({ mine, take, keep }) {
  const latest = await get(`/editor/articles/${facts.article.id}/latest`);
  const rows = [];
  for (const code of facts.languages) {
    for (const [name, word] of Object.entries(FIELDS)) {
      const ours = text(mine[code], name);
      const theirs = text(latest.content[code], name);
      if (ours !== theirs) rows.push(difference(code, word(), ours, theirs));
    }
  }
  const [ours, theirs] = [mine, latest.content].map((one) => percent(one.answer_precision));
  if (ours !== theirs) rows.push(difference(null, t("How sure the bot must be"), ours, theirs));
  for (const [name, word] of Object.entries(CONDITIONS)) {
    const [mineIs, theirsIs] = [mine, latest.content].map((one) => text(one, name));
    if (mineIs !== theirsIs) rows.push(difference(null, word(), mineIs, theirsIs));
  }
  const hide = (step) => () => { place.hidden = true; step(latest); };
  place.replaceChildren(
    make("h2", { id: "conflict-title", tabIndex: -1, text: t("Somebody changed this article meanwhile") }),
    make("p", { text: t("%(author)s saved at %(time)s, after you opened it. Nothing of yours was saved and nothing was lost: compare, then choose.", {
      author: latest.author, time: clockTime(new Date(latest.updated_at)),
    }) }),
    rows.length ? make("div", { class: "conflict-rows" }, rows)
      : make("p", { class: "quiet", text: t("The words are the same; only the note or the state differs.") }),
    make("div", { class: "actions" },
      make("button", { type: "button", class: "button quiet", text: t("Take theirs"), on: { click: hide(take) } }),
      make("button", { type: "button", class: "button quiet", text: t("Go on writing"), on: { click: () => { place.hidden = true; } } }),
      make("button", { type: "button", class: "button", text: t("Save mine on top"), on: { click: hide(keep) } })));
  place.hidden = false;
  place.scrollIntoView({ block: "start" });
  document.getElementById("conflict-title").focus();
}

function difference(code, word, ours, theirs) {
  const side = (title, said) => make("div", { class: "conflict-side" },
    make("h4", { text: title }),
    make("pre", { lang: code ?? "", dir: "auto", text: said || t("(nothing)") }));
  return make("div", { class: "conflict-row" },
    make("h3", { text: code ? `${document.getElementById(`column-${code}`).textContent} · ${word}` : word }),
    make("div", { class: "conflict-sides" }, side(t("Yours"), ours), side(t("Theirs"), theirs)));
}
