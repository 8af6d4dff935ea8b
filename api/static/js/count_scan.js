// Reads labels: by the camera, or from a photo where a browser gives no camera (without https).
(function () {
  "use strict";
  const FORMATS = ["qr_code", "code_128", "code_39", "data_matrix"];
  let detector = null;
  let stream = null;

  // The browser's own reader where it has one, else the one that is served with this page; nothing comes from elsewhere.
  async function reader(settings) {
    if (detector) return detector;
    if ("BarcodeDetector" in window) {
      const known = await window.BarcodeDetector.getSupportedFormats();
      if (known.includes("qr_code")) {
        detector = new window.BarcodeDetector({ formats: FORMATS.filter(function (one) { return known.includes(one); }) });
        return detector;
      }
    }
    const api = window.BarcodeDetectionAPI;
    api.prepareZXingModule({ overrides: { locateFile: function () { return settings.wasm; } }, fireImmediately: false });
    detector = new api.BarcodeDetector({ formats: FORMATS });
    return detector;
  }

  async function photo(file, settings) {
    const found = await (await reader(settings)).detect(await small(file));
    return found.map(function (one) { return one.rawValue; });
  }

  // Twelve million dots take a cheap phone seconds; a label needs a tenth of them.
  async function small(file) {
    const image = await createImageBitmap(file);
    const scale = Math.min(1, 1600 / Math.max(image.width, image.height));
    const canvas = document.createElement("canvas");
    canvas.width = Math.round(image.width * scale);
    canvas.height = Math.round(image.height * scale);
    canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
    return canvas;
  }

  function hasCamera() {
    return Boolean(navigator.mediaDevices && navigator.mediaDevices.getUserMedia);
  }

  // Calls `seen` with each text that comes into view; the same text again only after it was away for a while.
  async function start(video, settings, seen) {
    const eye = await reader(settings);
    stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" }, audio: false });
    const mine = stream;
    video.srcObject = stream;
    await video.play();
    let last = "";
    let away = 0;
    while (stream === mine) {
      if (video.readyState >= 2) {
        const found = await eye.detect(video).catch(function () { return []; });
        if (stream !== mine) break;
        const text = found.length ? found[0].rawValue : "";
        if (text && text !== last) {
          last = text;
          seen(text);
        }
        away = text ? 0 : away + 1;
        if (away > 8) last = "";
      }
      await new Promise(function (resolve) { window.setTimeout(resolve, 150); });
    }
  }

  function stop(video) {
    if (stream) stream.getTracks().forEach(function (track) { track.stop(); });
    stream = null;
    video.srcObject = null;
  }

  window.quangScan = { photo: photo, start: start, stop: stop, hasCamera: hasCamera };
})();
