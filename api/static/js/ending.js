// Decides how a conversation is taken leave of: five labelled stars, a word, a new beginning.

import "./more-words.js";
import { element, picture } from "./message-view.js";
import { t } from "./words.js";

const MEANINGS = [
  () => t("Very bad"), () => t("Bad"), () => t("Fair"), () => t("Good"), () => t("Very good"),
];

const PARTS = [
  ["accuracy", () => t("As described")],
  ["communication", () => t("Communication")],
  ["delivery", () => t("Delivery")],
];

/**
 * `onRate(rating)` keeps the rating; `onAgain()` starts a new conversation; `onGoOn()`, if it is
 * still possible, writes about this one; `revises` is what may be changed once.
 */
export function endPanel({ asksRating, revises = null, onRate, onAgain, onGoOn = null }) {
  const again = element("button", { type: "button", class: "button" }, picture("plus-lg"), t("Start a new conversation"));
  again.addEventListener("click", onAgain);
  const goOn = onGoOn && element("button", { type: "button", class: "button" }, picture("arrow-up"), t("Write again about this"));
  goOn?.addEventListener("click", onGoOn);
  if (goOn) again.classList.add("quiet");
  const row = element("div", { class: "w-row" }, goOn, again);
  const panel = element("div", {});
  if (!asksRating) {
    panel.append(element("p", { text: t("Thank you for writing to us.") }), row);
    if (revises) {
      const change = element("button", { type: "button", class: "button quiet", text: t("Change my rating") });
      change.addEventListener("click", () => {
        const form = ratingForm(keep, revises);
        change.replaceWith(form);
        form.querySelector("input:checked, input").focus();
      });
      row.append(change);
    }
    return panel;
  }
  again.classList.add("quiet");
  panel.append(ratingForm(keep), row);
  return panel;

  async function keep(rating, form) {
    await onRate(rating);
    const thanks = element("p", { role: "status", tabindex: "-1", text: t("Thank you for your rating.") });
    form.replaceWith(thanks);
    thanks.focus();
  }
}

function ratingForm(onSend, given = {}) {
  const word = element("div", { class: "stars-word", "aria-hidden": "true" });
  const stars = element("div", { class: "stars" }, ...MEANINGS.map((meaning, i) => star(i + 1, meaning(), word)));
  const comment = element("textarea", {
    rows: "2", maxlength: "1000", "aria-label": t("A word about it (optional)"),
    placeholder: t("A word about it (optional)"),
  });
  const details = element("details", { class: "scores" }, element("summary", { text: t("More precisely (optional)") }),
    ...PARTS.map(([name, label]) => score(name, label(), given[name])));
  const send = element("button", { type: "submit", class: "button", text: t("Send the rating") });
  const trouble = element("p", { role: "alert" });
  const form = element(
    "form",
    {},
    element("fieldset", {}, element("legend", { text: t("How was the help you got?") }), stars, word),
    details,
    comment,
    element("div", { class: "w-row" }, send),
    trouble,
  );
  send.disabled = !given.stars;
  if (given.stars) {
    form.querySelector(`[name=stars][value="${given.stars}"]`).checked = true;
    comment.value = given.comment ?? "";
  }
  stars.addEventListener("change", () => { send.disabled = false; });
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    send.disabled = true;
    const rating = { stars: Number(form.querySelector("[name=stars]:checked").value), comment: comment.value.trim() };
    for (const [name] of PARTS) {
      const value = form.querySelector(`[name=${name}]`).value;
      if (value) rating[name] = Number(value);
    }
    try {
      await onSend(rating, form);
    } catch (error) {
      if (error.status === undefined) throw error;
      send.disabled = false;
      trouble.textContent = t("The rating could not be kept. Please try again.");
    }
  });
  return form;
}

function score(name, label, given) {
  const choice = element("select", { name, class: "score" },
    element("option", { value: "", text: "–" }),
    ...MEANINGS.map((meaning, i) => element("option", { value: String(i + 1), text: `${i + 1} · ${meaning()}` })));
  choice.value = given ? String(given) : "";
  return element("label", { class: "score-row" }, element("span", { text: label }), choice);
}

function star(value, meaning, word) {
  const label = t("%(stars)s of 5 stars: %(meaning)s", { stars: value, meaning });
  const input = element("input", { type: "radio", name: "stars", value, "aria-label": label });
  input.addEventListener("change", () => { word.textContent = meaning; });
  const open = picture("star");
  const full = picture("star-fill");
  open.classList.add("open");
  full.classList.add("full");
  return element("label", {}, input, open, full);
}
