/** The selfie between shutter and server: moved out of the reach of WeChat's cleaning, small enough, thrown away after. */

const MAX_BYTES = 10 * 1000 * 1000;

/** Keep a temporary picture in our own folder, so that a restart can still send it. Resolves to its path. */
function keep(tempPath) {
  return new Promise((resolve) => {
    const files = wx.getFileSystemManager();
    files.saveFile({ tempFilePath: tempPath, success: ({ savedFilePath }) => resolve(savedFilePath), fail: () => resolve(tempPath) });
  });
}

/** Resolves to whether the file is still there. */
function exists(path) {
  return new Promise((resolve) => {
    wx.getFileSystemManager().access({ path, success: () => resolve(true), fail: () => resolve(false) });
  });
}

/** Resolves to the size in bytes, 0 where it cannot be told. */
function sizeOf(path) {
  return new Promise((resolve) => {
    wx.getFileSystemManager().getFileInfo({ filePath: path, success: ({ size }) => resolve(size), fail: () => resolve(0) });
  });
}

/** The server takes 10 MB at most; a larger picture is encoded once more. Resolves to a path, or null if it stays too large. */
async function fit(path, size) {
  if (size <= MAX_BYTES) return path;
  const smaller = await compress(path);
  return smaller && (await sizeOf(smaller)) <= MAX_BYTES ? smaller : null;
}

function compress(path) {
  return new Promise((resolve) => {
    if (!wx.compressImage) return resolve(null);
    return wx.compressImage({ src: path, quality: 92, success: ({ tempFilePath }) => resolve(tempFilePath), fail: () => resolve(null) });
  });
}

module.exports = { keep, exists, fit };
