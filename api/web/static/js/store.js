/** What survives a reload of this tab, and nothing longer: the session, where the student is, unfinished work. */

const KEY = "campus-id-photo";

function load() {
  try {
    return JSON.parse(sessionStorage.getItem(KEY)) ?? {};
  } catch {
    return {};
  }
}

let state = load();

function keep(patch) {
  state = { ...state, ...patch };
  try {
    sessionStorage.setItem(KEY, JSON.stringify(state));
  } catch { /* private windows may refuse storage; the page then works without resuming */ }
}

export const store = {
  session: () => state.session,
  signIn: (session) => keep({ session }),
  signOut: () => { state = {}; sessionStorage.removeItem(KEY); },
  /** Everything but the session: step, target, photo, drafts. */
  get: (name) => state[name],
  set: (patch) => keep(patch),
  /** What was typed into a campaign's form and has not reached the server yet. */
  draft: (campaign) => state.drafts?.[campaign],
  saveDraft: (campaign, value) => keep({ drafts: { ...state.drafts, [campaign]: value } }),
  dropDraft: (campaign) => keep({ drafts: { ...state.drafts, [campaign]: undefined } }),
};
