/** The phone's or the PC's camera in the page. What is shown may be mirrored like a mirror; the file never is. */

const SLOW = new Set(["AbortError", "NotReadableError"]);
const WANTED = { width: { ideal: 1920 }, height: { ideal: 1440 } };

/** Whether this browser can show a camera at all (it needs https or the own machine). */
export const available = () => Boolean(navigator.mediaDevices?.getUserMedia);

/** Open the camera on a video element. Gives `take`, `flip` and `stop`; throws where the student says no. */
export async function open(video, signal) {
  let facing = "user";
  let stream = await start(video, facing);
  const stop = () => stream.getTracks().forEach((track) => track.stop());
  signal.addEventListener("abort", stop, { once: true });
  if (signal.aborted) stop();
  return {
    take: () => take(video),
    stop,
    flip: async () => {
      stop();
      facing = facing === "user" ? "environment" : "user";
      stream = await start(video, facing);
      return facing;
    },
  };
}

/** More than one camera to switch between? Known only once the student has allowed one. */
export async function several() {
  const devices = await navigator.mediaDevices.enumerateDevices();
  return devices.filter(({ kind }) => kind === "videoinput").length > 1;
}

/** Why the camera did not open, and what helps, for this very browser. */
export function refusal(fault) {
  if (fault.name === "NotAllowedError") return ["还没有允许使用相机", `${howToAllow(navigator.userAgent)}也可以改为从相册选择。`];
  if (fault.name === "NotFoundError") return ["没有找到相机", "请接上相机再试，或改为从相册选择。"];
  return ["没能打开相机", "相机可能正被其他程序使用。请关闭后再试，或改为从相册选择。"];
}

function howToAllow(agent) {
  if (/MicroMessenger/.test(agent)) return "请在手机的“设置 › 应用 › 微信 › 权限”里打开“相机”，再回来重试。";
  if (/iPhone|iPad/.test(agent)) return "请在“设置 › Safari 浏览器（或您用的浏览器）› 相机”里选“允许”，再刷新本页。";
  if (/Android/.test(agent)) return "请点地址栏左边的图标，打开“权限 › 相机”，再刷新本页。";
  return "请点地址栏左边（或右边）的相机图标，选“始终允许”，再刷新本页。";
}

async function start(video, facing) {
  const wish = { audio: false, video: { facingMode: facing, ...WANTED } };
  const stream = await navigator.mediaDevices.getUserMedia(wish).catch((fault) => {
    if (!SLOW.has(fault.name)) throw fault;
    return navigator.mediaDevices.getUserMedia(wish); /* a camera that was slow to wake is awake by now */
  });
  video.srcObject = stream;
  video.classList.toggle("mirror", facing === "user");
  await video.play();
  return stream;
}

/** Draw the frame as the sensor saw it, left where left is, in full resolution. */
function take(video) {
  const canvas = document.createElement("canvas");
  canvas.width = video.videoWidth;
  canvas.height = video.videoHeight;
  canvas.getContext("2d").drawImage(video, 0, 0);
  return new Promise((resolve, reject) => canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error("no picture"))), "image/jpeg", 0.95));
}
