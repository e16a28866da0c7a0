// Decides which key does what in the console. By place on the keyboard, not by letter: ⌥ changes letters.

const ALT = {
  KeyJ: "next", KeyK: "previous", KeyN: "claimNext", KeyC: "claimThis", KeyE: "resolve",
  KeyP: "note", KeyL: "reply", KeyT: "transfer", KeyR: "release", KeyB: "returnToBot",
  KeyO: "card", KeyA: "suggest", KeyQ: "readyReplies", KeyG: "give", KeyU: "overdue", KeyW: "consult", Digit1: "waiting", Digit2: "mine",
};

export function listen(actions) {
  document.addEventListener("keydown", (event) => {
    if (event.isComposing || document.querySelector("dialog[open]")) return;
    const name = nameOf(event);
    if (!name || !actions[name]) return;
    event.preventDefault();
    actions[name]();
  });
}

function nameOf(event) {
  if (event.altKey && !event.shiftKey) {
    const name = ALT[event.code];
    if (!event.ctrlKey && !event.metaKey) return name;
    return event.code === "KeyE" ? "resolveAndNext" : null;
  }
  const isWriting = event.target.closest("input, textarea, select, [contenteditable]");
  if (event.key === "?" && !isWriting) return "help";
  return event.key === "Escape" ? "escape" : null;
}
