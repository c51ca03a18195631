/** One sentence at a time for the student in front of the camera: the most important thing that is not right yet. */

const ROLL_DEG = 5;
const PITCH_DEG = 18;
const DARK = 60;
const BRIGHT = 225;
const BACKLIT = 70;
const UNEVEN = 45;
const FAR = 0.26;
const NEAR = 0.56;

/** How the phone is held, from its accelerometer (in g): degrees off level, degrees off upright.

Amounts only: which way is positive differs between makers, and the words do not need it. */
function readTilt({ x, y, z }) {
  const degrees = (radians) => (radians * 180) / Math.PI;
  return { roll: degrees(Math.atan2(Math.abs(x), Math.abs(y))), pitch: degrees(Math.atan2(Math.abs(z), Math.hypot(x, y))) };
}

/** What to say, and whether all is well. Either reading may be missing: then nothing is said about it. */
function hint({ tilt, frame }) {
  const wrong = (tilt && tiltFault(tilt)) || (frame && (lightFault(frame) || distanceFault(frame)));
  if (wrong) return { ok: false, text: wrong };
  if (frame && frame.headWidth !== null) return { ok: true, text: "位置合适，保持不动，按下拍照" };
  return { ok: true, text: "把头和双肩放进轮廓，眼睛看镜头" };
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

module.exports = { readTilt, hint };
