/** One sentence at a time for the student in front of the camera: the most important thing that is not right yet. */

const ROLL_DEG = 5;
const PITCH_DEG = 18;
const DARK = 60;
const BRIGHT = 225;
const BACKLIT = 70;
const UNEVEN = 45;
const EMPTY = 0.06; /* a quarter of FAR: nothing that could be a head stands in the middle */
const FAR = 0.26;
const NEAR = 0.56;

/** How the phone is held, from its accelerometer (in g): degrees off level, degrees off upright.

Amounts only: which way is positive differs between makers, and the words do not need it. */
export function readTilt({ x, y, z }) {
  const degrees = (radians) => (radians * 180) / Math.PI;
  return { roll: degrees(Math.atan2(Math.abs(x), Math.abs(y))), pitch: degrees(Math.atan2(Math.abs(z), Math.hypot(x, y))) };
}

/** What to say, and whether nothing is known to be wrong. Either reading may be missing: then nothing is said about it.

No face is looked for here: something as wide as a head may be a chair. So light and wall are called right, and where
the head belongs is asked for, never confirmed. */
export function hint({ tilt, frame }) {
  const wrong = (tilt && tiltFault(tilt)) || (frame && (lightFault(frame) || distanceFault(frame)));
  if (wrong) return { ok: false, text: wrong };
  return { ok: true, text: frame ? "光线和背景合适，把头放进轮廓再拍" : "把头和双肩放进轮廓，看镜头再拍" };
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
  if (headWidth < EMPTY) return "请把头和双肩放进轮廓";
  if (headWidth < FAR) return "离得有点远，请靠近一些";
  return headWidth > NEAR ? "离得太近，请退后一些" : "";
}
