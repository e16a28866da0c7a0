// Decides how a shopper is asked to show something, shows it, and stops; fetched when an agent asks.

import "./more-words.js";
import { connection, described } from "./looking.js";
import { element } from "./message-view.js";
import { call } from "./requests.js";
import { t } from "./words.js";

const href = new URL("../css/camera.css", import.meta.url).href;
document.head.append(Object.assign(document.createElement("link"), { rel: "stylesheet", href }));

let mine = null; // {id, link, stream}: what this window shows
let asked = null; // the id of the request on screen

/** Below the strip: the request, or what is shown; nothing once it is over. */
export function showCamera(shopper, look) {
  if (!look || (mine && mine.id !== look.id)) stop();
  if (!look) return put();
  if (mine) {
    if (look.answer && mine.link.signalingState === "have-local-offer") {
      mine.link.setRemoteDescription({ type: "answer", sdp: look.answer }).catch(() => end(shopper, "broken"));
    }
    return undefined;
  }
  // another window of theirs is showing it
  if (look.offer) return put();
  if (asked !== look.id) ask(shopper, look);
  return undefined;
}

function ask(shopper, look) {
  asked = look.id;
  const isPossible = window.isSecureContext && navigator.mediaDevices?.getUserMedia;
  const no = button(t("Not now"), "button quiet", () => end(shopper, isPossible ? "refused" : "insecure"));
  if (!isPossible) {
    return put(element("p", { text: t("Browsers allow a camera only on secure pages (https), and this page is not one. Please send a photo.") }), no);
  }
  const yes = button(t("Show my camera"), "button", () => { yes.disabled = true; show(shopper, look); });
  return put(
    element("p", { text: t("The agent would like to see it through your camera.") }),
    element("p", { class: "quiet", text: t("No sound, nothing is recorded, and you can stop at any time.") }),
    element("div", { class: "w-row" }, yes, no));
}

async function show(shopper, look) {
  let stream;
  try {
    stream = await navigator.mediaDevices.getUserMedia({ audio: false, video: { facingMode: "environment", width: { ideal: 1280 } } });
  } catch {
    put(element("p", { text: t("The camera could not be opened. You can send a photo instead.") }));
    return end(shopper, "no_camera", { keepsWords: true });
  }
  if (asked !== look.id) return stream.getTracks().forEach((track) => track.stop());
  const link = connection(look.ice_servers, { onLost: () => end(shopper, "broken") });
  mine = { id: look.id, link, stream };
  for (const track of stream.getTracks()) {
    link.addTrack(track, stream);
    track.addEventListener("ended", () => end(shopper, "done"));
  }
  const own = element("video", { autoplay: "", muted: "", playsinline: "" });
  own.muted = true;
  own.srcObject = stream;
  put(own, element("p", { class: "w-live", text: t("The agent sees what your camera shows now.") }),
    button(t("Stop showing"), "button", () => end(shopper, "done")));
  document.querySelector("#camera button").focus();
  try {
    await send(shopper, "PUT", `${look.id}/offer`, { sdp: await described(link, await link.createOffer()) });
  } catch (error) {
    if (error.status === undefined) throw error;
    end(shopper, "broken");
  }
  return undefined;
}

function stop() {
  mine?.stream.getTracks().forEach((track) => track.stop());
  mine?.link.close();
  mine = null;
}

/** Off at once on this side, whatever the desk says to it. */
async function end(shopper, why, { keepsWords = false } = {}) {
  const id = mine?.id ?? asked;
  stop();
  if (!keepsWords) put();
  if (!id) return;
  try {
    await send(shopper, "DELETE", `${id}?why=${why}`);
  } catch (error) {
    if (error.status === undefined) throw error;
  }
}

function send(shopper, method, path, body) {
  const { id, token } = shopper.conversation;
  return call(method, `/api/v1/conversations/${id}/camera/${path}`, { token, body });
}

function button(text, look, press) {
  const made = element("button", { type: "button", class: look, text });
  made.addEventListener("click", press);
  return made;
}

function put(...parts) {
  let panel = document.getElementById("camera");
  if (!parts.length) {
    panel?.remove();
    return;
  }
  if (!panel) {
    panel = element("section", { id: "camera", class: "w-camera", role: "status" });
    document.getElementById("strip").after(panel);
  }
  panel.replaceChildren(...parts);
}

addEventListener("pagehide", stop);
