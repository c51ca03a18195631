/** A picture file on its way to the server. What the server takes is sent as it is, byte for byte: its date, its colours and
its pixels are evidence. Only a file above the server's limit is made smaller, never below 12 megapixels' long edge, and
with the EXIF block of the original (its date above all) carried over, turned upright. */

const LONG_EDGES = [4032, 3024];
const QUALITIES = [0.92, 0.85];
const ORIENTATION = 0x0112;

/** The file itself where it is small enough; a smaller copy where one can be made; null where none can. */
export async function fitting(file, most) {
  if (file.size <= most) return file;
  const bitmap = await createImageBitmap(file, { imageOrientation: "from-image" }).catch(() => null);
  if (!bitmap) return null;
  try {
    return await smaller(bitmap, most, await exifOf(file));
  } finally {
    bitmap.close();
  }
}

async function smaller(bitmap, most, exif) {
  for (const edge of LONG_EDGES) {
    const scale = Math.min(1, edge / Math.max(bitmap.width, bitmap.height));
    for (const quality of QUALITIES) {
      const blob = await encoded(bitmap, scale, quality);
      if (blob && blob.size + (exif?.length ?? 0) <= most) return exif ? withExif(blob, exif) : blob;
    }
  }
  return null;
}

function encoded(bitmap, scale, quality) {
  const canvas = document.createElement("canvas");
  canvas.width = Math.round(bitmap.width * scale);
  canvas.height = Math.round(bitmap.height * scale);
  const context = canvas.getContext("2d");
  context.imageSmoothingQuality = "high";
  context.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
  return new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", quality));
}

const withExif = (blob, exif) => new Blob([blob.slice(0, 2), exif, blob.slice(2)], { type: "image/jpeg" });

/** The original's APP1 segment, its orientation set to upright because the pixels are turned; null where there is none. */
async function exifOf(file) {
  const bytes = new Uint8Array(await file.slice(0, 256 * 1024).arrayBuffer());
  for (let at = 2; bytes[0] === 0xff && bytes[1] === 0xd8 && at + 10 < bytes.length && bytes[at] === 0xff && bytes[at + 1] !== 0xda;) {
    const length = 2 + bytes[at + 2] * 256 + bytes[at + 3];
    const name = String.fromCharCode(...bytes.subarray(at + 4, at + 8));
    if (bytes[at + 1] === 0xe1 && name === "Exif" && at + length <= bytes.length) return upright(bytes.slice(at, at + length));
    at += length;
  }
  return null;
}

function upright(segment) {
  const view = new DataView(segment.buffer, 10);
  const little = view.getUint16(0) === 0x4949;
  const directory = view.getUint32(4, little);
  if (directory + 2 > view.byteLength) return null;
  for (let index = 0; index < view.getUint16(directory, little); index += 1) {
    const entry = directory + 2 + index * 12;
    if (entry + 12 > view.byteLength) return null;
    if (view.getUint16(entry, little) === ORIENTATION) view.setUint16(entry + 8, 1, little);
  }
  return segment;
}
