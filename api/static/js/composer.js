// Decides what a key does in the box where people write: Enter sends, but never mid-word of an IME.

/**
 * Make a <form> with a <textarea> a composer. `onSend(text)` returns false to keep the text.
 * `hasMore()` says whether something else than text would go along.
 * `draft` = {storage, key} keeps the unsent text over a reload.
 */
export function attachComposer(form, { onSend, onTyping = () => {}, limit = 2000, draft = null, hasMore = () => false }) {
  const field = form.querySelector("textarea");
  const button = form.querySelector("[type=submit]");
  const counter = form.querySelector("[data-counter]");

  const refresh = () => {
    const length = [...field.value].length;
    button.disabled = (!field.value.trim() && !hasMore()) || length > limit;
    field.style.height = "auto";
    field.style.height = `${Math.min(field.scrollHeight, 160)}px`;
    field.setAttribute("aria-invalid", String(length > limit));
    if (counter) {
      counter.hidden = length < limit * 0.8;
      counter.textContent = `${length} / ${limit}`;
      counter.classList.toggle("over", length > limit);
    }
    draft?.storage.setItem(draft.key, field.value);
  };

  const send = () => {
    const text = field.value.trim();
    if ((!text && !hasMore()) || [...text].length > limit || onSend(text) === false) return;
    field.value = "";
    refresh();
    field.focus();
  };

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    send();
  });
  field.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.shiftKey || event.altKey) return;
    // Safari ends the composition before the Enter that picked the word; 229 is its only sign.
    if (event.isComposing || event.keyCode === 229) return;
    event.preventDefault();
    send();
  });
  field.addEventListener("input", () => {
    refresh();
    if (field.value.trim()) onTyping();
  });
  // What was typed before this script had loaded is kept.
  if (draft) field.value ||= draft.storage.getItem(draft.key) ?? "";
  refresh();
  return { field, refresh, focus: () => field.focus() };
}
