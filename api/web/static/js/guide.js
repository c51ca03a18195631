/** The live guide beside the camera: now and then a small frame becomes five numbers, and the numbers one sentence.

Nothing is stored and nobody is recognised. On a phone the way it is held is heard too, where the browser tells it. What
a frame tells and what is said of it (`frame.js`, `hints.js`) are the mini-program's own; a test holds them together. */

import { readFrame } from "./frame.js";
import { hint, readTilt } from "./hints.js";

const EVERY_MS = 400;
const FRAME = { width: 120, height: 160 };

/** Begin to guide; `tell` is called with each new `{ok, text}`. The signal ends it. */
export function guide(video, tell, signal) {
  const canvas = Object.assign(document.createElement("canvas"), FRAME);
  const context = canvas.getContext("2d", { willReadFrequently: true });
  const seen = { tilt: null, text: "" };
  const look = () => {
    if (video.readyState < 2) return;
    const next = hint({ tilt: seen.tilt, frame: readFrame(middle(video, context)) });
    if (next.text !== seen.text) tell(next);
    seen.text = next.text;
  };
  const timer = setInterval(look, EVERY_MS);
  signal.addEventListener("abort", () => clearInterval(timer), { once: true });
  if (matchMedia("(pointer: coarse)").matches) window.addEventListener("devicemotion", (event) => { seen.tilt = tiltOf(event.accelerationIncludingGravity); }, { signal });
}

/** The upright middle of the camera's picture, small. */
function middle(video, context) {
  const { videoWidth: width, videoHeight: height } = video;
  const part = Math.min(width, height * 0.75);
  context.drawImage(video, (width - part) / 2, (height - part / 0.75) / 2, part, part / 0.75, 0, 0, FRAME.width, FRAME.height);
  return context.getImageData(0, 0, FRAME.width, FRAME.height);
}

/** How the phone is held: degrees off level and off upright; null where it is not told or the screen lies across. */
function tiltOf(gravity) {
  return gravity?.x == null || !screen.orientation?.type.startsWith("portrait") ? null : readTilt(gravity);
}
