// Decides how an agent says, in one click, whether the handoff came at the right moment.

import { t } from "./words.js";
import { announce, make } from "./desk_dom.js";
import { get, put } from "./desk_api.js";

const box = document.getElementById("marks");
const articles = document.getElementById("marks-article");
let shown = null;

// `id`: the open conversation; null when there is none.
export async function showMarks(id) {
  if (id === shown) return;
  shown = id;
  box.hidden = true;
  if (!id) return;
  try {
    const found = await get(`conversations/${id}/handoff-mark`);
    if (shown !== id || !found.may_mark) return;
    fill(found);
    box.hidden = false;
  } catch {
    shown = null; // asked again with the next look at the conversation
  }
}

function fill({ mark, articles: known }) {
  const tried = known.filter((one) => one.tried);
  const others = known.filter((one) => !one.tried);
  const option = (one) => make("option", { value: one.id, text: one.title });
  articles.replaceChildren(
    articles.options[0],
    ...(tried.length ? [make("optgroup", { label: t("Tried by the bot") }, tried.map(option))] : []),
    make("optgroup", { label: t("All articles") }, others.map(option)));
  press(mark);
}

function press(mark) {
  for (const button of box.querySelectorAll("[data-verdict]")) {
    button.setAttribute("aria-pressed", String(button.dataset.verdict === mark?.verdict));
  }
  articles.value = mark?.article_id ?? "";
}

async function give(verdict, article) {
  const id = shown;
  try {
    const kept = await put(`conversations/${id}/handoff-mark`, article ? { verdict, article_id: article } : { verdict });
    if (shown === id) press(kept);
    announce(t("Thank you, noted."));
  } catch (error) {
    announce(error.message, { kind: "error" });
  }
}

for (const button of box.querySelectorAll("[data-verdict]")) {
  button.addEventListener("click", () => give(button.dataset.verdict));
}
articles.addEventListener("change", () => {
  if (articles.value) give("bot_could", articles.value);
});
