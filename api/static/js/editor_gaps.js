// Decides how a group of gaps is dealt with: one press, and it is gone from the list.

import { t } from "./words.js";
import { announce, make } from "./desk_dom.js";
import { get, post } from "./desk_api.js";
import "./desk.js";

const idsOf = (group) => group.dataset.group.split(" ");

function gone(group, words) {
  const next = group.nextElementSibling ?? group.previousElementSibling;
  group.remove();
  announce(words);
  if (next) next.querySelector("a, button")?.focus();
  else location.reload();
}

async function busy(button, step) {
  button.disabled = true;
  try {
    await step();
  } catch (error) {
    announce(error.message, { kind: "error" });
  } finally {
    button.disabled = false;
  }
}

async function addVariants(group) {
  const article = group.querySelector("select").value;
  const { added, left } = await post("gaps/variants", { ids: idsOf(group), article_id: article });
  if (!left.length) return gone(group, t("Added to a draft of the article. Publish it when it is right."));
  if (!added) return announce(t("The article has no words in this language yet. Write them first."), { kind: "error" });
  announce(t("Added to a draft. What is in a language the article lacks stays open."));
  setTimeout(() => location.reload(), 1500);
}

function answerCard(one, query) {
  return make("li", { class: "gap-answer" },
    make("p", { class: "quiet", lang: one.language, dir: "auto", text: one.question }),
    make("p", { lang: one.language, dir: "auto", text: one.answer }),
    make("a", { class: "button quiet", href: `/editor/articles/new?answer=${one.id}&${query}`, text: t("Make it a draft") }));
}

async function showAnswers(button, group) {
  const place = group.querySelector(".gap-answers");
  const isOpen = button.getAttribute("aria-expanded") === "true";
  button.setAttribute("aria-expanded", String(!isOpen));
  place.hidden = isOpen;
  if (isOpen || place.childElementCount) return;
  const { items } = await get(`gaps/${button.dataset.answers}/answers`);
  place.replaceChildren(items.length
    ? make("ul", {}, items.map((one) => answerCard(one, button.dataset.query)))
    : make("p", { class: "quiet", text: t("No agent has settled a question like this yet.") }));
}

for (const group of document.querySelectorAll("[data-group]")) {
  group.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (!button) return;
    if (button.dataset.close) {
      busy(button, async () => {
        await post("gaps/close", { ids: idsOf(group), how: button.dataset.close });
        gone(group, t("Closed as not ours. It counts on among the closed ones."));
      });
    } else if ("variant" in button.dataset) busy(button, () => addVariants(group));
    else if (button.dataset.answers) busy(button, () => showAnswers(button, group));
  });
}
