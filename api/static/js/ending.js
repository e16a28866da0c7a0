// Decides how a conversation is taken leave of: five labelled stars, a word, a new beginning.

import { element, picture } from "./message-view.js";
import { t } from "./words.js";

const MEANINGS = [
  () => t("Very bad"), () => t("Bad"), () => t("Fair"), () => t("Good"), () => t("Very good"),
];

/** `onRate(stars, comment)` keeps the rating; `onAgain()` starts a new conversation. */
export function endPanel({ asksRating, onRate, onAgain }) {
  const again = element("button", { type: "button", class: "button" }, picture("plus-lg"), t("Start a new conversation"));
  again.addEventListener("click", onAgain);
  const row = element("div", { class: "w-row" }, again);
  if (!asksRating) {
    return element("div", {}, element("p", { text: t("Thank you for writing to us.") }), row);
  }
  again.classList.add("quiet");
  const panel = element("div", {});
  panel.append(ratingForm(async (stars, comment, form) => {
    await onRate(stars, comment);
    const thanks = element("p", { role: "status", tabindex: "-1", text: t("Thank you for your rating.") });
    form.replaceWith(thanks);
    thanks.focus();
  }), row);
  return panel;
}

function ratingForm(onSend) {
  const word = element("div", { class: "stars-word", "aria-hidden": "true" });
  const stars = element("div", { class: "stars" }, ...MEANINGS.map((meaning, i) => star(i + 1, meaning(), word)));
  const comment = element("textarea", {
    rows: "2", maxlength: "1000", "aria-label": t("A word about it (optional)"),
    placeholder: t("A word about it (optional)"),
  });
  const send = element("button", { type: "submit", class: "button", text: t("Send the rating") });
  const trouble = element("p", { role: "alert" });
  const form = element(
    "form",
    {},
    element("fieldset", {}, element("legend", { text: t("How was the help you got?") }), stars, word),
    comment,
    element("div", { class: "w-row" }, send),
    trouble,
  );
  send.disabled = true;
  stars.addEventListener("change", () => { send.disabled = false; });
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    send.disabled = true;
    const chosen = Number(form.querySelector("input:checked").value);
    try {
      await onSend(chosen, comment.value.trim(), form);
    } catch (error) {
      if (error.status === undefined) throw error;
      send.disabled = false;
      trouble.textContent = t("The rating could not be kept. Please try again.");
    }
  });
  return form;
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
