/** One selfie on its way: sent, sent again with the same key when the network drops, then asked after until the verdict. */

const api = require("../services/api");
const { gap, uploadGap } = require("./pace");

const UNDECIDED = ["queued", "rendering"];

/** A journey that can be stopped. `tell` is called with `{stage, …}`; `pause(ms)` resolves later, and may be woken early. */
function startJourney({ tell, pause }) {
  const journey = { stopped: false, task: null };
  journey.stop = () => {
    journey.stopped = true;
    if (journey.task) journey.task.abort();
  };
  journey.send = (selfie, target) => send(journey, { selfie, target, tell, pause });
  journey.follow = (id) => follow(journey, { id, tell, pause });
  return journey;
}

/** Resolves to the photo the server took in, or null when the journey was stopped. Raises Problem when only the student can help. */
async function send(journey, { selfie, target, tell, pause }) {
  for (let failures = 0; !journey.stopped; ) {
    try {
      tell({ stage: "uploading", percent: 0 });
      return await once(journey, { selfie, target, tell });
    } catch (fault) {
      if (journey.stopped) return null;
      failures += 1;
      const wait = fault.passing ? uploadGap(failures, fault.retryAfter) : null;
      if (wait === null) throw fault;
      tell({ stage: "retrying", seconds: wait, why: fault.message });
      await pause(wait * 1000);
    }
  }
  return null;
}

async function once(journey, { selfie, target, tell }) {
  const photo = await api.submitSelfie({
    target,
    filePath: selfie.path,
    key: selfie.key,
    onProgress: (percent) => journey.stopped || tell({ stage: "uploading", percent }),
    hold: (task) => {
      journey.task = task;
    },
  });
  journey.task = null;
  return photo;
}

/** Ask until there is a verdict; resolves to the photo, or null when the journey was stopped. */
async function follow(journey, { id, tell, pause }) {
  const since = Date.now();
  for (let asked = 0; !journey.stopped; asked += 1) {
    const { photo, retryAfter } = await askOnce(id, tell);
    if (journey.stopped) return null;
    if (photo && !UNDECIDED.includes(photo.state)) return photo;
    const waited = (Date.now() - since) / 1000;
    if (photo) tell({ stage: photo.state, position: photo.position, estimate: photo.estimate_s, waited });
    await pause(gap(asked, waited, retryAfter) * 1000);
  }
  return null;
}

/** One question. What may pass is told and asked again; a photo that is gone is `erased`. */
async function askOnce(id, tell) {
  try {
    return { photo: await api.readPhoto(id), retryAfter: 0 };
  } catch (fault) {
    if (fault.code === "not_found") return { photo: { id, state: "erased" }, retryAfter: 0 };
    if (!fault.passing) throw fault;
    tell({ stage: "reconnecting" });
    return { photo: null, retryAfter: fault.retryAfter };
  }
}

module.exports = { startJourney };
