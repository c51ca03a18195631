/** The phone's files, in memory. */

const files = new Map();
let count = 0;

const urlOf = (path) => (files.has(path) ? URL.createObjectURL(files.get(path)) : path);

function keep(blob, path) {
  count += 1;
  const name = path || `wxfile://tmp_${count}.jpg`;
  files.set(name, blob);
  return name;
}

const manager = {
  saveFile: ({ tempFilePath, success }) => success({ savedFilePath: keep(files.get(tempFilePath), `wxfile://store_${tempFilePath.slice(9)}`) }),
  access: ({ path, success, fail }) => (files.has(path) ? success() : fail({ errMsg: "access:fail" })),
  unlink: ({ filePath, fail }) => files.delete(filePath) || (fail && fail({ errMsg: "unlink:fail" })),
  getFileInfo: ({ filePath, success }) => success({ size: files.get(filePath).size }),
  writeFile: ({ filePath, data, success }) => { keep(new Blob([data]), filePath); success(); },
};

module.exports = { files, keep, manager, urlOf };
