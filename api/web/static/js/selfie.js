/** The selfie between the button and the server: in this browser's own database, so that a dead network, a reload or a crash
loses nothing. It stays a day at most, belongs to one student, and goes as soon as the server has it. */

const NAME = "campus-id-photo";
const STORE = "selfie";
const LIFE_MS = 24 * 3600 * 1000;
let seen = null;

/** Keep `{file, key, target}` for a student until it is sent. Where the browser refuses, it lives as long as the page. */
export async function keep(owner, selfie) {
  seen = { ...selfie, owner, at: Date.now() };
  await inside("readwrite", (box) => box.put(seen, STORE));
}

/** What this student has not sent yet, or null. */
export async function unsent(owner) {
  const found = (await inside("readonly", (box) => box.get(STORE))) ?? (seen?.sent ? null : seen);
  if (!found) return null;
  if (found.owner === owner && Date.now() - found.at < LIFE_MS) { seen = found; return found; }
  await forget();
  return null;
}

/** The server has it: nothing of it stays in the browser's database; the page may still show it beside the verdict. */
export async function sent() {
  if (seen) seen.sent = true;
  await inside("readwrite", (box) => box.delete(STORE));
}

/** The picture last used in this page, to be looked at beside what is said about it. */
export const lastPicture = () => seen?.file ?? null;

export async function forget() {
  seen = null;
  await inside("readwrite", (box) => box.delete(STORE));
}

async function inside(mode, work) {
  try {
    const database = await settled(opened());
    try {
      return await settled(work(database.transaction(STORE, mode).objectStore(STORE)));
    } finally {
      database.close();
    }
  } catch {
    return undefined; /* private windows may refuse; the page then works without it */
  }
}

function opened() {
  const request = indexedDB.open(NAME, 1);
  request.onupgradeneeded = () => request.result.createObjectStore(STORE);
  return request;
}

const settled = (request) => new Promise((resolve, reject) => {
  request.onsuccess = () => resolve(request.result);
  request.onerror = () => reject(request.error);
});
