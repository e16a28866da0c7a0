// Decides how an agent asks to be shown something, sees it, and stops looking.

import { t } from "./words.js";
import { announce } from "./desk_dom.js";
import { call, post, put } from "./desk_api.js";
import { connection, described } from "./looking.js";

const byId = (id) => document.getElementById(id);

// `context()` gives {id, version, name} of the open thread.
export class Camera {
  #look = null; // {id, conversation, name, link}

  constructor({ context }) {
    this.context = context;
    byId("camera-ask").addEventListener("click", () => this.#ask());
    byId("camera-end").addEventListener("click", () => this.#end("done"));
    addEventListener("pagehide", () => this.#look?.link?.close());
  }

  /** What a status frame tells of any conversation we follow. */
  hear({ conversation_id: conversation, handoff }) {
    if (!this.#look || this.#look.conversation !== conversation) return;
    const told = handoff?.camera;
    if (told?.id !== this.#look.id) this.#close(t("The camera is not shown any more."));
    else if (told.offer && !told.answer && !this.#look.link) this.#see(told);
  }

  async #ask() {
    const { id, version, name } = this.context();
    if (this.#look) await this.#end("done");
    try {
      const made = await post(`conversations/${id}/camera`, { assignment_version: version });
      this.#look = { id: made.id, conversation: id, name, link: null };
      this.#say(t("Waiting for the shopper to agree…"), t("Take the request back"));
    } catch (error) {
      if (error.status === undefined) throw error;
      announce(error.message, { kind: "error" });
    }
  }

  async #see({ offer, ice_servers: servers }) {
    const look = this.#look;
    look.link = connection(servers, { onLost: () => this.#end("broken") });
    this.#say(t("Connecting…"), t("Stop looking"));
    look.link.addEventListener("track", ({ streams }) => {
      const video = byId("camera-video");
      [video.srcObject] = streams;
      video.hidden = false;
      this.#say(t("What %(name)s shows you now. Nothing is recorded.", look), t("Stop looking"));
    });
    try {
      await look.link.setRemoteDescription({ type: "offer", sdp: offer });
      const sdp = await described(look.link, await look.link.createAnswer());
      await put(`conversations/${look.conversation}/camera/${look.id}/answer`, { sdp });
    } catch (error) {
      this.#end("broken");
      if (error.status !== undefined) announce(error.message, { kind: "error" });
    }
  }

  async #end(why) {
    const look = this.#look;
    this.#close();
    if (!look) return;
    try {
      await call("DELETE", `conversations/${look.conversation}/camera/${look.id}?why=${why}`);
    } catch (error) {
      if (error.status === undefined) throw error; // over on this side all the same
    }
  }

  #close(words = "") {
    this.#look?.link?.close();
    this.#look = null;
    const video = byId("camera-video");
    video.srcObject = null;
    video.hidden = true;
    byId("camera-panel").hidden = true;
    if (words) announce(words);
  }

  #say(words, stop) {
    byId("camera-panel").hidden = false;
    byId("camera-says").textContent = words;
    byId("camera-end").textContent = stop;
  }
}
