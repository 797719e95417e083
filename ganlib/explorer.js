// The explorable latent space: this script stands at the end of its element, which has the class latent-explorer.
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
  const [low, high] = data.range ?? [0, 1];
  const planes = data.planes ? halves(data.planes) : null; // of each: its center, and two directions
  const embedding = data.embedding ? halves(data.embedding) : null;
  const z = [0, 0];
  let chosen = 0; // the class
  let shown = 0; // the plane

  // ---- the network ----

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
    return plan.map((layer) => {
      if (layer.kind === "linear") return { ...layer, weight: take(layer.inputs * layer.outputs), bias: take(layer.outputs) };
      if (!layer.kernel) return layer;
      const outputs = layer.output[0];
      return { ...layer, weight: take(layer.input[0] * outputs * layer.kernel ** 2), bias: take(outputs) };
    });
  }

  function linear(layer, input) {
    return layer.bias.map((bias, row) => {
      let sum = bias;
      for (let k = 0; k < layer.inputs; k++) sum += layer.weight[row * layer.inputs + k] * input[k];
      return sum;
    });
  }

  // A place i of the small image and the places stride i - padding + k of the large one belong together: a convolution
  // adds up from the large image into the small one, a transposed convolution the other way.
  function convolve(layer, input) {
    const transposed = layer.kind === "transposed";
    const { kernel, stride, padding, weight } = layer;
    const [inputs, inHeight, inWidth] = layer.input;
    const [outputs, outHeight, outWidth] = layer.output;
    const [height, width, largeHeight, largeWidth] = transposed
      ? [inHeight, inWidth, outHeight, outWidth]
      : [outHeight, outWidth, inHeight, inWidth];
    const result = new Float32Array(outputs * outHeight * outWidth);
    for (let o = 0; o < outputs; o++) result.fill(layer.bias[o], o * outHeight * outWidth, (o + 1) * outHeight * outWidth);
    for (let c = 0; c < inputs; c++) {
      for (let o = 0; o < outputs; o++) {
        const kernelAt = (c * outputs + o) * kernel * kernel;
        const [small, large] = transposed ? [c, o] : [o, c];
        for (let i = 0; i < height; i++) {
          for (let k = Math.max(0, padding - stride * i); k < kernel && stride * i - padding + k < largeHeight; k++) {
            const row = (large * largeHeight + stride * i - padding + k) * largeWidth;
            for (let j = 0; j < width; j++) {
              const here = (small * height + i) * width + j;
              for (let l = Math.max(0, padding - stride * j); l < kernel && stride * j - padding + l < largeWidth; l++) {
                const there = row + stride * j - padding + l;
                const w = weight[kernelAt + k * kernel + l];
                if (transposed) result[there] += w * input[here];
                else result[here] += w * input[there];
              }
            }
          }
        }
      }
    }
    return result;
  }

  function upsample({ shape: [channels, height, width], factor }, input) {
    const result = new Float32Array(channels * height * width * factor * factor);
    for (let i = 0; i < result.length; i++) {
      const column = Math.floor((i % (width * factor)) / factor);
      const row = Math.floor(i / (width * factor * factor)); // rows of all channels are counted through
      result[i] = input[row * width + column];
    }
    return result;
  }

  const RUN = {
    linear,
    transposed: convolve,
    convolution: convolve,
    upsample,
    relu: (_, input) => input.map((value) => Math.max(0, value)),
    leaky: ({ slope }, input) => input.map((value) => (value > 0 ? value : slope * value)),
    tanh: (_, input) => input.map(Math.tanh),
    sigmoid: (_, input) => input.map((logit) => 1 / (1 + Math.exp(-logit))),
  };

  const decode = (code) => layers.reduce((values, layer) => RUN[layer.kind](layer, values), Float32Array.from(code));

  // What the network is given for a place of the plane.
  function code(place) {
    if (!planes) return place;
    const size = data.latent;
    const part = (k) => planes.subarray((3 * shown + k) * size, (3 * shown + k + 1) * size);
    const [center, u, v] = [part(0), part(1), part(2)];
    const values = Array.from(center, (value, i) => value + place[0] * u[i] + place[1] * v[i]);
    if (!embedding) return values;
    const told = embedding.length / data.classes.length;
    return [...values, ...embedding.subarray(chosen * told, (chosen + 1) * told)];
  }

  // The image at a place, drawn with its top left corner at (x, y).
  function drawImage(context, place, x, y) {
    const image = context.createImageData(width, height);
    const values = decode(code(place)).map((value) => (value - low) / (high - low));
    const area = width * height;
    for (let i = 0; i < area; i++) {
      for (let c = 0; c < 3; c++) image.data[4 * i + c] = Math.round(255 * values[(channels === 3 ? c : 0) * area + i]);
      image.data[4 * i + 3] = 255;
    }
    context.putImageData(image, x, y);
  }

  // A generator's plane is paved with its images, made once for each plane and class.
  const TILES = 7;
  const paving = document.createElement("canvas");
  let paved = "";
  function pave() {
    const wanted = `${shown} ${chosen}`;
    if (paved === wanted) return;
    paved = wanted;
    [paving.width, paving.height] = [TILES * width, TILES * height];
    const context = paving.getContext("2d");
    const at = (i) => ((2 * i + 1) / TILES - 1) * limit;
    for (let i = 0; i < TILES; i++) {
      for (let j = 0; j < TILES; j++) drawImage(context, [at(j), -at(i)], j * width, i * height);
    }
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
    context.fillText(planes ? "a" : "z\u2080", (toX(-limit) + toX(limit)) / 2, side - 1);
    context.textAlign = "left";
    context.textBaseline = "middle";
    context.fillText(planes ? "b" : "z\u2081", 1, (toY(-limit) + toY(limit)) / 2);
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
    if (planes) {
      pave();
      context.imageSmoothingEnabled = false;
      context.globalAlpha = 0.6;
      context.drawImage(paving, toX(-limit), toY(limit), toX(limit) - toX(-limit), toY(-limit) - toY(limit));
      context.globalAlpha = 1;
    }
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
    const [a, b] = z.map((value) => value.toFixed(2).replace("-", planes ? "\u2212" : "-"));
    const place = planes ? `a = ${a}, b = ${b}` : `z = (${a}, ${b})`;
    find("readout").textContent = place;
    if (!planes) find("nearest").textContent = data.labels?.length ? `nearest code: class ${nearest()}` : "";
    const told = data.classes ? `, class ${data.classes[chosen]}` : "";
    picture.setAttribute("aria-label", `${planes ? "Generated" : "Decoded"} image at ${place}${told}`);
    root.dataset.z0 = z[0];
    root.dataset.z1 = z[1];
    root.dataset.plane = shown;
    root.dataset.chosen = chosen;
    drawImage(picture.getContext("2d"), z, 0, 0);
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

  function makeClasses(number) {
    data.classes.forEach((name, index) => {
      const label = document.createElement("label");
      const input = document.createElement("input");
      Object.assign(input, { type: "radio", name: `latent-explorer-class-${number}`, value: index, checked: index === chosen });
      input.addEventListener("change", () => {
        chosen = index;
        moveTo(...z);
      });
      // The page turns over on arrow keys; here they choose.
      input.addEventListener("keydown", (event) => event.stopPropagation());
      label.append(input, name);
      find("choices").append(label);
    });
    find("classes").hidden = false;
  }

  function makePlanes() {
    const count = planes.length / (3 * data.latent);
    const tell = () => (find("nearest").textContent = `plane ${shown + 1} of ${count}`);
    find("next").addEventListener("click", () => {
      shown = (shown + 1) % count;
      moveTo(0, 0);
      tell();
    });
    find("next").hidden = count < 2;
    return tell;
  }

  picture.width = width;
  picture.height = height;
  const number = document.querySelectorAll(".latent-explorer[data-started]").length;
  find("help").id = `latent-explorer-help-${number}`;
  plane.setAttribute("aria-describedby", find("help").id);
  makeLegend();
  if (data.classes) makeClasses(number);
  if (planes) makePlanes()();
  find("fallback").hidden = true;
  find("body").hidden = false;
  moveTo(0, 0);
  new ResizeObserver(drawPlane).observe(plane);
  new MutationObserver(drawPlane).observe(document.documentElement, { attributes: true, attributeFilter: ["data-theme"] });
  window.matchMedia("(prefers-color-scheme: dark)").addEventListener("change", drawPlane);
  root.dataset.ready = "true";
})();
