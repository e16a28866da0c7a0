// Fetches the words of what is not needed at first, where the page left them out.

import { learn } from "./words.js";

const address = document.getElementById("words")?.dataset.more;
if (address) {
  try {
    learn(await (await fetch(address)).json());
  } catch {
    // English is better than nothing at all.
  }
}
