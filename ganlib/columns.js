// Columns to move: this script stands at the end of its element, which has the class ganlib-columns.
(() => {
  "use strict";
  const waiting = ".ganlib-columns:not([data-started])";
  const root = document.currentScript?.closest(".ganlib-columns") ?? document.querySelector(waiting);
  if (!root || root.dataset.started) return;
  root.dataset.started = "true";

  const find = (name) => root.querySelector(`.gc-${name}`);
  const { source, target, first, last } = JSON.parse(find("data").textContent);
  const stage = find("stage");
  const columns = [...root.querySelectorAll(".gc-column")];
  const name = (index) => columns[index].textContent;
  let moves = []; // {column, from, to}, in the order in which they were made
  let held = null; // {column, to} while one is dragged

  // Where each column stands after the moves.
  function places() {
    const now = [...source];
    for (const move of moves) now[move.column] = move.to;
    return now;
  }

  // Steps that are needed at least: between k and k + 1 as many columns cross as stand left of it too many, or too few.
  function needed(now) {
    let steps = 0;
    for (let k = first; k < last; k++) {
      const left = (all) => all.filter((place) => place <= k).length;
      steps += Math.abs(left(now) - left(target));
    }
    return steps;
  }

  const within = (place) => Math.min(last, Math.max(first, place));
  const counted = (n) => `${n} ${n === 1 ? "step" : "steps"}`;

  function draw() {
    const now = places();
    if (held) now[held.column] = held.to;
    const height = {};
    // One that has moved lies on those that stood there before, and the one that is held on all.
    const arrival = (index) => (held?.column === index ? Infinity : moves.findLastIndex((move) => move.column === index));
    const order = [...now.keys()].sort((a, b) => arrival(a) - arrival(b) || a - b);
    for (const index of order) {
      const column = columns[index];
      const level = height[now[index]] ?? 0;
      height[now[index]] = level + 1;
      column.style.setProperty("--place", now[index] - first);
      column.style.setProperty("--level", level);
      column.setAttribute("aria-valuenow", now[index]);
      column.setAttribute("aria-valuetext", `place ${now[index]}`);
      column.dataset.held = String(held?.column === index);
    }
    if (!held) tell(now);
  }

  function tell(now) {
    const cost = moves.reduce((sum, move) => sum + Math.abs(move.to - move.from), 0);
    const least = needed(source);
    const rest = needed(now);
    let text = `Cost so far: ${counted(cost)}. From here at least ${counted(rest)} more.`;
    if (rest === 0) {
      text = cost === least ? `Done, with ${counted(cost)}. No plan is cheaper.` : `Done, with ${counted(cost)}. It can be done with ${least}.`;
    }
    find("state").textContent = text;
    const list = moves.map((move) => `${name(move.column)}: ${move.from} → ${move.to}`);
    find("moves").textContent = list.length ? `Moves: ${list.join(", ")}` : "No move yet.";
    Object.assign(root.dataset, { cost, rest });
  }

  function move(column, to) {
    const from = places()[column];
    to = within(to);
    if (to === from) return;
    const before = moves.at(-1);
    // Steps of one column in one direction, one after the other, are one move.
    if (before?.column === column && Math.sign(before.to - before.from) === Math.sign(to - from)) before.to = to;
    else moves.push({ column, from, to });
  }

  columns.forEach((column, index) => {
    const under = (event) => {
      const box = stage.getBoundingClientRect();
      return within(first + Math.floor(((event.clientX - box.left) / box.width) * (last - first + 1)));
    };
    column.addEventListener("pointerdown", (event) => {
      if (event.button !== 0 || held) return;
      column.setPointerCapture(event.pointerId);
      held = { column: index, to: places()[index] };
      draw();
    });
    column.addEventListener("pointermove", (event) => {
      if (held?.column !== index) return;
      held.to = under(event);
      draw();
    });
    column.addEventListener("pointerup", () => {
      if (held?.column !== index) return;
      const { to } = held;
      held = null;
      move(index, to);
      draw();
    });
    column.addEventListener("pointercancel", () => {
      if (held?.column === index) held = null;
      draw();
    });
    column.addEventListener("keydown", (event) => {
      const now = places()[index];
      const to = {
        ArrowLeft: now - 1, ArrowDown: now - 1, ArrowRight: now + 1, ArrowUp: now + 1, Home: first, End: last,
      }[event.key];
      if (to === undefined) return;
      event.preventDefault();
      move(index, to);
      draw();
    });
  });

  find("undo").addEventListener("click", () => {
    moves.pop();
    draw();
  });
  find("reset").addEventListener("click", () => {
    moves = [];
    draw();
  });
  find("controls").hidden = false;
  find("moves").hidden = false;
  draw();
})();
