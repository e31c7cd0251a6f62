// Pictures of networks as pixels of the screen, and as files.

const GAP = 2; // white pixels between tiles, as in plots.grid

const toByte = (x) => Math.min(255, Math.max(0, Math.round((x + 1) * 127.5)));

// One picture (height, width, channels) in [-1, 1]; 1, 3 or 4 channels.
export function toImageData(picture, [height, width, channels]) {
  const data = new ImageData(width, height);
  for (let i = 0; i < height * width; i++) {
    for (let c = 0; c < 3; c++) data.data[4 * i + c] = toByte(picture[i * channels + (channels > 2 ? c : 0)]);
    data.data[4 * i + 3] = channels === 4 ? toByte(picture[i * channels + 3]) : 255;
  }
  return data;
}

// Paints a picture on a canvas, pixel for pixel; the style sheet enlarges it.
export function paint(canvas, picture, shape) {
  [canvas.height, canvas.width] = shape;
  canvas.getContext("2d").putImageData(toImageData(picture, shape), 0, 0);
}

// A canvas with copies of others in rows of `columns`.
export function tiled(canvases, columns) {
  const { width, height } = canvases[0];
  const sheet = document.createElement("canvas");
  sheet.width = columns * (width + GAP) + GAP;
  sheet.height = Math.ceil(canvases.length / columns) * (height + GAP) + GAP;
  const context = sheet.getContext("2d");
  context.fillStyle = "#fff";
  context.fillRect(0, 0, sheet.width, sheet.height);
  canvases.forEach((canvas, i) => {
    const [x, y] = [GAP + (i % columns) * (width + GAP), GAP + Math.floor(i / columns) * (height + GAP)];
    context.clearRect(x, y, width, height);
    context.drawImage(canvas, x, y);
  });
  return sheet;
}

export function download(canvas, name) {
  canvas.toBlob((blob) => {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(blob);
    link.download = name;
    link.click();
    URL.revokeObjectURL(link.href);
  }, "image/png");
}
