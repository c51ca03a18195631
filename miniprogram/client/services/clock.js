/** The server's time: windows close by its clock, and phones may be set wrong. */

let offsetMs = 0;

/** Learn from the Date header of an answer; whole seconds, the way there and back ignored. */
function learn(date) {
  const told = Date.parse(date);
  if (!Number.isNaN(told)) offsetMs = told - Date.now();
}

/** Milliseconds since 1970 as the server counts them. */
const now = () => Date.now() + offsetMs;

module.exports = { learn, now };
