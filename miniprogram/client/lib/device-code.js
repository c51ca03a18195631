/** The code that a computer shows: eight letters without vowels, typed in any way, or inside the link of its QR code. */

const CODE = /^[BCDFGHJKLMNPQRSTVWXZ]{8}$/;

/** The eight letters, or an empty string where there are none. */
function codeIn(text) {
  const linked = /[?&]device=([A-Za-z-]+)/.exec(text);
  const letters = (linked ? linked[1] : text).replace(/[\s-]/g, "").toUpperCase();
  return CODE.test(letters) ? letters : "";
}

/** As the computer shows it. */
const shown = (code) => `${code.slice(0, 4)}-${code.slice(4)}`;

module.exports = { codeIn, shown };
