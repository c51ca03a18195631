/** Where the student stands between choosing a purpose and the review: a small state machine, kept over restarts. */

const storage = require("./storage");

const DRAFT_LIFE_MS = 24 * 3600 * 1000;

/** step: { event: next step }. `choose` and `leave` are possible everywhere. */
const MOVES = {
  idle: {},
  chosen: { need_identity: "identity", need_photo: "capture" },
  identity: { identified: "capture" },
  capture: { taken: "sending", need_identity: "identity" },
  sending: { sent: "waiting", retake: "capture", need_identity: "identity" },
  waiting: { decided: "result", retake: "capture" },
  result: { retake: "capture", confirm: "profile", again: "waiting" },
  profile: { submitted: "idle", retake: "capture", back: "result" },
};

const PAGES = {
  idle: "/pages/home/home",
  chosen: "/pages/campaign/campaign",
  identity: "/pages/identity/identity",
  capture: "/pages/capture/capture",
  sending: "/pages/progress/progress",
  waiting: "/pages/progress/progress",
  result: "/pages/result/result",
  profile: "/pages/profile/profile",
};

const NOTHING = { step: "idle", target: null, selfie: null, photo: null };

/** What each step may still know; everything else is dropped on the way. */
const KNOWS = {
  idle: [],
  chosen: ["target"],
  identity: ["target"],
  capture: ["target"],
  sending: ["target", "selfie"],
  waiting: ["target", "photo"],
  result: ["target", "photo"],
  profile: ["target", "photo"],
};

/** The state after an event. Raises where the event has no place in the step. */
function advance(state, event, patch = {}) {
  const anywhere = { choose: "chosen", leave: "idle" };
  const step = anywhere[event] || MOVES[state.step][event];
  if (!step) throw new Error(`nothing called ${event} happens in ${state.step}`);
  const all = { ...state, ...patch };
  const known = KNOWS[step].map((name) => [name, all[name]]);
  return { ...NOTHING, ...Object.fromEntries(known), step };
}

const state = () => storage.read("flow") || NOTHING;

/** Let something happen and give back the page it leads to. A selfie that nothing needs any more leaves the phone. */
function happen(event, patch) {
  const before = state();
  const next = advance(before, event, patch);
  storage.write("flow", next);
  if (before.selfie && !next.selfie) storage.discard(before.selfie.path);
  return PAGES[next.step];
}

/** The page of the present step. */
const page = () => PAGES[state().step];

/** Whether the student may be on a page of one of these steps; a stale link or a double tap may not. */
const isAt = (...steps) => steps.includes(state().step);

/** Unfinished work that the home page offers to go on with. */
const isUnderWay = () => isAt("sending", "waiting", "result", "profile");

const drafts = () => storage.read("drafts") || {};

/** Throw away what was typed longer than a day ago: a guardian's ID number may be in it. */
function forgetOldDrafts() {
  const fresh = Object.entries(drafts()).filter(([, { at }]) => Date.now() - at < DRAFT_LIFE_MS);
  storage.write("drafts", Object.fromEntries(fresh));
}

/** What was typed into a campaign's form within the last day. */
function draft(campaign) {
  forgetOldDrafts();
  const kept = drafts()[campaign];
  return kept ? kept.value : null;
}

function saveDraft(campaign, value) {
  storage.write("drafts", { ...drafts(), [campaign]: { value, at: Date.now() } });
}

function dropDraft(campaign) {
  const { [campaign]: gone, ...rest } = drafts();
  storage.write("drafts", rest);
}

/** Forget everything, drafts too. */
function clear() {
  storage.remove("flow");
  storage.remove("drafts");
}

module.exports = { MOVES, PAGES, advance, happen, state, page, isAt, isUnderWay, draft, saveDraft, dropDraft, forgetOldDrafts, clear };
