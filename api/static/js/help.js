// Decides how the help page searches while somebody types; the form does the same without it.

const AFTER = 250;
const form = document.getElementById("help-search");
const field = document.getElementById("help-q");
let waiting;
let asked = field.value.trim();

async function search() {
  const words = field.value.trim();
  if (words === asked) return;
  asked = words;
  const query = new URLSearchParams(new FormData(form));
  if (!words) query.delete("q");
  const address = `/help?${query}`;
  let page;
  try {
    const answer = await fetch(address, { headers: { Accept: "text/html" } });
    if (!answer.ok) return;
    // a document that was never shown runs nothing
    page = new DOMParser().parseFromString(await answer.text(), "text/html");
  } catch {
    return; // pressing Enter still works, or says what is wrong
  }
  const found = page.getElementById("help-results");
  // somebody typed on meanwhile
  if (!found || words !== field.value.trim()) return;
  document.getElementById("help-results").replaceWith(document.adoptNode(found));
  document.title = page.title;
  history.replaceState(null, "", address);
}

field.addEventListener("input", () => {
  clearTimeout(waiting);
  waiting = setTimeout(search, AFTER);
});
