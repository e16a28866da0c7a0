// Decides which photos go with the next message: chosen, dropped or pasted, seen before they leave.

import "./more-words.js";
import "./photo-style.js";
import { element, picture } from "./message-view.js";
import { shrunk } from "./photo-upload.js";
import { t } from "./words.js";

const KINDS = /^(image|video)\//;

/**
 * Let photos be added to a form: by `[data-photo-button]`, by dropping on `target`, by pasting.
 * `onChange()` hears of every change, `onTrouble(words)` of what cannot be taken.
 */
export class PhotoTray {
  #photos = [];

  constructor(form, { target = form, most = 5, onChange = () => {}, onTrouble = () => {} }) {
    Object.assign(this, { form, most, onChange, onTrouble });
    this.input = form.querySelector("[data-photo-input]");
    this.list = form.querySelector("[data-photo-tray]");
    const button = form.querySelector("[data-photo-button]");
    button.addEventListener("click", () => this.input.click());
    this.input.addEventListener("change", () => {
      this.add(this.input.files);
      this.input.value = "";
    });
    form.addEventListener("paste", (event) => {
      const files = [...event.clipboardData?.files ?? []].filter((file) => KINDS.test(file.type));
      if (!files.length) return;
      event.preventDefault();
      this.add(files);
    });
    this.#listenForDrops(target);
  }

  get count() { return this.#photos.length; }
  get isOff() { return this.form.hidden || this.input.disabled; }

  async add(files) {
    for (const file of files) {
      if (!KINDS.test(file.type)) {
        this.onTrouble(t("Only pictures and videos can be sent here."));
      } else if (this.count >= this.most) {
        this.onTrouble(t("At most %(n)s photos in one message.", { n: this.most }));
        break;
      } else {
        this.#show(file);
      }
    }
    this.onChange();
    await Promise.all(this.#photos.map((photo) => photo.ready));
  }

  /** Everything in the tray, which is empty afterwards. */
  async take() {
    const photos = this.#photos;
    this.#photos = [];
    this.#draw();
    const blobs = await Promise.all(photos.map((photo) => photo.ready));
    return {
      blobs,
      alts: photos.map((photo) => photo.alt),
      /** put them back: nothing was sent */
      restore: () => { this.#photos = [...photos, ...this.#photos]; this.#draw(); },
    };
  }

  clear() {
    this.#photos = [];
    this.#draw();
  }

  #show(file) {
    this.#photos.push({ source: URL.createObjectURL(file), isFilm: file.type.startsWith("video/"), alt: "", name: file.name, ready: shrunk(file) });
    this.#draw();
  }

  #draw() {
    this.list.hidden = !this.count;
    this.list.replaceChildren(...this.#photos.map((photo, index) => {
      const words = element("input", {
        type: "text", maxlength: "300", class: "photo-alt",
        placeholder: t("Describe the photo (optional)"), "aria-label": t("Describe the photo (optional)"),
      });
      words.value = photo.alt;
      words.addEventListener("input", () => { photo.alt = words.value; });
      // Enter here is no wish to send before the words are done.
      words.addEventListener("keydown", (event) => { if (event.key === "Enter") event.preventDefault(); });
      const remove = element("button", { type: "button", class: "photo-remove", "aria-label": `${t("Remove this photo")} ${index + 1}` }, picture("x-lg"));
      remove.addEventListener("click", () => {
        this.#photos = this.#photos.filter((other) => other !== photo);
        URL.revokeObjectURL(photo.source);
        this.#draw();
        (this.list.querySelector(".photo-remove") ?? this.form.querySelector("textarea")).focus();
      });
      return element("li", {}, shown(photo), remove, words);
    }));
    this.onChange();
  }

  #listenForDrops(target) {
    let depth = 0;
    const hasFiles = (event) => !this.isOff && [...event.dataTransfer?.types ?? []].includes("Files");
    const mark = (by) => {
      depth = Math.max(0, depth + by);
      target.toggleAttribute("data-dropping", depth > 0);
    };
    target.addEventListener("dragenter", (event) => { if (hasFiles(event)) mark(1); });
    target.addEventListener("dragleave", () => mark(-1));
    target.addEventListener("dragover", (event) => { if (hasFiles(event)) event.preventDefault(); });
    target.addEventListener("drop", (event) => {
      if (!hasFiles(event)) return;
      event.preventDefault();
      depth = 0;
      mark(0);
      this.add(event.dataTransfer.files);
    });
  }
}

function shown({ source, alt, isFilm }) {
  if (!isFilm) return element("img", { src: source, alt });
  const film = element("video", { src: source, controls: "", preload: "metadata", "aria-label": alt || t("Video") });
  film.muted = true;
  return film;
}
