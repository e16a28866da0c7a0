// Decides what the demo shop's own buttons do: open the chat, copy an order number.

import { t } from "./words.js";

for (const button of document.querySelectorAll("[data-open-chat]")) {
  button.addEventListener("click", () => window.warmline("open"));
}

for (const button of document.querySelectorAll("[data-copy]")) {
  button.addEventListener("click", async () => {
    const number = button.dataset.copy;
    const isCopied = await navigator.clipboard?.writeText(number).then(() => true, () => false);
    button.classList.toggle("done", Boolean(isCopied));
    document.getElementById("copied").textContent = isCopied
      ? t("Copied: %(number)s", { number })
      : t("Please copy it by hand: %(number)s", { number });
  });
}
