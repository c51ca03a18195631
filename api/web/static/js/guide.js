/** The live guide beside the camera: now and then a small frame becomes five numbers, and the numbers one sentence.

Nothing is stored and nobody is recognised. On a phone the way it is held is heard too, where the browser tells it. The
same rules as the mini-program's. */

import { readFrame } from "./frame.js";

const EVERY_MS = 400;
const FRAME = { width: 120, height: 160 };
const ROLL_DEG = 5;
const PITCH_DEG = 18;
const DARK = 60;
const BRIGHT = 225;
const BACKLIT = 70;
const UNEVEN = 45;
const FAR = 0.26;
const NEAR = 0.56;

/** Begin to guide; `tell` is called with each new `{ok, text}`. The signal ends it. */
export function guide(video, tell, signal) {
  const canvas = Object.assign(document.createElement("canvas"), FRAME);
  const context = canvas.getContext("2d", { willReadFrequently: true });
  const seen = { tilt: null, text: "" };
  const look = () => {
    if (video.readyState < 2) return;
    const next = hint(seen.tilt, readFrame(middle(video, context)));
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
  if (gravity?.x == null || !screen.orientation?.type.startsWith("portrait")) return null;
  const degrees = (radians) => (radians * 180) / Math.PI;
  const { x, y, z } = gravity;
  return { roll: degrees(Math.atan2(Math.abs(x), Math.abs(y))), pitch: degrees(Math.atan2(Math.abs(z), Math.hypot(x, y))) };
}

/** The most important thing that is not right yet, and whether all is well. */
function hint(tilt, frame) {
  const wrong = (tilt && tiltFault(tilt)) || lightFault(frame) || distanceFault(frame);
  return wrong ? { ok: false, text: wrong } : { ok: true, text: "位置合适，保持不动，按下拍照" };
}

function tiltFault({ roll, pitch }) {
  if (pitch > PITCH_DEG) return "请把手机竖直，与脸同高";
  return roll > ROLL_DEG ? "手机歪了，请端平" : "";
}

function lightFault({ luma, lean, wall }) {
  if (luma < DARK) return "太暗了，请到亮一点的地方";
  if (wall - luma > BACKLIT && luma < 110) return "逆光了，请面向光源";
  if (luma > BRIGHT) return "太亮了，请避开强光";
  return Math.abs(lean) > UNEVEN ? "两侧明暗不一，请正对光源" : "";
}

function distanceFault({ plain, headWidth }) {
  if (!plain) return "背景有些杂，请换到纯色墙前";
  if (headWidth < FAR) return "离得有点远，请靠近一些";
  return headWidth > NEAR ? "离得太近，请退后一些" : "";
}
