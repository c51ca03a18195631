/** How often to ask for a verdict: 1, 2, 3, then every 5 seconds; after a minute every 10. */

const STEPS_S = [1, 2, 3, 5];
const LONG_S = 60;

/** Seconds until the next question. `asked` counts the questions so far, `waited` the seconds since the first. */
function gap(asked, waited, retryAfter = 0) {
  const usual = waited >= LONG_S ? 10 : STEPS_S[Math.min(asked, STEPS_S.length - 1)];
  return Math.max(usual, retryAfter || 0);
}

/** Seconds until an upload is tried again, or null when it is time to ask the student. */
function uploadGap(failures, retryAfter = 0) {
  const gaps = [1, 2, 4, 8];
  return failures > gaps.length ? null : Math.max(gaps[failures - 1], retryAfter || 0);
}

module.exports = { gap, uploadGap };
