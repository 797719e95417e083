// The explorable latent plane: this script stands at the end of its element, which has the class latent-explorer.
(() => {
  "use strict";
  const root = document.currentScript?.closest(".latent-explorer") ?? document.querySelector(".latent-explorer:not([data-started])");
  if (!root || root.dataset.started) return;
  root.dataset.started = "true";

  const find = (name) => root.querySelector(`.le-${name}`);
  const data = JSON.parse(find("data").textContent);
  const [channels, height, width] = data.shape;
  const limit = data.limit;
  const plane = find("plane");
  const picture = find("picture");
  const points = halves(data.codes);
  const layers = unpack(data.layers, halves(data.weights));
  const z = [0, 0];

  // ---- the decoder ----

  function halves(base64) {
    const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
    const view = new DataView(bytes.buffer);
    const floats = new Float32Array(bytes.length / 2);
    for (let i = 0; i < floats.length; i++) {
      const bits = view.getUint16(2 * i, true);
      const exponent = (bits >> 10) & 31;
      const fraction = (bits & 1023) / 1024;
      const size = exponent ? 2 ** (exponent - 15) * (1 + fraction) : 2 ** -14 * fraction;
      floats[i] = bits >> 15 ? -size : size;
    }
    return floats;
  }

  function unpack(plan, numbers) {
    let at = 0;
    const take = (n) => numbers.subarray(at, (at += n));
    return plan.map((layer) => (layer === "relu" ? null : { weight: take(layer[0] * layer[1]), bias: take(layer[1]) }));
  }

  function decode(code) {
    let values = Float32Array.from(code);
    for (const layer of layers) {
      if (layer === null) {
        values = values.map((value) => Math.max(0, value));
        continue;
      }
      const input = values;
      const n = input.length;
      values = layer.bias.map((bias, row) => {
        let sum = bias;
        for (let k = 0; k < n; k++) sum += layer.weight[row * n + k] * input[k];
        return sum;
      });
    }
    return values.map((logit) => 1 / (1 + Math.exp(-logit)));
  }

  function drawPicture() {
    const context = picture.getContext("2d");
    const image = context.createImageData(width, height);
    const values = decode(z);
    const area = width * height;
    for (let i = 0; i < area; i++) {
      for (let c = 0; c < 3; c++) image.data[4 * i + c] = Math.round(255 * values[(channels === 3 ? c : 0) * area + i]);
      image.data[4 * i + 3] = 255;
    }
    context.putImageData(image, 0, 0);
  }

  // ---- the plane ----

  const MARGIN = { left: 40, right: 10, top: 10, bottom: 36 };
  let side = 0;
  const toX = (z0) => MARGIN.left + ((z0 + limit) / (2 * limit)) * (side - MARGIN.left - MARGIN.right);
  const toY = (z1) => side - MARGIN.bottom - ((z1 + limit) / (2 * limit)) * (side - MARGIN.top - MARGIN.bottom);

  const rgb = (color) => color.startsWith("#") ? [1, 3, 5].map((i) => parseInt(color.slice(i, i + 2), 16)) : color.match(/[\d.]+/g).slice(0, 3).map(Number);
  const light = (color) => {
    const [r, g, b] = color.map((v) => (v <= 10 ? v / 3294 : ((v / 255 + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const contrast = (a, b) => (Math.max(light(a), light(b)) + 0.05) / (Math.min(light(a), light(b)) + 0.05);

  // A class color that would drown in the background goes towards the color of the text; black is the color of the text.
  function readable(color, back, text) {
    const wanted = rgb(color);
    if (light(wanted) < 0.02) return `rgb(${text})`;
    for (let t = 0; t <= 1; t += 0.1) {
      const mixed = wanted.map((v, i) => Math.round(v * (1 - t) + text[i] * t));
      if (contrast(mixed, back) >= 2.1) return `rgb(${mixed})`;
    }
    return `rgb(${text})`;
  }

  function theme() {
    const style = getComputedStyle(root);
    const text = rgb(style.color);
    const back = rgb(style.backgroundColor);
    return { text, back, classes: data.colors.map((color) => readable(color, back, text)) };
  }

  function polygon(context, shapes, x, y, radius) {
    context.beginPath();
    for (const shape of shapes) {
      shape.forEach(([dx, dy], i) => context[i ? "lineTo" : "moveTo"](x + radius * dx, y - radius * dy));
      context.closePath();
    }
    context.fill();
  }

  function drawAxes(context, colors) {
    const step = [0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100, 1000].find((s) => limit / s <= 5) ?? limit;
    context.font = "12px system-ui, sans-serif";
    context.fillStyle = context.strokeStyle = `rgb(${colors.text})`;
    context.lineWidth = 1;
    context.globalAlpha = 0.65;
    context.strokeRect(toX(-limit), toY(limit), toX(limit) - toX(-limit), toY(-limit) - toY(limit));
    context.globalAlpha = 1;
    for (let k = Math.ceil(-limit / step); k <= limit / step; k++) {
      const label = String(+(k * step).toFixed(6)).replace("-", "\u2212");
      context.textAlign = "center";
      context.textBaseline = "top";
      context.fillText(label, toX(k * step), toY(-limit) + 5);
      context.fillRect(toX(k * step), toY(-limit), 1, 4);
      context.textAlign = "right";
      context.textBaseline = "middle";
      context.fillText(label, toX(-limit) - 6, toY(k * step));
      context.fillRect(toX(-limit) - 4, toY(k * step), 4, 1);
    }
    context.textAlign = "center";
    context.textBaseline = "bottom";
    context.fillText("z\u2080", (toX(-limit) + toX(limit)) / 2, side - 1);
    context.textAlign = "left";
    context.textBaseline = "middle";
    context.fillText("z\u2081", 1, (toY(-limit) + toY(limit)) / 2);
  }

  function drawPlane() {
    side = plane.clientWidth;
    if (!side) return;
    const ratio = window.devicePixelRatio || 1;
    plane.width = plane.height = Math.round(side * ratio);
    const context = plane.getContext("2d");
    context.scale(ratio, ratio);
    const colors = theme();
    drawAxes(context, colors);
    context.save();
    context.beginPath();
    context.rect(toX(-limit), toY(limit), toX(limit) - toX(-limit), toY(-limit) - toY(limit));
    context.clip();
    for (let i = 0; i < points.length / 2; i++) {
      const label = data.labels ? data.labels[i] : 0;
      context.fillStyle = colors.classes[label];
      polygon(context, data.markers[data.labels ? label : 0], toX(points[2 * i]), toY(points[2 * i + 1]), 3.6);
    }
    context.strokeStyle = `rgb(${colors.text})`;
    if (data.prior) {
      context.setLineDash([5, 4]);
      for (const radius of [1, 2]) {
        context.beginPath();
        context.arc(toX(0), toY(0), toX(radius) - toX(0), 0, 2 * Math.PI);
        context.stroke();
      }
      context.setLineDash([]);
    }
    drawHere(context, colors);
    context.restore();
    root.querySelectorAll(".le-legend svg").forEach((icon) => icon.setAttribute("fill", colors.classes[icon.dataset.label]));
  }

  function drawHere(context, colors) {
    const [x, y] = [toX(z[0]), toY(z[1])];
    for (const [color, line] of [[colors.back, 5], [colors.text, 2]]) {
      context.strokeStyle = `rgb(${color})`;
      context.lineWidth = line;
      context.beginPath();
      context.arc(x, y, 8, 0, 2 * Math.PI);
      for (const [dx, dy] of [[1, 0], [-1, 0], [0, 1], [0, -1]]) {
        context.moveTo(x + 8 * dx, y + 8 * dy);
        context.lineTo(x + 14 * dx, y + 14 * dy);
      }
      context.stroke();
    }
  }

  // ---- moving ----

  function nearest() {
    let [best, distance] = [-1, Infinity];
    for (let i = 0; i < points.length / 2; i++) {
      const d = (points[2 * i] - z[0]) ** 2 + (points[2 * i + 1] - z[1]) ** 2;
      if (d < distance) [best, distance] = [i, d];
    }
    return data.labels[best];
  }

  function moveTo(z0, z1) {
    [z0, z1].forEach((value, i) => {
      z[i] = Math.round(Math.min(limit, Math.max(-limit, value)) * 1e4) / 1e4 + 0;
    });
    const place = `z = (${z[0].toFixed(2)}, ${z[1].toFixed(2)})`;
    find("readout").textContent = place;
    find("nearest").textContent = data.labels?.length ? `nearest code: class ${nearest()}` : "";
    picture.setAttribute("aria-label", `Decoded image at ${place}`);
    root.dataset.z0 = z[0];
    root.dataset.z1 = z[1];
    drawPicture();
    drawPlane();
  }

  function moveToPointer(event) {
    const box = plane.getBoundingClientRect();
    const scale = side / box.width;
    const [x, y] = [(event.clientX - box.left) * scale, (event.clientY - box.top) * scale];
    moveTo(
      ((x - toX(-limit)) / (toX(limit) - toX(-limit)) - 0.5) * 2 * limit,
      ((y - toY(-limit)) / (toY(limit) - toY(-limit)) - 0.5) * 2 * limit,
    );
  }

  plane.addEventListener("pointerdown", (event) => {
    if (event.button) return;
    plane.setPointerCapture(event.pointerId);
    moveToPointer(event);
  });
  plane.addEventListener("pointermove", (event) => {
    if (plane.hasPointerCapture(event.pointerId)) moveToPointer(event);
  });
  plane.addEventListener("keydown", (event) => {
    const ways = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1], Home: [0, 0] };
    const way = ways[event.key];
    if (!way || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    event.stopPropagation(); // the page turns over on arrow keys
    const step = limit / (event.shiftKey ? 200 : 20);
    if (event.key === "Home") moveTo(0, 0);
    else moveTo(z[0] + step * way[0], z[1] + step * way[1]);
  });

  function makeLegend() {
    const present = [...new Set(data.labels ?? [])].sort((a, b) => a - b);
    for (const label of present) {
      const item = document.createElement("li");
      const shape = data.markers[label].map((p) => `M${p.map(([x, y]) => `${x} ${-y}`).join("L")}Z`).join("");
      item.innerHTML = `<svg viewBox="-1.2 -1.2 2.4 2.4" data-label="${label}" aria-hidden="true"><path d="${shape}"/></svg>${label}`;
      find("legend").append(item);
    }
    find("legend").hidden = !present.length;
  }

  picture.width = width;
  picture.height = height;
  const number = document.querySelectorAll(".latent-explorer[data-started]").length;
  find("help").id = `latent-explorer-help-${number}`;
  plane.setAttribute("aria-describedby", find("help").id);
  makeLegend();
  find("fallback").hidden = true;
  find("body").hidden = false;
  moveTo(0, 0);
  new ResizeObserver(drawPlane).observe(plane);
  new MutationObserver(drawPlane).observe(document.documentElement, { attributes: true, attributeFilter: ["data-theme"] });
  window.matchMedia("(prefers-color-scheme: dark)").addEventListener("change", drawPlane);
  root.dataset.ready = "true";
})();
