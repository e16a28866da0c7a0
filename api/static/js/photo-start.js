// Decides when the tray for photos is fetched: with the first photo that somebody wants to send.

const hasFiles = (data) => [...data?.items ?? []].some((item) => item.kind === "file");

/** A tray that is fetched when it is needed; until then it is empty. */
export function lateTray(form, options) {
  let tray = null;
  let coming = null;
  const fetched = () => coming ??= import("./photo-tray.js")
    .then(({ PhotoTray }) => { tray = new PhotoTray(form, options); return tray; });
  const button = form.querySelector("[data-photo-button]");
  const target = options.target ?? form;
  button.addEventListener("click", async () => {
    if (!tray) (await fetched()).input.click();
  });
  form.addEventListener("paste", (event) => {
    if (tray || !hasFiles(event.clipboardData)) return;
    const files = [...event.clipboardData.files];
    event.preventDefault();
    fetched().then((made) => made.add(files));
  });
  target.addEventListener("dragover", (event) => {
    if (tray || !hasFiles(event.dataTransfer)) return;
    event.preventDefault();
    fetched();
  });
  target.addEventListener("drop", (event) => {
    if (tray || !hasFiles(event.dataTransfer)) return;
    const files = [...event.dataTransfer.files];
    event.preventDefault();
    fetched().then((made) => made.add(files));
  });
  return {
    get count() { return tray?.count ?? 0; },
    take: async () => (await fetched()).take(),
    clear: () => tray?.clear(),
  };
}
