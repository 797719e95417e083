// A film of pictures: this script stands at the end of its element, which has the class ganlib-film.
(() => {
  "use strict";
  const root = document.currentScript?.closest(".ganlib-film") ?? document.querySelector(".ganlib-film:not([data-started])");
  if (!root || root.dataset.started) return;
  root.dataset.started = "true";

  const find = (name) => root.querySelector(`.gf-${name}`);
  const data = JSON.parse(find("data").textContent);
  const picture = find("picture");
  const slider = find("slider");
  const play = find("play");
  const caption = find("caption");
  const last = data.frames.length - 1;
  let timer = null;

  // Decoded once, so that a film runs smoothly from its first round on.
  const images = data.frames.map((frame) => {
    const image = new Image();
    image.src = `data:image/webp;base64,${frame}`;
    return image.src;
  });

  function show(index) {
    slider.value = index;
    slider.setAttribute("aria-valuetext", data.captions[index]);
    picture.src = images[index];
    caption.textContent = data.captions[index];
    root.dataset.frame = index;
  }

  function pause() {
    clearInterval(timer);
    timer = null;
    play.textContent = "Play";
    root.dataset.playing = "false";
  }

  function start() {
    if (Number(slider.value) === last) show(0);
    timer = setInterval(() => {
      const next = Number(slider.value) + 1;
      if (next > last) pause();
      else show(next);
    }, data.milliseconds);
    play.textContent = "Pause";
    root.dataset.playing = "true";
  }

  function step(by) {
    pause();
    show(Math.min(last, Math.max(0, Number(slider.value) + by)));
  }

  play.addEventListener("click", () => (timer === null ? start() : pause()));
  find("back").addEventListener("click", () => step(-1));
  find("forward").addEventListener("click", () => step(1));
  slider.addEventListener("input", () => {
    pause();
    show(Number(slider.value));
  });
  slider.max = last;
  find("controls").hidden = false;
  pause();
  show(data.start);
  root.dataset.ready = "true";
})();
