// Decides how two browsers meet for a look through a camera: each describes itself once, with all its addresses.

const GATHERING = 3000; // the addresses found by then will do
const BREATH = 8000; // a connection may stumble for so long

/** A connection that says `onLost` once when the picture is gone for good. */
export function connection(servers, { onLost }) {
  const link = new RTCPeerConnection({ iceServers: servers.map(known) });
  let stumbling = 0;
  link.addEventListener("connectionstatechange", () => {
    clearTimeout(stumbling);
    if (link.connectionState === "failed") onLost();
    if (link.connectionState === "disconnected") stumbling = setTimeout(onLost, BREATH);
  });
  return link;
}

/** The description of this side, complete: there is no second message about addresses. */
export async function described(link, made) {
  await link.setLocalDescription(made);
  if (link.iceGatheringState !== "complete") {
    await new Promise((resolve) => {
      const timer = setTimeout(resolve, GATHERING);
      link.addEventListener("icegatheringstatechange", () => {
        if (link.iceGatheringState !== "complete") return;
        clearTimeout(timer);
        resolve();
      });
    });
  }
  return link.localDescription.sdp;
}

function known({ urls, username, credential }) {
  return username ? { urls, username, credential } : { urls };
}
