/** The phone's camera in the page. What is shown may be mirrored like a mirror; the file never is. */

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

async function start(video, facing) {
  const stream = await navigator.mediaDevices.getUserMedia({ audio: false, video: { facingMode: facing, ...WANTED } });
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
