/** One function a route. */

const { call, callOpen, download, upload } = require("./request");

const safe = encodeURIComponent;

const listSpecs = async () => (await callOpen("GET", "/v1/specs")).specs;
const getSpec = (id) => callOpen("GET", `/v1/specs/${safe(id)}`);

const listCampaigns = async () => (await call("GET", "/v1/campaigns")).campaigns;
const getCampaign = (id) => call("GET", `/v1/campaigns/${safe(id)}`);

const listConsents = async () => (await call("GET", "/v1/consents")).consents;
/** A guardian's text takes the guardian's name and relation, the others none. */
const giveConsent = (id, guardian) => call("POST", "/v1/consents", { data: guardian ? { id, guardian } : { id } });
const withdrawConsent = (id) => call("DELETE", `/v1/consents/${safe(id)}`);

const bindIdentity = ({ campaign, name, idNumber }) =>
  call("POST", "/v1/me/identity", { data: { campaign, name, id_number: idNumber } });
const exportMe = () => call("GET", "/v1/me/export");
const eraseMe = () => call("POST", "/v1/me/erase");

/** `target` is `{kind: "spec" | "campaign", id}`. The key makes it safe to send the same selfie again. */
const submitSelfie = ({ target, filePath, key, onProgress, hold }) =>
  upload("/v1/photos", {
    filePath,
    name: "selfie",
    fields: { [target.kind]: target.id },
    header: { "Idempotency-Key": key },
    onProgress,
    hold,
  });
const readPhoto = (id) => call("GET", `/v1/photos/${safe(id)}`);
const fetchImage = (id, filePath) => download(`/v1/photos/${safe(id)}/image`, filePath);
const deletePhoto = (id) => call("DELETE", `/v1/photos/${safe(id)}`);

const listSubmissions = async () => (await call("GET", "/v1/submissions")).submissions;
const confirm = ({ photo, campaign, profile }) => call("POST", "/v1/submissions", { data: { photo, campaign, profile } });

const readDraft = (campaign) => call("GET", `/v1/campaigns/${safe(campaign)}/draft`);
const saveDraft = (campaign, profile) => call("PUT", `/v1/campaigns/${safe(campaign)}/draft`, { data: { profile } });
const listRecordErrors = async (campaign) => (await call("GET", `/v1/campaigns/${safe(campaign)}/record-errors`)).record_errors;
const reportRecordError = (campaign, { about, message }) => call("POST", `/v1/campaigns/${safe(campaign)}/record-errors`, { data: { about, message } });

const listNotices = async () => (await call("GET", "/v1/me/notices")).notices;
const agreeToNotices = (accepted) => call("POST", "/v1/me/notices", { data: { accepted } });
const readPhone = async (code) => (await call("POST", "/v1/me/phone", { data: { code } })).phone_number;

const findDevice = (code) => call("POST", "/v1/auth/device/code", { data: { user_code: code } });
/** `answer` is `approve` or `deny`. */
const answerDevice = (code, answer) => call("POST", "/v1/auth/device/answer", { data: { user_code: code, answer } });

module.exports = {
  listSpecs, getSpec, listCampaigns, getCampaign, listConsents, giveConsent, withdrawConsent, bindIdentity, exportMe, eraseMe,
  submitSelfie, readPhoto, fetchImage, deletePhoto, listSubmissions, confirm,
  readDraft, saveDraft, listRecordErrors, reportRecordError, listNotices, agreeToNotices, readPhone, findDevice, answerDevice,
};
